"""The answer itself: one quotation, word for word, of the entry that answers, or none.

    the best hits, if the first is sure → passages (a sentence, or two that stand together, or a step's title) → the best one, if sure

A quotation is never cut inside a sentence, and says nothing that depends on what is not there yet.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from faq.search import sentences, table
from faq.search.expansion import Unit
from faq.search.query import Query
from faq.search.ranking import Ranked, spaced

HITS = 4  # that are looked at
LONGEST = 280  # characters of a quotation: on a phone the first hit stays in sight
# How much it says for a passage: the share of the query that it holds itself, and with its question; how near it comes to what the
# query means; the rank of its entry; a second sentence.
HELD, NEAR, RANK, SECOND = 1.0, 0.7, 0.8, -0.15
# It is sure where these, each with its weight, come up to SURE: held, held with its question, near, ahead of all other passages.
SURE, SURE_AROUND, SURE_NEAR, SURE_AHEAD = 2.55, 1.1, 0.8, 1.1

# What a question asks for, and what its answer then holds.
_KINDS = (
    (r"telefon|hotline|durchwahl|rufnummer|\ban?rufen?\b|welche[rn]? nummer", r"(?<![\w.,])(?:\+|\(?0)[\d /()-]{5,}\d"),
    (
        r"\bwie (?:lange?|schnell|oft)\b|\bwann\b|dauer|\bfrist|wie ?viele\w? (?:tage|stunden|wochen|monate)",
        r"minute|stunde|\btag|täglich|woch|monat|jahr|jähr|semester|\buhr\b|\d\. ?[A-Z]|januar|februar|märz|april|\bmai\b|juni|juli|august"
        r"|september|oktober|november|dezember|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sofort|frühzeitig|jederzeit"
        r"|\bsobald|\bwenn\b|\berst\b",
    ),
    (
        r"\bwie ?viele?n?\b|\bwie (?:hoch|groß)\b|mindest|höchst|maximal",
        r"\d|\b(?:kein\w*|ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|beliebig\w*)\b",
    ),
)
_ASKS_FOR = tuple((re.compile(asked, re.I), re.compile(answered, re.I)) for asked, answered in _KINDS)

_WHOLE = re.compile(r"[.!][\"“”«»‘’)\]]*$")
_NOT_THERE = re.compile(r"\(folgt\)|…|\t")  # a gap, a title that is filled in on the page, what is no sentence
_GOES_ON = re.compile(
    r"(?:dies\w*|hier(?!bei)\w*|dort\w*|da(?:bei|zu|für|her|nach|mit|durch|rin|raus|ran|rüber|von|vor)?|er|dann|außerdem|ansonsten|zudem"
    r"|allerdings|jedoch|deshalb|deswegen|ebenso|auch|nur|sonst|so|mit diesen?|in diesem|innerhalb dies\w+|ohne dies\w+)\b",
    re.I,
)


@dataclass(frozen=True)
class Answer:
    """`step` and `step_name`: the number and name of the step that it stands in, if it does."""

    entry_id: int
    step: int | None
    step_name: str
    text: str


@dataclass(frozen=True)
class Passage:
    """What may be quoted, analysed."""

    text: str
    stems: str
    counted: frozenset[str]  # stems of what it gives a number of: 5 Lizenzen
    two: bool  # sentences
    vector: np.ndarray | None


@lru_cache(maxsize=500)
def passages(text: str) -> tuple[Passage, ...]:
    """What may be quoted of a text: its whole sentences, and those that stand together."""
    found = []
    for line in text.split("\n"):
        together = [_passage(each) if _quotable(each) else None for each in sentences.of_line(line)]
        for place, (one, other) in enumerate(pairwise([*together, None])):
            # What goes on with another sentence is quoted behind it alone.
            if one and not (place and _GOES_ON.match(one.text)):
                found += [one, _pair(one, other)] if other else [one]
    return tuple(passage for passage in found if len(passage.text) <= LONGEST)


@lru_cache(maxsize=500)
def _passage(text):
    plain, compounds, _ = sentences.words(text)
    stems = "".join(f" {word.stem} " for word in (*plain, *compounds))
    return Passage(text, stems, _counted(plain), False, table.vector(text))


def _pair(one, other):
    vector = one.vector
    if vector is not None and other.vector is not None:
        vector = vector + other.vector
        vector /= np.linalg.norm(vector) or 1
    return Passage(f"{one.text} {other.text}", one.stems + other.stems, one.counted | other.counted, True, vector)


def _counted(words):
    return frozenset(word.stem for number, word in pairwise(words) if number.form.isdigit() and word.form.isalpha())


def _quotable(text):
    return len(text) <= LONGEST and bool(_WHOLE.search(text)) and "?" not in text and not _NOT_THERE.search(text)


def answer(query: Query, units: list[Unit], hits: list[Ranked], documents: dict) -> Answer | None:
    """The quotation that answers a query, of one of its hits (best first), or None where that is not sure."""
    if any(_is_unknown(unit, units) for unit in units):
        return None
    found = sorted(_weighed(query, units, hits, documents), key=lambda each: -each.worth)
    found = [each for each in found if each.counts] or found
    if not found:
        return None
    best = found[0]
    others = (each.worth for each in found if each.text not in best.text and best.text not in each.text)
    if best.sure + SURE_AHEAD * min(best.worth - next(others, 0.0), 1.0) < SURE:
        return None
    step = documents[best.entry_id].steps[best.place] if best.place is not None else {"number": None, "name": ""}
    return Answer(best.entry_id, step["number"], step["name"], best.text)


def _is_unknown(unit, units):
    """No entry has the word, or of a compound one part alone: a Faxnummer is asked for where there is a Telefonnummer."""
    is_whole = sum(other.form == unit.form for other in units) == 1
    return unit.form.isalpha() and is_whole and all(match.is_part for match in unit.matches.values())


@dataclass(frozen=True)
class _Weighed:
    """A passage of an entry's step (its place, from 0, or None): its worth beside others, and what makes it sure."""

    entry_id: int
    place: int | None
    text: str
    worth: float
    sure: float
    counts: bool  # it gives a number of what the query has a number of


def _weighed(query, units, hits, documents):
    meant, kind = table.vector(query.text), _asked_for(query.text)
    whole, counted = sum(unit.idf for unit in units), _counted(query.all_words)
    numbers = sum(unit.idf for unit in units if unit.form.isdigit())
    for hit in hits[:HITS] if hits and hits[0].confident else ():
        held = _Held(units, hit.candidate)
        for place, passage, around in _passages(hit.candidate, documents[hit.entry_id]):
            # Who has three of something asks about numbers of it, which makes up for a hit that is not sure.
            counts = bool(counted & passage.counted)
            if not (hit.confident or counts) or (kind and not kind.search(passage.text)):
                continue
            said = numbers * counts
            own = (held.by(passage.stems) + said) / whole
            near = own if meant is None or passage.vector is None else float(passage.vector @ meant)
            worth = HELD * own + NEAR * near + RANK * hit.score / hits[0].score + SECOND * passage.two
            sure = own + SURE_AROUND * (held.by(passage.stems, around) + said) / whole + SURE_NEAR * near
            yield _Weighed(hit.entry_id, place, passage.text, worth, sure, counts)


def _asked_for(text):
    return next((answered for asked, answered in _ASKS_FOR if asked.search(text)), None)


def _passages(candidate, document):
    """Each passage of an entry, with the place of its step and what is said above it: question, tags, the step's title."""
    above = "".join(candidate.stems[:2])
    for passage in passages(document.text):
        yield None, passage, above
    for place, step in enumerate(document.steps):
        yield place, _passage(step["title"]), above
        for passage in passages(step["text"]):
            yield place, passage, above + candidate.stems[4 + 2 * place]


class _Held:
    """How much of a query stands in lines of an entry, by rarity."""

    def __init__(self, units, candidate):
        words = candidate.words
        self._sought = [
            (unit.idf, [(m.weight, spaced(m.stems)) for m in unit.matches.values() if words.issuperset(m.stems)])
            for unit in units
        ]

    def by(self, *lines):
        return sum(
            idf * max((weight for weight, stems in matches if any(stems in line for line in lines)), default=0.0)
            for idf, matches in self._sought
        )
