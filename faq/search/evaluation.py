"""Figures about the search: how well it answers queries whose answers are known."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from faq.search.pipeline import search

NONE = "none"  # the kind of queries that nothing here answers
FIRST = 10  # hits that are looked at


@dataclass(frozen=True)
class Asked:
    """A query, the slugs of the entries that answer it, and its kind."""

    query: str
    expected: frozenset[str]
    kind: str


@dataclass(frozen=True)
class Answered:
    asked: Asked
    found: list[str]  # slugs, best first
    confident: bool  # the first hit is shown as sure

    @property
    def rank(self) -> int:
        """The place of the first right entry, from 1; 0 if it is not among the first ten."""
        return next((place for place, slug in enumerate(self.found, 1) if slug in self.asked.expected), 0)

    @property
    def right(self) -> bool:
        """The right entry stands first, or, where nothing answers, nothing is shown as sure."""
        return not self.confident if self.asked.kind == NONE else self.rank == 1


@dataclass(frozen=True)
class Figures:
    """Mean reciprocal rank at 10, share of queries with a right entry first, and among the first five."""

    queries: int
    mrr: float
    first: float
    first_five: float


def read(path: Path) -> list[Asked]:
    """The queries of a file: tab-separated query, expected slugs joined by "|", kind, under a line of headings."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Asked(r["query"], frozenset(filter(None, r["expected"].split("|"))), r["kind"]) for r in rows]


def answer(asked: Asked, entries: QuerySet) -> Answered:
    """Ask the search among these entries."""
    hits = search(asked.query, among=entries, limit=FIRST).hits
    slugs = dict(entries.filter(pk__in=[hit.entry_id for hit in hits]).values_list("pk", "slug"))
    return Answered(asked, [slugs[hit.entry_id] for hit in hits], any(hit.confident for hit in hits))


def figures(answers: Iterable[Answered]) -> Figures:
    """The figures of queries that have an answer."""
    ranks = [answered.rank for answered in answers]
    count = len(ranks) or 1
    return Figures(
        queries=len(ranks),
        mrr=sum(1 / rank for rank in ranks if rank) / count,
        first=sum(rank == 1 for rank in ranks) / count,
        first_five=sum(1 <= rank <= 5 for rank in ranks) / count,
    )


def by_kind(answers: Iterable[Answered]) -> dict[str, list[Answered]]:
    kinds = defaultdict(list)
    for answered in answers:
        kinds[answered.asked.kind].append(answered)
    return dict(kinds)
