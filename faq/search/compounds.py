"""German compounds: words typed apart that are one, and a word that is two."""

from itertools import pairwise

from faq.search.analysis import Word
from faq.search.query import Query
from faq.search.stemming import SEPARABLE, stem
from faq.search.stopwords import STOP_WORDS


def readings(query: Query) -> list[Word]:
    """Readings of several words as one: with a hyphen, each pair, also with the s of compounds, and verbs taken apart.

    Of "Wann läuft die Lizenz ab" läuft and ab are read as abläuft, wherever the rest of the verb stands.
    """
    words = query.all_words
    forms = [(one.form + link + two.form, one.start, two.end) for one, two in pairwise(words) for link in ("", "s")]
    for word in words:
        if word.form in SEPARABLE:
            before = [verb for verb in query.words if verb.end < word.start]
            forms += [(word.form + verb.form, verb.start, verb.end) for verb in before]
    return [*query.compounds, *(Word(form, stem(form), start, end, True) for form, start, end in forms)]


def separated(root: str) -> list[tuple[str, str]]:
    """The ways to take a stem for that of a verb whose parts may stand apart: anmeld → an, meld ("melden Sie sich an")."""
    parts = [(part, root.removeprefix(part)) for part in SEPARABLE if root.startswith(part)]
    return [(part, verb) for part, verb in parts if len(verb) >= 3 and verb not in STOP_WORDS]


def splits(form: str) -> list[tuple[str, str]]:
    """The ways to take a word for a compound of two, as stems, the longest head first."""
    if not form.isalpha():
        return []
    return [(stem(form[:i]), stem(form[i:])) for i in range(3, len(form) - 3)]
