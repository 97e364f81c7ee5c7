"""What is shown of a hit: the sentence that answers best, escaped, with the words marked that made it a hit."""

import re
from functools import cache, lru_cache
from html import escape

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from faq.search import analysis
from faq.search.expansion import Unit
from faq.search.ranking import Ranked

LONGEST = 220  # characters

# After a full stop a sentence begins with a capital, and what ends there is longer than an abbreviation.
_SENTENCE = re.compile(r"(?<=[^\W\d_]{4}[.!?:])\s+(?=[A-ZÄÖÜ0-9„(])|\n+")


# The same few texts answer most queries, so what they are made of is cached.


@lru_cache(maxsize=1000)
def _sentences(text):
    return tuple(sentence.strip() for sentence in _SENTENCE.split(text) if sentence and sentence.strip())


@lru_cache(maxsize=2000)
def _words(sentence):
    """Its words, then those read as one from several, and all their stems."""
    words = list(analysis.words(sentence))
    return [w for w in words if not w.compound], [w for w in words if w.compound], frozenset(w.stem for w in words)


class Marker:
    """Marks in original text whatever counted as a word of the query."""

    def __init__(self, units: list[Unit]):
        self._phrases: dict[str, list[tuple[tuple[str, ...], float]]] = {}
        self.spans = cache(self._spans)
        for unit in units:
            for match in unit.matches.values():
                self._phrases.setdefault(match.stems[0], []).append((match.stems, unit.idf * match.weight))

    def _spans(self, text: str) -> dict[tuple[int, int], tuple[str, float]]:
        """What is to be marked (start, end), with the stem that matched and how much it counts."""
        plain, compounds, all_stems = _words(text)
        found: dict[tuple[int, int], tuple[str, float]] = {}
        if all_stems.isdisjoint(self._phrases):
            return found
        for some in (plain, compounds):
            for place, word in enumerate(some):
                for stems, weight in self._phrases.get(word.stem, ()):
                    window = some[place : place + len(stems)]
                    if tuple(w.stem for w in window) == stems:
                        found |= {(w.start, w.end): (" ".join(stems), weight) for w in window}
        return found

    def mark(self, text: str) -> SafeString:
        """The whole text, escaped and marked."""
        pieces, place = [], 0
        for start, end in sorted(self.spans(text)):
            if start >= place:
                pieces += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
                place = end
        return mark_safe("".join([*pieces, escape(text[place:])]))  # noqa: S308  built from escaped text

    def snippet(self, text: str) -> SafeString:
        """The best sentence of a text, the first of equals, cut around its first mark where it is long."""
        sentences = _sentences(text)
        if not sentences:
            return mark_safe("")
        best = max(sentences, key=self._worth)  # max takes the first of equals
        return self.mark(self._cut(best))

    def _worth(self, sentence):
        worth = dict(self.spans(sentence).values())
        return round(sum(worth.values()), 6)

    def _cut(self, sentence):
        if len(sentence) <= LONGEST:
            return sentence
        first = min((start for start, _ in self.spans(sentence)), default=0)
        start = max(0, min(first - LONGEST // 3, len(sentence) - LONGEST))
        if start:
            start = sentence.rfind(" ", 0, start) + 1
        end = start + LONGEST
        if end < len(sentence):
            end = max(sentence.rfind(" ", start, end), start + LONGEST // 2)
        return "… " * bool(start) + sentence[start:end].strip() + " …" * (end < len(sentence))


class Hit:
    """An entry that answers. What is shown of it is made when it is asked for: of many hits only a page is."""

    def __init__(self, ranked: Ranked, document, marker: Marker):
        self.entry_id, self.score, self.confident = ranked.entry_id, ranked.score, ranked.confident
        self._ranked, self._document, self._marker = ranked, document, marker

    @cached_property
    def _step(self):
        return (
            self._document.steps[self._ranked.step]
            if self._ranked.step is not None
            else {"number": None, "name": "", "title": ""}
        )

    @property
    def step(self) -> int | None:
        """The number of the step that answers best, if one does."""
        return self._step["number"]

    @property
    def step_name(self) -> str:
        return self._step["name"]

    @property
    def step_title(self) -> str:
        return self._step["title"]

    @cached_property
    def title(self) -> SafeString:
        """The entry's question, escaped, with the matching words in <mark>."""
        return self._marker.mark(self._document.title)

    @cached_property
    def snippet(self) -> SafeString:
        """The best sentence of the entry, or of the step, escaped, with the matching words in <mark>."""
        document = self._document
        of_step = self.step and (self._step["text"] or self.step_title)
        return self._marker.snippet(of_step or document.text or " · ".join(step["title"] for step in document.steps))
