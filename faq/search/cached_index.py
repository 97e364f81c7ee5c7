"""What searches read of the index: kept while readers see the same, so that a new query asks only for what is new in it."""

from array import array
from collections import defaultdict

from faq.cache import KeptRows
from faq.search import backend
from faq.search.sql import Range

POSTINGS = 3000  # entries of one word, at most


def _words(ranges):
    found = defaultdict(list)
    for place, form, stem in backend.current().words(ranges):
        found[ranges[place]].append((form, stem))
    return found


def _postings(tokens):
    found = {token: array("q") for token in tokens}
    for place, entry_id in backend.current().postings(tokens, POSTINGS):
        found[tokens[place]].append(entry_id)
    return found


_kept_frequencies = KeptRows(lambda stems: backend.current().frequencies(stems), most=20_000)
_kept_words = KeptRows(_words, most=1000)
_kept_postings = KeptRows(_postings, most=500)


class KeptIndex:
    """The index as a search reads it, each answer as `sql.Index` gives it."""

    def frequencies(self, stems: list[str]) -> dict[str, int]:
        return _kept_frequencies.of(stems)

    def words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        found = _kept_words.of(ranges)
        return [(place, *word) for place, wanted in enumerate(ranges) for word in found.get(wanted, ())]

    def many_words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        """As `words`, for ranges too large to be kept."""
        return backend.current().words(ranges)

    def postings(self, tokens: list[str]) -> list[array]:
        """The ids of the entries that hold each token, in their order."""
        found = _kept_postings.of(tokens)
        return [found[token] for token in tokens]
