"""Backups hold everything of one moment, are checked, and come back whole; what cannot be right is refused and changes nothing."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from datetime import datetime, timedelta

import pytest
from django.core.signing import Signer

from faq.operations import backups
from faq.operations.backups import rotate
from tests.operations.filled import ROOT, SHOWN, START, Portal
from tests.postgres import empty_postgres


def rewritten(archive, name, change):
    """A copy of an archive, with whatever is changed in its members (name to bytes)."""
    with tarfile.open(archive) as old:
        members = {member.name: old.extractfile(member).read() for member in old}
    change(members)
    path = archive.with_name(f"{name}.tar.gz")
    with tarfile.open(path, "w:gz") as new:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return path


def test_a_backup_brings_everything_back_and_keeps_what_was_there(portal):
    file = portal.backup()
    assert file.stat().st_mode & 0o777 == 0o600
    later = portal.run(
        'edit("Nachher.")\nwith factories.door_open():\n    [rows.objects.all().delete() for rows in (Review, Version, User)]\nsay(Revision.objects.current())\n'
        'Path(settings.MEDIA_ROOT, str(StoredFile.objects.get().file)).write_bytes(b"kaputt")'
    )
    *said, shown = portal.run(f'call_command("restore", {str(file)!r})\n' + SHOWN).split("\n")
    said = "\n".join(said)
    assert "Wiederhergestellt ist der Stand vom" in said
    body, revision, users, whole, said_of_it, *read_in = shown.split("|")
    assert (body, users, whole, said_of_it) == ("Vorher.", "1", "True", "['Bitte.', 'Welche Frist?']")
    assert read_in == ["['Wie?']", str([b"Bild\x00\xff"])]
    assert int(revision) > int(later)
    assert max(portal.folder.glob("vorher/*/uploads/*")).read_bytes() == b"kaputt"
    if "DATABASE_URL" in portal.env:
        schema = said.split("im Schema ")[1].split(".")[0].strip('"')
        kept = (
            f"from django.db import connection as c; k = c.cursor(); k.execute('SELECT body FROM {schema}.faq_entry')"
        )
        assert "Nachher." in portal.run(kept + "; say(k.fetchall())")
    else:
        kept = Portal(portal.folder, f"sqlite:///{max(portal.folder.glob('vorher/*/portal.sqlite3'))}")
        assert "Nachher." in kept.run('say(Entry.objects.get(slug="stornierung").body)')


def test_what_cannot_be_right_is_refused_and_changes_nothing(portal):
    file = portal.backup()
    data = file.read_bytes()

    def newer(members):
        manifest = json.loads(members["manifest.json"])
        manifest["migrations"].append("faq.9999_zukunft")
        members["manifest.json"] = json.dumps(manifest).encode()

    def older(members):
        manifest = json.loads(members["manifest.json"])
        manifest["migrations"] = ["faq.0001_initial", "faq.0002_search"]
        members["manifest.json"] = json.dumps(manifest).encode()

    def other_file(members):
        name = next(name for name in members if name.startswith("dateien/"))
        members[name] += b"x"

    cases = [
        (rewritten(file, "a", newer), "von einer neueren Version des Portals (faq.9999_zukunft)"),
        (rewritten(file, "e", older), "von einer Version vor 1.0.0. Stellen Sie sie mit der Version 1.1.0 wieder her"),
        (rewritten(file, "b", other_file), "hat eine andere Prüfsumme"),
        (rewritten(file, "c", lambda members: members.pop("database")), "In der Sicherung fehlt database"),
        (rewritten(file, "d", lambda members: members.update({"../../boese": b"x"})), "was nicht hineingehört"),
        (file.with_name("gibt-es-nicht"), "gibt-es-nicht gibt es nicht."),
    ]
    for name, content in (("halb", data[: len(data) // 2]), ("fremd", gzip.compress(b"x" * 9999)), ("leer", b"")):
        file.with_name(name).write_bytes(content)
        cases.append((file.with_name(name), "Sicherung dieses Portals"))
    for said, (_, message) in zip(portal.refuses(*(made for made, _ in cases)), cases, strict=True):
        assert said.startswith("Nichts wurde verändert.")
        assert message in said


def test_nothing_is_restored_while_the_portal_runs(portal):
    file = portal.backup()
    with subprocess.Popen(
        [sys.executable, "-c", START + "say(User.objects.count()); sys.stdout.flush(); input()"],
        env=portal.env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        running.stdout.readline()
        assert "Das Portal läuft noch." in portal.refuses(file)[0]
        running.communicate(b"\n")


def test_a_backup_of_the_other_database_is_refused(on_sqlite, on_postgres):
    (said,) = on_postgres.refuses(on_sqlite.backup())
    assert "Diese Sicherung ist von sqlite, das Portal läuft mit postgresql." in said


NEWEST = datetime(2026, 11, 24, 18)
BACKUPS = Signer(salt="faq.operations.backups")


def put(folder, moment, versions=1, portal="a", name="portal-%Y%m%d-%H%M%S.tar.gz", signer=BACKUPS, engine="sqlite"):
    """A backup of a moment, as far as its first member says what it is."""
    manifest = {"format": 1, "engine": engine, "portal": portal, "versions": versions}
    manifest["signed"] = signer.sign(hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest())
    data = json.dumps(manifest).encode()
    path = folder / moment.strftime(name)
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return path


def put_nightly(folder, until, nights, **of):
    return [put(folder, until - timedelta(days=day), **of) for day in range(nights)]


def test_all_backups_of_two_days_stay_and_of_older_ones_one_a_day_and_one_a_week(tmp_path):
    for hours in range(0, 24 * 60, 12):
        put(tmp_path, NEWEST - timedelta(hours=hours), versions=1000 - hours)
    (tmp_path / "etwas-anderes.tar.gz").touch()
    rotate(tmp_path, days=3, weeks=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "etwas-anderes.tar.gz",
        "portal-20261115-180000.tar.gz",
        "portal-20261122-180000.tar.gz",
        "portal-20261123-060000.tar.gz",
        "portal-20261123-180000.tar.gz",
        "portal-20261124-060000.tar.gz",
        "portal-20261124-180000.tar.gz",
    ]


@pytest.mark.parametrize("lost", [{"versions": 12}, {"versions": 900, "portal": "b"}], ids=["shrunken", "another"])
def test_backups_of_a_portal_that_lost_something_push_no_good_one_out(tmp_path, lost):
    good = put_nightly(tmp_path, NEWEST - timedelta(days=60), 30, versions=500)
    rotate(tmp_path, days=7, weeks=4)
    good = [path for path in good if path.exists()]
    assert len(good) == 9
    for night in range(59, -1, -1):
        put(tmp_path, NEWEST - timedelta(days=night), **lost)
        rotate(tmp_path, days=7, weeks=4)
    assert all(path.exists() for path in good)
    assert len(list(tmp_path.iterdir())) == 2 * len(good)  # and those of the lesser one by the same rule
    # Once it is what it was, and more, the former ones may go.
    put_nightly(tmp_path, NEWEST + timedelta(days=60), 60, versions=501)
    rotate(tmp_path, days=7, weeks=4)
    assert not any(path.exists() for path in good)
    assert {backups.size_of(path).portal for path in tmp_path.iterdir()} == {"a", lost.get("portal", "a")}


def test_backups_that_this_portal_did_not_sign_push_none_out(tmp_path):
    """Anybody could write that theirs hold more."""
    others = {"signer": Signer(key="fremd", salt=BACKUPS.salt), "versions": 10**6}
    good = put_nightly(tmp_path, NEWEST - timedelta(days=60), 7)
    good += [put(tmp_path, NEWEST, name=backups.BEFORE_UPGRADE)]
    put_nightly(tmp_path, NEWEST, 60, **others)
    for day in range(1, 7):
        put(tmp_path, NEWEST + timedelta(days=day), name=backups.BEFORE_UPGRADE, **others)
    rotate(tmp_path, days=7, weeks=4)
    backups.rotate_upgrades(tmp_path)
    assert all(path.exists() for path in good)


def test_what_is_no_backup_neither_counts_nor_goes(tmp_path):
    good = put_nightly(tmp_path, NEWEST - timedelta(days=30), 7)
    damaged = [tmp_path / f"portal-202611{day:02}-020000.tar.gz" for day in range(1, 25)]
    for number, path in enumerate(damaged):
        path.write_bytes((b"", b"x" * 999, good[0].read_bytes()[:50], gzip.compress(b"x" * 9999))[number % 4])
    assert rotate(tmp_path, days=7, weeks=4) == []


def test_backups_of_1_0_0_count_by_their_versions(tmp_path):
    old = tmp_path / "portal-20261001-020000.tar.gz"
    old.write_bytes((ROOT / "tests/data/1.0.0/sqlite.tar.gz").read_bytes())
    assert backups.size_of(old) == ("", 106)
    put_nightly(tmp_path, NEWEST, 40, versions=105)
    rotate(tmp_path, days=7, weeks=4)
    assert old.exists()
    put_nightly(tmp_path, NEWEST + timedelta(days=60), 60, versions=106)
    rotate(tmp_path, days=7, weeks=4)
    assert not old.exists()


def test_of_the_backups_made_before_upgrades_the_last_five_that_count_stay(tmp_path):
    made = [put(tmp_path, NEWEST + timedelta(days=30 * n), n, name=backups.BEFORE_UPGRADE) for n in range(7)]
    emptied = [put(tmp_path, NEWEST + timedelta(days=900 + n), 0, name=backups.BEFORE_UPGRADE) for n in range(2)]
    backups.rotate_upgrades(tmp_path)
    assert [path.exists() for path in made] == [False, False, True, True, True, True, True]
    assert all(path.exists() for path in emptied)
    rotate(tmp_path, days=1, weeks=1)
    assert len(list(tmp_path.iterdir())) == 7


# Past the portal's own code, which never does this.
LOSSES = {
    "fewer versions": "DELETE FROM faq_version WHERE id = (SELECT max(id) FROM faq_version)",
    "another portal": """UPDATE faq_version SET "when" = CURRENT_TIMESTAMP WHERE id = (SELECT min(id) FROM faq_version)""",
}


@pytest.mark.parametrize("loss", LOSSES)
def test_backup_and_doctor_say_that_there_was_more_before(portal, loss):
    file = portal.backup()
    say = (
        "try:\n    call_command('doctor', stdout=sys.stdout)\nexcept CommandError:\n    pass\n"
        "call_command('backup', stdout=sys.stdout, stderr=sys.stdout)"
    )
    try:
        assert "ist mehr" not in portal.run(say)
        lose = f"from django.db import connection; connection.cursor().execute({LOSSES[loss]!r})\n"
        said = portal.run(lose + say)
        assert said.count("ist mehr") == 2
        assert "oder sie ist von einem anderen Portal" in said
    finally:
        for path in (portal.folder / "backups").iterdir():
            if path.stat().st_mtime > file.stat().st_mtime:
                path.unlink()
        portal.run(f'call_command("restore", {str(file)!r})')


SEARCHED = """
from faq import search
hit = search.search("storno", among=Entry.objects.published(), limit=1).hits[0]
say(Entry.objects.get(pk=hit.entry_id).slug)
"""


def test_a_portal_moves_to_the_other_database_and_back_with_nothing_lost(tmp_path, on_sqlite):
    home = f"sqlite:///{on_sqlite.folder}/portal.sqlite3"
    with empty_postgres() as address:
        there, back = Portal(on_sqlite.folder, address), Portal(on_sqlite.folder, f"sqlite:///{tmp_path}/neu.sqlite3")
        facts = "say({m._meta.label: sorted(map(str, m._base_manager.values_list())) for m in MODELS})\n"
        models = (
            "from django.apps import apps\n"
            "OTHER = {'faq.Revision', 'faq.SearchWord', 'faq.SearchDocument', 'sessions.Session'}\n"
            "MODELS = [m for m in apps.get_models(include_auto_created=True) if m._meta.label not in OTHER]\n"
        )
        before = on_sqlite.run(models + facts)
        said, found, *after = there.run(
            f"call_command('copy_database', {home!r})\n" + SEARCHED + models + facts
        ).rsplit("\n", 2)
        assert "Zeilen kopiert und verglichen" in said
        assert found == "stornierung"
        assert normal(after[0]) == normal(before)
        # The next number of a table is free.
        there.run(
            'User.objects.create_user("neu")\nwith factories.door_open():\n    User.objects.get(username="neu").delete()\nedit("Vorher.")'
        )
        refused = "try:\n    call_command('copy_database', %r)\nexcept CommandError as error:\n    say(error)\n"
        assert "Die neue Datenbank ist nicht leer" in there.run(refused % home)
        assert "gibt es nicht" in there.run(refused % "sqlite:////gibt/es/nicht")
        assert back.run(f"call_command('copy_database', {address!r})\n" + SEARCHED).endswith("stornierung")
        shown = back.run(SHOWN).split("|")
        assert shown[0::2] == ["Vorher.", "1", "['Bitte.', 'Welche Frist?']", str([b"Bild\x00\xff"])]


def normal(facts):
    """Both databases say UTC in words of their own."""
    return facts.replace("zoneinfo.ZoneInfo(key='UTC')", "datetime.timezone.utc")
