"""What is known about a stored database, so that two of them can be compared."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


class Facts(NamedTuple):
    """Of one moment: tables with (rows, digest), migrations as app.name, the site's revision, attachments as path and checksum.

    And its Size: which portal it is, and how many versions it holds.
    """

    tables: dict
    migrations: list
    revision: int
    files: dict
    portal: str
    versions: int


class Size(NamedTuple):
    """Which portal it is, told by when its first version was written ("" where that is unknown), and how many versions it holds."""

    portal: str
    versions: int

    def stands_for(self, other):
        """Whether nothing of the other one is missing here, as far as that shows: versions only ever grow."""
        same = self.portal == other.portal or "" in (self.portal, other.portal)
        return same and self.versions >= other.versions


def size_now():
    """The Size of the portal in use."""
    with connection.cursor() as cursor:

        def select(statement):
            cursor.execute(statement)
            return cursor.fetchall()

        return _size(select)


def _size(select):
    ((versions,),) = select("SELECT count(*) FROM faq_version")
    first = [moment for (moment,) in select('SELECT "when" FROM faq_version ORDER BY id LIMIT 1')]
    return Size("".join(map(_in_utc, first)), versions)


def _in_utc(moment):
    """A time as both databases would give it: SQLite's is text, in UTC without saying so."""
    moment = datetime.fromisoformat(str(moment))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def tables():
    """The tables whose rows are compared: those of the models, and the list of migrations."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*names, MigrationRecorder.Migration._meta.db_table})


def digest(rows):
    """How many rows, and a number that is the same for the same rows in whatever order. `rows`: each as bytes."""
    count, total = 0, 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row).digest())
    return [count, f"{total % 2**256:064x}"]


def gathered(select, digest_of):
    """The facts, by a function that gives the rows of a SELECT and one that gives the digest of a table."""
    names = tables()
    return Facts(
        tables={name: digest_of(name) for name in names},
        migrations=sorted(f"{app}.{name}" for app, name in select("SELECT app, name FROM django_migrations")),
        revision=next((number for (number,) in select("SELECT number FROM faq_revision")), 0),
        # A database that is about to be upgraded may be from before there were files.
        files=dict(select("SELECT file, sha256 FROM faq_storedfile")) if "faq_storedfile" in names else {},
        **_size(select)._asdict(),
    )
