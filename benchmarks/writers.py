"""Two editors at once, 200 rounds of random pairs of what one can do in the admin, on SQLite and on PostgreSQL: does anything
deadlock, fail, get lost, or leave the search out of step? Then one editor alone, 500 changes, and a look at the search after each.
`writers [ROUNDS]`.
"""

import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack

from tests import running
from tests.editors import Editors, Ways
from tests.postgres import empty_postgres

ROUNDS = 200
WALK = 500  # changes, after each of which the search must agree
AGREES = """
from faq import search
from faq.editing.search_index import search_documents
result = search.check(search_documents())
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


def main(number=str(ROUNDS)):
    failed = False
    for database in ("sqlite", "postgres"):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            own = {"DATABASE_URL": stack.enter_context(empty_postgres())} if database == "postgres" else {}
            portal = running.Portal(folder, SEARCHES_PER_MINUTE="1000000", **own)
            running.manage(portal.env, "prepare")
            began = time.monotonic()
            done, wrong = rounds(portal, int(number))
            differs = search_differs(portal.env)
            walked, strayed = walk(portal, int(number) * WALK // ROUNDS)
            portal.stop()
            print(
                f"{database}: {done} rounds of two editors in {time.monotonic() - began:.0f} s, gone wrong: {len(wrong)}, "
                f"search out of step: {'yes' if differs else 'no'}"
            )
            print(f"{database}: {walked} changes one after the other, search out of step or gone wrong: {len(strayed)}")
            print("\n".join([*wrong, *strayed][:20]))
            failed = failed or wrong or differs or strayed
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
