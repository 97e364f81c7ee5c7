"""Where a SQLite database lies, and what lies beside it."""

import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOGS = ("-wal", "-shm")


def sqlite_file(stored):
    """The file of a database, by its settings as in DATABASES; None for one in memory or of another kind."""
    name = str(stored["NAME"])
    if "sqlite" not in stored["ENGINE"] or not name.startswith("file:///"):
        return None
    return Path(unquote(urlsplit(name).path))


def logs_of(file):
    """SQLite's log and its index where they are there: without them the last changes are lost."""
    logs = [file.with_name(file.name + suffix) for suffix in LOGS]
    return [log for log in logs if log.exists()]


def move_aside(file, folder):
    """Move a database, as far as it is there, and its logs into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in (file, *logs_of(file)):
        if part.exists():
            shutil.move(part, folder / part.name)
