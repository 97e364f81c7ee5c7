"""SQLite: a copy by its backup API, which holds one moment whatever is written meanwhile."""

import shutil
import sqlite3
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection

from faq.operations import faults
from faq.operations.backups import copying
from faq.operations.backups.facts import LEFT_OUT, facts_of, own_tables
from faq.operations.database_file import move_aside, sqlite_file
from faq.search.sql import INDEX_TABLE

# A file of somebody else's is read and nothing more: by nothing that it defines itself, and without a log beside it.
_READ_ONLY = "mode=ro&immutable=1"
_DISTRUST = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON"
_OTHERS = {"django_migrations", settings.CACHES["default"]["LOCATION"], INDEX_TABLE}


def dump(path):
    """Copy the database to a new file; the facts about the copy. Raises RuntimeError where there is no room for it."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            return facts_of(copy.cursor(), own_tables())
    except sqlite3.Error as error:
        raise RuntimeError(faults.line(error)) from error


def check(path):
    """Whether the file is sound."""
    try:
        with closing(_opened(path)) as database:
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
    with closing(sqlite3.connect(path, timeout=1)) as database:
        try:
            alone = database.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            return False  # too damaged to ask: whoever restores knows why
        if alone:
            database.execute("PRAGMA journal_mode=WAL")
        return not alone


@contextmanager
def empty(folder, name):
    """A new, empty database in a folder: its place, and its settings as in DATABASES."""
    file = folder / f"{name}.sqlite3"
    file.touch()
    yield file, connection.settings_dict | {"NAME": f"{file.as_uri()}?mode=rw"}


def strange(dumped, models):
    """What a dumped file holds beside the portal's own. Raises NotCopied where a table is not as these models have it."""
    with closing(_opened(dumped)) as file:
        kinds = {name: kind for _, name, kind, *_ in file.execute("PRAGMA main.table_list")}
        for model in models:
            copying.require_columns(model, kinds.get(model._meta.db_table) == "table" and _columns(file, model))
        known = _OTHERS | LEFT_OUT | {model._meta.db_table for model in models}
        tables = {n for n, kind in kinds.items() if n not in known and kind != "shadow" and not n.startswith("sqlite_")}
        more = file.execute("SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchall()
    return sorted(tables | {name for (name,) in more})


def load(dumped, models):
    """Copy the rows of these models from a dumped file into the database in use."""
    options = {"init_command": _DISTRUST}
    source = {
        "ENGINE": connection.settings_dict["ENGINE"],
        "NAME": f"{dumped.as_uri()}?{_READ_ONLY}",
        "OPTIONS": options,
    }
    copying.fill(source, models)


def replace(file, aside):
    """Put a database in the portal's place; what was there is moved into the folder `aside`."""
    path = sqlite_file(connection.settings_dict)
    connection.close()
    move_aside(path, aside)
    shutil.move(file, path)
    return f"Die bisherige Datenbank liegt in {aside}."


def _opened(path):
    file = sqlite3.connect(f"{path.as_uri()}?{_READ_ONLY}", uri=True)
    file.executescript(_DISTRUST)
    return file


def _columns(file, model):
    rows = file.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", [model._meta.db_table])
    return [name for name, hidden in rows if not hidden]
