"""An upgrade has a way back: before a database with content is migrated there is a backup of it, or nothing is changed."""

import json
import os
import shutil
import subprocess
import sys
import tarfile

import pytest

from tests import running
from tests.operations.releases import Release, applied, select


@pytest.fixture(params=[("sqlite", "1.0.0"), ("postgresql", "1.0.0"), ("sqlite", "1.1.0")])
def former(request, tmp_path):
    """A portal of an earlier release, which this one has to migrate."""
    folder = tmp_path / "data"
    folder.mkdir()
    engine, release = request.param
    database = request.getfixturevalue("postgres_url") if engine == "postgresql" else ""
    portal = running.Portal(folder, DATABASE_URL=database)
    Release(release, engine, database).put(folder)
    portal.most = 100_000 if engine == "sqlite" else 20_000  # bytes that no backup of it has room in
    yield portal
    portal.stop()


def made(portal):
    return sorted((portal.folder / "backups").glob("vor-upgrade-*"))


@pytest.mark.sampled(1)
def test_an_upgrade_says_where_the_backup_is_that_leads_back(former):
    before = applied(former)
    said = running.manage(former.env, "prepare", "--no-static")
    (backup,) = made(former)
    assert f"restore {backup}" in said
    assert applied(former) > before
    with tarfile.open(backup) as archive:
        assert json.load(archive.extractfile("manifest.json"))["migrations"] == sorted(before)
    assert "Vor dem Upgrade" not in running.manage(former.env, "prepare", "--no-static")  # nothing left to migrate
    running.manage(former.env, "restore", backup)
    assert made(former) == [backup]
    entry = 'result = [Entry.objects.get(slug="stornierung").body, Entry.objects.filter(slug="entwurf").exists()]'
    body, draft = former.edit(entry)
    assert ("Pfauenauge." in body, draft) == (True, True)


@pytest.mark.sampled(1)
def test_without_room_for_the_backup_nothing_is_changed_unless_that_is_said(former):
    before = applied(former)
    prepare = [sys.executable, running.ROOT / "manage.py", "prepare", "--no-static"]
    done = subprocess.run(
        ["prlimit", f"--fsize={former.most}", *prepare], env=former.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Nichts wurde verändert" in done.stderr
    assert "prepare --no-backup" in done.stderr
    assert applied(former) == before
    assert list((former.folder / "backups").iterdir()) == []
    running.manage(former.env, "prepare", "--no-static", "--no-backup")
    assert applied(former) > before
    assert made(former) == []


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("former", [("sqlite", "1.1.0")], indirect=True)
def test_the_backup_before_an_upgrade_is_copied_to_the_second_place(former, tmp_path, is_there):
    copies = tmp_path / "copies"
    if is_there:
        copies.mkdir()
    former.env["BACKUP_COPY"] = str(copies)
    said = running.managed(former.env, "prepare", "--no-static", code=0)
    (backup,) = made(former)
    assert ("gibt es keine Kopie" in said) is not is_there  # and all the rest is done
    assert [file.read_bytes() for file in copies.glob("*")] == [backup.read_bytes()] * is_there


@pytest.mark.parametrize("former", [("postgresql", "1.0.0")], indirect=True)
def test_without_pg_dump_nothing_is_changed_and_the_message_says_what_to_install(former, tmp_path):
    before = applied(former)
    (tmp_path / "bin").mkdir()
    former.env["PATH"] = str(tmp_path / "bin")
    said = running.managed(former.env, "prepare", "--no-static", code=1)
    assert "apt install postgresql-client" in said
    assert "prepare --no-backup" in said
    former.env["PATH"] = os.environ["PATH"]
    assert shutil.which("pg_dump")
    assert applied(former) == before


@pytest.mark.sampled(1)
def test_a_text_that_todays_markdown_refuses_stays_as_readers_see_it_and_is_named(former):
    text, html = "Gilt[^1] immer.\n\nBald:\n- a", "<p>Gilt[^1] immer.</p>\n<p>Bald:\n- a</p>"
    select(former, f"UPDATE faq_entry SET body = '{text}', body_html = '{html}' WHERE slug = 'stornierung'")
    running.manage(former.env, "prepare", "--no-static")
    ways = """
from faq.editing.entries import still_true
from faq.models import Entry, OldText
entry = still_true(Entry.objects.get(slug="stornierung"), who=None)
result = [Entry.objects.get(pk=entry.pk).body_html, [old.reasons for old in OldText.objects.standing()]]
"""
    shown, reasons = former.edit(ways)
    assert shown == html
    assert [reason.partition(":")[0] for reason in reasons] == ["Zeile 1"]
