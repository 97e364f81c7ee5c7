"""What readers get from a running portal: new at once after a save, and never what is not public."""

from datetime import datetime

import pytest
from django.utils import timezone

from tests import running

SESSION = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("chefin"))
result = client.cookies["sessionid"].value
"""
SET = """
edit(Entry.objects.get(slug="stornierung"), body={body!r})
"""


@pytest.fixture
def portal(portal_in):
    return portal_in()


def test_a_save_is_seen_at_once_on_every_page(portal):
    pages = ("/faq/stornierung/", "/bestellprozess/", "/alles/", "/faq/stornierung.md", "/suche.json?q=pfauenauge")
    for number in range(5):
        portal.edit(SET.format(body=f"Pfauenauge {number}."))
        for page in pages * 4:  # the workers take turns
            assert f"uge</mark> {number}." in portal.text(page) or f"Pfauenauge {number}." in portal.text(page), page


def test_no_old_page_after_a_save_was_acknowledged(portal):
    """Readers hammer a page while it is saved again and again: what was acknowledged before they ask is what they get."""
    readers = [running.Watcher(portal, "/faq/stornierung/") for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(30):
        portal.edit(SET.format(body=f"Stand {number}."))
        for reader in readers:
            reader.acknowledged = number
    for reader in readers:
        reader.end()
    assert sum(reader.old for reader in readers) == 0
    assert all(reader.read > 30 for reader in readers)


def test_what_begins_or_ends_at_a_moment_does_so_at_that_moment(portal):
    portal.edit("make_entry('spaeter', publish_at=None, status='draft'); make_entry('endet')")
    soon = portal.edit("""
from datetime import timedelta
from django.utils import timezone
soon = timezone.now() + timedelta(seconds=2)
edit(Entry.objects.get(slug="spaeter"), status=Entry.PUBLISHED, publish_at=soon)
edit(Entry.objects.get(slug="endet"), expire_at=soon)
result = soon.isoformat()
""")
    soon = datetime.fromisoformat(soon)
    seen = []
    while not seen or seen[-1][0] < soon:
        before = timezone.now()
        seen.append((before, portal.get("/faq/spaeter/").status, portal.get("/faq/endet/").status, timezone.now()))
    for before, begins, ends, after in seen:
        if after < soon:
            assert (begins, ends) == (404, 200)
        if before >= soon:
            assert (begins, ends) == (200, 404)


def test_what_an_editor_sees_is_theirs_alone(portal):
    cookie = f"sessionid={portal.edit(SESSION)}"
    preview = portal.edit(
        """
draft = make_entry("geheim", title="Geheimes?", body="Geheimnis eins.", status="draft")
copy = working_copies.start_working_copy(Entry.objects.get(slug="stornierung"), who=None)
copy = edit(copy, body="Geheimnis zwei.")
from django.contrib.auth.models import User
from faq.public.preview import preview_link
chefin = User.objects.get(username="chefin")
result = [draft.pk, copy.pk, preview_link(draft, chefin), preview_link(copy, chefin)]
"""
    )
    own = [f"/admin/faq/entry/{key}/change/" for key in preview[:2]]
    shown = ["/" + link.split("/", 3)[3] for link in preview[2:]]
    public = ["/", "/faq/geheim/", "/faq/geheim.md", "/faq/stornierung/", "/bestellprozess/", "/allgemein/", "/alles/",
              "/suche/?q=geheimnis", "/suche.json?q=geheimnis", "/sitemap.xml", "/feed.xml", "/llms.txt"]  # fmt: skip
    for _ in range(3):
        for page in own + shown:
            answer = portal.get(page, Cookie=cookie)
            assert "Geheimnis" in answer.body.decode(), page
            assert "no-store" in answer.headers["Cache-Control"], page
        for page in public:
            with_session, without = portal.get(page, Cookie=cookie), portal.get(page)
            assert with_session.body == without.body
            assert "Geheimnis" not in without.body.decode().replace("geheimnis", "")
            assert "Set-Cookie" not in with_session.headers
            assert "chefin" not in with_session.body.decode()
        for page in own:
            assert portal.get(page).status == 302


def test_pages_name_the_public_address_whatever_host_is_asked(portal_in):
    portal = portal_in(PUBLIC_URL="http://hilfe.example")
    for page in ("/", "/sitemap.xml", "/feed.xml", "/opensearch.xml", "/faq/stornierung/"):
        asked = [portal.text(page, Host=host) for host in ("localhost:1", "hilfe.example", "127.0.0.1")]
        assert asked[0] == asked[1] == asked[2]
        assert "http://hilfe.example" in asked[0]
        assert "localhost" not in asked[0]
    assert portal.get("/", Host="boese.example").status == 400
