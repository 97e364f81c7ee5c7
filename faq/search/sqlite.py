"""The index in SQLite: an FTS5 table of analysed words. All of SQLite's SQL for the search stands here."""

from collections.abc import Iterable, Iterator

from django.db import connection

from faq.joined import joined
from faq.search import sql
from faq.search.sql import INDEX_TABLE

# Places in the text are not kept: ranking and phrases are decided on the documents, alike for both databases.
CREATE = f"""CREATE VIRTUAL TABLE {INDEX_TABLE} USING fts5(
    tokens, detail = none, columnsize = 0, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
)"""


class Index(sql.Index):
    def put(self, rows: Iterable[tuple[int, set[str]]]) -> None:
        """Add entries that are not in the index: id and tokens."""
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {INDEX_TABLE} (rowid, tokens) VALUES (%s, %s)",
                [(entry_id, " ".join(sorted(tokens))) for entry_id, tokens in rows],
            )

    def delete(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {INDEX_TABLE} WHERE rowid = %s", [(entry_id,) for entry_id in ids])

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {INDEX_TABLE}")

    def stored(self) -> Iterator[tuple[int, set[str]]]:
        """All that is in the index: id and tokens."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid, tokens FROM {INDEX_TABLE}")
            for entry_id, tokens in cursor.fetchall():
                yield entry_id, set(tokens.split())

    def begins_with(self, column, prefix):
        # SQLite's LIKE ignores case and then no index serves it.
        return f"{column} >= %s AND {column} < %s", [prefix, prefix + "\U0010ffff"]

    def postings(self, tokens, limit):
        statement = f"SELECT rowid FROM {INDEX_TABLE} WHERE {INDEX_TABLE} MATCH %s ORDER BY rowid LIMIT {limit}"
        return joined((statement, [f'"{token}"']) for token in tokens)
