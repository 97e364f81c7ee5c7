"""How often a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count(client, url):
    """The queries of a page, without those of the limits' counter: one search in ten tells it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if '"cache"' not in query["sql"] and "SAVEPOINT" not in query["sql"]])
