"""Where a SQLite database lies."""

from pathlib import Path
from urllib.parse import unquote, urlsplit


def sqlite_file(stored):
    """The file of a database, by its settings as in DATABASES; None for one in memory or of another kind."""
    name = str(stored["NAME"])
    if "sqlite" not in stored["ENGINE"] or not name.startswith("file:///"):
        return None
    return Path(unquote(urlsplit(name).path))
