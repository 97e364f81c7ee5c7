"""PostgreSQL: pg_dump and pg_restore, at one moment that the facts are gathered at too."""

import os
import re
import subprocess
import time

from django.db import connection, transaction

from faq.operations.backups.facts import facts_of

ASIDE = "vorher_"


def dump(path):
    """Dump the database to a new file; the facts of the same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
        _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={path}", _database_name())
        return facts_of(cursor)


def check(path):
    """Whether the dump can be read to its end. Raises RuntimeError where there is no pg_restore."""
    return _started("pg_restore", f"--file={os.devnull}", path).returncode == 0


def is_in_use():
    """Whether somebody else stays connected; who was just stopped takes a moment to go."""
    others = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    """
    for _ in range(20):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if not cursor.fetchone()[0]:
                return False
        time.sleep(0.1)
    return True


def replace(dumped, aside):
    """Load the dump; what was there is kept as a schema. If it fails all is as before."""
    schema = ASIDE + re.sub(r"\W", "", aside.name)  # letters and digits: nothing to quote
    _execute(f"ALTER SCHEMA public RENAME TO {schema}", "CREATE SCHEMA public")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    try:
        _run("pg_restore", *options, f"--dbname={_database_name()}", dumped)
    except BaseException:
        _execute("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {schema} RENAME TO public")
        raise
    return f"Der bisherige Bestand liegt im Schema {schema}."


def _execute(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _database_name():
    return connection.settings_dict["NAME"]


def _run(program, *options):
    """Run one of PostgreSQL's programs on the database. Raises RuntimeError with what it said."""
    done = _started(program, *options)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr.strip()[:500]}")


def _started(program, *options):
    stored = connection.settings_dict
    values = {f"PG{name}": str(stored[name]) for name in ("HOST", "PORT", "USER", "PASSWORD") if stored[name]}
    try:
        command = [program, *options]
        return subprocess.run(command, env=os.environ | values, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise RuntimeError(f"{program} fehlt: apt install postgresql-client") from None
