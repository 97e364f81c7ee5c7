"""Somebody who saves one entry after the other, as the admin does, in a process of its own; for what may happen meanwhile.

Each number is printed once its save was acknowledged: from then on nothing may lose it.
"""

import subprocess
import sys
from typing import NamedTuple

from benchmarks.portal import ROOT
from tests import running

_SAVE = """
import sys
import django
django.setup()
from faq.editing.writing import action, writing
from faq.models import Entry

@action
def save(slug, number):
    with writing(source="admin") as change:
        entry = Entry.objects.get(slug=slug)
        entry.body = f"Stand {number}"
        entry.save()
        entry.steps.update(title=f"Stand {number}")
        change.record([entry])

slug, number = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
while True:
    save(slug, number)
    print(number, flush=True)
    number += 1
"""
_LOOK = """
import sys
import django
django.setup()
from faq.models import Entry, Version
entry = Entry.objects.get(slug=sys.argv[1])
steps = set(entry.steps.values_list("title", flat=True))
document = Version.objects.filter(entry=entry).first().document
words = entry.body.split() or [""]  # a walkthrough has perhaps no text but its steps
whole = entry.body in document and entry.body in entry.body_html and steps <= {entry.body}
print(words[1] if words[0] == "Stand" else -1, int(whole))
"""


class Stored(NamedTuple):
    """What a look at an entry found: the number that was saved last, -1 for none, and whether all of it is from that save."""

    number: int
    whole: bool


class Saving:
    """Saves the entry of this slug in the portal with this environment, until it is killed; `first`: its first number."""

    def __init__(self, env, slug, first=0):
        command = [sys.executable, "-c", _SAVE, slug, str(first)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def last(self):
        """The number that was acknowledged last so far; waits for the next."""
        return int(self.process.stdout.readline())

    def kill(self):
        """End it in whatever it is at; the numbers that were acknowledged and not asked for."""
        self.process.kill()
        numbers = [int(line) for line in self.process.stdout.read().split()]
        self.process.wait()
        self.process.stdout.close()
        return numbers


def look(env, slug):
    said = subprocess.run(
        [sys.executable, "-c", _LOOK, slug], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    number, whole = said.stdout.split()
    return Stored(int(number), whole == "1")


def search_differs(env):
    """Whether the search and the entries disagree."""
    command = [sys.executable, ROOT / "manage.py", "check_search"]
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode != 0


def count_of(env, code):
    """What this code prints in the portal's shell."""
    return running.manage(env, "shell", "--no-imports", "-v0", "-c", code).split()
