"""What browsers and caches are told, and whether the portal says how it is."""

import pytest
from django.db import connection

PAGES = [
    "/",
    "/bestellprozess/",
    "/faq/stornierung/",
    "/faq/bestellvorgang-olp/",
    "/alles/",
    "/suche/?q=olp",
    "/glossar/",
    "/vor-mir/",
    "/thema/",
    "/neues/",
]
OTHERS = [
    "/gibt-es-nicht/",
    "/faq/stornierung.md",
    "/suche.json?q=olp",
    "/feed.xml",
    "/bestellprozess/feed.xml", "/thema/olp/feed.xml", "/faq/stornierung/feed.xml",
    "/sitemap.xml",
    "/healthz",
    "/admin/login/", "/konto/login/",
    "/thema/olp/", "/vergleich/", "/datenschutz/", "/faq/bestellvorgang-olp/handzettel/", "/robots.txt", "/llms.txt",
    "/opensearch.xml", "/readyz", "/suche/vorschlaege/?q=olp", "/suche/feld.json?q=olp", "/.well-known/security.txt",
]  # fmt: skip


def test_every_answer_guards_the_browser(client, seed):
    for url in PAGES + OTHERS:
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, url
        assert "frame-ancestors 'none'" in policy, url
        assert "unsafe" not in policy, url
        assert headers["X-Content-Type-Options"] == "nosniff", url
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", url
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", url
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", url
        assert "camera=()" in headers["Permissions-Policy"], url


@pytest.mark.parametrize("url", PAGES)
def test_a_reader_page_sets_no_cookie_and_is_answered_304_while_it_is_the_same(client, seed, url):
    response = client.get(url)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(url).status_code == 200


def test_pages_are_only_read(client, seed):
    for url in PAGES:
        assert client.post(url).status_code == 405


def test_the_process_says_that_it_lives_without_a_database(client):
    # Nothing here may touch the database: pytest-django would refuse it.
    assert client.get("/healthz").content == b"ok\n"


def test_ready_names_the_part_that_is_not(client, seed):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'faq'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.startswith(b"migrations:")


def test_ready_names_the_search_when_its_index_is_gone(client, seed):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE faq_searchword RENAME TO elsewhere")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.startswith(b"search:")


def test_a_broken_page_says_so_without_a_database(client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("Datenbank weg")

    client.raise_request_exception = False
    monkeypatch.setattr("faq.public.pages.Tag.objects.most_used", broken)
    monkeypatch.setattr("faq.public.layout.Site.objects.current", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert "liegt an uns" in response.content.decode()
