"""SQLite: a copy by its backup API, which holds one moment whatever is written meanwhile."""

import contextlib
import os
import sqlite3

from django.db import connection

from faq.operations.backups.facts import digest, gathered
from helpdesk import environment

SUFFIXES = ("", "-wal", "-shm")


def dump(path):
    """Copy the database to a new file; the facts about the copy. Raises RuntimeError where there is no room for it."""
    connection.ensure_connection()
    try:
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise RuntimeError(f"SQLite: {error}") from error
    with _opened(path) as database:
        return gathered(lambda select: database.execute(select).fetchall(), lambda table: _digest(database, table))


def check(path, tables):
    """Whether the file is sound and holds exactly the rows of these tables."""
    try:
        with _opened(path) as database:
            problems = database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
            problems = problems or database.execute("PRAGMA foreign_key_check").fetchall()
            return not problems and all(_digest(database, name) == value for name, value in tables.items())
    except sqlite3.DatabaseError:
        return False


def is_in_use():
    """Whether another process has the database open: it would go on writing into what was moved aside."""
    path = environment.sqlite_file(connection.settings_dict)
    connection.close()
    if not path.exists() or not path.stat().st_size:
        return False  # an empty file is none: SQLite would delete the log beside it
    with contextlib.closing(sqlite3.connect(path, timeout=1)) as database:
        try:
            alone = database.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            return False  # too damaged to ask: whoever restores knows why
        if alone:
            database.execute("PRAGMA journal_mode=WAL")
        return not alone


def replace(dumped, aside):
    """Put the dumped file in the database's place; what was there is moved into the folder `aside`."""
    path = environment.sqlite_file(connection.settings_dict)
    connection.close()
    aside.mkdir(parents=True, exist_ok=True)
    for suffix in SUFFIXES:
        old = path.with_name(path.name + suffix)
        if old.exists():
            os.replace(old, aside / old.name)
    os.replace(dumped, path)
    return f"Die bisherige Datenbank liegt in {aside}."


def _opened(path):
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def _digest(database, table):
    rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608  our own tables' names
    return digest(repr(row).encode() for row in rows)
