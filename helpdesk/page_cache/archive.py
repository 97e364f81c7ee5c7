"""Pages kept on disk, shared by all processes, for when the database is gone: also over a restart.

A SQLite file of its own, so each write is whole or not there at all. What is read back is checked; a file that is damaged
is given up and begun anew. No failure here ever reaches a reader.
"""

import hashlib
import json
import logging
import sqlite3
import time
import zlib
from contextlib import closing, suppress

from helpdesk.page_cache.memory import Answer
from helpdesk.page_cache.rules import Key

log = logging.getLogger(__name__)

LASTS = 24 * 3600  # seconds after a page was last known to be right
_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    path TEXT PRIMARY KEY, release TEXT NOT NULL, confirmed REAL NOT NULL, head TEXT NOT NULL, body BLOB NOT NULL,
    checksum BLOB NOT NULL
) WITHOUT ROWID
"""


# Another process may have written something newer meanwhile.
_PUT = """
INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET release = excluded.release,
confirmed = excluded.confirmed, head = excluded.head, body = excluded.body, checksum = excluded.checksum
WHERE excluded.confirmed >= confirmed OR excluded.release <> release
"""
_REPLACE = """
UPDATE pages SET release = ?2, confirmed = ?3, head = ?4, body = ?5, checksum = ?6 WHERE path = ?1 AND confirmed <= ?3
"""
_CONFIRM = "UPDATE pages SET confirmed = max(confirmed, ?) WHERE path = ? AND release = ? AND head = ?"


class Archive:
    """`release`: pages of other ones are not given back; `limit`: how many bytes of pages are kept at most."""

    def __init__(self, path, release, limit):
        self._path, self._release, self._limit = path, release, limit
        self._written = {}

    def get(self, key):
        """The page as it was written last, or None."""
        if key.query:
            return None
        try:
            row = self._read(key, "ro")
        except sqlite3.Error:
            try:  # a process that was killed as it wrote left what only who may write can put right
                row = self._read(key, "rw")
            except sqlite3.Error:
                return None
        return row and self._answer(key, *row)

    def _read(self, key, mode):
        with closing(sqlite3.connect(f"file:{self._path}?mode={mode}", uri=True, timeout=1)) as connection:
            return connection.execute(
                "SELECT confirmed, head, body, checksum FROM pages WHERE path = ? AND release = ?",
                (key.path, self._release),
            ).fetchone()

    def put(self, pages, others=()):
        """Write those of these pages that are not there yet, and note of all that they are right.

        `others` are no pages (not found, mostly): they only take the place of what was one.
        """
        try:
            self._write(pages, others)
        except sqlite3.OperationalError as error:  # no room, or no right to write
            log.warning("pages cannot be kept on disk: %s", error)
        except sqlite3.DatabaseError:
            log.warning("%s is damaged: it is begun anew", self._path)
            self._begin_anew()
            with suppress(sqlite3.Error):
                self._write(pages, others)

    def _write(self, pages, others):
        fresh = [page for page in pages if self._written.get(page.key.path) != page.etag]
        with closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as connection:
            # No WAL: where nothing can be written it must still be read. No waiting for the disk: checksums tell.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                connection.executemany(_PUT, map(self._row, fresh))
                connection.executemany(_REPLACE, map(self._row, others))
                noted = connection.executemany(
                    _CONFIRM, [(page.confirmed, page.key.path, self._release, _head(page)) for page in pages]
                )
                if fresh:
                    self._drop_surplus(connection)
        self._written |= {page.key.path: page.etag for page in fresh}
        for other in others:
            self._written.pop(other.key.path, None)
        if noted.rowcount < len(pages):
            self._written.clear()  # another process has dropped some, or put others in their place

    def _drop_surplus(self, connection):
        """What is too old or of another release, then the oldest of what is too much."""
        connection.execute(
            "DELETE FROM pages WHERE confirmed < ? OR release <> ?", (time.time() - LASTS, self._release)
        )
        (size,) = connection.execute("SELECT total(length(head) + length(body)) FROM pages").fetchone()
        if size > self._limit:
            connection.execute(
                """DELETE FROM pages WHERE path IN (SELECT path FROM (SELECT path, sum(length(head) + length(body))
                OVER (ORDER BY confirmed DESC, path) AS running FROM pages) WHERE running > ?)""",
                (self._limit * 0.9,),
            )

    def _begin_anew(self):
        self._written.clear()
        for end in ("", "-journal"):
            with suppress(OSError):
                self._path.with_name(self._path.name + end).unlink()

    def _row(self, answer):
        head = _head(answer)
        body = zlib.compress(answer.body)
        return answer.key.path, self._release, answer.confirmed, head, body, _checksum(head, body)

    def _answer(self, key, confirmed, head, body, checksum):
        if checksum != _checksum(head, body):
            return None
        status, headers, etag = json.loads(head)
        headers = [(name, value) for name, value in headers if name != "ETag"]
        return Answer(Key(*key), None, 0, status, headers, zlib.decompress(body), etag, confirmed=confirmed)


def _head(answer):
    return json.dumps([answer.status, answer.headers, answer.etag])


def _checksum(head, body):
    return hashlib.sha256(head.encode() + b"\0" + body).digest()
