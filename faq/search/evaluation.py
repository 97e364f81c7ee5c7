"""Figures about the search: how well it answers queries whose answers are known."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from django.db.models import QuerySet

from faq.search.pipeline import search
from faq.search.suggestions import suggest

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
class Quoted:
    """A question, the sentence that answers it ("": none does) in the entry of a slug, and what was quoted, of which entry ("": nothing)."""

    question: str
    slug: str
    sentence: str
    kind: str
    quotation: str
    quoted: str

    @property
    def right(self) -> bool:
        """What is quoted is that sentence; a sentence may stand in several entries."""
        said = bool(self.quotation and self.sentence)
        return said and (self.sentence in self.quotation or self.quotation in self.sentence)

    @property
    def wrong(self) -> bool:
        """Something is quoted of another entry, or where nothing answers."""
        return bool(self.quotation) and not self.right and self.quoted != self.slug


def quote(path: Path, entries: QuerySet) -> list[Quoted]:
    """What is quoted for the questions of a file, tab-separated: question, slug, sentence, kind, under a line of headings."""
    slugs = dict(entries.values_list("pk", "slug"))
    asked = [(r["question"], r["slug"], r["sentence"], r["kind"]) for r in _rows(path)]
    found = [search(question, among=entries, limit=1).answer for question, *_ in asked]
    return [
        Quoted(*each, answer.text if answer else "", slugs[answer.entry_id] if answer else "")
        for each, answer in zip(asked, found, strict=True)
    ]


def read(path: Path) -> list[Asked]:
    """The queries of a file: tab-separated query, expected slugs joined by "|", kind, under a line of headings."""
    return [Asked(r["query"], frozenset(filter(None, r["expected"].split("|"))), r["kind"]) for r in _rows(path)]


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def answer(asked: Asked, entries: QuerySet) -> Answered:
    """Ask the search among these entries."""
    hits = search(asked.query, among=entries, limit=FIRST).hits
    slugs = dict(entries.filter(pk__in=[hit.entry_id for hit in hits]).values_list("pk", "slug"))
    return Answered(asked, [slugs[hit.entry_id] for hit in hits], any(hit.confident for hit in hits))


def suggested(asked: Asked, entries: QuerySet) -> Answered:
    """Ask what is suggested while the query is typed: steps are named „slug#name“, terms „glossar#slug“."""
    found = suggest(asked.query, among=entries)
    slugs = dict(entries.filter(pk__in=[each.entry_id for each in found if each.entry_id]).values_list("pk", "slug"))
    names = [
        f"{slugs[each.entry_id]}#{each.name}".rstrip("#") if each.entry_id else f"glossar#{each.slug}" for each in found
    ]
    return Answered(asked, names, bool(names))


def figures(answers: Iterable[Answered]) -> dict[str, float]:
    """Of some queries that have an answer: how many, mean reciprocal rank at 10, and the shares with a right entry first,
    with one among the first five, and with a sure hit."""
    answers = list(answers)
    ranks = [answered.rank for answered in answers]
    shares = {
        "MRR@10": [1 / rank if rank else 0 for rank in ranks],
        "R@1": [rank == 1 for rank in ranks],
        "R@5": [1 <= rank <= 5 for rank in ranks],
        "sure": [answered.confident for answered in answers],
    }
    return {"queries": len(ranks)} | {name: fmean(each) if each else 0.0 for name, each in shares.items()}
