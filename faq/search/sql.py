"""What both databases say alike; `sqlite` and `postgres` add what they say each in its own way."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

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


def select(statement: str, parameters: Iterable = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def select_each(statements: Iterable[tuple[str, list]]) -> list[tuple]:
    """The rows of up to 500 SELECTs (SQL and parameters), each after its statement's place.

    They are asked in one: one by one, dozens of small ones take longer than what they ask for. Each may have an order
    and a limit of its own, which Django's union does not allow on SQLite.
    """
    statements = list(statements)
    if not statements:
        return []
    union = " UNION ALL ".join(
        f"SELECT {place}, part.* FROM ({statement}) AS part" for place, (statement, _) in enumerate(statements)
    )
    return select(union, [parameter for _, parameters in statements for parameter in parameters])


class Index:
    """The index proper and the reading of the vocabulary; `sqlite.Index` and `postgres.Index` complete it."""

    key = "entry_id"  # the column
    bytewise = ""  # how to order words by their bytes

    def put(self, rows: Iterable[tuple[int, set[str]]]) -> None:
        """Add entries that are not in the index: id and tokens."""
        raise NotImplementedError

    def stored(self) -> dict[int, set[str]]:
        """All that is in the index: the tokens by id."""
        raise NotImplementedError

    def begins_with(self, column: str, prefix: str) -> tuple[str, list[str]]:
        """The condition that a column begins with a prefix, and its parameters."""
        raise NotImplementedError

    def postings(self, tokens: list[str], limit: int) -> list[tuple[int, int]]:
        """For each token the first `limit` entries that hold it, as (place of the token, entry id)."""
        raise NotImplementedError

    def delete(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {INDEX_TABLE} WHERE {self.key} = %s", [(entry_id,) for entry_id in ids])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {INDEX_TABLE}")

    def words(self, ranges: list[Range]) -> list[tuple[int, str, str]]:
        """The words in each range, as (place of the range, form, stem), by range and by the alphabet."""
        return sorted(select_each(map(self._words, ranges)))

    def _words(self, wanted):
        condition, parameters = self.begins_with(wanted.column, wanted.prefix)
        statement = (
            f"SELECT form, stem FROM {WORD_TABLE} WHERE {condition} AND length({wanted.column}) BETWEEN %s AND %s "
            f"ORDER BY entries DESC, form{self.bytewise} LIMIT {wanted.limit}"
        )
        return statement, [*parameters, wanted.shortest, wanted.longest]
