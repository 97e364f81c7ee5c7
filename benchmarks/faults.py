"""Everything that was done to the portal to break it, in one table: how often tried, survived, and what was lost or let in.

Some is measured by a benchmark, whose last line is shown; the rest is tests of the suite, run here for this one table.
"""

import re
import subprocess
import sys
from typing import NamedTuple

from tests.running import ROOT


class Fault(NamedTuple):
    """`benchmark`: the module that tries it; else `tests` are pytest's arguments."""

    name: str
    benchmark: str = ""
    tests: tuple = ()


FAULTS = [
    Fault("Crash: imports and saves killed at any moment", "kill_runs"),
    Fault("Locks: writers and readers at once on SQLite", "load_sqlite"),
    Fault("Locks: whoever writes without a pause, or for too long", tests=("tests/operations/test_locks.py",)),
    Fault("Stale saves, texts changed meanwhile", tests=("tests/editing/test_working_copies.py", "tests/editing/test_together.py", "-k", "stale or meanwhile or refused or asked_first or noted or clicks or no_longer")),
    Fault("Two editors at once, whatever they do", "writers"),
    Fault("Whoever may not publish, by every way to write, from every state", tests=("tests/editing/test_rights.py",)),
    Fault("Writing without the door", tests=("tests/editing/test_door.py",)),
    Fault("Database gone, hanging, exchanged, back again", tests=("tests/helpdesk/test_degraded.py", "-k", "not disk and not written and not damaged")),
    Fault("Disk full, or only to be read", tests=("tests/helpdesk/test_degraded.py", "-k", "disk_that or written")),
    Fault("Stored pages damaged, changed or half-written on disk", tests=("tests/helpdesk/test_degraded.py", "-k", "damaged or on_disk")),
    Fault("Backups under writes", "backups"),
    Fault("Damaged and wrong backups", tests=("tests/operations/test_backups.py",)),
    Fault("Slow and oversized input", tests=("tests/helpdesk/test_deploy.py", "tests/helpdesk/test_hardening.py", "-k", "slow or large or have_a_limit")),
    Fault("Hostile uploads", tests=("tests/files/test_attachments.py", "tests/admin/test_exchange.py", "-k", "harm or large or refused")),
    Fault("Hostile Markdown: nothing runs", tests=("tests/content/test_markup.py",)),
    Fault("Hostile Markdown: nothing crawls", "markup_fuzz"),
    Fault("Links into the operator's own networks", tests=("tests/links/test_fetching.py",)),
    Fault("Hostile requests to every address", "url_fuzz"),
    Fault("Every address of the admin, by who may not", tests=("tests/admin/test_forms.py", "-k", "no_address")),
    Fault("The login under attack", "login_attack"),
    Fault("The login under attack, through nginx", tests=("tests/helpdesk/test_deploy.py", "-k", "guesses or masses or claim")),
    Fault("Servers gone behind nginx", tests=("tests/helpdesk/test_deploy.py", "-k", "enough")),
    Fault("Reloads and a rolling upgrade under load", "reloads"),
    Fault("Databases, backups and exports of earlier releases", tests=("tests/operations/test_previous_release.py",)),
    Fault("Database lost, whatever is left of it: not begun anew", tests=("tests/operations/test_lost_database.py",)),
    Fault("An upgrade without room for its backup, or without pg_dump", tests=("tests/operations/test_upgrade.py",)),
]  # fmt: skip


def main():
    print("| fault | tried | survived | lost or let in |\n|---|---|---|---|", flush=True)
    failed = [fault.name for fault in FAULTS if not tried(fault)]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def tried(fault):
    """Print the line of the table; whether all was survived."""
    if fault.benchmark:
        command = [sys.executable, "-m", f"benchmarks.{fault.benchmark}"]
    else:
        command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *fault.tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passed, failed, skipped = (
        sum(map(int, re.findall(rf"(\d+) {word}", run.stdout))) for word in ("passed", "(?:failed|error)", "skipped")
    )
    if fault.benchmark:
        said = " · ".join(line.strip() for line in run.stdout.splitlines() if not line.startswith("  "))
        print(
            f"| {fault.name} | {said} | {'all' if run.returncode == 0 else 'no'} | {int(run.returncode != 0)} |",
            flush=True,
        )
    else:
        left_out = f", {skipped} left out" if skipped else ""
        print(f"| {fault.name} | {passed + failed} cases{left_out} | {passed} | {failed} |", flush=True)
        if not passed:
            print(run.stdout[-2000:], file=sys.stderr)
    return run.returncode == 0


if __name__ == "__main__":
    main()
