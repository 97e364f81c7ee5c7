"""Why a query found what it found, for the editors' page."""

from dataclasses import dataclass

from django.db.models import QuerySet

from faq.search import pipeline
from faq.search import query as queries
from faq.search.expansion import Match
from faq.search.ranking import Ranked


@dataclass(frozen=True)
class ExplainedWord:
    """A word that was looked up: its stem, its rarity and all that counts for it, heaviest first."""

    text: str
    stem: str
    idf: float
    matches: list[tuple[Match, int]]  # each with the number of entries it stands in


@dataclass(frozen=True)
class ExplainedHit:
    entry_id: int
    title: str
    step: str
    nearest: str  # the passage that comes nearest to what the query means
    ranked: Ranked


@dataclass(frozen=True)
class Explanation:
    shortened: bool
    words: list[ExplainedWord]
    ignored: list[str]
    phrases: list[str]
    excluded: list[str]
    hits: list[ExplainedHit]
    quoted: str  # above the hits; empty where nothing is


def explain(query: str, *, among: QuerySet, limit: int = 20) -> Explanation:
    """How a query was analysed, what it was expanded to, and what made up each hit's score."""
    found = pipeline.find(queries.parse(query), among)
    looked_up = {word.stem for word in found.query.words}
    return Explanation(
        shortened=found.query.shortened,
        words=[_word(unit, found.index) for unit in found.units],
        ignored=[w.form for w in found.query.all_words if w.stem not in looked_up],
        phrases=[" ".join(phrase) for phrase in found.query.phrases],
        excluded=sorted(found.query.excluded),
        hits=[_hit(found, ranked) for ranked in found.ranked[:limit]],
        quoted=found.answer.text if found.answer else "",
    )


def _word(unit, index):
    heaviest_first = sorted(unit.matches.values(), key=lambda match: (-match.weight, match.stems))
    matches = [(match, index.frequency(match.stems)) for match in heaviest_first]
    return ExplainedWord(unit.text, unit.stem, unit.idf, matches)


def _hit(found, ranked):
    row, nearest = found.documents[ranked.entry_id], found.nearest(ranked)
    step = row.steps[ranked.step]["title"] if ranked.step is not None else ""
    said = " ".join(filter(None, [nearest.title, nearest.text])) if nearest else ""
    return ExplainedHit(ranked.entry_id, row.title, step, said, ranked)
