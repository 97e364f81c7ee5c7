"""What can be wrong with a portal's database or disk, each brought about for real; and every command, tried meanwhile."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager, suppress

import psycopg

from tests import running
from tests.postgres import empty_postgres

# They put a database where there is none: the last ones.
BRINGING = ("copy_database", "restore")
NAMES = sorted(path.stem for path in (running.ROOT / "faq/management/commands").glob("[a-z]*.py"))
COMMANDS = [name for name in NAMES if name not in BRINGING] + [*BRINGING]
# Runs each command it is given as `manage.py` would, in one process; says how each ended.
_RUNNER = """
import contextlib, io, json, runpy, sys, traceback
for arguments in json.loads(sys.argv[1]):
    sys.argv, said, code = ["manage.py", *arguments], io.StringIO(), 0
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            runpy.run_path("manage.py", run_name="__main__")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            print("" if isinstance(end.code, int) else end.code, file=said)
        except BaseException:
            code = 1
            traceback.print_exc(file=said)
    print(json.dumps([arguments[0], code, said.getvalue()]), flush=True)
"""


def lay_out(prepared, beside):
    """What commands are tried with, in a folder of its own: a backup, another database."""
    shutil.copy(prepared / "portal.sqlite3", beside / "other.sqlite3")
    running.manage(running.environment(prepared), "backup", beside)
    return beside


def arguments_of(command, beside):
    """A command with what it cannot do without."""
    more = {
        "copy_database": [f"sqlite:///{beside}/other.sqlite3"],
        "export_content": [beside / "content"],
        "reset_second_factor": ["chefin"],
        "restore": beside.glob("*.tar.gz"),
        "search_eval": [running.ROOT / "tests/search/dev_queries.tsv"],
    }
    return [command, *map(str, more.get(command, []))]


def outcomes(portal, beside, commands=COMMANDS):
    """How each command ends: name, exit code, what it said on stderr."""
    given = json.dumps([arguments_of(command, beside) for command in commands])
    command = [*portal.prefix, sys.executable, "-c", _RUNNER, given]
    done = subprocess.run(command, cwd=running.ROOT, env=portal.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def is_said_well(code, said):
    """Whether it was done, or what hinders it was said in a few words."""
    lines = said.strip().splitlines()
    return "Traceback" not in said and (code == 0 or 0 < len(lines) <= 6)


# Of a portal on SQLite, which is not running


def gone(portal, stack):
    portal.database.unlink()


def no_database(portal, stack):
    portal.database.write_text("Das ist keine Datenbank.\n" * 400)


def damaged(portal, stack):
    """Every page but the first few says nonsense."""
    with closing(sqlite3.connect(portal.database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    size = portal.database.stat().st_size
    with portal.database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * (size - 4096))


def folder_is_a_file(portal, stack):
    portal.env["DATA_DIR"] = str(portal.database)


def not_writable(portal, stack):
    """Without root's power to write all the same."""
    portal.prefix = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    for file in [portal.folder, *portal.folder.rglob("*")]:
        mode = file.stat().st_mode
        stack.callback(file.chmod, mode)
        file.chmod(mode & 0o555)


def full(portal, stack):
    """A disk of its own where a machine lets us make one; else no file may grow."""
    if not disk_of(portal.folder, stack, room=300_000):
        portal.prefix = ["prlimit", "--fsize=0"]
        return
    with (portal.folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)):
            pass


def read_only_disk(portal, stack):
    if not _mounted(portal.folder, stack):
        return not_writable(portal, stack)
    return subprocess.run(["mount", "-o", "remount,ro", portal.folder], check=True)


def locked(portal, stack):
    portal.env["DATABASE_URL"] = f"sqlite:///{portal.database}?timeout=0"
    connection = stack.enter_context(closing(sqlite3.connect(portal.database, isolation_level=None)))
    connection.execute("BEGIN IMMEDIATE")


def disk_of(folder, stack, room):
    """A disk with so much room in the place of a folder; whether that could be made."""
    return _mounted(folder, stack, f"size={_size(folder) + room}")


def _size(folder):
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*"))


def _mounted(folder, stack, options="size=200m"):
    """A disk in memory in the place of a folder, with what is in it."""
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside, symlinks=True)
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
        return False
    stack.callback(subprocess.run, ["umount", "-l", folder], check=True)
    shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
    return True


# Of one on PostgreSQL


def stopped(portal, stack):
    portal.env["DATABASE_URL"] = f"postgres://portal:portal@127.0.0.1:{running.free_port()}/portal"


def wrong_password(portal, stack):
    portal.env["DATABASE_URL"] = portal.env["DATABASE_URL"].replace(":portal@", ":falsch@")


def unknown_database(portal, stack):
    portal.env["DATABASE_URL"] += "_gibt_es_nicht"


def only_read(portal, stack):
    portal.env["PGOPTIONS"] = "-c default_transaction_read_only=on"


def locked_tables(portal, stack):
    portal.env["PGOPTIONS"] = "-c lock_timeout=300ms"
    connection = stack.enter_context(psycopg.connect(portal.env["DATABASE_URL"]))
    connection.execute("LOCK TABLE faq_entry, faq_revision, faq_version IN EXCLUSIVE MODE")


def without_tables(portal, stack):
    with psycopg.connect(portal.env["DATABASE_URL"]) as connection:
        connection.execute("DROP TABLE faq_entry CASCADE")


SQLITE = [gone, no_database, damaged, folder_is_a_file, not_writable, full, read_only_disk, locked]
POSTGRES = [stopped, wrong_password, unknown_database, only_read, locked_tables, without_tables]
# No command can do its work then.
WITHOUT_DATABASE = {gone, no_database, folder_is_a_file, stopped, wrong_password, unknown_database}


@contextmanager
def broken(fault, folder, template=None):
    """A portal in a folder that was prepared, or on a copy of a PostgreSQL database, with a fault as long as it is in use."""
    with ExitStack() as stack:
        env = {"DATABASE_URL": stack.enter_context(empty_postgres(template))} if fault in POSTGRES else {}
        portal = running.Portal(folder, **env)
        stack.callback(portal.stop)
        fault(portal, stack)
        yield portal


# Of settings

WRONG = ["0", "-1", "9" * 30, "1e5", "²", "ja, bitte", "https://[x", "https://hilfe.example:99999", "://", "/dev/null/x",
         "sqlite:///x?timeout=abc", "sqlite:///x?foo=1", "sqlite://", "postgres://[x/name", "postgres://a:b@/",
         "postgres://portal@127.0.0.1:9/portal?bogus=1", "postgres://portal@127.0.0.1:9/portal?sslmode=nie",
         "postgres://portal@127.0.0.1:9/portal?connect_timeout=abc", "smtp://mail.example:99999", "x" * 70, "\x01"]  # fmt: skip
_SETTINGS = """
import json, os, runpy, sys, traceback
from django.core.exceptions import ImproperlyConfigured
for name, value in json.loads(sys.argv[1]):
    before = dict(os.environ)
    os.environ[name], said = value, ""
    try:
        runpy.run_path("helpdesk/settings.py")
    except ImproperlyConfigured as error:
        said = f"{error}"
    except BaseException:
        said = traceback.format_exc()
    os.environ.clear()
    os.environ.update(before)
    print(json.dumps([name, value, said]), flush=True)
"""


def settings():
    """The names of all settings, as they are documented."""
    rows = re.findall(r"^\| (`.+?) \|", (running.ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def read_with(env, pairs):
    """What is said to each setting with its value where all settings are read: "" where it is taken."""
    command = [sys.executable, "-c", _SETTINGS, json.dumps(pairs)]
    done = subprocess.run(command, cwd=running.ROOT, env=env, capture_output=True, text=True, check=True)
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def started_with(env, name, value, folder):
    """How a server's preparing and a command end with a setting, in a folder of their own: code and stderr of each."""
    for arguments in (["-m", "helpdesk.start", "--prepare"], [running.ROOT / "manage.py", "check_gaps"]):
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=folder, env=env | {name: value}, capture_output=True, text=True, check=False)
        yield done.returncode, done.stderr
