"""PostgreSQL: pg_dump, at one moment that the facts are gathered at too; the rows of a dump are read from pg_restore's output.

pg_restore itself is never connected to a database: it would run whatever statement a dump holds.
"""

import os
import re
import subprocess
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from faq.operations.backups import copying
from faq.operations.backups.facts import LEFT_OUT, facts_of, own_tables
from faq.search.sql import INDEX_TABLE

ASIDE = "vorher_"
# Where restores and trials build; what dumps leave out, as what was kept aside.
BUILT = ("wiederherstellung", "probe")
_OTHERS = {"django_migrations", settings.CACHES["default"]["LOCATION"], INDEX_TABLE}
_ENTRY = re.compile(r"\d+; \d+ \d+ ([A-Z ]+) (\S+) (\S+)")
# Of an entry of a dump: kinds that are of a table.
_OF_A_TABLE = {"SEQUENCE", "SEQUENCE SET", "CONSTRAINT", "FK CONSTRAINT", "INDEX"}
_COPY = re.compile(r'COPY public\."?(\w+)"? \(([^()]*)\) FROM stdin;\n')
_END = b"\\.\n"


def dump(path):
    """Dump the database to a new file; the facts of the same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        options = [
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            *(f"--exclude-schema={name}" for name in (f"{ASIDE}*", *BUILT)),
        ]
        _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={path}", _database_name())
        return facts_of(cursor, own_tables())


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


@contextmanager
def empty(folder, name):
    """A new, empty schema: its name, and the settings, as in DATABASES, that lead there. In the end it is dropped if it has that name still."""
    options = connection.settings_dict["OPTIONS"]
    there = f"{options.get('options', os.environ.get('PGOPTIONS', ''))} -c search_path={name}".strip()
    drop = f"DROP SCHEMA IF EXISTS {name} CASCADE"
    _execute(drop, f"CREATE SCHEMA {name}")
    try:
        yield name, connection.settings_dict | {"OPTIONS": options | {"options": there}}
    finally:
        _execute(drop)


def strange(dumped, models):
    """What a dump holds beside the portal's own, each with its kind."""
    known = _OTHERS | LEFT_OUT | {model._meta.db_table for model in models}
    found = []
    for line in _started("pg_restore", "--list", dumped).stdout.splitlines():
        if not line or line.startswith(";"):
            continue
        kind, schema, name = entry.groups() if (entry := _ENTRY.match(line)) else (line, "", "")
        is_table = schema == "public" and kind in ("TABLE", "TABLE DATA") and name in known
        is_of_schema = schema == "-" and (kind, name) in {("SCHEMA", "public"), ("COMMENT", "SCHEMA")}
        if not (is_table or is_of_schema or (schema == "public" and kind in _OF_A_TABLE)):
            found.append(f"{kind} {name}".strip())
    return sorted(found)


def load(dumped, models):
    """Copy the rows of these models from a dump into the database in use. Raises NotCopied where it has no such tables."""
    missing = {model._meta.db_table: model for model in models}
    script = dumped.with_suffix(".sql")
    _run("pg_restore", "--data-only", f"--file={script}", dumped)
    with script.open("rb") as lines, transaction.atomic(), connection.cursor() as cursor:
        copying.clear(models)
        for line in lines:
            if (header := _COPY.fullmatch(line.decode(errors="replace"))) and (model := missing.pop(header[1], None)):
                columns = header[2].replace('"', "").split(", ")
                copying.require_columns(model, columns)
                _copy_rows(cursor, model, columns, lines)
        copying.reset_sequences(models)
    for model in missing.values():
        copying.require_columns(model, None)


def replace(schema, aside):
    """Put a schema in the portal's place; what was there is kept as another one."""
    kept = ASIDE + re.sub(r"\W", "", aside.name)  # letters and digits: nothing to quote
    _execute(f"ALTER SCHEMA public RENAME TO {kept}", f"ALTER SCHEMA {schema} RENAME TO public")
    return f"Der bisherige Bestand liegt im Schema {kept}."


def _copy_rows(cursor, model, columns, lines):
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN") as copy:
        for line in lines:
            if line == _END:
                return
            copy.write(line)


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
