"""Whether what is stored is still right: the site's revision, read past Django, and whether the database is there at all.

Each `read()` gives the stand of the site, a value that is another one after every change readers can see, or raises
Unavailable. It is read before the content that it stands for.
"""

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from pathlib import Path

from django.db import connections

from faq.operations import installation
from helpdesk import environment
from helpdesk.page_cache import commits

# In seconds: how often is looked whether a SQLite file is still in its place; how long a stand read from PostgreSQL holds,
# and how long its answer is waited for.
LOOKS = 0.02
HOLDS = 1.0
PATIENCE = 1.5


class Unavailable(Exception):
    """The database gives no answer."""


def watch():
    """The watch over the database in use."""
    connection = connections["default"]
    if file := environment.sqlite_file(connection.settings_dict):
        return SQLiteWatch({"database": file})
    return PostgresWatch(connection.get_connection_params())


def _not_lost(connection, stand):
    """The stand of a portal in which nothing was ever written. Raises Unavailable where the database was emptied."""
    if not connection.execute(installation.HOLDS_CONTENT).fetchone()[0] and installation.traces():
        raise Unavailable("it is empty, and there was a portal here before")
    return stand


class _Here(threading.local):
    """What a thread knows of a SQLite file."""

    identity = connection = stand = None
    index, head = b"", b""
    until = 0.0  # (a `time.monotonic()`) the stand holds, as long as the index has this head


class SQLiteWatch:
    """Asks on a connection of its own for each thread, and only if something was committed, which costs next to nothing."""

    def __init__(self, parameters):
        self._path = Path(parameters["database"])
        self._here = _Here()

    def read(self):
        """The file's identity and the site's revision."""
        here = self._here
        if time.monotonic() >= here.until or here.index[commits.HEAD] != here.head:
            self._ask(here)
        return here.stand

    def _ask(self, here):
        here.until, until = 0.0, time.monotonic() + LOOKS
        try:
            status = os.stat(self._path)
            if not status.st_size:
                raise Unavailable("its file is empty")  # opened, SQLite would delete the log beside it
            identity = (status.st_dev, status.st_ino)
            if here.identity != identity:
                self._open(here, identity)
            here.head = here.index[commits.HEAD]  # before what it stands for
            row = here.connection.execute("SELECT number FROM faq_revision").fetchone()
            row = row or _not_lost(here.connection, (0,))
        except (OSError, sqlite3.Error) as error:
            here.identity = None
            raise Unavailable(str(error)) from error
        here.stand = identity, row[0]
        if here.head:
            here.until = until

    def _open(self, here, identity):
        """Follow a file that was replaced; Django's connection in this thread too."""
        connections.close_all()
        # Never creates a file: an empty one in its place would be worse than none.
        uri = f"{self._path.absolute().as_uri()}?mode=rw"
        here.connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        here.connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # by now there is an index
        here.index, here.identity = commits.wal_index(self._path), identity


class PostgresWatch:
    """Asks at most once a second, in a thread of its own, so that a server that hangs holds nobody up for long."""

    def __init__(self, parameters):
        self._parameters = {
            name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")
        }
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "revision")
        self._connection = None
        self._pending, self._began = None, 0.0
        self._answer, self._until = Unavailable("not asked yet"), 0.0

    def read(self):
        """The site's revision, and the transaction that wrote it: a restored database may have the same number."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._answer = self._waited()
        if isinstance(self._answer, Unavailable):
            raise self._answer
        return self._answer

    def _waited(self):
        try:
            came_too_late = self._pending and self._pending.done() and time.monotonic() > self._began + HOLDS
            if self._pending is None or came_too_late:
                self._pending, self._began = self._thread.submit(self._ask), time.monotonic()
            # Who asks a server that hangs is waited for once, and not by every reader.
            answer = self._pending.result(max(0, self._began + PATIENCE - time.monotonic()))
        except TooSlow:
            self._until = time.monotonic() + HOLDS
            return Unavailable("no answer in time")
        except Exception as error:  # whatever it is, there is no answer
            self._pending, self._until = None, time.monotonic() + HOLDS
            return Unavailable(str(error))
        self._pending, self._until = None, self._began + HOLDS
        return answer

    def _ask(self):
        import psycopg

        kept = self._connection is not None
        try:
            if not kept:
                self._connection = psycopg.connect(**self._parameters, autocommit=True)
            row = self._connection.execute("SELECT number, xmin::text FROM faq_revision").fetchone()
        except psycopg.Error:
            self._connection = None
            if kept:
                return self._ask()  # it may have been cut while nobody asked
            raise
        return row or _not_lost(self._connection, (0, ""))
