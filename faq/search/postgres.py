"""The index in PostgreSQL: a tsvector of analysed words under a GIN index. All of PostgreSQL's SQL stands here."""

from django.db import connection

from faq.search import sql
from faq.search.sql import INDEX_TABLE

CREATE = (
    f"CREATE TABLE {INDEX_TABLE} (entry_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    # Without the pending list a search never has to read what was saved last one by one.
    f"CREATE INDEX {INDEX_TABLE}_tokens ON {INDEX_TABLE} USING gin (tokens) WITH (fastupdate = off)",
)


class Index(sql.Index):
    bytewise = ' COLLATE "C"'

    def put(self, rows):
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {INDEX_TABLE} (entry_id, tokens) VALUES (%s, array_to_tsvector(%s::text[]))",
                [(entry_id, sorted(tokens)) for entry_id, tokens in rows],
            )

    def stored(self):
        rows = sql.select(f"SELECT entry_id, tsvector_to_array(tokens) FROM {INDEX_TABLE}")
        return {entry_id: set(tokens) for entry_id, tokens in rows}

    def begins_with(self, column, prefix):
        # Letters and digits only, so nothing needs escaping; served by Django's varchar_pattern_ops index.
        return f"{column} LIKE %s", [prefix + "%"]

    def postings(self, tokens, limit):
        # One statement for all: planned apart, dozens of them would take longer to plan than to run.
        statement = f"""
            SELECT asked.place - 1, found.entry_id
            FROM unnest(%s::text[]) WITH ORDINALITY AS asked (token, place)
            CROSS JOIN LATERAL (
                SELECT entry_id FROM {INDEX_TABLE} WHERE tokens @@ asked.token::tsquery ORDER BY entry_id LIMIT {limit}
            ) AS found
        """
        return sql.select(statement, [[f"'{token}'" for token in tokens]])
