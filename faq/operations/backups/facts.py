"""What is known about a stored database: what a backup of it says of itself."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.apps import apps
from django.db import connection

# Tables that are in a backup and are not restored: everybody logs in again, the search is made anew, nobody has a form open.
LEFT_OUT = {"django_session", "faq_editing", "faq_searchdocument", "faq_searchword"}


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
        return _size(cursor)


def own_tables():
    """The portal's tables in the database in use that are restored from a backup."""
    named = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return (named - LEFT_OUT) & set(connection.introspection.table_names())


def facts_of(cursor, tables):
    """What a manifest says of a database, by a cursor in it.

    Its migrations as app.name, the site's revision, attachments with their checksums, how many rows each of these tables has, and
    its Size.
    """
    return {
        "migrations": sorted(f"{app}.{name}" for app, name in _rows(cursor, "SELECT app, name FROM django_migrations")),
        "revision": next((number for (number,) in _rows(cursor, "SELECT number FROM faq_revision")), 0),
        "files": dict(_rows(cursor, "SELECT file, sha256 FROM faq_storedfile")),
        "rows": {table: _count(cursor, table) for table in sorted(tables)},
        **_size(cursor)._asdict(),
    }


def _size(cursor):
    versions = _count(cursor, "faq_version")
    first = _rows(cursor, 'SELECT "when" FROM faq_version ORDER BY id LIMIT 1')
    return Size("".join(_in_utc(moment) for (moment,) in first), versions)


def _count(cursor, table):
    return _rows(cursor, f"SELECT count(*) FROM {connection.ops.quote_name(table)}")[0][0]


def _rows(cursor, statement):
    cursor.execute(statement)
    return cursor.fetchall()


def _in_utc(moment):
    """A time as both databases would give it: SQLite's is text, in UTC without saying so."""
    moment = datetime.fromisoformat(str(moment))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
