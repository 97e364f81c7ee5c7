"""The engine, as Django looks for it: its own for SQLite, but for how a writer waits until it is let in."""

import random
import sqlite3
import time
from contextlib import contextmanager

from django.db.backends.sqlite3 import base

# Seconds between two tries, on average.
PAUSE = 0.002
# How statements begin that have to be let in, unless a transaction was already.
WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    """Tries every few milliseconds to be let in, as long as the connection's `timeout` says.

    SQLite itself has no queue and soon tries only every 100 ms, which somebody who writes without a pause keeps out for good.
    """

    def execute(self, query, params=None):
        if self.connection.in_transaction or not query.startswith(WRITES):
            return super().execute(query, params)
        with _no_waiting(self.connection) as patience:
            end = time.monotonic() + patience
            while True:
                try:
                    return super().execute(query, params)
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                        raise
                time.sleep(random.uniform(0, 2 * PAUSE))  # noqa: S311 (two who wait shall not try in step)


@contextmanager
def _no_waiting(connection):
    """SQLite says at once that somebody else writes; gives the seconds that it waits otherwise."""
    (milliseconds,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield milliseconds / 1000
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
