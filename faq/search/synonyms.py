"""The terms as synonyms: groups of words or of several words that stand for each other, active as soon as saved."""

from dataclasses import dataclass
from functools import cached_property

from faq.cache import cached
from faq.models import Term
from faq.search import analysis

Phrase = tuple[str, ...]  # stems in their order


@dataclass(frozen=True)
class Spelling:
    """One spelling of a term: as written, as it is compared, and its term."""

    text: str
    phrase: Phrase
    forms: tuple[str, ...]
    slug: str
    name: str
    defined: bool

    @cached_property
    def form(self) -> str:
        return "".join(self.forms)


class Synonyms:
    """All spellings of all terms, ready to be looked up."""

    def __init__(self, terms):
        """`terms`: rows of slug, name, aliases, search, definition."""
        self.spellings: list[Spelling] = []
        self.spelt: dict[str, str] = {}  # each word as it is written, by its form
        self._groups: dict[str, list[Phrase]] = {}
        self._starting: dict[str, list[Spelling]] = {}
        self._compounds: dict[str, Phrase] = {}
        self._phrases: set[Phrase] = set()
        for slug, name, aliases, search, definition in terms:
            for text in (name, *aliases, *search):
                words = analysis.single_words(text)
                if words:
                    phrase = tuple(word.stem for word in words)
                    self._add(Spelling(text, phrase, tuple(word.form for word in words), slug, name, bool(definition)))
                for word in words:
                    self.spelt.setdefault(word.form, text[word.start : word.end])
        self.forms = {spelling.form: spelling.phrase[0] for spelling in self.spellings if len(spelling.phrase) == 1}

    def _add(self, spelling):
        self.spellings.append(spelling)
        self._compounds.setdefault(spelling.form, spelling.phrase)
        self._phrases.add(spelling.phrase)
        group = self._groups.setdefault(spelling.slug, [])
        if spelling.phrase not in group:
            group.append(spelling.phrase)
            self._starting.setdefault(spelling.phrase[0], []).append(spelling)

    def knows(self, form: str, stem: str) -> bool:
        """Whether some term is spelt like this word."""
        return form in self._compounds or (stem,) in self._phrases

    def of(self, phrase: Phrase) -> list[Phrase]:
        """What else may be said for a phrase, in all groups that hold it."""
        groups = [s.slug for s in self._starting.get(phrase[0], ()) if s.phrase == phrase]
        return [other for slug in groups for other in self._groups[slug] if other != phrase]

    def beginning(self, form: str) -> list[Phrase]:
        """What may be said for the single words that begin with these letters."""
        stems = dict.fromkeys(stem for other, stem in self.forms.items() if other.startswith(form))
        return [other for stem in stems for other in [(stem,), *self.of((stem,))]]

    def spans(self, readings: list[frozenset[str]], forms: list[str]) -> list[tuple[int, int, Phrase]]:
        """Where phrases stand in a query, given each word's possible stems and its form: start, end (excluded), phrase.

        Also where a phrase of several words is typed as one (productkey), or a compound as two (Lizenz Hotline).
        """
        found = []
        for start in range(len(forms)):
            for end, form in ((start + 1, forms[start]), (start + 2, "".join(forms[start : start + 2]))):
                phrase = self._compounds.get(form) if end <= len(forms) else None
                if phrase and len(phrase) != end - start:
                    found.append((start, end, phrase))
        for start, stems in enumerate(readings):
            for stem in sorted(stems):
                for phrase in {spelling.phrase: None for spelling in self._starting.get(stem, ())}:
                    window = readings[start : start + len(phrase)]
                    if len(window) == len(phrase) and all(map(frozenset.__contains__, window, phrase)):
                        found.append((start, start + len(phrase), phrase))
        return found


@cached
def current() -> Synonyms:
    """The terms as they are now."""
    terms = Term.objects.order_by("slug")
    return Synonyms(terms.values_list("slug", "name", "aliases", "search", "definition"))
