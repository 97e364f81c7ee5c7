"""Mixed load: readers, searches, and an editor who saves each second, for some minutes (`load [MINUTES [postgres]]`, 10 on
SQLite unless told).

What goes wrong is counted: answers that are not what they should be, and pages that are older than a save that was
acknowledged before they were asked for; on PostgreSQL, a second before. Memory is that of the largest worker, each minute.
"""

import contextlib
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from urllib.parse import urlencode

from tests import running
from tests.postgres import empty_postgres

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

    def memory(self):
        return max(running.memory(pid) for pid in self.portal.workers())


def search(rng):
    return "/suche/?" + urlencode({"q": f"{' '.join(rng.sample(WORDS, 2))} {rng.randrange(1000)}"})


def run(portal, minutes, allowed):
    """`allowed`: how many seconds after a save its page may still be an old one."""
    load = Load(portal)
    asked = [lambda rng: rng.choice(PAGES)] * READERS + [search] * SEARCHERS
    threads = [threading.Thread(target=load.ask, args=(path_of,)) for path_of in asked]
    hammer = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.hammer", str(portal.port), "/faq/stornierung/"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for thread in threads:
        thread.start()
    memory, saves, end = [], 0, time.monotonic() + minutes * 60
    while time.monotonic() < end:
        began = time.monotonic()
        portal.edit(SAVE.format(number=saves))
        time.sleep(allowed)
        hammer.stdin.write(f"{saves}\n")
        hammer.stdin.flush()
        saves += 1
        if saves % 60 == 0:
            memory.append(load.memory())
        time.sleep(max(0, 1 - (time.monotonic() - began)))
    load.ended.set()
    for thread in threads:
        thread.join()
    seen = json.loads(hammer.communicate()[0])
    errors = {what: count for what, count in load.answers.items() if what != "right"}
    print(f"{minutes} minutes: {load.answers['right'] + seen['read']} answers, {saves} saves, errors: {errors or 0}")
    print(f"old pages {allowed} s after a save was acknowledged: {seen['old']} of {seen['read']}")
    print("MB of the largest worker, each minute: " + ", ".join(f"{value:.0f}" for value in [*memory, load.memory()]))
    return not errors and not seen["old"]


def main(minutes="10", database="sqlite"):
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        its_own = {"DATABASE_URL": stack.enter_context(empty_postgres())} if database == "postgres" else {}
        running.manage(running.environment(folder, **its_own), "prepare")
        portal = running.Portal(folder, SEARCHES_PER_MINUTE="1000000", **its_own).start()
        try:
            right = run(portal, float(minutes), allowed=1 if its_own else 0)
        finally:
            portal.stop()
    sys.exit(not right)


if __name__ == "__main__":
    main(*sys.argv[1:])
