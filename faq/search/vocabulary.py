"""What one search knows of the site's vocabulary, and how rare its words are."""

import math

SUPPOSED = 10  # entries


class Lexicon:
    """What one search knows of the vocabulary: the number of entries of each stem looked up."""

    def __init__(self, index):
        """`index`: whatever tells the frequencies, an Index or a KeptIndex."""
        self._index = index
        self.entries: dict[str, int] = {}
        self.size = 0

    def look_up(self, stems: set[str]) -> None:
        """Learn these stems, and how many entries there are."""
        unknown = {"", *stems} - self.entries.keys()
        self.entries |= dict.fromkeys(unknown, 0) | self._index.frequencies(sorted(unknown))
        self.size = self.entries[""]

    def knows(self, stem: str) -> bool:
        return self.entries.get(stem, 0) > 0

    def frequency(self, stems: tuple[str, ...]) -> int:
        """In how many entries a stem stands; several in their order at most in as many as the rarest."""
        return min(min(self.entries.get(stem, 0) for stem in stems), self.size)

    def idf(self, frequency: int) -> float:
        """The rarity of a word that stands in so many of the entries."""
        return rarity(frequency, self.size)


def rarity(frequency: int, size: int) -> float:
    """BM25's weight of a word that stands in so many of `size` entries.

    A few entries say little about how rare a word is, so some more are supposed that don't have it.
    """
    return math.log(1 + (size + SUPPOSED - frequency + 0.5) / (frequency + 0.5))
