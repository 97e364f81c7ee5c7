"""A portal whose database is gone: what readers saw before stays, the rest says so, and all is well again without a restart."""

import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from helpdesk.page_cache.revision import LOOKS
from tests import running
from tests.helpdesk.test_fresh import SESSION, SET

VISITED = (
    "/", "/allgemein/", "/vlsc/", "/bestellprozess/", "/alles/", "/faq/stornierung/", "/faq/bestellvorgang-olp/",
    "/faq/stornierung.md", "/glossar/", "/vor-mir/", "/thema/", "/vergleich/", "/datenschutz/", "/sitemap.xml", "/feed.xml", "/suche/",
    "/faq/bestellvorgang-olp/handzettel/",
)  # fmt: skip
ASKING = (
    "/suche/?q=stornierung",
    "/suche.json?q=stornierung",
    "/suche/vorschlaege/?q=storn",
    "/suche/feld.json?q=storn",
    "/admin/",
    "/konto/login/",
)


def visit(portal):
    """Read the pages, from every worker; returns them by their address."""
    seen = {path: portal.seen_by_all(path) for path in VISITED}
    for path in ASKING:
        portal.get(path)
    return seen


def assert_degraded(portal, seen):
    """Every page that was visited is served by every worker, and says that it may be old; the rest says what is wrong."""
    time.sleep(LOOKS)
    for path, body in list(seen.items()) * 4:
        answer = portal.get(path)
        assert (answer.status, answer.body) == (200, body), path
        assert answer.headers["Warning"].startswith("111")
        assert 0 <= int(answer.headers["Age"]) < 3600
    for path in (*ASKING, "/faq/nie-gesehen/"):
        answer = portal.get(path)
        assert answer.status == 503, path
        assert int(answer.headers["Retry-After"]) > 0
        assert "Wir erreichen unsere Datenbank nicht" in answer.body.decode()
        assert "Content-Security-Policy" in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert portal.get("/healthz").status == 200
    began = time.monotonic()
    answer = portal.get("/readyz")
    assert (answer.status, answer.body) == (503, b"database: unavailable\n")
    assert time.monotonic() - began < 2


def assert_well(portal, seen):
    portal.wait_for(lambda: all(portal.get("/readyz").status == 200 for _ in range(8)))

    def served_as_ever():
        """By every worker: each looks for itself, and the one that is well may have been asked all eight times."""
        answers = [portal.get(path) for path in list(seen) * 4]
        return all(answer.status == 200 and "Warning" not in answer.headers for answer in answers)

    portal.wait_for(served_as_ever)
    assert portal.get("/suche/?q=stornierung").status == 200
    assert portal.get("/konto/login/").status == 200
    portal.edit(SET.format(body="Stand 1."))
    portal.wait_for(lambda: "Stand 1." in portal.text("/faq/stornierung/"))  # on PostgreSQL: within a second


def test_the_file_of_the_database_is_moved_away_and_back(portal_in):
    portal = portal_in()
    seen = visit(portal)
    aside = portal.database.with_name("aside")
    portal.database.rename(aside)
    assert_degraded(portal, seen)
    said = (portal.folder / "server.log").read_text()
    assert 1 <= said.count("Die Datenbank ist nicht erreichbar") <= 2  # once in each worker, not once for each reader
    assert "stornierung" not in said  # what they searched is nobody's business
    aside.rename(portal.database)
    assert_well(portal, seen)


def test_another_file_takes_its_place(portal_in, prepared):
    portal = portal_in()
    seen = visit(portal)
    portal.edit(SET.format(body="Stand 7."))
    assert "Stand 7." in portal.text("/faq/stornierung/")
    portal.database.unlink()
    assert_degraded(portal, {path: body for path, body in seen.items() if path in ("/glossar/", "/vlsc/")})
    for end in ("-wal", "-shm"):
        portal.database.with_name(portal.database.name + end).unlink(missing_ok=True)
    restored = portal.database.with_name("restored")
    shutil.copy(prepared / portal.database.name, restored)
    restored.rename(portal.database)
    time.sleep(LOOKS)
    for _ in range(8):
        assert portal.get("/faq/stornierung/").body == seen["/faq/stornierung/"]
        assert portal.get("/readyz").status == 200


def test_a_portal_starts_without_its_database_and_is_well_once_it_is_there(portal_in):
    portal = portal_in()
    seen = visit(portal)
    portal.stop()
    aside = portal.database.with_name("aside")
    portal.database.rename(aside)
    portal.start(ready=False)
    assert_degraded(portal, {})
    portal.stop()  # what it counted would be written now
    assert not portal.database.exists()  # nothing has begun a new one in its place
    portal.start(ready=False)
    aside.rename(portal.database)
    assert_well(portal, seen)


def test_a_disk_that_is_full(portal_in):
    portal = portal_in()
    cookie = f"sessionid={portal.edit(SESSION)}"
    seen = visit(portal)
    for pid in portal.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    for path in (*seen, "/faq/vlsc-zugriff/", "/suche/?q=keys"):  # reading needs no room
        assert portal.get(path).status == 200
    refused = log_out(portal, cookie)
    assert refused.status == 503
    assert "Nichts wurde gesichert" in refused.body.decode()
    for pid in portal.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert log_out(portal, cookie).status == 200
    assert_well(portal, seen)


@pytest.fixture
def can_only_read():
    """Take the right to write from everything in a portal's folder, and from root its power to write all the same."""
    modes = {}

    def take(portal):
        portal.prefix = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
        modes.update((file, file.stat().st_mode) for file in [portal.folder, *portal.folder.rglob("*")])
        for file, mode in modes.items():
            file.chmod(mode & 0o555 if file.name != "server.log" else mode)

    def give_back():
        for file, mode in modes.items():
            file.chmod(mode)

    take.give_back = give_back
    yield take
    give_back()


def test_a_disk_that_can_only_be_read(portal_in, can_only_read):
    portal = portal_in()
    seen = visit(portal)
    portal.stop()
    with closing(sqlite3.connect(portal.database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA journal_mode = WAL")  # as after a backup: without the files beside it
    can_only_read(portal)
    portal.start(ready=False)
    assert_degraded(portal, {})
    can_only_read.give_back()
    assert_well(portal, seen)


def test_reading_goes_on_where_nothing_can_be_written_any_more(portal_in, can_only_read):
    portal = portal_in(METRICS_TOKEN="geheim-0123456789")
    cookie = f"sessionid={portal.edit(SESSION)}"
    seen = visit(portal)
    # Somebody else keeps the database open, so the files of the WAL stay when the server ends.
    keeper = sqlite3.connect(portal.database)
    keeper.execute("SELECT count(*) FROM faq_entry").fetchone()
    portal.stop()
    can_only_read(portal)
    portal.start()
    for path in (*seen, "/faq/vlsc-zugriff/", "/suche/?q=keys"):
        answer = portal.get(path)
        assert (answer.status, answer.headers["Warning"]) == (200, None)
    assert log_out(portal, cookie).status == 503
    keeper.close()


def log_out(portal, cookie):
    """Something an editor does that is written down."""
    token = "x" * 32
    return portal.get("/admin/logout/", method="POST", Cookie=f"csrftoken={token}; {cookie}", X_CSRFToken=token)


class Proxy:
    """What stands between the portal and PostgreSQL, and can be cut."""

    def __init__(self, host, port):
        self.target, self.pairs, self.hangs = (host, port), [], False
        self.port = running.free_port()
        self.listen()

    def listen(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def _accept(self, server):
        with suppress(OSError):
            while True:
                inside, _ = server.accept()
                outside = None if self.hangs else socket.create_connection(self.target)
                self.pairs.append((inside, outside))
                if outside:
                    for one, other in ((inside, outside), (outside, inside)):
                        threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one, other):
        with suppress(OSError):
            while data := one.recv(65536):
                if not self.hangs:
                    other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for pair in self.pairs:
            for one in filter(None, pair):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self.pairs = []


@pytest.fixture
def proxy(prepared_postgres_url):
    address = urlsplit(prepared_postgres_url)
    proxy = Proxy(address.hostname, address.port or 5432)
    proxy.url = prepared_postgres_url.replace(
        address.netloc, f"{address.username}:{address.password}@127.0.0.1:{proxy.port}"
    )
    yield proxy
    proxy.cut()


@pytest.fixture
def on_postgres(portal_in, proxy):
    return portal_in(DATABASE_URL=proxy.url)


def test_postgresql_is_stopped_and_started_again(on_postgres, proxy):
    portal = on_postgres
    seen = visit(portal)
    proxy.cut()
    time.sleep(1)  # as long as an answer holds
    assert_degraded(portal, seen)
    proxy.listen()
    assert_well(portal, seen)


def test_a_statement_that_takes_too_long_is_given_up(portal_in, proxy, prepared_postgres_url):
    portal = portal_in(DATABASE_URL=proxy.url, PGOPTIONS="-c statement_timeout=500ms")
    seen = portal.seen_by_all("/vlsc/")
    with psycopg.connect(prepared_postgres_url) as connection:
        connection.execute("LOCK TABLE faq_entry, faq_revision")
        time.sleep(1)  # as long as an answer holds
        assert_degraded(portal, {"/vlsc/": seen})
    assert_well(portal, ["/vlsc/"])


def test_a_server_gives_up_a_statement_after_a_time_and_a_command_does_not(on_postgres):
    asked = "from django.db import connection; cursor = connection.cursor(); cursor.execute('SHOW statement_timeout');"
    assert on_postgres.edit(f"{asked} result = cursor.fetchone()[0]") == "0"
    for pid in on_postgres.workers():
        assert b"PGOPTIONS=-c statement_timeout=20s -c lock_timeout=5s" in Path(f"/proc/{pid}/environ").read_bytes()


def test_postgresql_whose_machine_takes_connections_and_says_nothing_is_given_up(on_postgres, proxy):
    portal = on_postgres
    seen = visit(portal)
    proxy.hangs = True
    proxy.cut()
    proxy.listen()
    time.sleep(1)  # as long as an answer holds
    began = time.monotonic()
    answer = portal.get("/vlsc/")
    assert (answer.status, answer.body) == (200, seen["/vlsc/"])
    assert answer.headers["Warning"].startswith("111")
    assert time.monotonic() - began < 5
    proxy.hangs = False
    proxy.cut()
    proxy.listen()
    assert_well(portal, seen)


def test_nobody_notices_that_the_connections_to_postgresql_were_cut_while_nobody_asked(on_postgres, proxy):
    for number in range(24):
        if number % 8 == 0:
            time.sleep(1)  # as long as an answer holds
        for path in (f"/suche/?q=storno+{number}", "/faq/stornierung/", "/konto/login/"):
            answer = on_postgres.get(path)
            assert (answer.status, answer.headers.get("Warning")) == (200, None), path
        if number % 8 == 7:  # by now every worker has asked
            proxy.cut()
            proxy.listen()


def test_on_postgresql_a_save_is_seen_within_a_second(on_postgres):
    for number in range(5):
        on_postgres.edit(SET.format(body=f"Stand {number}."))
        time.sleep(1)
        for _ in range(8):
            assert f"Stand {number}." in on_postgres.text("/faq/stornierung/")


def test_make_run_starts_without_postgresql(on_postgres, proxy):
    portal = on_postgres
    seen = visit(portal)
    portal.stop()
    proxy.cut()
    server = subprocess.Popen(
        [sys.executable, "-m", "helpdesk.start"],
        cwd=running.ROOT,
        env=portal.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    portal.take(server)
    portal.wait_for(lambda: portal.get("/healthz").status == 200)
    assert_degraded(portal, {})
    proxy.listen()
    assert_well(portal, seen)
    portal.stop()
    assert "Die Datenbank ist nicht erreichbar" in server.stderr.read()
    server.stderr.close()
