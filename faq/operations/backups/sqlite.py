"""SQLite: a copy by its backup API, which holds one moment whatever is written meanwhile."""

import contextlib
import os
import sqlite3

from django.db import connection

from faq.operations import faults
from faq.operations.backups.facts import facts_of
from faq.operations.database_file import move_aside, sqlite_file


def dump(path):
    """Copy the database to a new file; the facts about the copy. Raises RuntimeError where there is no room for it."""
    connection.ensure_connection()
    try:
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            return facts_of(copy.cursor())
    except sqlite3.Error as error:
        raise RuntimeError(faults.line(error)) from error


def check(path):
    """Whether the file is sound."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            is_whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return is_whole and not database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError:
        return False


def is_in_use():
    """Whether another process has the database open: it would go on writing into what was moved aside."""
    path = sqlite_file(connection.settings_dict)
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
    path = sqlite_file(connection.settings_dict)
    connection.close()
    move_aside(path, aside)
    os.replace(dumped, path)
    return f"Die bisherige Datenbank liegt in {aside}."
