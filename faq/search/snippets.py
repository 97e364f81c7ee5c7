"""What is shown of a hit: the sentence that answers best, escaped, with the words marked that made it a hit."""

from functools import cache
from html import escape

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from faq.search import sentences
from faq.search.expansion import Match, Unit
from faq.search.meaning import Passage
from faq.search.ranking import Ranked

LONGEST = 220  # characters

STEPS = " · "  # between the titles of steps


class Marker:
    """Marks in original text what is a word of the query to a reader's eye; whatever counted as one makes a sentence the best."""

    def __init__(self, units: list[Unit]):
        self._matches: dict[str, list[tuple[Match, float]]] = {}
        self.spans = cache(self._spans)
        for unit in units:
            for match in unit.matches.values():
                self._matches.setdefault(match.stems[0], []).append((match, unit.idf * match.weight))

    def _spans(self, text: str) -> dict[tuple[int, int], tuple[bool, float, str]]:
        """What counts (start, end): whether it is to be marked, how much it counts, and as what."""
        plain, compounds, all_stems = sentences.words(text)
        found: dict[tuple[int, int], tuple[bool, float, str]] = {}
        if all_stems.isdisjoint(self._matches):
            return found
        for some in (plain, compounds):
            for place, word in enumerate(some):
                for match, weight in self._matches.get(word.stem, ()):
                    for found_word in match.among(some, place):
                        span = found_word.start, found_word.end
                        found[span] = max(found.get(span, (False, 0.0, "")), (not match.is_part, weight, match.phrase))
        return found

    def mark(self, text: str) -> SafeString:
        """The whole text, escaped and marked."""
        pieces, place = [], 0
        for (start, end), (marked, *_) in sorted(self.spans(text).items()):
            if marked and start >= place:
                pieces += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
                place = end
        return mark_safe("".join([*pieces, escape(text[place:])]))  # noqa: S308  built from escaped text

    def snippet(self, text: str, of_step: bool = False) -> SafeString:
        """The best sentence of a text, the first of equals, cut where it is long.

        `of_step`: of equals a whole one; a step also names in a word or two who takes it, and how long it takes.
        """

        def worth(sentence):
            return self._worth(sentence), of_step and sentence.endswith((".", "!", "?"))

        # max takes the first of equals
        return self.mark(self._cut(max(sentences.of_text(text), key=worth, default="")))

    def _worth(self, sentence):
        worth = {counted: weight for _, weight, counted in self.spans(sentence).values()}
        return round(sum(worth.values()), 6)

    def _cut(self, sentence):
        """From its beginning, or around what counts first where that stands far behind."""
        if len(sentence) <= LONGEST:
            return sentence
        gap = STEPS if STEPS in sentence else " "
        start, (_, first) = 0, min(self.spans(sentence), default=(0, 0))
        if first > LONGEST:
            start = sentence.rfind(gap, 0, first - LONGEST // 3) + len(gap)
        end = start + LONGEST
        if end < len(sentence):
            end = max(sentence.rfind(gap, start, end), start + LONGEST // 2)
        return "… " * bool(start) + sentence[start:end].strip() + " …" * (end < len(sentence))


class Hit:
    """An entry that answers. What is shown of it is made when it is asked for: of many hits only a page is.

    `nearest` is shown of one that is found by its meaning alone.
    """

    def __init__(self, ranked: Ranked, document, marker: Marker, nearest: Passage | None):
        self.entry_id, self.score, self.confident = ranked.entry_id, ranked.score, ranked.confident
        self.by_meaning, self.has_words = ranked.by_meaning, bool(ranked.parts)
        self._ranked, self._document, self._marker, self._nearest = ranked, document, marker, nearest

    @cached_property
    def _step(self):
        place = self._nearest.step if self._nearest else self._ranked.step
        return {"number": None, "name": "", "title": ""} if place is None else self._document.steps[place]

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
        if self.step:
            text = self._nearest.text if self._nearest else self._step["text"]
            return self._marker.snippet(f"{self.step_title}\n{text}", of_step=True)
        if self._nearest:
            return self._marker.snippet(self._nearest.text)
        return self._marker.snippet(document.text or STEPS.join(step["title"] for step in document.steps))
