"""Whether there was a portal here before. One that is gone is brought back; a new one is begun unasked only where there was none.

What tells of an earlier one: the mark that `prepare` leaves in DATA_DIR, backups, attachments, what a restore moved aside, and
SQLite's log without its database.
"""

import json
import os
from datetime import datetime

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from faq.operations import backups
from faq.operations.database_file import logs_of, move_aside, sqlite_file

MARK = "portal.json"
# True once anything was written that readers see, or an account made.
HOLDS_CONTENT = "SELECT EXISTS (SELECT 1 FROM faq_revision) OR EXISTS (SELECT 1 FROM auth_user)"
_TABLES = {"faq_revision", "auth_user"}


class Lost(CommandError):
    """There was a portal here, and its database is gone or empty; the message says in German what to do."""


def has_content():
    """Whether the database in use holds a portal. Raises DatabaseError where that cannot be asked."""
    if not _is_there():
        return False
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return False
        cursor.execute(HOLDS_CONTENT)
        return bool(cursor.fetchone()[0])


def lost():
    """The Lost to raise or to show where there was a portal before and its database is gone or empty, else None."""
    if has_content():
        return None
    return Lost(_message(found)) if (found := traces()) else None


def traces():
    """What there is of an earlier portal beside its database, each in a few German words."""
    found = []
    if (settings.DATA_DIR / MARK).exists():
        found.append(f"der Vermerk {settings.DATA_DIR / MARK}")
    for folder, what in (
        (settings.DATA_DIR / "backups", "Sicherungen"),
        (settings.MEDIA_ROOT, "Dateien"),
        (settings.DATA_DIR / "vorher", "Früheres"),
    ):
        if folder.is_dir() and any(folder.iterdir()):
            found.append(f"{what} in {folder}")
    if not _is_there():
        found += [f"die letzten Änderungen in {log}" for log in _logs()]
    return found


def begin():
    """Make the file of a new SQLite database: no connection does it by itself. A log of another one is moved aside, never lost."""
    if (file := sqlite_file(connection.settings_dict)) is None or _is_there():
        return
    connection.close()
    if logs_of(file):
        move_aside(file, settings.DATA_DIR / "vorher" / f"{datetime.now():%Y%m%d-%H%M%S-%f}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def note():
    """Leave the mark: which database holds the portal of this folder. Tests in memory leave none."""
    if _name() is None or not has_content():
        return
    mark = settings.DATA_DIR / MARK
    new = mark.with_suffix(".new")
    new.write_text(json.dumps({"engine": connection.vendor, "database": _name()}, indent=1) + "\n")
    os.replace(new, mark)


def _is_there():
    """Whether there is a database to connect to. SQLite deletes the log beside an empty file, which is therefore none."""
    file = sqlite_file(connection.settings_dict)
    return file is None or (file.exists() and file.stat().st_size > 0)


def _logs():
    file = sqlite_file(connection.settings_dict)
    return logs_of(file) if file else []


def _name():
    """The database in use, without a password; None for one in memory."""
    stored = connection.settings_dict
    if connection.vendor == "sqlite":
        file = sqlite_file(stored)
        return file and str(file)
    return f"{stored['HOST'] or 'localhost'}:{stored['PORT'] or 5432}/{stored['NAME']}"


def _message(found):
    what = "ist leer" if _is_there() else "fehlt"
    lines = [f"Hier gab es schon ein Portal, aber seine Datenbank {_name()} {what}. Davon zeugen: {', '.join(found)}."]
    if (before := _noted()) and before != _name():
        lines.append(
            f"Bisher war es {before}. Stimmt DATABASE_URL? Nach einem Umzug holt „copy_database“ alles von dort hierher."
        )
    else:
        lines.append(
            "Ist ein Datenträger nicht eingehängt, eine Datei verschoben? Stellen Sie das richtig und starten Sie neu."
        )
    if _logs() and not _is_there():
        lines.append("Die Dateien mit -wal und -shm gehören zu ihr: Löschen Sie sie nicht.")
    backup = backups.newest(settings.DATA_DIR / "backups") or "SICHERUNG"
    lines.append(f"Ist sie verloren: Halten Sie das Portal an, und dann „restore {backup}“.")
    lines.append("Soll hier wirklich ein neues Portal beginnen: „prepare --new“ oder „make run ARGS=--new“.")
    return "\n".join(lines)


def _noted():
    try:
        return json.loads((settings.DATA_DIR / MARK).read_text())["database"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
