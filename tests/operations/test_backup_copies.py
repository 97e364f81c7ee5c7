"""A second place for backups, and a trial of the last one: the operator learns in time that there is a way back, or none."""

import os
import time

import pytest
from django.core.signing import Signer

from tests import running
from tests.operations.test_hostile_backups import Archive

DAY = 24 * 3600


@pytest.fixture(scope="module")
def on_sqlite(prepared, tmp_path_factory):
    return running.Portal(running.copied(prepared, tmp_path_factory.mktemp("portal")), DATABASE_URL="")


@pytest.fixture
def on_postgres(tmp_path, prepared, prepared_postgres_url):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "static").symlink_to(prepared / "static")
    return running.Portal(tmp_path / "data", DATABASE_URL=prepared_postgres_url)


@pytest.fixture
def portal(request, tmp_path):
    """A portal with a folder for copies; no backup yet."""
    portal = request.getfixturevalue(getattr(request, "param", "on_sqlite"))
    for path in (portal.folder / "backups").glob("*"):
        path.unlink()
    portal.copies = tmp_path / "copies"
    portal.copies.mkdir()
    portal.env["BACKUP_COPY"] = str(portal.copies)
    yield portal
    portal.stop()


def made(folder):
    """The backups in a portal's folder, or in that of the copies."""
    return sorted(folder.rglob("*.tar.gz"))


def age(folder, days):
    for path in made(folder):
        os.utime(path, (time.time() - days * DAY,) * 2)


def test_each_backup_is_copied_and_copies_rotate_too(portal):
    assert "Kopie in" in running.manage(portal.env, "backup")
    (file,), (copy,) = made(portal.folder), made(portal.copies)
    assert (copy.name, copy.read_bytes()) == (file.name, file.read_bytes())
    assert copy.stat().st_mode & 0o777 == 0o600
    old = copy.rename(portal.copies / "portal-20200101-020000.tar.gz")
    running.manage(portal.env, "backup", "--days=1", "--weeks=1")
    assert not old.exists()
    assert len(made(portal.copies)) == 1


def test_where_no_copy_can_be_made_the_backup_stays_and_the_command_fails(portal):
    portal.copies.rmdir()
    said = running.managed(portal.env, "backup", code=1)
    assert "eine Kopie gibt es nicht" in said
    assert "Ist der Datenträger eingehängt?" in said
    assert len(made(portal.folder)) == 1
    assert not portal.copies.exists()


def test_the_doctor_says_how_old_the_last_copy_is(portal):
    assert f"keine Kopie einer Sicherung dieser Datenbank in {portal.copies}" in running.managed(
        portal.env, "doctor", code=1
    )
    running.manage(portal.env, "backup")
    age(portal.copies, days=9)
    said = running.managed(portal.env, "doctor", code=1)
    assert "Die letzte Kopie einer Sicherung ist 9 Tage alt" in said
    assert "Die letzte Sicherung ist" not in said
    assert f"{portal.copies} liegt auf demselben Datenträger" in said


@pytest.mark.parametrize("portal", ["on_sqlite", "on_postgres"], indirect=True)
def test_the_last_backup_is_tried_out_while_the_portal_runs_and_leaves_nothing_behind(portal):
    portal.start()
    running.manage(portal.env, "backup")
    before = set(portal.folder.iterdir())
    versions = portal.edit("from faq.models import Version; result = Version.objects.count()")
    said = running.manage(portal.env, "check_backup")
    assert said.count("probeweise wiederhergestellt und verglichen") == 2
    assert versions
    assert f" {versions} Fassungen" in said
    assert set(portal.folder.iterdir()) == before
    assert portal.get("/readyz").status == 200
    if portal.env["DATABASE_URL"]:
        schemas = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT nspname FROM pg_namespace')"
        assert ["probe"] not in portal.edit(schemas + "; result = k.fetchall()")


def lost(file):
    file.unlink()


def rotten(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)


def not_ours(file):
    archive = Archive(file)
    del archive.manifest["signed"]
    archive.written(file)


@pytest.mark.parametrize(
    ("place", "happen", "what"),
    [
        ("folder", lost, "Es gibt keine Sicherung dieser Datenbank"),
        ("copies", rotten, "beschädigt"),
        ("copies", not_ours, "trägt nicht die Unterschrift dieses Portals"),
    ],
)
def test_a_backup_that_leads_nowhere_is_said(portal, place, happen, what):
    running.manage(portal.env, "backup")
    (file,) = made(getattr(portal, place))
    happen(file)
    said = running.managed(portal.env, "check_backup", code=1)
    assert what in said
    assert f"Kein Rückweg aus {file.parent}." in said
    assert said.count("probeweise wiederhergestellt") == 1


def test_a_backup_that_is_whole_and_holds_less_than_it_says_is_found_out(portal):
    running.manage(portal.env, "backup")
    for folder in (portal.folder, portal.copies):
        (file,) = made(folder)
        archive = Archive(file)
        archive.manifest["rows"]["faq_entry"] += 1
        archive.sign(Signer(key=portal.env["SECRET_KEY"], salt="faq.operations.backups"))
        archive.written(file)
    said = running.managed(portal.env, "check_backup", code=1)
    assert said.count("anderes, als das Verzeichnis der Sicherung sagt: faq_entry") == 2
