"""Whether what is cached is still right: the site's revision, and whether the database is there at all.

`read()` gives a value that is another one after every change readers can see, also where another database took the place of
the former one, or raises Unavailable. It is read before the content that it stands for.
"""

import os
import sqlite3
import threading
import time

from django.db import Error, close_old_connections, connection, connections

from faq.operations import installation
from faq.operations.database_file import sqlite_file

LOOKS = 0.02  # seconds between two looks whether a SQLite file is still in its place
HOLDS = 1.0  # seconds that an answer of PostgreSQL holds


class Unavailable(Exception):
    """The database gives no answer."""


def of_the_site():
    """The revision in the database in use."""
    if file := sqlite_file(connection.settings_dict):
        return SQLiteRevision(file)
    return PostgresRevision()


class _Thread(threading.local):
    """A thread's connection to a SQLite file, which file that is, and until when it is taken to be in its place."""

    cursor = identity = None
    until = 0.0


class SQLiteRevision:
    """Asked at each request, on a connection of its own in each thread: Django's takes several times as long."""

    def __init__(self, file):
        self._file = file
        self._thread = _Thread()

    def read(self):
        """The file's identity and the revision's number."""
        thread = self._thread
        try:
            if time.monotonic() >= thread.until:
                self._look(thread)
            row = thread.cursor.execute("SELECT number FROM faq_revision").fetchone()
            return thread.identity, *(row or _before_the_first(thread.cursor))
        except (OSError, sqlite3.Error) as error:
            thread.identity, thread.until = None, 0.0
            raise Unavailable(str(error)) from error

    def _look(self, thread):
        """Follow a file that was replaced; Django's connection in this thread too."""
        status = os.stat(self._file)
        if not status.st_size:
            raise Unavailable("its file is empty")  # opened, SQLite would delete the log beside it
        identity = status.st_dev, status.st_ino
        if identity != thread.identity:
            connections.close_all()
            # Never creates a file: an empty one in its place would be worse than none.
            uri = f"{self._file.absolute().as_uri()}?mode=rw"
            thread.cursor = sqlite3.connect(uri, uri=True, isolation_level=None).cursor()
            thread.identity = identity
        thread.until = time.monotonic() + LOOKS


class PostgresRevision:
    """Asked at most once a second, on Django's connection."""

    def __init__(self):
        self._lock = threading.Lock()
        self._answer, self._until = None, 0.0

    def read(self):
        """The revision's number, and the transaction that wrote it: a restored database may have the same number."""
        with self._lock:
            began = time.monotonic()
            if began >= self._until:
                try:
                    self._answer, self._until = self._ask(), began + HOLDS
                except (Error, Unavailable) as error:
                    self._answer, self._until = Unavailable(str(error)), time.monotonic() + HOLDS
        if isinstance(self._answer, Unavailable):
            raise self._answer
        return self._answer

    def _ask(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT number, xmin::text FROM faq_revision")
                return cursor.fetchone() or _before_the_first(cursor)
        finally:
            close_old_connections()  # as after a request: it may be cut before it is used again


def _before_the_first(cursor):
    """The revision of a portal in which nothing was ever written. Raises Unavailable where the database was emptied."""
    cursor.execute(installation.HOLDS_CONTENT)
    if not cursor.fetchone()[0] and installation.traces():
        raise Unavailable("it is empty, and there was a portal here before")
    return (0,)
