"""What earlier releases left behind: `tests/data/` has a folder for each from 1.0.0 on, made by `make_release.py`, which says what is in it."""

import gzip
import json
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg

DATA = Path(__file__).parents[1] / "data"
RELEASES = sorted(path.name for path in DATA.iterdir() if path.is_dir())


class Release:
    """What a release left behind on one of the two databases, "sqlite" or "postgresql"; `database`: an empty one there."""

    def __init__(self, version, engine, database):
        self.folder, self.engine, self.database = DATA / version, engine, database
        self.facts = json.loads((self.folder / "facts.json").read_text())
        self.backup = self.folder / f"{engine}.tar.gz"

    def put(self, folder):
        """Its database and its attachments where they were."""
        if self.engine == "sqlite":
            data = (self.folder / "portal.sqlite3.gz").read_bytes()
            (folder / "portal.sqlite3").write_bytes(gzip.decompress(data))
        else:
            with psycopg.connect(self.database) as connection:
                connection.execute(gzip.decompress((self.folder / "portal.sql.gz").read_bytes()))
        (folder / "uploads").mkdir()
        with tarfile.open(self.backup) as archive:
            for member in archive:
                if member.name.startswith("dateien/"):
                    (folder / "uploads" / Path(member.name).name).write_bytes(archive.extractfile(member).read())

    def exported(self, folder):
        """Its content folder."""
        with zipfile.ZipFile(self.folder / "content.zip") as archive:
            archive.extractall(folder)
        return folder


def select(portal, statement):
    """What a statement gives, sorted, run on the database of a portal past its code."""
    with closing(_opened(portal)) as database:
        cursor = database.execute(statement)
        rows = sorted(cursor.fetchall()) if cursor.description else []
        database.commit()
    return rows


def _opened(portal):
    address = portal.env["DATABASE_URL"]
    return psycopg.connect(address) if address else sqlite3.connect(portal.database)


def applied(portal):
    """The migrations that its database has applied, each as app.name."""
    return {f"{app}.{name}" for app, name in select(portal, "SELECT app, name FROM django_migrations")}
