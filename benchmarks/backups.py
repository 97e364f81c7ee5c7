"""Twenty backups while two others write without a pause; each restored and compared with what was written down of its moment.

On SQLite, and on PostgreSQL where TEST_POSTGRES_URL names a server.
"""

import os
import subprocess
import sys

from benchmarks.portal import fresh_portal, manage
from tests.postgres import empty_postgres

NUMBER = 20
WRITER = """
import django
django.setup()
from faq.models import Entry
from tests.factories import edit
entries = list(Entry.objects.all())
for number in range(10**9):
    edit(entries[number % len(entries)], body=f"Fassung {number} von {__import__('os').getpid()}.")
"""
BACKUPS = f"""
import django, pathlib, tempfile
django.setup()
from faq import backups
folder = pathlib.Path(tempfile.mkdtemp(dir=django.conf.settings.DATA_DIR))
for _ in range({NUMBER}):
    print(backups.write(folder)[0])
"""
RESTORES = """
import django, pathlib, sys, tempfile
django.setup()
from faq import backups
folder = pathlib.Path(tempfile.mkdtemp(dir=django.conf.settings.DATA_DIR))
equal, revisions = 0, []
for path in sys.argv[1:]:
    made, _ = backups.restore(pathlib.Path(path))
    now = backups.write(folder)[1]
    # A restored portal counts on, and its sessions are gone.
    differing = {name for name, value in made["tables"].items() if now["tables"][name] != value}
    equal += differing <= {"faq_revision", "django_session"} and now["files"] == made["files"]
    revisions.append((made["revision"], now["revision"]))
assert all(after > before for before, after in revisions)
assert len({after for _, after in revisions}) == len(revisions)
print(equal, len({before for before, _ in revisions}))
"""


def run(env, code, *arguments):
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=env, check=True, capture_output=True, text=True)
    return done.stdout.split()


def measure(name, env):
    manage(env, "prepare", "--no-static")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], env=env) for _ in range(2)]
    try:
        paths = run(env, BACKUPS)
    finally:
        ended = [writer.poll() for writer in writers]
        for writer in writers:
            writer.kill()
            writer.wait()
    assert ended == [None, None], "a writer failed"
    equal, moments = run(env, RESTORES, *paths)
    print(f"{name}: {len(paths)} backups under writes, of {moments} different moments; restored and equal: {equal}")
    assert int(equal) == NUMBER


if __name__ == "__main__":
    with fresh_portal() as env:
        measure("SQLite", env)
        if os.environ.get("TEST_POSTGRES_URL"):
            with empty_postgres() as address:
                measure("PostgreSQL", env | {"DATABASE_URL": address})
        else:
            print("PostgreSQL: left out, TEST_POSTGRES_URL names no server")
