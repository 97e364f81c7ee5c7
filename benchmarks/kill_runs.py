"""What does a crash leave behind? Imports and saves killed at random moments: `kill_runs [RUNS]`, 10 of each unless told, 100 for all.

On both databases: nothing half-written, nothing acknowledged lost, the search in step.
"""

import random
import re
import subprocess
import sys
import time

from benchmarks.portal import DATABASES, ROOT, filled_portal, print_table
from benchmarks.saving import Saving, count_of, look, search_differs
from tests.running import manage

RUNS, ENTRIES = 10, 60
SLUG = "eintrag-0"
COUNT_TITLES = """
from faq.models import Entry
import re
print(*{re.search(r"Artikel (\\d+)", title)[1] for title in Entry.objects.values_list("title", flat=True)})
"""


def kill_imports(rng, portal, content, runs):
    """How many were finished before, and how many left half of it or the search out of step."""
    command = [sys.executable, ROOT / "manage.py", "import_content", content]
    began = time.perf_counter()
    retitle(content, 999)
    manage(portal.env, "import_content", content)
    duration = time.perf_counter() - began + 0.5
    whole = wrong = 0
    for run in range(runs):
        retitle(content, run + 1000)
        process = subprocess.Popen(command, env=portal.env, stdout=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.3 * duration, duration))
        process.kill()
        process.wait()
        titles = count_of(portal.env, COUNT_TITLES)
        whole += titles == [str(run + 1000)]
        wrong += len(titles) != 1 or search_differs(portal.env)
    return whole, wrong


def retitle(content, number):
    for file in content.glob("*/eintrag-*.md"):
        file.write_text(re.sub(r"Artikel \d+", f"Artikel {number}", file.read_text()))


def kill_saves(rng, portal, runs):
    """How many were acknowledged before, how many of them are lost, and how many left half of it or the search out of step."""
    done = lost = wrong = 0
    for run in range(runs):
        saving = Saving(portal.env, SLUG, first=run * 1000)
        time.sleep(rng.uniform(0.01, 0.3))
        acknowledged = saving.kill()
        done += len(acknowledged)
        stored = look(portal.env, SLUG)
        if acknowledged:
            lost += stored.number < acknowledged[-1]
            wrong += not stored.whole
        wrong += search_differs(portal.env)
    return done, lost, wrong


def main(runs=str(RUNS)):
    rng, rows, failed = random.Random(1), [], 0
    for database in DATABASES:
        with filled_portal(ENTRIES, database) as (portal, content):
            whole, half = kill_imports(rng, portal, content, int(runs))
            done, lost, wrong = kill_saves(rng, portal, int(runs))
            rows.append([database, runs, whole, half, runs, done, lost, wrong])
            failed += half + lost + wrong
    heading = ["database", "imports killed", "finished before", "half-written or search out of step", "saves killed"]
    print_table([*heading, "acknowledged before", "of them lost", "half-written or search out of step"], rows)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
