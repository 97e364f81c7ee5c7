"""Similarity of meaning beside words: which entries have a passage that means nearly what a query says.

An entry is kept as the vectors of its passages, each with the entry's question in front. They are made with its words, before the
lock, and held in memory while readers see the same. Where there is no table, nothing is similar and words alone find.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from faq.cache import cached
from faq.models import SearchDocument
from faq.search import sentences, table
from faq.search.expansion import SLIP_WHY, Unit
from faq.search.query import Query

PASSAGE = 45  # words
SHORTEST = 3  # letters of a word of a query whose meaning counts: OV, PC and TV are near to all that is short


@dataclass(frozen=True)
class Passage:
    """A piece of an entry: the place of its step from 0, and its title (None and "": of the entry's own text); whole sentences."""

    step: int | None
    title: str
    text: str


def passages(document) -> Iterator[Passage]:
    """The passages of a search.Document or a SearchDocument, in their order; the first is empty: the question alone."""
    yield Passage(None, "", "")
    yield from (Passage(None, "", text) for text in _pieces(document.text) if text)
    for place, step in enumerate(document.steps):
        title, text = (step["title"], step["text"]) if isinstance(step, dict) else (step.title, step.text)
        yield from (Passage(place, title, piece) for piece in _pieces(text))


def _pieces(text):
    """A text's sentences, a line each, as many together as have about 45 words; a text without any is a piece too."""
    found, size = [[]], 0
    for sentence in sentences.of_text(text):
        count = len(sentence.split())
        if found[-1] and size + count > PASSAGE:
            found.append([])
            size = 0
        found[-1].append(sentence)
        size += count
    return ["\n".join(some) for some in found]


def packed(document) -> bytes:
    """The vectors of all passages, as they are stored; empty where there is no table."""
    if not table.identity():
        return b""
    texts = [f"{document.title} {passage.title} {passage.text}" for passage in passages(document)]
    vectors = [table.vector(text) for text in texts]
    return b"".join(bytes(table.DIMENSIONS) if vector is None else table.pack(vector) for vector in vectors)


@dataclass(frozen=True)
class _Stored:
    ids: np.ndarray  # of the entries, ascending
    starts: np.ndarray  # where each one's passages begin, and where the last one's end
    vectors: np.ndarray  # of all passages, a row each
    places: dict[int, int]  # of the entries, by id


@cached
def _stored() -> _Stored:
    rows = SearchDocument.objects.filter(table=table.identity()).exclude(vectors=b"").order_by("pk")
    pairs = [(key, bytes(vectors)) for key, vectors in rows.values_list("pk", "vectors")]
    counts = [len(vectors) // table.DIMENSIONS for _, vectors in pairs]
    return _Stored(
        np.array([key for key, _ in pairs], np.int64),
        np.cumsum([0, *counts]),
        table.unpack(b"".join(vectors for _, vectors in pairs)),
        {key: place for place, (key, _) in enumerate(pairs)},
    )


class Meant:
    """How near every entry is to what a query means."""

    def __init__(self, vector: np.ndarray, stored: _Stored):
        self._vector, self._stored = vector, stored
        # Rounded: equal texts are equally near, whatever the order in which their figures are added.
        self._passages = (stored.vectors @ vector).round(6)
        self._entries = np.maximum.reduceat(self._passages, stored.starts[:-1])
        self._floor = -table.above_floor(vector, 0.0)

    def nearest(self) -> list[int]:
        """The ids of all entries, the nearest first."""
        return self._stored.ids[np.argsort(-self._entries, kind="stable")].tolist()

    def similarity(self, entry_id: int) -> float:
        """The cosine of the query and the entry's nearest passage; 0 of an entry without vectors."""
        place = self._stored.places.get(entry_id)
        return float(self._entries[place]) if place is not None else 0.0

    def passage(self, entry_id: int) -> int | None:
        """The place of the nearest passage among `passages` of the entry, after its question alone; None if there is no other."""
        passages = self._passages_of(entry_id)
        texts = [] if passages is None else self._passages[passages][1:]
        return int(np.argmax(texts)) + 1 if len(texts) else None

    def _passages_of(self, entry_id):
        """Where the entry's passages stand among all."""
        if (place := self._stored.places.get(entry_id)) is None:
            return None
        return slice(*self._stored.starts[place : place + 2])

    def above_floor(self, entry_id: int) -> float:
        """How much nearer the entry is than texts that have nothing to do with the query."""
        return self.similarity(entry_id) - self._floor

    def unit_above_floor(self, unit: Unit, entry_id: int) -> float:
        """The same of a word of the query alone; 0 of one that the table does not know, or of an entry without vectors."""
        vector, passages = table.vector(read(unit)), self._passages_of(entry_id)
        if vector is None or passages is None:
            return 0.0
        return table.above_floor(vector, float((self._stored.vectors[passages] @ vector).max()))


def meant(query: Query, units: list[Unit]) -> Meant | None:
    """None where the table knows no word of the query, or no entry has vectors."""
    mended = {unit.form: read(unit) for unit in units}
    words = [
        mended.get(word.form, query.text[word.start : word.end])
        for word in query.all_words
        if word.end - word.start >= SHORTEST
    ]
    vector = table.vector(" ".join(words))
    stored = _stored() if vector is not None else None
    return Meant(vector, stored) if stored and len(stored.ids) else None


def read(unit: Unit) -> str:
    """A word of the query as it was typed, or as it is mended where the table does not know it so."""
    slips = [match for match in unit.matches.values() if match.why == SLIP_WHY]
    if not slips or table.vector(unit.text) is not None:
        return unit.text
    return max(slips, key=lambda match: (match.weight, match.form)).form
