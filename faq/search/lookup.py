"""The index of the database in use, and what one search reads of it: cached while readers see the same."""

import math
from array import array
from collections import defaultdict

from django.db import connection

from faq.cache import CachedRows
from faq.search import postgres, sqlite
from faq.search.sql import WORD_TABLE, Range, select

POSTINGS = 3000  # entries of one word, at most
SUPPOSED = 10  # entries


def current() -> sqlite.Index | postgres.Index:
    return {"sqlite": sqlite.Index, "postgresql": postgres.Index}[connection.vendor]()


class CachedIndex:
    """The index as one search reads it. `entries`: in how many entries each stem stands that was looked up."""

    def __init__(self):
        self.entries: dict[str, int] = {}
        self.size = 0  # entries in all

    def look_up(self, stems: set[str]) -> None:
        """Learn these stems, and how many entries there are."""
        if unknown := {"", *stems} - self.entries.keys():
            self.entries |= dict.fromkeys(unknown, 0) | _frequencies.of(unknown)
        self.size = self.entries[""]

    def knows(self, stem: str) -> bool:
        return self.entries.get(stem, 0) > 0

    def frequency(self, stems: tuple[str, ...]) -> int:
        """In how many entries a stem stands; several in their order at most in as many as the rarest."""
        return min(min(self.entries.get(stem, 0) for stem in stems), self.size)

    def idf(self, frequency: int) -> float:
        """The rarity of a word that stands in so many of the entries."""
        return rarity(frequency, self.size)

    def words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        """The words in each range, as `sql.Index.words` gives them."""
        found = _words.of(ranges)
        return [(place, *word) for place, wanted in enumerate(ranges) for word in found.get(wanted, ())]

    def many_words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        """As `words`, for ranges too large to be cached."""
        return current().words(ranges)

    def postings(self, tokens: list[str]) -> list[array]:
        """The ids of the entries that hold each token, in their order."""
        found = _postings.of(tokens)
        return [found[token] for token in tokens]


def rarity(frequency: int, size: int) -> float:
    """BM25's weight of a word that stands in so many of `size` entries.

    A few entries say little about how rare a word is, so some more are supposed that don't have it.
    """
    return math.log(1 + (size + SUPPOSED - frequency + 0.5) / (frequency + 0.5))


def _load_frequencies(stems):
    """In how many entries each stem stands, at most: entries with two of its forms count twice."""
    places = ", ".join(["%s"] * len(stems))
    found = select(f"SELECT stem, SUM(entries) FROM {WORD_TABLE} WHERE stem IN ({places}) GROUP BY stem", stems)
    return {stem: int(entries) for stem, entries in found}


def _load_words(ranges):
    found = defaultdict(list)
    for place, form, stem in current().words(ranges):
        found[ranges[place]].append((form, stem))
    return found


def _load_postings(tokens):
    found = {token: array("q") for token in tokens}
    for place, entry_id in current().postings(tokens, POSTINGS):
        found[tokens[place]].append(entry_id)
    return found


_frequencies = CachedRows(_load_frequencies, most=20_000)
_words = CachedRows(_load_words, most=1000)
_postings = CachedRows(_load_postings, most=500)
