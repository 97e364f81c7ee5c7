"""Similarity of meaning: texts as vectors, made of the vectors of their words.

    text → words, compounds taken apart → rows of the table → their weighted sum

A text's vector is the mean of its words', the frequent weighing less, without what all texts share (SIF: Arora, Liang,
Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017); both are in the rows already. Two texts
are as near as the product of their vectors says. `benchmarks.word_table` makes the table; NOTICE names its sources.
A table that is missing or damaged has no vectors: then words alone are searched, and `problem` says so.
"""

import hashlib
import mmap
import os
import re
import struct
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path

# What is multiplied here is small: threads would wait for each other longer than they work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

PATH = Path(__file__).with_name("words.bin")
DIMENSIONS = 240
# The file: a head (magic, SHA-256 of all after the head, number of words, of dimensions, of sentences of the background); all words' keys
# in ascending order, their scales, their rows (four bits a dimension, of a byte the lower ones for a dimension of the first half, the
# higher ones for that of the second); the background's vectors, a byte a dimension.
HEAD = struct.Struct("<8s32sIII12x")
MAGIC = b"WORDS\0\0\2"
NEAREST = 10  # sentences of the background that make the floor

_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_UMLAUT_SPELT, _VOWEL = re.compile("ae|oe|(?<![qae])ue"), re.compile("[aou]")
_SHORTEST = 4  # letters of a compound's first part
_LINKS = ("", "s", "es", "n", "en")  # what compounds put between their parts
_ENDINGS = ("en", "er", "es", "em", "e", "n", "s", "st", "t")


def vector(text: str) -> np.ndarray | None:
    """A text's meaning, as a vector of length 1; None if no word of it is known, or there is no table."""
    table = _current()
    return table and table.vector(text)


def has(word: str) -> bool:
    """Whether a word stands in the table as it is: then it is one, and no other one misspelt."""
    table = _current()
    return table is not None and table.has(read_word(word))


def above_floor(vector: np.ndarray, similarity: float) -> float:
    """How much nearer than unrelated texts something is that is so similar to a vector; at most 0: no nearer."""
    table = _current()
    return similarity - table.floor(vector) if table else 0.0


def identity() -> str:
    """Names the table by its content; vectors of two tables cannot be compared. Empty without a table."""
    table = _current()
    return table.checksum.hex()[:16] if table else ""


def problem() -> str | None:
    """What is wrong with the table's file, for the operator; reads all of it."""
    if not PATH.is_file():
        return "Die Wörtertabelle der Suche fehlt: Gesucht wird nur nach Wörtern."
    table = _current()
    if table is None or table.checksum != hashlib.sha256(PATH.read_bytes()[HEAD.size :]).digest():
        return "Die Wörtertabelle der Suche ist beschädigt: Gesucht wird nur nach Wörtern."
    return None


def pack(vector: np.ndarray) -> bytes:
    """A vector as it is stored, a byte a dimension; the same on every machine."""
    exact = vector.astype(np.float64)
    return np.rint(exact * (127 / np.abs(exact).max())).astype(np.int8).tobytes()


def unpack(stored: bytes) -> np.ndarray:
    """Stored vectors, one after the other: a row of length 1 for each, of nothing where nothing was known."""
    rows = np.frombuffer(stored, np.int8).reshape(-1, DIMENSIONS).astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


def read_word(word: str) -> str:
    """A word, or a text, as the table has it."""
    return unicodedata.normalize("NFKC", word).casefold().replace("\u00ad", "")


def key(word: str) -> int:
    """The number by which the table finds a word."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _current():
    """The table there is; None if it is missing or damaged."""
    return _opened(PATH)


@cache
def _opened(path):
    try:
        return Table(path)
    except (OSError, ValueError, struct.error):
        return None


def _spellings(word):
    """A word, and as it is spelt with umlauts where it has none: verlaengern, verlangern."""
    yield word
    if (spelt := _UMLAUT_SPELT.sub(lambda match: _UMLAUTS[match[0][0]], word)) != word:
        yield spelt
    yield from (word[: match.start()] + _UMLAUTS[match[0]] + word[match.end() :] for match in _VOWEL.finditer(word))


def _unit(vector):
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class Table:
    """A file of words with their vectors, mapped: all processes share what is read of it.

    Raises OSError and ValueError if there is no such file.
    """

    def __init__(self, path):
        with open(path, "rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, self.checksum, words, dimensions, background = HEAD.unpack_from(content)
        scales = HEAD.size + 8 * words
        rows = scales + 4 * words
        end = rows + words * DIMENSIONS // 2
        if (magic, dimensions, len(content)) != (MAGIC, DIMENSIONS, end + background * DIMENSIONS):
            raise ValueError("not a table of words")
        self._keys = memoryview(content)[HEAD.size : scales].cast("Q")
        self._scales = np.frombuffer(content, "<f4", words, scales)
        self._rows = np.frombuffer(content, np.uint8, words * DIMENSIONS // 2, rows).reshape(words, -1)
        self._background = np.frombuffer(content, np.int8, offset=end).reshape(-1, DIMENSIONS).astype(np.float32)
        self._background /= np.linalg.norm(self._background, axis=1, keepdims=True)
        self._read = lru_cache(maxsize=5000)(self._parts)

    def vector(self, text):
        places = self.places(text)
        if not places:
            return None
        rows = self._rows[places]
        steps = np.concatenate([rows & 15, rows >> 4], axis=1) - 8.0
        total = (steps * self._scales[places, None]).sum(0)
        return _unit(total) if np.isfinite(total).all() and total.any() else None

    def places(self, text):
        """Where the words of a text stand in the table."""
        return [place for word in _WORD.findall(read_word(text)) for place in self._read(word)]

    def has(self, word):
        return self._place(word) is not None

    def floor(self, vector):
        return float(np.sort(self._background @ vector)[-NEAREST:].mean())

    def _place(self, word):
        number = key(word)
        place = bisect_left(self._keys, number)
        return place if place < len(self._keys) and self._keys[place] == number else None

    def _parts(self, word):
        """The places of a word: its own, else those of its parts."""
        place = self._place(word)
        if place is not None:
            return (place,)
        parts = _HYPHEN.split(word)
        if len(parts) > 1:
            return tuple(place for part in parts for place in self._read(part))
        for spelt in _spellings(word):
            if found := self._split(spelt):
                return found
        return ()

    def _split(self, word):
        """A word the table lacks, as words it has: the most even two, else three or more, else without its ending."""
        place = self._place(word)
        if place is not None:
            return (place,)
        heads = {i: head for i in range(_SHORTEST, len(word) - 2) if (head := self._head(word[:i])) is not None}
        pairs = [
            (min(i, len(word) - i), head, tail)
            for i, head in heads.items()
            if (tail := self._place(word[i:])) is not None
        ]
        if pairs:
            return max(pairs)[1:]
        for i in reversed(heads):
            if rest := self._split(word[i:]):
                return (heads[i], *rest)
        stems = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending))
        return next(((place,) for stem in stems if (place := self._place(stem)) is not None), ())

    def _head(self, word):
        """The place of a compound's first part, also with what joins it to the next."""
        stems = (word[: len(word) - len(link)] for link in _LINKS if word.endswith(link))
        return next((place for stem in stems if (place := self._place(stem)) is not None), None)
