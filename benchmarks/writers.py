"""Do editors get in each other's way? `writers [ROUNDS]`, 40 unless told, 200 for all; on SQLite and on PostgreSQL.

Two at once, rounds of random pairs of what one can do in the admin: does anything deadlock, fail, get lost, or leave the search
out of step? Then one alone, and a look at the search after each change. Then four who save without a pause beside readers who
ask for what must be made anew each time: how long the slowest save takes.
"""

import random
import re
import subprocess
import sys
import threading
import time
from itertools import cycle

from benchmarks.portal import DATABASES, new_portal, print_table
from tests import running
from tests.editors import Editors, Ways

ROUNDS = 40
CHANGES = 2.5  # of one editor, for each round
READERS, SECONDS = 8, 30
WRITERS = 4
PAGES = (
    "/", "/alles/", "/bestellprozess/", "/faq/stornierung/", "/faq/bestellvorgang-olp/", "/suche/?q=stornierung", "/suche.json?q=vlsc",
    "/glossar/", "/feed.xml",
)  # fmt: skip
# Saves as the admin does, and between two saves notes something outside of a transaction, as a login does.
SAVE = """
import sys, time
import django
django.setup()
from django.contrib.auth.models import User
from django.utils import timezone
from faq.models import Entry
from tests.factories import edit
slug, end, times = sys.argv[1], time.time() + float(sys.argv[2]), []
while time.time() < end:
    begun = time.perf_counter()
    edit(Entry.objects.get(slug=slug), body=f"Stand {len(times)}.")
    User.objects.update(last_login=timezone.now())
    times.append(time.perf_counter() - begun)
print(len(times), max(times))
"""
AGREES = """
from faq import search
from faq.editing.search_index import search_documents
result = search.check(search_documents())
"""
# The rounds before may have deleted or renamed some.
QUESTIONS = """
result = list(Entry.objects.exclude(kind=Entry.WALKTHROUGH).values_list("slug", flat=True))
"""
LOOK = """
result = {entry.slug: entry.body for entry in Entry.objects.all()}
"""


def rounds(portal, number, seed=1, seconds=float("inf")):
    """Go through so many rounds, or as many as fit in; returns how many there were, and a list of what went wrong."""
    rng, wrong, end = random.Random(seed), [], time.monotonic() + seconds
    editors = Editors(portal.env)
    try:
        for turn in range(number):
            if time.monotonic() > end:
                return turn, wrong
            ways = [(rng.choice(Ways.names()), turn * 10 + editor) for editor in (1, 2)]
            done = editors.at_once(*ways)
            wrong += [f"round {turn}, {ways}: {one}" for one in done if one["status"] in (0, 400, 500, 503)]
            wrong += [f"round {turn}, {ways}: {text} is lost" for text in _lost(portal, done)]
        return number, wrong
    finally:
        editors.close()


def _lost(portal, done):
    """Texts that were said to be saved and are not there, though nobody saved another one."""
    saved = [item for one in done for item in one["saved"].items()]
    stored = portal.edit(LOOK) if saved else {}
    last = {slug: [number for other, number in saved if other == slug] for slug, _ in saved}
    replaced = any(one["way"] in ("publish_copy", "replace_link", "restore", "import") for one in done)
    return [
        f"{slug}: {numbers}"
        for slug, numbers in last.items()
        if not replaced and not any(re.search(rf"\b{number}\b", stored.get(slug, "")) for number in numbers)
    ]


def walk(portal, number, seed=2, seconds=float("inf")):
    """One editor does so many things, and after each the search is looked at; returns how many there were, and what was wrong."""
    rng, wrong, end = random.Random(seed), [], time.monotonic() + seconds
    editors = Editors(portal.env, number=1)
    try:
        for turn in range(number):
            if time.monotonic() > end:
                return turn, wrong
            way = rng.choice(Ways.names())
            (done,) = editors.at_once((way, turn))
            wrong += [f"{turn} {way}: {done}"] if done["status"] in (0, 400, 500, 503) else []
            wrong += [f"{turn} {way}: {differs}" for differs in portal.edit(AGREES)]
        return number, wrong
    finally:
        editors.close()


def search_differs(env):
    command = [sys.executable, running.ROOT / "manage.py", "check_search"]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode != 0


def four_writers(portal):
    """How many saves, the slowest of them in seconds, how many pages meanwhile, and what failed."""
    command, slugs = [sys.executable, "-c", SAVE], portal.edit(QUESTIONS)[:WRITERS]
    writers = [
        subprocess.Popen([*command, slug, str(SECONDS)], env=portal.env, stdout=subprocess.PIPE, text=True)
        for slug in slugs
    ]
    read, failed, end = [], [], time.monotonic() + SECONDS

    def ask(offset):
        pages = cycle(PAGES[offset:] + PAGES[:offset])
        while time.monotonic() < end:
            status = portal.get(next(pages)).status
            (read if status == 200 else failed).append(status)

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    wrote = [writer.communicate()[0].split() for writer in writers]
    failed += [writer.args for writer in writers if writer.returncode]
    saves = [(int(number), float(slowest)) for number, slowest in filter(None, wrote)]
    return sum(number for number, _ in saves), max(slowest for _, slowest in saves), len(read), failed


def main(number=str(ROUNDS)):
    rows, failed = [], []
    for database in DATABASES:
        with new_portal(database) as portal:
            running.manage(portal.env, "prepare")
            done, wrong = rounds(portal, int(number))
            differs = ["the search is out of step"] if search_differs(portal.env) else []
            changes, strayed = walk(portal, int(int(number) * CHANGES))
            portal.stop()
            saves, slowest, pages, lost = four_writers(portal.start())
            rows.append(
                [
                    database,
                    done,
                    len(wrong + differs),
                    changes,
                    len(strayed),
                    saves,
                    f"{slowest:.1f} s",
                    pages,
                    len(lost),
                ]
            )
            failed += [*wrong, *differs, *strayed, *lost]
    heading = [
        "database",
        "rounds of two",
        "wrong",
        "changes of one",
        "wrong",
        "saves of four",
        "slowest",
        "pages meanwhile",
        "failed",
    ]
    print_table(heading, rows)
    print("\n".join(map(str, failed[:20])))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
