"""What the portal stores is for the account alone that it runs under: a umask sees to what is new, this to what there was before."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from faq.operations.database_file import logs_of, sqlite_file


def open_to_others():
    """What others may read or write of DATA_DIR, and of a database elsewhere. A content folder inside is nothing the portal wrote."""
    return [path for path in _stored() if _mode(path) & 0o077]


def close_to_others():
    """Take the others' rights away, as far as that is the portal's to do."""
    for path in open_to_others():
        with suppress(OSError):
            path.chmod(_mode(path) & 0o700)


def _stored():
    for folder, folders, files in os.walk(settings.DATA_DIR):
        folders[:] = [name for name in folders if Path(folder, name) != settings.CONTENT_DIR]
        yield Path(folder)
        yield from (Path(folder, name) for name in files)
    if (file := sqlite_file(connection.settings_dict)) and settings.DATA_DIR not in file.parents:
        yield from (file, *logs_of(file))


def _mode(path):
    """Its permissions; none for what is gone by now, and for a link, whose target is asked by itself."""
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        return 0 if stat.S_ISLNK(mode) else stat.S_IMODE(mode)
    return 0
