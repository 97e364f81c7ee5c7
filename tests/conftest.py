"""What all tests share."""

import os
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.conf import settings

from faq.content import folder, importing
from tests import running

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://portal:portal@127.0.0.1:5432/portal")
_number = count()


@pytest.fixture
def seed(db):
    """The portal with the content of `content/`."""
    importing.run(folder.read(settings.CONTENT_DIR))


@contextmanager
def empty_postgres():
    """The address of an empty database; without a server the test says what to start."""
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
        server.execute(f"CREATE DATABASE {name}")
        yield f"{SERVER.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url():
    with empty_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A folder with a portal on SQLite that can be started: the content of `content/`, and its static files."""
    folder = tmp_path_factory.mktemp("prepared")
    running.manage(running.environment(folder), "prepare")
    return folder


@pytest.fixture
def portal_in(prepared, tmp_path):
    """`portal_in(DATABASE_URL=…)`: a running portal of the test's own."""
    started = []

    def start(**env):
        started.append(running.Portal(running.copied(prepared, tmp_path / "data"), **env))
        return started[-1].start()

    yield start
    for portal in started:
        portal.stop()
