"""The database of an installation from before comes through an upgrade whole, on both engines.

`tests/data/` holds one as the release of commit df6dacd left it: the seed, a sentence an editor added to one answer, with a link
to elsewhere, a draft, and an account. Made by that release's `manage.py prepare`, and pg_dump without owners.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import running

DATA = Path(__file__).parent / "data"
LOOK = """
from django.contrib.auth.models import User
from faq.models import Entry, Reference, Version, WebLink
link = WebLink.objects.get()
result = {
    "entries": list(Entry.objects.values_list("slug", flat=True).order_by("slug")),
    "versions": Version.objects.count(),
    "link": [link.url, [str(reference.entry.slug) for reference in Reference.objects.filter(web=link)]],
    "groups": list(User.objects.get(username="frau-muster").groups.values_list("name", flat=True)),
    "password": User.objects.get(username="frau-muster").check_password("nur-fuer-den-test-7421"),
}
"""


@pytest.fixture(params=["sqlite", "postgres"])
def upgraded(request, prepared, tmp_path):
    """A running portal on the former database; `prepare` has been run as at every upgrade."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "static").symlink_to(prepared / "static")
    if request.param == "sqlite":
        database = ""
        (folder / "portal.sqlite3").write_bytes(gzip.decompress((DATA / "df6dacd.sqlite3.gz").read_bytes()))
    else:
        database = request.getfixturevalue("postgres_url")
        with psycopg.connect(database) as connection:
            connection.execute(gzip.decompress((DATA / "df6dacd.postgres.sql.gz").read_bytes()))
    portal = running.Portal(folder, DATABASE_URL=database)
    running.manage(portal.env, "prepare", "--no-static")
    yield portal.start()
    portal.stop()


def test_an_upgrade_keeps_all_there_was_and_adds_what_is_new(upgraded):
    found = upgraded.edit(LOOK)
    shipped = [path.stem for path in (running.ROOT / "content").glob("*/[!_]*.md")]
    assert found["entries"] == sorted([*shipped, "entwurf"])
    assert found["versions"] > len(shipped)
    assert found["link"] == ["https://www.microsoft.com/licensing/", ["stornierung"]]
    assert (found["groups"], found["password"]) == (["Freigabe"], True)

    for slug in shipped:
        assert upgraded.get(f"/faq/{slug}/").status == 200, slug
    for page in (
        "/",
        "/alles/",
        "/allgemein/",
        "/vlsc/",
        "/bestellprozess/",
        "/glossar/",
        "/thema/",
        "/sitemap.xml",
        "/feed.xml",
    ):
        assert upgraded.get(page).status == 200, page
    for page in ("/faq/stornierung/", "/alles/", "/faq/stornierung.md"):
        assert "Pfauenauge." in upgraded.text(page)  # what was edited is not overwritten
    assert "21 Tage" in upgraded.text("/faq/stornierung/")
    assert upgraded.get("/faq/entwurf/").status == 404

    def hits(query):
        return [hit["slug"] for hit in json.loads(upgraded.text(f"/suche.json?q={query}"))["results"]]

    assert hits("pfauenauge") == ["stornierung"]
    assert hits("beipackzettel")[0] == "vlsc-zugriff"
    running.manage(upgraded.env, "check_search")


def test_servers_that_share_a_folder_may_prepare_it_at_once(tmp_path):
    command = [sys.executable, running.ROOT / "manage.py", "prepare", "--no-static"]
    env = running.environment(tmp_path)
    started = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(5 * running.PATIENCE) for process in started] == [0, 0, 0]
