"""Writers and readers at once on SQLite, through a running portal: whether anybody is ever told that the database is locked.

Writers save as the admin does, each in a process of its own beside the server and without any pause; between two saves each also
notes something outside of a transaction, as a login does. Readers ask for pages that the store must make anew after each save.
"""

import http.client
import subprocess
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path

from tests import running

WRITERS, READERS, SECONDS = 4, 8, 60
PAGES = (
    "/", "/alles/", "/bestellprozess/", "/faq/stornierung/", "/faq/bestellvorgang-olp/", "/suche/?q=stornierung", "/suche.json?q=vlsc",
    "/glossar/", "/feed.xml",
)  # fmt: skip
WRITE = """
import sys, time
import django
django.setup()
from django.contrib.auth.models import User
from django.utils import timezone
from faq.models import Entry
from tests.factories import edit
slug, end = sys.argv[1], time.time() + float(sys.argv[2])
saved = locked = 0
slowest = 0.0
while time.time() < end:
    begun = time.perf_counter()
    try:
        edit(Entry.objects.get(slug=slug), body=f"Stand {saved}.")
        User.objects.update(last_login=timezone.now())
        saved += 1
    except Exception as error:
        locked += 1
        print(error, file=sys.stderr)
    slowest = max(slowest, time.perf_counter() - begun)
print(saved, locked, slowest)
"""


class Reader(threading.Thread):
    def __init__(self, port, offset, end):
        super().__init__()
        self.port, self.offset, self.end = port, offset, end
        self.times, self.failed = [], 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        pages = cycle(PAGES[self.offset :] + PAGES[: self.offset])
        while time.time() < self.end:
            begun = time.perf_counter()
            try:
                connection.request("GET", next(pages))
                answer = connection.getresponse()
                answer.read()
                self.failed += answer.status != 200
            except (OSError, http.client.HTTPException):
                self.failed += 1
                connection.close()
            self.times.append(time.perf_counter() - begun)


def main():
    with tempfile.TemporaryDirectory(prefix="portal-measure-") as folder:
        portal = running.Portal(folder, SEARCHES_PER_MINUTE="1000000")
        running.manage(portal.env, "prepare")
        portal.start()
        try:
            measure(portal)
        finally:
            portal.stop()


def measure(portal):
    slugs = ("stornierung", "mindestanzahl", "vlsc-zugriff", "spezielle-gruppen")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, slug, str(SECONDS)], env=portal.env, stdout=subprocess.PIPE, text=True
        )
        for slug in slugs[:WRITERS]
    ]
    readers = [Reader(portal.port, number, time.time() + SECONDS) for number in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    wrote = [writer.communicate()[0].split() for writer in writers]
    saved, locked = (sum(int(said[place]) for said in wrote) for place in (0, 1))
    times = sorted(seconds for reader in readers for seconds in reader.times)
    failed = sum(reader.failed for reader in readers)
    said = Path(portal.folder, "server.log").read_text()
    locked += said.count("database is locked")
    print(
        f"{WRITERS} writers, {READERS} readers, {SECONDS} s: {saved} saves, {len(times)} pages; “database is locked”: {locked}, "
        f"failed requests: {failed}; readers' p50 {times[len(times) // 2] * 1000:.0f} ms, "
        f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms; slowest save {max(float(row[2]) for row in wrote):.1f} s"
    )
    sys.exit(bool(locked or failed))


if __name__ == "__main__":
    main()
