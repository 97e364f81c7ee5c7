"""How long is waited for PostgreSQL: a server that hangs while its machine still acknowledges would hold a thread for good."""

import threading
from contextlib import contextmanager
from functools import partial

from django.db import OperationalError
from django.db.backends.signals import connection_created
from django.dispatch import receiver

_own = threading.local()


@contextmanager
def at_most(seconds):
    """In here each statement is given up after so long, and its connection with it: OperationalError, of Django's."""
    before, _own.seconds = getattr(_own, "seconds", None), seconds
    try:
        yield
    finally:
        _own.seconds = before


@receiver(connection_created)
def _bounded(sender, connection, **kwargs):
    if connection.vendor == "postgresql":
        connection.connection.wait = partial(_wait, connection.connection)


def _wait(connection, statement, **options):
    from psycopg.errors import _WaitTimeout

    seconds = getattr(_own, "seconds", None)
    if seconds is None:
        return type(connection).wait(connection, statement, **options)
    try:
        return type(connection).wait(connection, statement, timeout=seconds)
    except _WaitTimeout:
        connection.close()
        # Not psycopg's own: Django would take that for a connection that was cut, and connect anew.
        raise OperationalError("no answer in time") from None
