"""What comes to the portal by another way than its own links: capitals, a stray POST, a program that asks for an icon."""

import pytest
from django.test import Client

from tests.factories import edit, make_entry, make_walkthrough

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    {
        "/FAQ/Frage/": "/faq/frage/", "/faq/FRAGE": "/faq/frage/", "/FAQ/frage.MD": "/faq/frage.md", "/Allgemein/": "/allgemein/",
        "/Thema/VLSC/": "/thema/vlsc/", "/GLOSSAR": "/glossar/", "/Vor-Mir": "/vor-mir/", "/Feed.XML": "/feed.xml", "/Neues": "/neues/", "/Thema/VLSC/Feed.xml": "/thema/vlsc/feed.xml", "/Sitemap.xml": "/sitemap.xml",
        "/Suche/?q=VLSC+Zugang": "/suche/?q=VLSC+Zugang", "/SUCHE.JSON?q=Frage&limit=1": "/suche.json?q=Frage&limit=1",
        "/faq/Frueher/": "/faq/frage/", "/Frueherer-Name/": "/allgemein/", "/faq/ABLAUF/Handzettel/": "/faq/ablauf/handzettel/",
        "/Admin/": "/admin/", "/ADMIN/faq/entry/": "/admin/faq/entry/", "/FAQ/": "/alles/", "/FAQ/Frage/Bearbeiten": "/faq/frage/bearbeiten",
    }.items(),
    ids=str,
)  # fmt: skip
def test_an_address_in_capitals_leads_on(client, asked, leads_to):
    edit(make_entry("frage", aliases=["frueher"], tags=["VLSC"]).category, slug="frueherer-name")
    edit(make_walkthrough("ablauf", category="frueherer-name").category, slug="allgemein")
    answer = client.get(asked, follow=False)
    while not answer["Location"].partition("?")[0].islower():
        answer = client.get(answer["Location"])  # a slash is put at the end first
    assert (answer.status_code, answer["Location"]) == (301, leads_to)


@pytest.mark.parametrize(
    "path", ["/GIBT-ES-NICHT/", "/faq/Gibt-Es-Nicht/", "/Thema/Keines/", "/faq/Entwurf/", "/ETWAS/ganz/Anderes"]
)
def test_an_address_in_capitals_that_leads_nowhere_is_not_found(client, path):
    make_entry("entwurf", status="draft")
    answer = client.get(path, follow=True)
    assert answer.status_code == 404
    assert "nicht gefunden" in answer.content.decode()
    assert not [where for where, _ in answer.redirect_chain if where == where.lower()]


@pytest.mark.parametrize(
    "path", ["/", "/allgemein/", "/faq/frage/", "/faq/frage.md", "/suche/", "/suche.json", "/feed.xml", "/robots.txt"]
)
@pytest.mark.parametrize("method", ["post", "delete", "options"])
@pytest.mark.parametrize("strict", [True, False])
def test_what_is_sent_to_a_page_of_readers_is_answered_in_german(path, method, strict):
    make_entry("frage")
    answer = getattr(Client(enforce_csrf_checks=strict), method)(path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "Diese Seite nimmt nichts entgegen." in answer.content.decode()
    assert not answer.cookies


def test_what_asks_for_an_icon_gets_one(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/x-icon")
    assert answer.content.startswith(b"\0\0\1\0")
