"""The index in SQLite: an FTS5 table of analysed words. All of SQLite's SQL for the search stands here."""

from django.db import connection

from faq.search import sql
from faq.search.sql import INDEX_TABLE

# Places in the text are not stored: ranking and phrases are decided on the documents, alike for both databases.
CREATE = f"""CREATE VIRTUAL TABLE {INDEX_TABLE} USING fts5(
    tokens, detail = none, columnsize = 0, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
)"""


class Index(sql.Index):
    key = "rowid"

    def put(self, rows):
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {INDEX_TABLE} (rowid, tokens) VALUES (%s, %s)",
                [(entry_id, " ".join(sorted(tokens))) for entry_id, tokens in rows],
            )

    def stored(self):
        rows = sql.select(f"SELECT rowid, tokens FROM {INDEX_TABLE}")
        return {entry_id: set(tokens.split()) for entry_id, tokens in rows}

    def begins_with(self, column, prefix):
        # SQLite's LIKE ignores case and then no index serves it.
        return f"{column} >= %s AND {column} < %s", [prefix, prefix + "\U0010ffff"]

    def postings(self, tokens, limit):
        statement = f"SELECT rowid FROM {INDEX_TABLE} WHERE {INDEX_TABLE} MATCH %s ORDER BY rowid LIMIT {limit}"
        return sql.select_each((statement, [f'"{token}"']) for token in tokens)
