"""Imports and saves killed at random moments, on both databases: nothing partial, nothing acknowledged lost, the search in step."""

import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.portal import ROOT, fresh_portal, manage, write_content

RUNS = 100  # of each kind
ENTRIES = 60

# Saves one entry after the other as the admin does, and says so when each is done.
SAVE = """
import sys
import django
django.setup()
from faq.editing.writing import action, writing
from faq.models import Entry

@action
def save(number):
    with writing(source="admin") as change:
        entry = Entry.objects.get(slug="eintrag-0")
        entry.body = f"Stand {number}"
        entry.save()
        entry.steps.update(title=f"Stand {number}")
        change.record([entry])

first = int(sys.argv[1])
print("ready", flush=True)
for number in range(first, first + 1000):
    save(number)
    print(number, flush=True)
"""
LOOK = """
import django
django.setup()
from faq.models import Entry, Version
entry = Entry.objects.get(slug="eintrag-0")
steps = set(entry.steps.values_list("title", flat=True))
document = Version.objects.filter(entry=entry).first().document
print((entry.body.split() or ["-"])[-1], len(steps), entry.body in document, entry.body in entry.body_html)
"""


def main():
    rng, wrong = random.Random(1), 0
    for database in ("sqlite", "postgres"):
        wrong += kill_imports(rng, database) + kill_saves(rng, database)
    sys.exit(bool(wrong))


def kill_imports(rng, database):
    """Returns how many went wrong; so does the next."""
    partial = out_of_step = whole = 0
    with tempfile.TemporaryDirectory() as content, fresh_portal(database) as env:
        write_content(content, ENTRIES)
        _retitle(content, 999)
        manage(env, "import_content", content)
        duration = _time_of(env, content)
        for run in range(RUNS):
            _retitle(content, run + 1000)
            process = subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "import_content", content], env=env, stdout=subprocess.DEVNULL
            )
            time.sleep(rng.uniform(0.3 * duration, duration))
            process.kill()
            process.wait()
            titles = manage(env, "shell", "--no-imports", "-v0", "-c", _COUNT_TITLES).split()
            partial += len(titles) != 1
            whole += titles == [str(run + 1000)]
            out_of_step += _search_differs(env)
    print(
        f"{database}: imports killed: {RUNS}, finished before: {whole}, half-written: {partial}, search out of step: {out_of_step}",
        flush=True,
    )
    return partial + out_of_step


_COUNT_TITLES = """
from faq.models import Entry
import re
print(*{re.search(r"Artikel (\\d+)", title)[1] for title in Entry.objects.values_list("title", flat=True)})
"""


def kill_saves(rng, database):
    partial = lost = out_of_step = done = 0
    with tempfile.TemporaryDirectory() as content, fresh_portal(database) as env:
        write_content(content, ENTRIES)
        manage(env, "import_content", content)
        for run in range(RUNS):
            first = run * 1000
            process = subprocess.Popen(
                [sys.executable, "-c", SAVE, str(first)], env=env, stdout=subprocess.PIPE, text=True
            )
            process.stdout.readline()
            time.sleep(rng.uniform(0.01, 0.3))
            process.kill()
            acknowledged = [int(line) for line in process.stdout.read().split()]
            process.wait()
            done += len(acknowledged)
            number, titles, in_version, in_html = subprocess.run(
                [sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=True
            ).stdout.split()
            if acknowledged:
                lost += int(number) < acknowledged[-1]
                partial += (titles, in_version, in_html) != ("1", "True", "True")
            out_of_step += _search_differs(env)
    print(
        f"{database}: saves killed: {RUNS} ({done} done before), half-written: {partial}, lost after being acknowledged: {lost}, search out of step: {out_of_step}"
    )
    return partial + lost + out_of_step


def _retitle(content, number):
    for file in Path(content).glob("*/eintrag-*.md"):
        file.write_text(re.sub(r"Artikel \d+", f"Artikel {number}", file.read_text()))


def _search_differs(env):
    return (
        subprocess.run(
            [sys.executable, ROOT / "manage.py", "check_search"], env=env, capture_output=True, check=False
        ).returncode
        != 0
    )


def _time_of(env, content):
    start = time.perf_counter()
    manage(env, "import_content", content)
    return time.perf_counter() - start + 0.5


if __name__ == "__main__":
    main()
