"""A portal that was there before is never begun anew unasked: whoever starts it is told what is missing and how it comes back."""

import subprocess
import sys

import psycopg
import pytest

from tests import running
from tests.helpdesk.test_fresh import SET
from tests.postgres import empty_postgres

PASSWORD = "nur-fuer-den-test-7421"
ACCOUNT = f"""
from django.contrib.auth.models import User
User.objects.create_superuser("chef", password="{PASSWORD}")
"""


def edited(portal):
    """Its portal was edited, and there is a backup of it; it does not run."""
    running.manage(portal.env, "prepare", "--no-static")  # leaves its mark
    portal.edit(ACCOUNT + SET.format(body="Pfauenauge."))
    portal.stop()
    running.manage(portal.env, "backup")


@pytest.fixture(scope="module")
def edited_on_sqlite(prepared, tmp_path_factory):
    portal = running.Portal(running.copied(prepared, tmp_path_factory.mktemp("edited")))
    edited(portal)
    return portal.folder


@pytest.fixture
def on_sqlite(edited_on_sqlite, tmp_path):
    portal = running.Portal(running.copied(edited_on_sqlite, tmp_path / "data"))
    portal.name = portal.database
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def edited_on_postgres(prepared, _prepared_postgres, tmp_path_factory):
    folder = tmp_path_factory.mktemp("edited")
    (folder / "static").symlink_to(prepared / "static")
    with empty_postgres(_prepared_postgres) as address:
        edited(running.Portal(folder, DATABASE_URL=address))
        yield folder, address


@pytest.fixture
def on_postgres(edited_on_postgres, tmp_path):
    folder, template = edited_on_postgres
    with empty_postgres(template) as address:
        portal = running.Portal(running.copied(folder, tmp_path / "on_postgres"), DATABASE_URL=address)
        portal.name = address.rpartition("@")[2]
        yield portal
        portal.stop()


@pytest.fixture
def bare(prepared, tmp_path):
    """A portal that is not there yet."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "static").symlink_to(prepared / "static")
    portal = running.Portal(tmp_path / "bare")
    yield portal
    portal.stop()


def gone(portal):
    portal.database.unlink()
    portal.database.with_name("portal.sqlite3-wal").write_bytes(b"the last changes")


def last_changes(portal):
    """What stood in the log that was left beside the missing database, and must not get lost."""
    return [file.read_bytes() for file in portal.folder.glob("vorher/*/portal.sqlite3-wal")]


def without_tables(portal):
    with psycopg.connect(portal.env["DATABASE_URL"]) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def without_content(portal):
    running.manage(portal.env, "flush", "--no-input")


LOST = [
    ("on_sqlite", gone, "fehlt"),
    ("on_sqlite", without_content, "ist leer"),
    ("on_postgres", without_tables, "ist leer"),
    ("on_postgres", without_content, "ist leer"),
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("place", "lose", "what"), LOST)
def test_a_portal_that_is_lost_is_not_begun_anew_but_restored(request, place, lose, what):
    portal = request.getfixturevalue(place)
    (backup,) = (portal.folder / "backups").iterdir()
    lose(portal)
    for command in ("prepare", "doctor", "backup"):
        said = running.managed(portal.env, command, code=1)
        assert f"seine Datenbank {portal.name} {what}." in said
        assert f"restore {backup}" in said
        assert "prepare --new" in said
        assert "createsuperuser" not in said
    assert place == "on_postgres" or what != "fehlt" or not portal.database.exists()
    portal.start(ready=False)
    answer = portal.get("/readyz")
    assert answer.status == 503
    assert answer.body.split(b":")[0] in (b"database", b"content")
    assert portal.get("/faq/stornierung/").status == 503
    portal.stop()
    assert place == "on_postgres" or what != "fehlt" or not portal.database.exists()

    running.manage(portal.env, "restore", backup)
    assert "Pfauenauge." in portal.start().text("/faq/stornierung/")
    assert lose is not gone or last_changes(portal) == [b"the last changes"]


def test_a_database_that_is_emptied_under_readers_leaves_them_the_pages_they_saw(on_sqlite):
    portal = on_sqlite.start()
    seen = portal.seen_by_all("/faq/stornierung/")
    assert b"Pfauenauge." in seen
    running.manage(portal.env, "flush", "--no-input")
    for _ in range(8):
        assert portal.get("/faq/stornierung/").body == seen
        assert portal.get("/faq/vlsc-zugriff/").status == 503
        assert portal.get("/readyz").status == 503


@pytest.mark.parametrize(
    "trace",
    ["portal.json", "backups/portal-20261128-020000.tar.gz", "uploads/x.pdf", "vorher/x", "portal.sqlite3-wal"],
)
def test_each_thing_that_is_left_of_a_portal_tells_of_it(bare, trace):
    file = bare.folder / trace
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"of before")
    assert f"{file.parent if '/' in trace else file}" in running.managed(bare.env, "prepare", code=1)
    assert not bare.database.exists()
    assert file.read_bytes() == b"of before"


def test_a_new_one_begins_where_that_is_said_and_loses_nothing_of_the_former_one(on_sqlite, on_postgres):
    gone(on_sqlite)
    without_tables(on_postgres)
    for portal in (on_sqlite, on_postgres):
        (backup,) = (portal.folder / "backups").iterdir()
        running.manage(portal.env, "prepare", "--no-static", "--new")
        assert portal.edit('result = Entry.objects.filter(slug="stornierung").exclude(body="Pfauenauge.").exists()')
        assert backup.exists()
    assert last_changes(on_sqlite) == [b"the last changes"]


def test_before_a_server_starts_a_lost_portal_is_said_and_no_reason_not_to_start(on_sqlite):
    gone(on_sqlite)
    command = [sys.executable, "-m", "helpdesk.start", "--prepare"]
    done = subprocess.run(command, cwd=running.ROOT, env=on_sqlite.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert f"seine Datenbank {on_sqlite.database} fehlt" in done.stderr
    assert not on_sqlite.database.exists()


def test_make_run_says_that_the_portal_is_lost_and_begins_it_anew_where_that_is_said(on_sqlite):
    portal = on_sqlite
    gone(portal)

    def run(*arguments):
        command = [sys.executable, "-m", "helpdesk.start", *arguments]
        with (portal.folder / "server.log").open("w") as log:
            portal.take(subprocess.Popen(command, cwd=running.ROOT, env=portal.env, stdout=log, stderr=log))
        portal.wait_for(lambda: portal.get("/healthz").status == 200)

    run()
    assert portal.get("/readyz").status == 503
    portal.stop()
    said = (portal.folder / "server.log").read_text()
    assert f"seine Datenbank {portal.database} fehlt" in said
    assert "make run ARGS=--new" in said
    assert not portal.database.exists()
    run("--new")
    assert portal.get("/readyz").status == 200
    assert "Pfauenauge." not in portal.text("/faq/stornierung/")


def test_an_empty_database_elsewhere_is_for_a_move_and_no_beginning(on_sqlite, postgres_url):
    running.manage(on_sqlite.env, "prepare", "--no-static")
    there = running.Portal(on_sqlite.folder, DATABASE_URL=postgres_url)
    said = running.managed(there.env, "prepare", code=1)
    assert f"Bisher war es {on_sqlite.database}. Stimmt DATABASE_URL?" in said
    assert "copy_database" in said
    running.manage(there.env, "copy_database", f"sqlite:///{on_sqlite.database}")
    running.manage(there.env, "prepare", "--no-static")
    on_sqlite.database.rename(on_sqlite.folder / "aside")
    assert "Bisher war es" in running.managed(on_sqlite.env, "prepare", code=1)  # DATABASE_URL was forgotten
    log = on_sqlite.database.with_name("portal.sqlite3-wal")
    log.write_bytes(b"the last changes")
    running.manage(on_sqlite.env, "copy_database", postgres_url)
    assert last_changes(on_sqlite) == [b"the last changes"]
    running.manage(on_sqlite.env, "prepare", "--no-static")
    assert "Pfauenauge." in on_sqlite.start().text("/faq/stornierung/")


def test_a_portal_without_content_of_its_own_is_none_that_was_lost(bare, tmp_path):
    (tmp_path / "empty").mkdir()
    bare.env["CONTENT_DIR"] = str(tmp_path / "empty")
    running.manage(bare.env, "prepare", "--no-static")
    running.manage(bare.env, "prepare", "--no-static")
    bare.env |= {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    running.manage(bare.env, "createsuperuser", "--no-input", "--username=chef", "--email=")
    running.manage(bare.env, "backup")
    running.manage(bare.env, "prepare", "--no-static")
    assert bare.start().get("/").status == 200
