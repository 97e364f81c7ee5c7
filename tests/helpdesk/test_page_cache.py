"""The page cache as a WSGI application: what it answers itself, and what it asks for."""

import gzip
import re
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.utils import timezone
from prometheus_client import REGISTRY

from faq import cache
from faq.models import Notice
from faq.operations import search_counts
from faq.public.page_cache import UNAVAILABLE
from helpdesk.page_cache import PageCache, revision, rules
from helpdesk.page_cache.memory import Memory
from helpdesk.page_cache.response import Response
from tests.factories import make_entry, store

PAGE = b"<p>Eine Seite.</p>" * 100


class Site:
    """A site in front of which a page cache stands: it answers with what a test sets, and remembers what it was asked."""

    def __init__(self, folder):
        self.file = folder / "portal.sqlite3"
        self.make_database(self.file)
        self.asked, self.status, self.headers, self.body = [], "200 OK", [], PAGE
        self.takes = 0  # seconds
        self.searched = None

    def make_database(self, file):
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE faq_revision (id, number)")
            connection.execute("INSERT INTO faq_revision VALUES (1, 1)")

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        time.sleep(self.takes)
        if self.searched:
            environ["portal.searched"] = self.searched
        status = "503 Service Unavailable" if environ.get(UNAVAILABLE) else self.status
        start_response(status, [("Content-Type", "text/html; charset=utf-8"), *self.headers])
        return [self.body]

    def change(self):
        with sqlite3.connect(self.file) as connection:
            connection.execute("UPDATE faq_revision SET number = number + 1")


@pytest.fixture
def site(tmp_path, monkeypatch, settings):
    settings.DATA_DIR = tmp_path
    site = Site(tmp_path)
    monkeypatch.setattr(revision, "of_the_site", lambda: revision.SQLiteRevision(site.file))
    site.change_at = None
    monkeypatch.setattr(cache, "state", lambda: (0, site.change_at.timestamp() if site.change_at else float("inf")))
    return site


class Worker:
    """One of the server's processes: `worker("/pfad?query", header=…)` gives status, headers and body."""

    def __init__(self, site):
        self.cache = PageCache(site)

    def __call__(self, address, method="GET", host="127.0.0.1", **headers):
        path, _, query = address.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        said = []
        body = b"".join(
            self.cache(environ, lambda status, headers, exc_info=None: said.extend([status, dict(headers)]))
        )
        return *said, body


@pytest.fixture
def ask(site):
    """The only worker."""
    return Worker(site)


@pytest.fixture
def clock(monkeypatch):
    """`clock.append(3600)`: an hour later."""
    passed, now = [], time.time
    monkeypatch.setattr(time, "time", lambda: now() + sum(passed))
    return passed


def test_a_page_is_made_once_per_change(ask, site):
    assert [ask("/")[2] for _ in range(3)] == [PAGE] * 3
    assert len(site.asked) == 1
    site.change()
    site.body = b"neu"
    assert ask("/")[2] == b"neu"
    assert ask("/")[2] == b"neu"
    assert len(site.asked) == 2


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_change_is_seen_at_the_next_request(ask, site, mode):
    with closing(sqlite3.connect(site.file)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    for number in range(50):
        site.body = b"Stand %d" % number
        site.change()
        assert ask("/")[2] == ask("/")[2] == site.body
    assert len(site.asked) == 50


def test_a_change_under_way_is_not_seen_and_keeps_others_from_writing(ask, site):
    """Whatever the cache does to notice commits: the locks of the writer's connection, in the same process, stay."""
    ask("/")
    with closing(sqlite3.connect(site.file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE faq_revision SET number = 99")
        readers = [threading.Thread(target=ask, args=("/",)) for _ in range(3)]
        for reader in readers:
            reader.start()
            reader.join()
        assert len(site.asked) == 1
        write = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        other = subprocess.run([sys.executable, "-c", write, site.file], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr
        writer.execute("COMMIT")
    ask("/")
    assert len(site.asked) == 2


def test_an_operator_sees_how_many_answers_were_stored_ones(ask, site):
    def stored():
        return REGISTRY.get_sample_value("portal_stored_answers_total")

    before = stored()
    for _ in range(3):
        ask("/")
    site.change()
    ask("/")
    assert stored() == before + 2


@pytest.mark.parametrize(("status", "stored"), [
    ("200 OK", True), ("301 Moved Permanently", True), ("404 Not Found", True), ("410 Gone", True),
    ("302 Found", False), ("400 Bad Request", False), ("500 Internal Server Error", False), ("503 Service Unavailable", False),
])  # fmt: skip
def test_what_says_something_for_good_is_stored(ask, site, status, stored):
    site.status = status
    assert [ask("/seite/")[0] for _ in range(2)] == [status] * 2
    assert len(site.asked) == (1 if stored else 2)


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", "sessionid=1"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("Cache-Control", "private"),
        ("Cache-Control", "no-store"),
    ],
)
def test_what_is_not_for_everybody_is_not_stored(ask, site, header):
    site.headers = [header]
    assert ask("/")[1][header[0]] == header[1]
    ask("/")
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/faq/entry/", "/vorschau/abc/", "/datei/antrag/", "/healthz", "/readyz"]
)
def test_what_is_no_readers_page_passes_by_as_it_is(ask, site, path):
    for _ in range(2):
        ask(f"{path}?a=1", cookie="sessionid=1")
    assert [(e["HTTP_COOKIE"], e["QUERY_STRING"]) for e in site.asked] == [("sessionid=1", "a=1")] * 2


def test_so_does_what_writes(ask, site):
    ask("/")
    ask("/", method="POST", cookie="csrftoken=1")
    assert site.asked[1]["REQUEST_METHOD"] == "POST"
    assert site.asked[1]["HTTP_COOKIE"] == "csrftoken=1"


def test_a_page_is_made_without_anything_of_who_asks_but_their_address_for_limits(ask, site):
    ask(
        "/?next=/admin/",
        cookie="sessionid=1",
        accept_language="en",
        if_none_match='"x"',
        x_forwarded_for="1.2.3.4",
        host="localhost:1234",
    )
    (seen,) = site.asked
    assert {name for name in seen if name.startswith("HTTP_")} == {
        "HTTP_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_FOR",
    }
    assert seen["HTTP_HOST"] == "127.0.0.1:8000"
    assert seen["QUERY_STRING"] == ""


def test_an_unknown_host_is_left_to_django(ask, site):
    ask("/")
    ask("/", host="boese.example")
    assert site.asked[1]["HTTP_HOST"] == "boese.example"


def test_without_https_nothing_is_answered_that_belongs_to_https(ask, site, monkeypatch):
    monkeypatch.setattr(rules, "HTTPS", True)
    ask("/", x_forwarded_proto="https")
    ask("/", x_forwarded_proto="http")
    ask("/", x_forwarded_proto="https")
    assert [e["HTTP_X_FORWARDED_PROTO"] for e in site.asked] == ["http", "http"]


def test_parameters_count_in_one_order_and_unknown_ones_not_at_all(ask, site):
    for address in (
        "/suche/?q=olp&ab=20",
        "/suche/?ab=20&q=olp",
        "/suche/?utm=x&q=vlsc&ab=20&q=olp",
        "/suche/?q=%6Flp&ab=20",
    ):
        ask(address)
    for address in ("/glossar/", "/glossar/?a=1", "/glossar/?q=olp"):
        ask(address)
    for address in ("/thema/suche/?seite=2", "/thema/suche/?q=olp&seite=2", "/sitemap/tags.xml?p=2&seite=1"):
        ask(address)
    assert [e["QUERY_STRING"] for e in site.asked] == ["q=olp&ab=20", "", "seite=2", "p=2"]


def test_every_parameter_a_page_reads_reaches_it():
    read = {
        name
        for module in Path(settings.BASE_DIR, "faq/public").glob("*.py")
        for name in re.findall(r"""request\.GET\.get\(["'](\w+)|["'](\w+)["'] in request\.GET""", module.read_text())
        for name in name
        if name
    }
    tables = (rules.PARAMETERS, rules.PARAMETERS_BELOW)
    assert read - {name for table in tables for names in table.values() for name in names} == set()
    assert "q" in read


@pytest.mark.parametrize(("accepted", "encoding", "decode"), [
    ("", None, bytes), ("gzip, deflate, br, zstd", "br", brotli.decompress), ("gzip, br;q=0", "gzip", gzip.decompress),
    ("gzip", "gzip", gzip.decompress), ("identity", None, bytes),
])  # fmt: skip
def test_each_reader_gets_the_smallest_encoding_they_take(ask, accepted, encoding, decode):
    for _ in range(3):
        _, headers, body = ask("/", accept_encoding=accepted)
        assert headers.get("Content-Encoding") == encoding
        assert headers["Content-Length"] == str(len(body))
        assert decode(body) == PAGE


def test_who_has_the_page_is_told_so(ask, site):
    tag = ask("/")[1]["ETag"]
    for known in (tag, f'"other", {tag}', "*"):
        status, headers, body = ask("/", if_none_match=known)
        assert (status, body, headers["ETag"]) == ("304 Not Modified", b"", tag)
    assert ask("/", if_none_match='"other"')[2] == PAGE
    site.change()
    assert ask("/", if_none_match=tag)[0] == "304 Not Modified"  # the same page again
    site.change()
    site.body = b"neu"
    assert ask("/", if_none_match=tag)[2] == b"neu"


def test_head_has_the_headers_of_the_page(ask, site):
    status, headers, body = ask("/", method="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert headers["Content-Length"] == str(len(PAGE))
    assert headers == ask("/")[1]
    assert len(site.asked) == 1


def test_a_page_holds_until_the_moment_at_which_it_changes_by_itself(ask, site):
    site.change_at = timezone.now() + timedelta(seconds=0.3)
    ask("/")
    ask("/")
    assert len(site.asked) == 1
    time.sleep(0.3)
    site.change_at = None
    ask("/")
    ask("/")
    assert len(site.asked) == 2


def test_one_makes_a_page_and_the_others_wait_for_it(ask, site):
    site.takes = 0.3
    for makings in (1, 2):
        with ThreadPoolExecutor(12) as readers:
            assert list(readers.map(lambda path: ask(path)[2], ["/"] * 12)) == [PAGE] * 12
        assert len(site.asked) == makings
        site.change()


def test_a_search_from_the_cache_is_counted_too(ask, site, monkeypatch):
    counted = []
    monkeypatch.setattr(search_counts, "count", lambda *searched: counted.append(searched))
    site.searched = ("olp", "found")
    for _ in range(3):
        ask("/suche/?q=olp")
    assert counted == [("olp", "found")] * 2  # the first one counted itself


# When the database is gone


def lose_database(site):
    site.file.rename(site.file.with_suffix(".away"))
    time.sleep(revision.LOOKS)


def test_pages_that_stay_right_last_over_a_quiet_weekend(ask, site, clock):
    ask("/")
    for _ in range(60):
        clock.append(3600)
        ask("/readyz")  # somebody watches the server
    lose_database(site)
    assert ask("/")[::2] == ("200 OK", PAGE)


def test_after_a_day_a_page_is_no_longer_shown(ask, site, clock):
    ask("/")
    lose_database(site)
    clock.append(24 * 3600 - 10)
    assert ask("/")[::2] == ("200 OK", PAGE)
    clock.append(20)
    assert ask("/")[0] == "503 Service Unavailable"


def test_what_was_withdrawn_does_not_come_back(ask, site):
    assert ask("/seite/")[0] == "200 OK"
    site.change()
    site.status = "404 Not Found"
    ask("/seite/")
    lose_database(site)
    assert ask("/seite/")[0] == "404 Not Found"


def test_a_database_that_is_emptied_is_one_that_is_gone(ask, site):
    ask("/")
    site.file.write_bytes(b"")
    status, headers, body = ask("/")
    assert (status, body) == ("200 OK", PAGE)
    assert headers["Warning"].startswith("111")
    assert site.file.read_bytes() == b""


def test_a_page_says_how_long_ago_it_was_right_if_it_changes_by_itself(ask, site, clock):
    site.change_at = timezone.now() + timedelta(minutes=10)
    ask("/")
    clock.append(7200)
    site.change_at = None
    ask("/andere/")
    lose_database(site)
    assert 6600 <= int(ask("/")[1]["Age"]) <= 6610
    assert int(ask("/andere/")[1]["Age"]) <= 10


def test_a_replaced_database_is_noticed_though_its_revision_is_the_same(ask, site):
    ask("/")
    other = site.file.with_name("other")
    site.make_database(other)
    other.replace(site.file)
    time.sleep(revision.LOOKS)
    site.body = b"aus der anderen"
    assert ask("/")[2] == b"aus der anderen"


def response(path, query="", body=b"x" * 1000):
    return Response(rules.Key(path, query), "200 OK", [("Content-Type", "text/html")], body)


def test_memory_is_bounded_and_no_number_of_searches_pushes_a_page_out():
    memory = Memory(4 * 2**20)
    pages = [response(f"/faq/{number}/") for number in range(500)]
    for page in pages:
        memory.put(page, page=True)
    for number in range(100_000):
        memory.put(response("/suche/", f"q={number}"), page=False)
    assert all(memory.get(page.key) is page for page in pages)
    assert memory.size <= 4 * 2**20
    assert memory.get(rules.Key("/suche/", "q=99999"))
    assert memory.get(rules.Key("/suche/", "q=0")) is None


@pytest.mark.parametrize(
    ("path", "location", "is_page"),
    [
        ("/faq/alt/", "/faq/neu/", True),
        ("/faq/neu", "/faq/neu/", False),
        ("/faq/NEU/", "/faq/neu/", False),
    ],
)
def test_an_address_that_anybody_makes_up_is_none_of_the_pages_that_stay(path, location, is_page):
    response = Response(rules.Key(path, ""), "301 Moved Permanently", [("Location", location)], b"")
    assert rules.is_page(response) == is_page


def test_what_is_counted_holds_the_encodings_that_will_be_made():
    page = response("/", body="".join(path.read_text() for path in settings.CONTENT_DIR.rglob("*.md")).encode())
    counted = page.size
    sent = [page.encoded(encoding)[1] for encoding in ("br", "gzip", "")]
    assert sum(map(len, sent)) <= counted == page.size


def test_the_pages_that_were_asked_for_last_stay():
    memory = Memory(2**20)
    for number in range(1000):
        memory.put(response(f"/{number}/"), page=True)
        memory.get(rules.Key("/0/", ""))
    memory.put(response("/riesig/", body=b"x" * 2**20), page=True)
    assert memory.get(rules.Key("/0/", ""))
    assert memory.get(rules.Key("/999/", ""))
    assert memory.get(rules.Key("/1/", "")) is None
    assert memory.get(rules.Key("/riesig/", "")) is None


@pytest.mark.parametrize("field", ["publish_at", "expire_at"])
def test_the_next_change_is_that_of_the_next_entry_that_begins_or_ends(db, field):
    now = timezone.now().replace(microsecond=0)
    assert cache.state()[1] == float("inf")
    for hours in (-1, 3, 2):
        make_entry(f"frage-{hours + 2}", **{field: now + timedelta(hours=hours)})
    make_entry("entwurf", status="draft", **{field: now + timedelta(hours=1)})
    assert cache.state()[1] == (now + timedelta(hours=2)).timestamp()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["begins", "ends"])
def test_a_notice_that_begins_or_ends_changes_pages_by_itself(field):
    now = timezone.now()
    for hours in (-1, 3, 1):
        store(Notice(slug=f"in-{hours}", text="x", **{field: now + timedelta(hours=hours)}))
    assert cache.state()[1] == (now + timedelta(hours=1)).timestamp()
