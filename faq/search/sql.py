"""What both databases say alike; `sqlite` and `postgres` add what they say each in its own way."""

from dataclasses import dataclass

from django.db import connection

from faq.joined import joined

INDEX_TABLE = "faq_search_index"
WORD_TABLE = "faq_searchword"
HEADLINE = "h_"  # before the token of a word that stands in the question or the tags


@dataclass(frozen=True, slots=True)
class Range:
    """Words of the vocabulary whose column begins with a prefix: the most frequent, then by the alphabet.

    `column` is form, form_reversed or stem_reversed; the lengths are those of the column.
    """

    column: str
    prefix: str
    limit: int
    shortest: int = 1
    longest: int = 64


def token(stem: str) -> str:
    """A stem as the index holds it: every database's tokenizer takes it whole."""
    return stem if stem.isascii() else "_" + stem.encode().hex()


class Index:
    """The index proper and the reading of the vocabulary; `sqlite.Index` and `postgres.Index` complete it."""

    bytewise = ""  # how to order words by their bytes

    def begins_with(self, column: str, prefix: str) -> tuple[str, list[str]]:
        raise NotImplementedError

    def postings(self, tokens: list[str], limit: int) -> list[tuple[int, int]]:
        """For each token the first `limit` entries that hold it, as (place of the token, entry id)."""
        raise NotImplementedError

    def frequencies(self, stems: list[str]) -> dict[str, int]:
        """In how many entries each stem stands, at most: entries with two of its forms count twice."""
        if not stems:
            return {}
        places = ", ".join(["%s"] * len(stems))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT stem, SUM(entries) FROM {WORD_TABLE} WHERE stem IN ({places}) GROUP BY stem", stems)
            return {stem: int(entries) for stem, entries in cursor.fetchall()}

    def words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        """The words in each range, as (place of the range, form, stem), by range and by the alphabet."""
        return sorted(joined(map(self._words, ranges)))

    def _words(self, wanted):
        condition, parameters = self.begins_with(wanted.column, wanted.prefix)
        statement = (
            f"SELECT form, stem FROM {WORD_TABLE} WHERE {condition} AND length({wanted.column}) BETWEEN %s AND %s "
            f"ORDER BY entries DESC, form{self.bytewise} LIMIT {wanted.limit}"
        )
        return statement, [*parameters, wanted.shortest, wanted.longest]
