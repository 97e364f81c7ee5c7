"""Which terms some text has, in any of their spellings: the others neither explain a word nor lead a search anywhere."""

from django.apps import apps

from faq.search import analysis, backend, synonyms
from faq.search.ranking import spaced
from faq.search.sql import token
from faq.search.vocabulary import Lexicon

_MOST_ENTRIES = 2000  # of a spelling's rarest word, looked at for all its words beside each other


def standing(others=()) -> set[str]:
    """The slugs of the terms that stand in an entry of the search, or in one of `others`.

    `others` are pairs of a plain text and the slug of the term that it explains, or None: that one it doesn't count for.
    """
    index, lexicon = backend.current(), Lexicon(backend.current())
    spellings = synonyms.current().spellings
    lexicon.look_up({stem for spelling in spellings for stem in spelling.phrase})
    found = {s.slug for s in spellings if len(s.phrase) == 1 and lexicon.knows(s.phrase[0])}
    analysed = [("".join(f" {word.stem} " for word in analysis.words(text)), slug) for text, slug in others]
    for spelling in spellings:
        if spelling.slug not in found and (
            any(spaced(spelling.phrase) in text for text, slug in analysed if slug != spelling.slug)
            or (all(map(lexicon.knows, spelling.phrase)) and _stands(spelling.phrase, index, lexicon))
        ):
            found.add(spelling.slug)
    return found


def _stands(phrase, index, lexicon):
    """Whether some entry has these words beside each other."""
    rarest = min(phrase, key=lambda stem: lexicon.frequency((stem,)))
    ids = [entry_id for _, entry_id in index.postings([token(rarest)], _MOST_ENTRIES)]
    rows = apps.get_model("faq", "SearchDocument").objects
    return any(
        rows.filter(pk__in=ids[first : first + 500], stems__contains=spaced(phrase)).exists()
        for first in range(0, len(ids), 500)
    )
