"""Where backups lie: beside the portal's data, and as copies in a folder of another disk or machine, where there is one."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from faq.operations.backups.archive import Refused, checksum, manifest_of


def folders():
    """The folders that `backup` writes to, that of the copies last."""
    return [settings.DATA_DIR / "backups", *filter(None, [settings.BACKUP_COPY])]


def newest(folder):
    """The path of the last backup in a folder of a database like the one in use, or None."""
    files = sorted((path.stat().st_mtime, path) for path in folder.glob("*") if path.is_file())
    return next((path for _, path in reversed(files) if manifest_of(path).get("engine") == connection.vendor), None)


def age(folder):
    """How old the last backup in a folder is, None where there is none."""
    path = newest(folder)
    return path and datetime.now() - datetime.fromtimestamp(path.stat().st_mtime)


def copy_to(folder, path):
    """Copy a backup into a folder that is there, and read it again: one that is missing may be a disk that is not mounted."""
    if not folder.is_dir():
        raise Refused(f"{folder} gibt es nicht. Ist der Datenträger eingehängt?")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".entsteht-") as scratch:
        copy = Path(scratch) / path.name
        with path.open("rb") as source, copy.open("xb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        if checksum(copy) != checksum(path):
            raise Refused(f"Die Kopie in {folder} ist nach dem Schreiben nicht mehr dieselbe.")
        os.replace(copy, folder / path.name)
