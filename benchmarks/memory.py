"""What does it take of the machine's memory? The server and its two workers after the acceptance check, in MB.

The check is the program named in ACCEPTANCE_CHECK, which gets the portal's address; without one, every kind of page for readers is asked for
by each worker.
"""

import os
import subprocess
import sys

from benchmarks.portal import family, memory, print_table, served_portal
from tests.browser.pages import PAGES
from tests.running import ROOT

# Shared with other processes are above all libraries and what was loaded before the workers were begun.
KINDS = ("Pss", "Rss", "Private_Dirty", "Shared_Clean")
TOUR = 10  # times each page, so that each worker makes it
IMPORTS = """
import re
def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
before = held()
{code}
print(held() - before)
"""
STEPS = {
    "Django": "import django.core.handlers.wsgi",
    "the portal, set up": "import django; django.setup()",
    "all that a worker serves": "import helpdesk.wsgi, helpdesk.urls",
}


def visit(portal):
    """What a day brings, as far as it shows in memory."""
    if check := os.environ.get("ACCEPTANCE_CHECK"):
        command = [sys.executable, check, f"http://127.0.0.1:{portal.port}"]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return said.strip().splitlines()[-1]
    for path in PAGES * TOUR:
        portal.get(path)
    return f"{len(PAGES)} pages, each {TOUR} times"


def main():
    with served_portal() as portal:
        after = visit(portal)
        rows = []
        for pid in family(portal.pid):
            rows.append(["a worker" if rows else "the server", *(f"{memory(pid, kind):.0f}" for kind in KINDS)])
        total = sum(memory(pid) for pid in family(portal.pid))
        print_table([f"after: {after}", *KINDS], rows)
        print(f"\ntogether: {total:.0f} MB (Pss)\n")
        print_table(
            ["what a process takes that imports", "MB"],
            [[name, imported(portal, code)] for name, code in STEPS.items()],
        )


def imported(portal, code):
    said = subprocess.run(
        [sys.executable, "-c", IMPORTS.format(code=code)],
        cwd=ROOT,
        env=portal.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return f"{float(said.stdout):.0f}"


if __name__ == "__main__":
    main()
