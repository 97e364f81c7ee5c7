"""What is wrong with database or disk, in German: what it is, where, and what is done about it. The one place that knows their errors."""

import errno
import os
import shutil
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection

from faq.operations.database_file import sqlite_file


class Fault(NamedTuple):
    what: str
    how: str
    where: str = ""

    def __str__(self):
        return f"{self.what}: {self.where}. {self.how}" if self.where else f"{self.what}. {self.how}"


LOCKED = Fault(
    "Die Datenbank ist gerade gesperrt, ein anderer Vorgang schreibt", "Versuchen Sie es gleich noch einmal."
)
SLOW = Fault("Die Datenbank antwortet gerade zu langsam", LOCKED.how)
FULL = Fault("Die Platte ist voll", "Schaffen Sie Platz und versuchen Sie es noch einmal.")
READ_ONLY = Fault(
    "Hier darf nicht geschrieben werden",
    "Ordner und Dateien gehören dem Konto, unter dem das Portal läuft, auf einer Platte, die nicht nur lesbar ist.",
)
UNREADABLE = Fault("Lesen oder Schreiben ist nicht gelungen", "Sehen Sie nach der Platte: „df“ und „dmesg“.")
MISSING = Fault(
    "Die Datenbank lässt sich nicht öffnen",
    "Gibt es die Datei, und gehört sie dem Konto, unter dem das Portal läuft? "
    "„prepare“ richtet ein neues Portal ein, „restore“ holt eine Sicherung zurück.",
)
DAMAGED = Fault(
    "Die Datenbank ist beschädigt",
    "Halten Sie das Portal an, und dann „restore“ mit der neuesten Sicherung aus DATA_DIR/backups.",
)
NO_DATABASE = Fault(
    "Diese Datei ist keine Datenbank",
    "Stimmen DATA_DIR und DATABASE_URL? Wenn ja: „restore“ mit der neuesten Sicherung aus DATA_DIR/backups.",
)
OUTDATED = Fault("Die Datenbank ist nicht auf dem Stand dieser Version", "Der Befehl „prepare“ bringt sie dahin.")
UNREACHABLE = Fault(
    "Die Datenbank ist nicht erreichbar", "Läuft sie, und stimmen Name, Nutzer und Kennwort in DATABASE_URL?"
)

LITTLE = 100_000  # bytes: less is no room for anything
# By the first letters of SQLite's names and of PostgreSQL's SQLSTATE.
_OF_DATABASES = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_IOERR": UNREADABLE,
    "SQLITE_CANTOPEN": MISSING,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": NO_DATABASE,
    "55P03": LOCKED,
    "57014": SLOW,
    "53100": FULL,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "58030": UNREADABLE,
    "XX00": DAMAGED,
    "42P01": OUTDATED,
    "42703": OUTDATED,
}
_OF_FILES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), READ_ONLY),
}


def fault(error):
    """The Fault that an error tells of, or None: then it is one of ours."""
    if isinstance(error, OSError):
        return _of_file(error)
    cause = error.__cause__ if isinstance(error, DatabaseError | InterfaceError) else error
    if name := getattr(cause, "sqlite_errorname", None):
        found = OUTDATED if str(cause).startswith(("no such table", "no such column")) else _named(name)
        file = sqlite_file(connection.settings_dict)
        if found is UNREADABLE and file and shutil.disk_usage(file.parent).free < LITTLE:
            found = FULL  # where it finds no room for its index SQLite does not say why
        return found and found._replace(where=str(file or cause))
    if found := _named(getattr(cause, "sqlstate", None) or ""):
        return found._replace(where=first_line(error))
    is_out_of_reach = isinstance(error, OperationalError | InterfaceError)
    is_refused = isinstance(error, ProgrammingError) and type(cause).__module__.startswith("psycopg")  # by libpq
    return UNREACHABLE._replace(where=first_line(error)) if is_out_of_reach or is_refused else None


def is_full(error):
    """Whether there was no room left."""
    found = fault(error)
    return found is not None and found.what == FULL.what


def line(error):
    """An error as a line for whoever runs the portal."""
    return str(fault(error) or error)


def told(fault):
    """A Fault as it is said to those who wanted to save something, and cannot mend it."""
    how = fault.how if fault.how == LOCKED.how else "Bitte sagen Sie es denen, die das Portal betreiben."
    return f"Nichts wurde gesichert. {fault.what}. {how}"


def first_line(error):
    """What an error says, without a full stop at its end."""
    return str(error).strip().partition("\n")[0].strip(" .")[:300] or type(error).__name__


def _of_file(error):
    found = _OF_FILES.get(error.errno) or Fault(error.strerror or str(error), UNREADABLE.how)
    return found._replace(where=os.fspath(error.filename) if isinstance(error.filename, str | os.PathLike) else "")


def _named(name):
    return next((found for start, found in _OF_DATABASES.items() if name.startswith(start)), None)
