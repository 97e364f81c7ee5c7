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
RELEASES = sorted(path.parent.name for path in DATA.glob("*/facts.json"))

# A category of theirs has an address that the portal takes for itself since; what renaming it in the admin leaves behind.
RENAMED = (
    "UPDATE faq_category SET slug = 'neuigkeiten' WHERE slug = 'neues'",
    "INSERT INTO faq_alias (slug, category_id) SELECT 'neues', id FROM faq_category WHERE slug = 'neuigkeiten'",
)


class Release:
    """What a release left behind on one of the two databases, "sqlite" or "postgresql"; `database`: an empty one there."""

    def __init__(self, version, engine, database):
        self.folder, self.engine, self.database = DATA / version, engine, database
        self.facts = json.loads((self.folder / "facts.json").read_text())
        self.backup = self.folder / f"{engine}.tar.gz"

    def put(self, folder, *, rename=True):
        """Its database and its attachments where they were; `rename`: with RENAMED done beforehand."""
        if self.engine == "sqlite":
            data = (self.folder / "portal.sqlite3.gz").read_bytes()
            (folder / "portal.sqlite3").write_bytes(gzip.decompress(data))
        else:
            with psycopg.connect(self.database) as connection:
                connection.execute(gzip.decompress((self.folder / "portal.sql.gz").read_bytes()))
        for statement in RENAMED if rename else ():
            select_in(self.database or folder / "portal.sqlite3", statement)
        (folder / "uploads").mkdir()
        with tarfile.open(self.backup) as archive:
            for member in archive:
                if member.name.startswith("dateien/"):
                    (folder / "uploads" / Path(member.name).name).write_bytes(archive.extractfile(member).read())

    def exported(self, folder, *, rename=True):
        """Its content folder, with the same renamed."""
        with zipfile.ZipFile(self.folder / "content.zip") as archive:
            archive.extractall(folder)
        if rename:
            (folder / "neues").rename(folder / "neuigkeiten")
            category = folder / "neuigkeiten" / "_category.md"
            category.write_text(category.read_text().replace("\n---\n", "\naliases: [neues]\n---\n", 1))
        return folder


def select(portal, statement):
    """What a statement gives, sorted, run on the database of a portal past its code."""
    return select_in(portal.env["DATABASE_URL"] or portal.database, statement)


def select_in(address, statement):
    """The same of a database by its address, or its file."""
    with closing(psycopg.connect(address) if isinstance(address, str) else sqlite3.connect(address)) as database:
        cursor = database.execute(statement)
        rows = sorted(cursor.fetchall()) if cursor.description else []
        database.commit()
    return rows


def applied(portal):
    """The migrations that its database has applied, each as app.name."""
    return {f"{app}.{name}" for app, name in select(portal, "SELECT app, name FROM django_migrations")}
