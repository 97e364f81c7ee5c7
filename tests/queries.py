"""How often a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

# What the limits' counter asks, as one search in ten tells it; and the revision, at which the page cache looks once for all.
BESIDE = ('"cache"', "SAVEPOINT", "pg_advisory_xact_lock", "faq_revision")


def count(client, url):
    """The queries of a page, without those beside it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if not any(words in query["sql"] for words in BESIDE)])
