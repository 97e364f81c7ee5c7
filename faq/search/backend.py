"""The index of the database in use."""

from django.db import connection

from faq.search import postgres, sqlite


def current() -> sqlite.Index | postgres.Index:
    return {"sqlite": sqlite.Index, "postgresql": postgres.Index}[connection.vendor]()
