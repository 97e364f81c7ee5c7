"""Does it hold? Readers, searches, and an editor who saves each second: `load [MINUTES [DATABASE]]`, 2 on each database unless told.

What goes wrong is counted: answers that are not what they should be, and pages that are older than a save that was
acknowledged before they were asked for; on PostgreSQL, a second before.
"""

import http.client
import random
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode

from benchmarks.portal import DATABASES, memory, print_table, served_portal
from tests.running import Watcher

READERS = 6
SEARCHERS = 2
PAGES = (
    "/", "/allgemein/", "/vlsc/", "/bestellprozess/", "/alles/", "/glossar/", "/faq/bestellvorgang-olp/", "/faq/stornierung/",
    "/faq/vlsc-zugriff/", "/faq/mindestanzahl/", "/thema/", "/gibt-es-nicht/",
)  # fmt: skip
WORDS = "bestellen stornieren lizenz office vlsc zugang key verlängern mindestmenge anruf formular kunde".split()
SAVE = """
edit(Entry.objects.get(slug="stornierung"), body="Stand {number}.")
"""


class Load:
    def __init__(self, portal):
        self.portal, self.answers, self.ended = portal, Counter(), threading.Event()

    def ask(self, path_of):
        """Ask for one page after the other until the end, with a breath in between."""
        rng, connection = random.Random(), None
        while not self.ended.is_set():
            path = path_of(rng)
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=30)
                connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
                answer = connection.getresponse()
                answer.read()
                expected = 404 if path == "/gibt-es-nicht/" else 200
                self.answers[
                    "right" if answer.status == expected else f"{path.partition('?')[0]}: {answer.status}"
                ] += 1
            except (OSError, http.client.HTTPException) as error:
                self.answers[f"{path.partition('?')[0]}: {error!r}"] += 1
                connection = None
            time.sleep(rng.uniform(0, 0.01))


def search(rng):
    return "/suche/?" + urlencode({"q": f"{' '.join(rng.sample(WORDS, 2))} {rng.randrange(1000)}"})


def run(portal, minutes, allowed):
    """What came of it, by heading; `allowed`: how many seconds after a save its page may still be an old one."""
    load = Load(portal)
    asked = [lambda rng: rng.choice(PAGES)] * READERS + [search] * SEARCHERS
    threads = [threading.Thread(target=load.ask, args=(path_of,)) for path_of in asked]
    watcher = Watcher(portal, "/faq/stornierung/")
    for thread in (*threads, watcher):
        thread.start()
    held, saves, end = [], 0, time.monotonic() + minutes * 60
    while time.monotonic() < end:
        began = time.monotonic()
        portal.edit(SAVE.format(number=saves))
        time.sleep(allowed)
        watcher.acknowledged = saves
        saves += 1
        held.append(max(memory(pid, "Rss") for pid in portal.workers()))
        time.sleep(max(0, 1 - (time.monotonic() - began)))
    load.ended.set()
    for thread in threads:
        thread.join()
    watcher.end()
    return {
        "minutes": f"{minutes:g}",
        "answers": f"{load.answers['right'] + watcher.read:,}",
        "saves": saves,
        "errors": {what: count for what, count in load.answers.items() if what != "right"} or 0,
        "old pages": watcher.old,
        "of": f"{watcher.read:,}",
        "largest worker after a minute, at the end": f"{held[min(60, len(held) - 1)]:.0f}, {held[-1]:.0f} MB",
    }


def main(minutes="2", *databases):
    found = {}
    for database in databases or DATABASES:
        with served_portal(database) as portal:
            found[database] = run(portal, float(minutes), allowed=1 if database == "postgres" else 0)
    heading = ["database", *next(iter(found.values()))]
    print_table(heading, [[database, *said.values()] for database, said in found.items()])
    sys.exit(any(said["errors"] or said["old pages"] for said in found.values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
