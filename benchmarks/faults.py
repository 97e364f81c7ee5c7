"""What is lost, and said badly, when something breaks? Each row is a fault, how often something was tried with it, and how often in vain.

Commands with a database or a disk that is broken (`tests/faults.py`), and every setting with every wrong value.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.portal import print_row, print_table
from tests import faults, running
from tests.postgres import empty_postgres

# Read, or used, only by whoever starts something.
READ_LATER = ("LISTEN", "CONTENT_DIR", "DATABASE_URL", "PROMETHEUS_MULTIPROC_DIR")


def commands(prepared, beside, template):
    for fault in [*faults.SQLITE, *faults.POSTGRES]:
        with (
            tempfile.TemporaryDirectory() as folder,
            faults.broken(fault, running.copied(prepared, Path(folder, "data")), template) as portal,
        ):
            ended = faults.outcomes(portal, beside)
        wrong = [command for command, code, said in ended if not faults.is_said_well(code, said)]
        yield f"every command, {fault.__name__.replace('_', ' ')}", len(ended), wrong


def settings(prepared, folder):
    env = running.environment(prepared)
    read = faults.read_with(env, [(name, value) for name in faults.settings() for value in faults.WRONG])
    yield "every setting with wrong values, read", len(read), [each for each in read if "Traceback" in each[2]]
    taken = [(name, value) for name, value, said in read if not said and name in READ_LATER]
    wrong = [
        (name, value)
        for name, value in taken
        for code, said in faults.started_with(env, name, value, folder)
        if not faults.is_said_well(code, said)
    ]
    yield "those that are taken, started with", 2 * len(taken), wrong


def rows():
    """The rows of the table, each as soon as it is known."""
    with tempfile.TemporaryDirectory() as folder, empty_postgres() as template:
        prepared, beside, apart = (Path(folder, name) for name in ("prepared", "beside", "apart"))
        for each in (prepared, beside, apart):
            each.mkdir()
        running.manage(running.environment(prepared), "prepare")
        running.manage(running.environment(apart, DATABASE_URL=template), "prepare", "--no-static")
        faults.lay_out(prepared, beside)
        yield from commands(prepared, beside, template)
        yield from settings(prepared, apart)


def main():
    lost = False
    print_table(["fault", "tried", "lost"], [])
    for what, tried, wrong in rows():
        print_row([what, tried, wrong or 0])
        lost = lost or bool(wrong)
    sys.exit(lost)


if __name__ == "__main__":
    main()
