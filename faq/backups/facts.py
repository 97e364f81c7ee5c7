"""What is known about a stored database, so that two of them can be compared."""

import hashlib
from typing import NamedTuple

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


class Facts(NamedTuple):
    """Of one moment: tables with (rows, digest), migrations as app.name, the site's revision, attachments as path and checksum."""

    tables: dict
    migrations: list
    revision: int
    files: dict


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
    return Facts(
        tables={name: digest_of(name) for name in tables()},
        migrations=sorted(f"{app}.{name}" for app, name in select("SELECT app, name FROM django_migrations")),
        revision=next((number for (number,) in select("SELECT number FROM faq_revision")), 0),
        files=dict(select("SELECT file, sha256 FROM faq_storedfile")),
    )
