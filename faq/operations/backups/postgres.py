"""PostgreSQL: pg_dump and pg_restore, at one moment that the facts are gathered at too."""

import contextlib
import os
import re
import subprocess
import time

import psycopg
from django.db import connection
from psycopg import sql

from faq.operations.backups.facts import digest, gathered

ASIDE = "vorher_"
_COPY = re.compile(rb'COPY public\."?(\w+)"? \(.*\) FROM stdin;')


def dump(path):
    """Dump the database to a new file; the facts of the same moment."""
    with _connected() as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = database.execute("SELECT pg_export_snapshot()").fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
        _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={path}")
        return gathered(lambda select: database.execute(select).fetchall(), lambda table: _digest(database, table))


def check(path, tables):
    """Whether the dump can be read to its end and holds exactly the rows of these tables."""
    found = {}
    command = ["pg_restore", "--file=-", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:  # noqa: S603
        for line in reader.stdout:
            if copy := _COPY.match(line):
                found[copy[1].decode()] = digest(iter(reader.stdout.readline, b"\\.\n"))
    return reader.returncode == 0 and all(found.get(name) == value for name, value in tables.items())


def is_in_use():
    """Whether somebody else stays connected; who was just stopped takes a moment to go."""
    connection.close()
    others = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    """
    for _ in range(20):
        with _connected() as database:
            if not database.execute(others).fetchone()[0]:
                return False
        time.sleep(0.1)
    return True


def replace(dumped, aside):
    """Load the dump; what was there is kept as a schema. If it fails all is as before."""
    connection.close()
    schema = sql.Identifier(ASIDE + re.sub(r"\W", "", aside.name))
    with _connected() as database:
        database.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(schema))
        database.execute("CREATE SCHEMA public")
    try:
        _run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", dumped, into=True
        )
    except BaseException:
        with _connected() as database:
            database.execute("DROP SCHEMA public CASCADE")
            database.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(schema))
        raise
    return f"Der bisherige Bestand liegt im Schema {schema.as_string()}."


@contextlib.contextmanager
def _connected():
    """A connection of its own, committed at the end."""
    with psycopg.connect(**{name: value for name, value in _parameters().items() if value}) as database:
        yield database


def _parameters():
    stored = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {name: stored.get(key) for name, key in names.items()}


def _digest(database, table):
    with database.cursor() as cursor, cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
        return digest(_lines(rows))


def _lines(blocks):
    """Lines out of blocks that end anywhere."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + bytes(block)).split(b"\n")
        for line in lines:
            yield line + b"\n"


def _run(program, *options, into=False):
    """Run one of PostgreSQL's programs on the database. Raises RuntimeError with what it said."""
    parameters = {name: str(value) for name, value in _parameters().items() if value}
    environment = {f"PG{name.upper().replace('DBNAME', 'DATABASE')}": value for name, value in parameters.items()}
    command = [program, *options, *([f"--dbname={parameters['dbname']}"] if into else [])]
    try:
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise RuntimeError(f"{program} fehlt: apt install postgresql-client") from None
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip()[:500]}")
