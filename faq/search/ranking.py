"""Which entries answer best: BM25F over the words that count (Robertson, Zaragoza, Taylor, "Simple BM25 Extension to
Multiple Weighted Fields", CIKM 2004), with a bonus for question and tags, times the covered share of the query.

Pure functions on analysed documents, so both databases rank alike.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.functional import cached_property

from faq.search.expansion import APART, BETWEEN, CONFIDENT, Match, Unit
from faq.search.query import Query

TITLE, TAGS, CATEGORY, TEXT, STEP_TITLE = 3.0, 3.0, 1.2, 1.0, 1.5
HEADLINE_BONUS = 0.6  # of the word's rarity
EXACT_FORM = 1.15
SATURATION = 1.5  # k1
LENGTH = 0.6  # b: how much a long entry is held against it
LEAST_COVERAGE = 0.2  # of what the entries know of the query
SURE_COVERAGE = 0.50  # of the whole query, for a hit to be shown as sure


@dataclass(frozen=True)
class Candidate:
    """An entry's analysed lines: title, tags, category, text, then title and text of each step."""

    entry_id: int
    stems: list[str]
    forms: str
    length: int
    words: frozenset[str]  # all stems

    @classmethod
    def of(cls, entry_id: int, stems: str, forms: str) -> "Candidate":
        words, lines = stems.split(), stems.split("\n")
        return cls(entry_id, lines, forms, len(words), frozenset(words))

    def holds(self, match: Match) -> tuple[float, bool]:
        """How often a match stands in it, by the weight of where, and whether in question or tags.

        Of its steps only the best counts, however long a walkthrough is.
        """
        if match.near:
            beside = _beside(match.stems, match.apart)
            title, tags, category, text, *steps = [len(beside.findall(line)) for line in self.stems]
        else:
            phrase = spaced(match.stems)
            title, tags, category, text, *steps = [line.count(phrase) for line in self.stems]
        frequency = TITLE * title + TAGS * tags + CATEGORY * category + TEXT * text
        if steps:
            frequency += max(map(_of_step, steps[::2], steps[1::2]))
        return frequency, bool(title or tags)


class _Sought:
    """A unit, to be held against many entries: its matches of one word by their stem, and the others."""

    def __init__(self, unit):
        self.unit = unit
        self.form = f" {unit.form} "
        self._words = {match.stems[0]: match for match in unit.matches.values() if len(match.stems) == 1}
        self._phrases = [match for match in unit.matches.values() if len(match.stems) > 1]

    def present(self, candidate):
        """The matches whose words all stand in the entry, if perhaps not in their order."""
        found = [self._words[stem] for stem in candidate.words.intersection(self._words)]
        return found + [match for match in self._phrases if candidate.words.issuperset(match.stems)]


@dataclass
class Part:
    """What one word of the query gave an entry."""

    unit: Unit
    match: Match
    score: float
    frequency: float
    headline: bool


@dataclass
class Ranked:
    """An entry's score, the parts it is made of, and the share of the query's words it covers.

    `similarity` is how near it comes to what the query means, `above_floor` by how much nearer than unrelated texts do.
    """

    entry_id: int
    candidate: Candidate
    score: float = 0.0
    coverage: float = 0.0
    confident: bool = False
    parts: list[Part] = field(default_factory=list)
    similarity: float = 0.0
    above_floor: float = 0.0
    by_meaning: bool = False  # sure, but not by its words
    _sought: list[_Sought] = field(default_factory=list)

    @cached_property
    def step(self) -> int | None:
        """The place, from 0, of the step that answers best, if one does better than question, tags and intro."""
        return _step(self.present, self.candidate)

    @property
    def present(self) -> list[tuple[Unit, list[Match]]]:
        """Each word of the query, with its matches whose words all stand in the entry."""
        return [(each.unit, each.present(self.candidate)) for each in self._sought]


def rank(query: Query, units: list[Unit], candidates: list[Candidate]) -> list[Ranked]:
    """The candidates whose words answer, in no order."""
    average = sum(candidate.length for candidate in candidates) / len(candidates) if candidates else 0
    known = sum(unit.idf for unit in units if unit.matches)
    whole = sum(unit.idf for unit in units)
    sought = [_Sought(unit) for unit in units]
    ranked = [_rank(sought, known, whole, candidate, average) for candidate in candidates if admits(query, candidate)]
    return [hit for hit in ranked if hit]


def admits(query: Query, candidate: Candidate) -> bool:
    """Whether an entry has every phrase that must stand in it, and no word that may not."""
    return candidate.words.isdisjoint(query.excluded) and all(
        any(spaced(phrase) in line for line in candidate.stems) for phrase in query.phrases
    )


def _rank(sought, known, whole, candidate, average):
    """`known` and `whole`: the rarity of what the entries know of the query, and of all of it."""
    norm = SATURATION * (1 - LENGTH + LENGTH * candidate.length / average)
    parts = [part for each in sought if (part := _best(each, candidate, norm))]
    covered = sure = score = heaviest = 0.0
    for part in parts:
        held = part.unit.idf * part.match.weight
        covered += held
        sure += 0.0 if part.match.doubted else held
        score += part.score
        heaviest = max(heaviest, part.match.weight)
    if not parts or covered < LEAST_COVERAGE * known:
        return None
    return Ranked(
        entry_id=candidate.entry_id,
        score=round(score * covered / known, 6),
        coverage=round(covered / whole, 6),
        confident=sure >= SURE_COVERAGE * whole and heaviest >= CONFIDENT,
        parts=parts,
        candidate=candidate,
        _sought=sought,
    )


def _best(sought, candidate, norm):
    """The match of a word that gives the most."""
    present = sought.present(candidate)
    if not present:
        return None
    best, unit = None, sought.unit
    exact = EXACT_FORM if sought.form in candidate.forms else 1
    for match in present:
        frequency, headline = candidate.holds(match)
        if frequency:
            rarity = min(unit.idf, match.idf)
            saturated = frequency * (SATURATION + 1) / (frequency + norm)
            score = match.weight * rarity * (saturated * exact + headline * HEADLINE_BONUS)
            if best is None or (score, match.stems) > (best.score, best.match.stems):
                best = Part(unit, match, score, frequency, headline)
    return best


def _of_step(title, text):
    return STEP_TITLE * title + TEXT * text


def _step(present, candidate):
    steps = [candidate.stems[i : i + 2] for i in range(4, len(candidate.stems), 2)]
    if not steps:
        return None
    scores = [_held(present, lines) for lines in steps]
    best = max(scores)
    return scores.index(best) if best > _held(present, candidate.stems[:4]) else None


def _held(present, lines):
    """How much of the query stands in some lines."""
    held = 0.0
    for unit, matches in present:
        weights = [match.weight for match in matches if any(spaced(match.stems) in line for line in lines)]
        held += unit.idf * max(weights, default=0)
    return round(held, 6)


@lru_cache(maxsize=4096)
def spaced(stems: tuple[str, ...]) -> str:
    """Stems as they stand beside each other in a document's lines."""
    return "".join(f" {stem} " for stem in stems)


@lru_cache(maxsize=1024)
def _beside(stems, apart):
    """The parts of a compound: "Lizenz Nummer", "Nummer der Lizenz"; of a verb: "Melden Sie sich an"."""
    modifier, head = stems
    if apart:
        return re.compile(rf" {head} (?: \S+ ){{0,{APART}}} {modifier} ")
    return re.compile(rf" {modifier}  {head} | {head} (?: \S+ ){{0,{BETWEEN}}} {modifier} ")
