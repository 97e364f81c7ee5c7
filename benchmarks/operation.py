"""What do readers notice of operation? Reloads, a rolling upgrade and backups: `operation [NUMBER]`, 10 of each unless told, 50 for all.

Readers ask without a pause, each request on a connection of its own: of one server by itself, and of nginx in front of two on
PostgreSQL. The upgrade goes from the release named in PREVIOUS, with its database, to this one, over both servers. Backups are
made while two others save without a pause; each is restored elsewhere and must hold what was acknowledged before it began.
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

from benchmarks.portal import DATABASES, UNLIMITED, filled_portal, new_portal, print_row, print_table, served_portal
from benchmarks.saving import Saving, look, search_differs
from tests import running
from tests.behind_nginx import NAME, Nginx
from tests.postgres import empty_postgres

PREVIOUS = "df6dacd"
NUMBER, READERS, ENTRIES = 10, 4, 60
SAVED = ("eintrag-0", "eintrag-1")
PAGES = ("/", "/alles/", "/faq/stornierung/", "/faq/bestellvorgang-olp/", "/suche/?q=storno", "/suche.json?q=vlsc", "/konto/login/")  # fmt: skip


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

    def failed(self):
        return {what: number for what, number in self.answers.items() if what != 200}


def reloaded(portal, number):
    """Reload so many times; each until new workers answer."""
    for _ in range(number):
        before = set(portal.workers())
        portal.signal(signal.SIGHUP)
        portal.wait_for(lambda before=before: len(portal.workers()) == 2 and not before & set(portal.workers()))


def one_server(number):
    with (
        served_portal() as portal,
        Readers(lambda: http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)) as readers,
    ):
        reloaded(portal, number)
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
        env = UNLIMITED | {"DATABASE_URL": url, "PUBLIC_URL": nginx.origin, "TRUSTED_PROXIES": "1"}
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
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=portal.root, env=portal.env, check=True, stdout=subprocess.DEVNULL)


def behind_nginx(number):
    with two_servers() as (portals, connect), Readers(connect, PAGES[:4] + PAGES[-1:]) as readers:
        for portal in portals:
            reloaded(portal, number // 2)
    return readers


def upgraded():
    """From the previous release to this one: its database is brought up to date, then one server after the other."""
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
    return readers


def backed_up(database, number):
    """How many backups, restored elsewhere, are not as they must be."""
    wrong = 0
    with filled_portal(ENTRIES, database) as (portal, _):
        for run in range(number):
            editors = {slug: Saving(portal.env, slug, first=run * 1000) for slug in SAVED}
            before = {slug: saving.last() for slug, saving in editors.items()}
            running.manage(portal.env, "backup", portal.folder / "sicherung")
            for saving in editors.values():
                saving.kill()
            file = max((portal.folder / "sicherung").iterdir(), key=lambda path: path.stat().st_mtime_ns)
            with new_portal(database) as other:
                running.manage(other.env, "restore", file)
                stored = {slug: look(other.env, slug) for slug in SAVED}
                whole = all(found.whole and found.number >= before[slug] for slug, found in stored.items())
                wrong += not whole or search_differs(other.env)
    return wrong


def rows(number):
    """The rows of the table, each as soon as it is known."""
    for what, measure in (
        (f"one server, {number} reloads", lambda: one_server(number)),
        (f"two servers behind nginx, {number} reloads", lambda: behind_nginx(number)),
        (f"two servers behind nginx, a rolling upgrade from {PREVIOUS} with its migrations", upgraded),
    ):
        readers = measure()
        yield [what, f"{readers.answers.total():,} requests", readers.failed() or 0]
    for database in DATABASES:
        yield [f"backups under writes, restored, {database}", number, backed_up(database, number)]


def main(number=str(NUMBER)):
    wrong = False
    print_table(["what", "of", "failed or wrong"], [])
    for row in rows(int(number)):
        print_row(row)
        wrong = wrong or bool(row[-1])
    sys.exit(wrong)


if __name__ == "__main__":
    main(*sys.argv[1:])
