"""The way of a query: take it apart, expand it, let words and meaning name candidates, rank them, show the best."""

from collections.abc import Container
from dataclasses import dataclass
from itertools import chain, count
from operator import itemgetter
from typing import Protocol

from faq.cache import CachedRows
from faq.models import SearchDocument
from faq.search import analysis, meaning, synonyms
from faq.search import answers as answering
from faq.search import query as queries
from faq.search.answers import Answer
from faq.search.expansion import SLIP_WHY, Unit, expand
from faq.search.fusion import fused
from faq.search.lookup import POSTINGS, CachedIndex
from faq.search.meaning import Meant, Passage, passages
from faq.search.query import Query
from faq.search.ranking import Candidate, Ranked, rank
from faq.search.snippets import Hit, Marker
from faq.search.sql import HEADLINE, token

CANDIDATES = 100  # entries that are ranked by their words
NEAREST = 10  # entries that are ranked because they mean nearly the same
MOST_TOKENS = 80  # words looked up in the index
AT_ONCE = 2  # times as many as are wanted are held against `among`


class Among(Protocol):
    """The entries that may be shown."""

    def allowed(self, ids: list[int]) -> Container[int]:
        """Those of some entries that are among them."""


@dataclass(frozen=True)
class Results:
    """`corrected` is what was searched instead of `query`; `count` counts all hits; `shortened`: the query was cut.

    `answer`: what the best hits say about it, None where that is not sure.
    """

    query: str
    corrected: str | None
    count: int
    hits: list[Hit]
    shortened: bool
    answer: Answer | None


@dataclass(frozen=True)
class Found:
    """A query and all that led to its hits; `documents` are the rows they were ranked by, by id, `meant` how near each comes."""

    query: Query
    units: list[Unit]
    index: CachedIndex
    ranked: list[Ranked]
    documents: dict
    meant: Meant | None
    answer: Answer | None

    def nearest(self, ranked: Ranked) -> Passage | None:
        """What a hit says that comes nearest to the query, if its vectors say that."""
        place = self.meant and self.meant.passage(ranked.entry_id)
        return list(passages(self.documents[ranked.entry_id]))[place] if place else None


def search(query: str, *, among: Among, limit: int = 10, offset: int = 0, typed: bool = False) -> Results:
    """Hits of a query among some entries, best first; `typed`: exactly as typed, without mending slips.

    Takes any string at all. Nothing outside `among` is returned or counted; at most 100 hits are counted.
    """
    found = find(queries.parse(query), among, typed=typed)
    marker = Marker(found.units)
    shown = found.ranked[offset : offset + limit]
    return Results(
        query=query,
        corrected=_corrected(found),
        count=len(found.ranked),
        hits=[
            Hit(ranked, found.documents[ranked.entry_id], marker, None if ranked.parts else found.nearest(ranked))
            for ranked in shown
        ],
        shortened=found.query.shortened,
        answer=found.answer,
    )


def find(query: Query, among: Among, typed: bool = False) -> Found:
    """All that the search knows about a query; `explain` shows it."""
    index = CachedIndex()
    units = expand(query, synonyms.current(), index, typed=typed)
    meant = None if query.goes_on else meaning.meant(query, units)  # half a word means nothing yet
    found = _documents.of(_first_among(among, _promising(units, index), meant.nearest() if meant else []))
    ranked = fused(query, units, rank(query, units, [each for _, each in found.values()]), found, meant)
    documents = {key: document for key, (document, _) in found.items()}
    answer = None if query.goes_on else answering.answer(query, units, ranked, documents)
    return Found(query, units, index, _answered_first(ranked, answer), documents, meant, answer)


def _answered_first(ranked, answer):
    """All hits; what is quoted although its words alone were not sure is sure by that, and leads."""
    first = next((hit for hit in ranked if answer and hit.entry_id == answer.entry_id), None)
    if first is None or first.confident:
        return ranked
    first.confident = True
    return [first, *(hit for hit in ranked if hit is not first)]


def _load(ids):
    """Documents by id, each with what the ranking sees of it."""
    rows = SearchDocument.objects.filter(pk__in=ids).defer("vectors")
    return {row.pk: (row, Candidate.of(row.pk, row.stems, row.forms)) for row in rows}


_documents = CachedRows(_load, most=1000)


def _promising(units, index) -> list[int]:
    """Ids of the entries, what promises most first: for each, the rarity of what it holds of the query, twice in a headline.

    The vocabulary decides which words are looked up, so every database names the same.
    """
    gains = _gains(units, index)
    found = index.postings([token(stem) for stem in gains])
    if len(set(chain(*found))) > CANDIDATES:
        found += index.postings([HEADLINE + token(stem) for stem in gains])
    worth = [*gains.values(), *({unit: 2 * gain for unit, gain in held.items()} for held in gains.values())]
    promise: dict[int, float] = {}
    for place in range(len(units)):
        best: dict[int, float] = {}
        lists = [(held[place], ids) for held, ids in zip(worth, found, strict=False) if place in held]
        for gain, ids in sorted(lists, key=itemgetter(0)):
            best |= dict.fromkeys(ids, gain)  # the greatest comes last and stays
        for entry_id, gain in best.items():
            promise[entry_id] = promise.get(entry_id, 0) + gain
    return sorted(promise, key=lambda entry_id: (-round(promise[entry_id], 6), entry_id))


def _gains(units, index) -> dict[str, dict[int, float]]:
    """The stems to look up, rarest first, each with what it promises for which unit (by place)."""
    gains: dict[str, dict[int, float]] = {}
    for place, unit in enumerate(units):
        for match in unit.matches.values():
            # Of a phrase its rarest word will do: the ranking looks for the rest.
            rarest = min(match.stems, key=lambda stem: (index.entries.get(stem, 0), stem))
            held = gains.setdefault(rarest, {})
            held[place] = max(held.get(place, 0), match.weight * min(unit.idf, match.idf))
    taken, spent = {}, 0
    for stem in sorted(gains, key=lambda stem: (index.entries.get(stem, 0), stem))[:MOST_TOKENS]:
        spent += index.entries.get(stem, 0)
        if taken and spent > POSTINGS:
            break
        taken[stem] = gains[stem]
    return taken


def _first_among(among, promising, nearest) -> list[int]:
    """The first of both lists that are `among` the entries that may be shown; each once."""
    wanted = ((promising, CANDIDATES), (nearest, NEAREST))
    found: list[list[int]] = [[], []]
    for turn in count():
        asked = [
            ids[turn * AT_ONCE * most : (turn + 1) * AT_ONCE * most] if len(got) < most else []
            for (ids, most), got in zip(wanted, found, strict=True)
        ]
        if not any(asked):
            return list(dict.fromkeys(chain(found[0][:CANDIDATES], found[1][:NEAREST])))
        allowed = among.allowed(list(chain(*asked)))
        for got, ids in zip(found, asked, strict=True):
            got += [entry_id for entry_id in ids if entry_id in allowed]


def _corrected(found) -> str | None:
    """The query as it was searched, where the best hit has it only with a slip mended; spelt as in that entry."""
    if not found.ranked:
        return None
    best = found.ranked[0]
    mended = [part for part in best.parts if part.match.why == SLIP_WHY and not part.match.doubted]
    slips = {part.unit.form: part.match.form for part in mended}
    text = found.query.text
    for word in reversed(found.query.words):
        if word.form in slips:
            text = text[: word.start] + _spelt(slips[word.form], found.documents[best.entry_id]) + text[word.end :]
    return text if slips else None


def _spelt(form, document):
    """How an entry, or else a term, spells a word that was found by its folded form."""
    steps = (step[part] for step in document.steps for part in ("title", "text"))
    for text in (document.title, *document.tags, document.category, document.text, *steps):
        for word in analysis.words(text):
            if word.form == form:
                return text[word.start : word.end]
    return synonyms.current().spelt.get(form, form)
