"""A portal that runs as on a public address: headers, hosts and sizes.

What the Mozilla Observatory would say of every kind of answer, by its own table:
the whole is 145. Of it 5 are for secure cookies, which a page without any cannot have, and 5 for a host on the browsers'
preload list, which is the operator's to decide. A page for readers can have 135, what is no page 130 (nothing in it can run),
the login with its cookies 135.
"""

import contextlib
import re
import socket
from http.cookies import SimpleCookie

import pytest
import requests

from tests.browser.conftest import started

HOST = "hilfe.example"
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https"}
PAGES = {
    "/": 200, "/bestellprozess/": 200, "/faq/stornierung/": 200, "/faq/bestellvorgang-olp/": 200, "/alles/": 200,
    "/faq/bestellvorgang-olp/handzettel/": 200, "/vergleich/": 200, "/suche/": 200, "/suche/?q=olp": 200, "/glossar/": 200, "/vor-mir/": 200,
    "/thema/": 200, "/thema/olp/": 200, "/datenschutz/": 200, "/barrierefreiheit/": 200,
    "/gibt-es-nicht/": 404, "/faq/geloescht/": 410,
    "/konto/login/": 200,
}  # fmt: skip
NO_PAGES = {
    "/faq/stornierung.md": 200, "/suche.json?q=olp": 200, "/suche.json?limit=0": 400, "/suche/vorschlaege/?q=olp": 200, "/suche/feld.json?q=olp": 200,
    "/opensearch.xml": 200, "/sitemap.xml": 200, "/robots.txt": 200, "/llms.txt": 200, "/feed.xml": 200,
    "/healthz": 200, "/readyz": 200, "/datei/antrag/": 200, "/admin/": 302, "/admin/login/": 302, "/faq/": 301,
}  # fmt: skip


def score(headers, body, cookies=()):
    """Points for an answer over HTTPS."""
    points = 100 + _policy(headers) + _cookies(cookies)
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    points += 0 if age and int(age[1]) >= 15_768_000 else -20
    points += 5 if headers.get("Referrer-Policy") == "strict-origin-when-cross-origin" else -5
    points += {"same-origin": 10, "same-site": 10}.get(headers.get("Cross-Origin-Resource-Policy"), 0)
    points += 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5
    points += -50 if "Access-Control-Allow-Credentials" in headers else 0
    return points + _scripts(headers, body)


def _policy(headers):
    directives = dict((d.strip() + " ").split(" ", 1) for d in headers.get("Content-Security-Policy", "").split(";"))
    if not directives.get("default-src"):
        return -25 - 20
    policy = str(directives)
    unsafe = "unsafe" in policy or "http:" in policy or re.search(r"data:|https:", directives.get("script-src", ""))
    best = directives["default-src"].strip() == "'none'" and directives["form-action"].strip() in ("'self'", "'none'")
    framed = 5 if directives["frame-ancestors"].strip() == "'none'" else -20
    return framed - 20 if unsafe else framed + (10 if best else 5)


def _cookies(cookies):
    morsels = [morsel for cookie in cookies for morsel in SimpleCookie(cookie).values()]
    if not morsels:
        return 0
    secure = all(m["secure"] and m["samesite"] in ("Lax", "Strict") for m in morsels)
    return 5 if secure and all(m["httponly"] for m in morsels if "sess" in m.key) else -40


def _scripts(headers, body):
    if not headers.get("Content-Type", "").startswith("text/html"):
        return 0
    scripts = re.findall(r"<script[^>]*\ssrc=[^>]*>", body)
    assert all(re.search(r'src="/[^/]', script) for script in scripts), "a script from elsewhere"
    return 5 if any("integrity=" in script for script in scripts) else 0


@pytest.fixture(scope="module")
def public_portal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public")
    with started(folder, PUBLIC_URL=f"https://{HOST}") as address:
        yield address


def ask(portal, path, **headers):
    return requests.get(portal + path, headers=PROXIED | headers, allow_redirects=False, timeout=30)


@pytest.mark.parametrize("path", PAGES | NO_PAGES)
def test_every_kind_of_answer_has_all_the_points_it_can_have(public_portal, path):
    answer = ask(public_portal, path)
    assert answer.status_code == (PAGES | NO_PAGES)[path]
    cookies = [value for name, value in answer.raw.headers.items() if name.lower() == "set-cookie"]
    assert score(answer.headers, answer.text, cookies) >= (135 if path in PAGES else 130), answer.headers
    assert cookies == [] or path.startswith(("/konto/", "/admin/"))


@pytest.mark.parametrize("path", PAGES | NO_PAGES)
def test_an_answer_that_says_when_it_was_changed_is_not_sent_again_to_who_has_it(public_portal, path):
    if when := ask(public_portal, path).headers.get("Last-Modified"):
        assert ask(public_portal, path, **{"If-Modified-Since": when}).status_code == 304


def test_a_broken_page_has_them_too(client, settings, monkeypatch):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600

    def broken(*args, **kwargs):
        raise RuntimeError("kaputt")

    client.raise_request_exception = False
    monkeypatch.setattr("faq.public.layout.Site.objects.current", broken)
    answer = client.get("/", secure=True)
    assert answer.status_code == 500
    # Nothing is collected in the tests: the script has no checksum here.
    assert score(answer.headers, answer.content.decode()) == 130


def test_a_request_without_tls_is_sent_to_https_and_one_for_another_host_is_refused(public_portal):
    plain = ask(public_portal, "/faq/stornierung/?q=1", **{"X-Forwarded-Proto": "http"})
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/faq/stornierung/?q=1")
    for path in ("/", "/admin/", "/suche/?q=olp"):
        assert ask(public_portal, path, Host="boese.example").status_code == 400


def send(portal, start, body=b"", headers=b""):
    """The status of what is sent byte by byte, whatever a client library thinks of it."""
    host, port = portal.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        head = b"%s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: https\r\n%s\r\n" % (start, HOST.encode(), headers)
        connection.sendall(head)
        with contextlib.suppress(OSError):  # who is refused need not be listened to
            connection.sendall(body)
        return int(connection.recv(100).split()[1])


def test_addresses_and_headers_have_a_limit(public_portal):
    assert send(public_portal, b"GET /suche/?q=" + b"a" * 8_000) == 200
    assert send(public_portal, b"GET /suche/?q=" + b"a" * 100_000) == 414
    assert send(public_portal, b"GET /", headers=b"X-A: " + b"a" * 1_000_000 + b"\r\n") == 431
    assert send(public_portal, b"GET /", headers=b"".join(b"X-%d: a\r\n" % n for n in range(500))) == 431
    assert send(public_portal, b"GET /healthz") == 200


def test_who_sends_too_much_is_told_how_much_is_taken(client):
    answer = client.post("/admin/faq/sourcedocument/add/", "x", "text/plain", CONTENT_LENGTH=str(70_000_000))
    assert answer.status_code == 413
    assert "Mehr als 55 MB nimmt das Portal auf einmal nicht an." in answer.content.decode()
    assert "<h1>Das ist zu groß</h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        (b"/konto/login/", 6_000_000, 413),
        (b"/faq/stornierung/rueckmeldung/", 6_000_000, 413),
        (b"/admin/inhalte/", 6_000_000, 403),
        (b"/admin/inhalte/", 60_000_000, 413),
        (b"/konto/login/", 10**15, 413),
    ],
)
def test_a_body_larger_than_anything_there_is_to_send_is_not_read(public_portal, path, size, status):
    kind = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n" % size
    assert send(public_portal, b"POST " + path, b"--x\r\n" + b"a" * 1000, kind) == status
