"""Reloads under load, and a rolling upgrade: how many requests failed (`reloads [NUMBER]`, 50 unless told).

Readers ask without a pause, each request on a connection of its own: of one server by itself, and of nginx in front of two on
PostgreSQL. The upgrade goes from the release named in PREVIOUS, with its database, to this one, over both servers.
"""

import gzip
import http.client
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import psycopg

from tests import running
from tests.behind_nginx import NAME, Nginx
from tests.postgres import empty_postgres

PREVIOUS = "df6dacd"
READERS = 4
PAGES = (
    "/",
    "/alles/",
    "/faq/stornierung/",
    "/faq/bestellvorgang-olp/",
    "/suche/?q=storno",
    "/suche.json?q=vlsc",
    "/konto/login/",
)


class Readers:
    """Ask as long as they are in use; `answers` counts what came."""

    def __init__(self, connect, pages=PAGES):
        self.connect, self.pages, self.answers, self.ended = connect, pages, Counter(), threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def read(self):
        for path in cycle(self.pages):
            if self.ended.is_set():
                return
            connection = self.connect()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                self.answers[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self.answers[type(error).__name__] += 1
            finally:
                connection.close()
            time.sleep(0.01)

    def said(self):
        failed = self.answers.total() - self.answers[200]
        return f"{self.answers.total()} requests, {failed} failed{f' {dict(self.answers)}' if failed else ''}"


def reloaded(portal, number):
    """Reload so many times; each until new workers answer."""
    for _ in range(number):
        before = set(portal.workers())
        portal.signal(signal.SIGHUP)
        portal.wait_for(lambda before=before: len(portal.workers()) == 2 and not before & set(portal.workers()))


def one_server(number):
    with tempfile.TemporaryDirectory(prefix="portal-measure-") as folder:
        portal = running.Portal(folder, SEARCHES_PER_MINUTE="1000000")
        running.manage(portal.env, "prepare")
        portal.start()
        try:
            with Readers(lambda: http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)) as readers:
                reloaded(portal, number)
        finally:
            portal.stop()
    print(f"one server, {number} reloads: {readers.said()}", flush=True)
    return readers


@contextmanager
def two_servers(root=running.ROOT, dump=None):
    """nginx and two portals on one PostgreSQL, which may begin as a dump; where their code lies."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-measure-")))
        url = stack.enter_context(empty_postgres())
        if dump:
            with psycopg.connect(url) as connection:
                connection.execute(gzip.decompress(dump.read_bytes()))
        nginx = Nginx(folder / "nginx")
        env = {
            "DATABASE_URL": url,
            "PUBLIC_URL": nginx.origin,
            "TRUSTED_PROXIES": "1",
            "SEARCHES_PER_MINUTE": "1000000",
        }
        portals = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            portal = running.Portal(folder / name, **env)
            portals.append(moved(portal, root))
            stack.callback(portal.stop)
            prepare(portal)
            portal.start()
        stack.callback(nginx.stop)
        nginx.start([portal.port for portal in portals])
        tls = ssl.create_default_context(cafile=str(nginx.ca_file))
        yield portals, lambda: http.client.HTTPSConnection(NAME, nginx.port, timeout=60, context=tls)


def moved(portal, root):
    """The portal, served from other code from its next start on."""
    portal.root = root
    portal.env["PYTHONPATH"] = str(root)
    return portal


def prepare(portal):
    subprocess.run(
        [sys.executable, "manage.py", "prepare"], cwd=portal.root, env=portal.env, check=True, stdout=subprocess.DEVNULL
    )


def behind_nginx(number):
    with two_servers() as (portals, connect), Readers(connect, PAGES[:4] + PAGES[-1:]) as readers:
        for portal in portals:
            reloaded(portal, number // 2)
    print(f"two servers behind nginx, {number} reloads: {readers.said()}", flush=True)
    return readers


def upgraded():
    """From the previous release to this one, as README says: one server after the other; its database is brought up to date first."""
    with tempfile.TemporaryDirectory(prefix="portal-previous-") as folder:
        git = ["git", "-C", str(running.ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", folder, PREVIOUS], check=True)
        try:
            dump = running.ROOT / f"tests/data/{PREVIOUS}.postgres.sql.gz"
            with two_servers(Path(folder), dump) as (portals, connect), Readers(connect, PAGES[:4]) as readers:
                time.sleep(3)
                for portal in portals:
                    portal.stop()
                    prepare(moved(portal, running.ROOT))
                    portal.start()
                    time.sleep(3)
        finally:
            subprocess.run([*git, "remove", "--force", folder], check=True)
    print(f"a rolling upgrade from {PREVIOUS} with its migrations: {readers.said()}", flush=True)
    return readers


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    done = [one_server(number), behind_nginx(number), upgraded()]
    sys.exit(any(readers.answers.total() != readers.answers[200] for readers in done))


if __name__ == "__main__":
    main()
