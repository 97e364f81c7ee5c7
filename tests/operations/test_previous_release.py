"""What installations of earlier releases left behind comes into this one whole, on both engines."""

import json
import re
import subprocess
import sys

import pytest

from tests import running
from tests.operations.releases import RELEASES, RENAMED, Release, applied, select

# What readers of the release saw, each on a page; and what no reader saw anywhere.
SEEN = {
    "/": ("Am Sonntag ist <strong>Wartung</strong>.", "05744 - 944 999"),
    "/faq/stornierung/": ("Fassung 1: Pfauenauge.", "Fassung 3: Pfauenauge."),
    "/faq/abo-eins/": ("Veröffentlicht: Schwalbenschwanz.", 'href="/thema/abo/"'),
    "/faq/papier/": ('href="/datei/antrag/', "PDF", "Anlage"),
    "/vlsc/": ('href="/faq/umgezogen/"',),
    "/neuigkeiten/": ("Was <em>neu</em> ist.",),
    "/glossar/": ("Falter", "Schmetterling", "Ein <strong>Insekt</strong>."),
}
UNSEEN = (
    "Zitronenfalter Trauermantel Admiral Kaisermantel Segelfalter Ordensband früher. Arbeit: Januar. intern.".split()
)
READ = (
    "/",
    "/alles/",
    "/faq/vlsc-zugriff/",
    "/faq/bestellvorgang-olp/",
    "/faq/mindestanzahl/",
    "/faq/papier/",
    "/feed.xml",
)
RENAME = 'edit(Category.objects.get(slug="neues"), slug="neuigkeiten")'
WORDS = """
from django.contrib.auth.models import User
from faq.models import Contact, Entry, Feedback, Gap, SearchDay, Term, Version
copies = {copy.slug: copy for copy in Entry.rows.filter(copy_of__isnull=False, release="")}
papers = Gap.objects.get(slug="anlage")
result = {
    "versions": [
        [v.path, v.source, v.who and v.who.username, v.why, v.working_copy, v.base, v.document]
        for v in Version.objects.order_by("pk").select_related("who")
    ],
    "groups": {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()},
    "passwords": all(user.check_password("nur-fuer-den-test-7421") for user in User.objects.all()),
    "copies": {slug: "In Arbeit" in "".join([copy.body, *(step.title for step in copy.steps.all())]) for slug, copy in copies.items()},
    "planned": [
        [copy.slug, copy.publish_at.isoformat(), copy.released_by.username]
        for copy in Entry.rows.filter(release=Entry.PLANNED)
    ],
    "gap": [papers.in_charge.username, papers.note],
    "feedback": sorted(map(str, Feedback.objects.all())),
    "searched": {day.query.text: [day.count, day.vain] for day in SearchDay.objects.select_related("query")},
    "phone": Contact.objects.get(slug="lizenzteam").phone,
    "spellings": [Term.objects.get(slug="falter").aliases, Term.objects.get(slug="falter").search],
    "draft": Entry.objects.get(slug="entwurf").body,
}
"""


@pytest.fixture(params=RELEASES)
def version(request):
    return request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def release(request, version):
    database = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return Release(version, request.param, database)


@pytest.fixture
def place(release, prepared, tmp_path):
    """A portal of this release that is not there yet, where the other one was."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "static").symlink_to(prepared / "static")
    portal = running.Portal(folder, DATABASE_URL=release.database)
    yield portal
    portal.stop()


def answers(facts):
    """What a release answers to addresses, with RENAMED done."""
    return facts["answers"] | {"/neues/": [200, ""]}


def assert_all_is_as_it_was(portal, facts):
    """What readers may see, and what editors left, is what it was, and where it was."""
    for path, (status, location) in answers(facts).items():
        answer = portal.get(path)
        assert (answer.status, answer.headers["Location"] or "") == (status, location), path
    for path, words in SEEN.items():
        for word in words:
            assert word in portal.text(path), (path, word)
    for path in READ:
        assert [word for word in UNSEEN if word in portal.text(path)] == [], path
    for word in UNSEEN[:6]:
        # What is vaguely near may be shown; nothing of what is hidden.
        found = json.loads(portal.text(f"/suche.json?q={word}"))["results"]
        assert not any(hit["confident"] or word in json.dumps(hit, ensure_ascii=False) for hit in found), word
    assert [hit["slug"] for hit in json.loads(portal.text("/suche.json?q=schwalbenschwanz"))["results"]] == ["abo-eins"]
    assert portal.get("/datei/antrag/").body.startswith(b"%PDF")
    assert portal.edit("from faq.models import Attachment\nresult = list(Attachment.objects.values('was_public'))") == [
        {"was_public": True}
    ]
    found = portal.edit(WORDS)
    assert found["versions"][: len(facts["versions"])] == facts["versions"]
    assert found["groups"] == facts["groups"]
    assert found["passwords"]
    assert found["copies"] == {"vlsc-zugriff": True, "bestellvorgang-olp": True}
    assert found["planned"] == facts.get("planned", [])
    assert found["gap"] == ["rita", "Kommt im Januar."]
    assert found["feedback"] == ["Hilfreich", "Wo ist das Formular?"]
    assert found["searched"] == {"nachtfalter": [3, 3], "stornierung": [1, 0]}
    assert found["phone"] == "05744 - 944 999"
    assert found["spellings"] == [["Schmetterling"], ["Motte"]]
    assert found["draft"] == "Noch nicht: Zitronenfalter."
    running.manage(portal.env, "check_search")


def test_a_release_is_upgraded_with_all_there_was_and_its_export_takes_nothing_away(release, place, tmp_path):
    release.put(place.folder)
    running.manage(place.env, "prepare", "--no-static")
    assert_all_is_as_it_was(place.start(), release.facts)
    said = running.manage(place.env, "import_content", release.exported(tmp_path / "content"))
    # Changed is at most what this release itself says otherwise by now, in its own content; terms that it has beyond that stay.
    kinds = dict(re.findall(r"^(\w+): (.*)$", said, re.M))
    counted = {
        kind: set(re.findall(r"\d (neu|geändert|unverändert|behalten|in Konflikt)\b", of)) for kind, of in kinds.items()
    }
    assert set().union(*counted.values()) <= {"unverändert", "geändert", "behalten"}
    assert {kind for kind, found in counted.items() if "behalten" in found} == {"Begriffe"}
    assert_all_is_as_it_was(place, release.facts)


def test_a_release_with_an_address_that_the_portal_takes_for_itself_is_upgraded_once_that_is_another(release, place):
    release.put(place.folder, rename=False)
    before = applied(place)
    said = running.managed(place.env, "prepare", "--no-static", code=1)
    assert "Nichts wurde verändert." in said
    assert "die Kategorie „Neues“ (Anker „neues“)" in said
    assert "Verwaltung der bisherigen Version" in said
    assert applied(place) == before
    assert not (place.folder / "backups").exists()
    for statement in RENAMED:
        select(place, statement)
    running.manage(place.env, "prepare", "--no-static")
    assert applied(place) > before


def test_a_backup_of_a_release_is_restored_into_an_empty_place(release, place):
    said = running.manage(place.env, "restore", "--foreign", release.backup)
    assert "einen anderen Anker: die Kategorie „Neues“ (Anker „neues“)" in said
    running.manage(place.env, "prepare", "--no-static")
    place.start().edit(RENAME)
    assert_all_is_as_it_was(place, release.facts)


def test_the_export_of_a_release_fills_an_empty_portal(release, place, tmp_path):
    place.env["CONTENT_DIR"] = str(release.exported(tmp_path / "content"))
    running.manage(place.env, "prepare", "--no-static")
    place.start()
    for path, (status, location) in answers(release.facts).items():
        answer = place.get(path)
        # What was deleted is no part of an export, and neither is where a tag went.
        if status != 410 and path != "/thema/abonnement/":
            assert (answer.status, answer.headers["Location"] or "") == (status, location), path
    for path, words in SEEN.items():
        for word in words:
            assert word in place.text(path), (path, word)
    for path in READ:
        assert [word for word in UNSEEN if word in place.text(path)] == [], path
    assert place.get("/datei/antrag/").body.startswith(b"%PDF")


def test_servers_that_share_a_folder_may_prepare_it_at_once(tmp_path):
    command = [sys.executable, running.ROOT / "manage.py", "prepare", "--no-static"]
    env = running.environment(tmp_path)
    started = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(5 * running.PATIENCE) for process in started] == [0, 0, 0]
