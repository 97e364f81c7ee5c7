"""How often a page asks the database, and whether it writes."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

# What the limits' counter asks, as one search in ten tells it; and the revision, at which the page cache looks once for all.
BESIDE = ('"cache"', "SAVEPOINT", "pg_advisory_xact_lock", "faq_revision")
READING = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN", "SHOW", "ROLLBACK")


def count(client, url):
    """The queries of a page, without those beside it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if not any(words in query["sql"] for words in BESIDE)])


@contextmanager
def written():
    """A list of what is written to the database meanwhile: the beginning of each statement."""
    found = []

    def watch(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(READING):
            found.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found
