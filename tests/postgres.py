"""Databases of their own on the PostgreSQL that the environment names, for tests and for measuring."""

import os
import time
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://portal:portal@127.0.0.1:5432/portal")
_number = count()


@contextmanager
def empty_postgres(template=None):
    """The address of an empty database, or of a copy of one; without a server the test says what to start."""
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(
            "No PostgreSQL answers. Start one and name it in TEST_POSTGRES_URL=postgres://user:password@host/database "
            "(its user must be allowed to create databases)."
        )
    with server:
        name = f"portal_test_{os.getpid()}_{next(_number)}"
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        copy_of = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
        server.execute(f"CREATE DATABASE {name}{copy_of}")
        yield f"{SERVER.rpartition('/')[0]}/{name}"
        drop(server, name)


def drop(server, name):
    """Of what the server does by itself in a database, such as cleaning up, only an administrator may end the connection."""
    for _ in range(50):
        try:
            return server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.2)
    raise TimeoutError(f"{name} stays in use.")
