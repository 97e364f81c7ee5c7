"""A portal with a little of everything, on one of the two databases, and what a backup of it brings back."""

import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
START = """
import os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from faq.editing import reviews, working_copies
from faq.files import storing
from faq.models import Attachment, Comment, Entry, Review, Revision, StoredFile, Version
from faq.models import SourcePicture, SourceProposal
from faq.sources import Picture, Proposal, Source, decisions
from tests import factories
from tests.papers import pdf

def edit(text):
    factories.edit(Entry.objects.get(slug="stornierung"), body=text)

def say(*values):
    print(*values, sep="|")
"""
FILLED = """
call_command("prepare", static=False, stdout=open(os.devnull, "w"))
User.objects.create_superuser("chef", password="x")
with storing.no_orphans(), factories.door_open():
    stored = storing.store("a.pdf", pdf())
factories.store(Attachment(slug="antrag", title="Antrag", name="a.pdf", stored=stored))
edit("Vorher.")
entry, chef = Entry.objects.get(slug="stornierung"), User.objects.get()
review = reviews.submit(working_copies.start_working_copy(entry, who=chef), who=chef, remark="Bitte.")
reviews.comment(review, "Welche Frist?", who=chef, quote="Vorher.")
source = Source((Proposal("question", "Wie?", "![](bild:b)"),), {"b": Picture("b.png", b"Bild" + bytes([0, 255]), "")})
decisions.take_in("fragen.docx", source, who=chef)
"""
SHOWN = """
say(Entry.objects.get(slug="stornierung").body, Revision.objects.current(), User.objects.count(),
    Path(settings.MEDIA_ROOT, str(StoredFile.objects.get().file)).read_bytes() == pdf(),
    [comment.text for comment in Comment.objects.all()],
    [proposal.title for proposal in SourceProposal.objects.all()], [bytes(row.data) for row in SourcePicture.objects.all()])
"""


class Portal:
    """A portal of its own on one of the two databases."""

    def __init__(self, folder, database=None):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder)}
        self.env |= {"DJANGO_SETTINGS_MODULE": "helpdesk.settings", "SECRET_KEY": settings.SECRET_KEY}
        self.env |= {"DATABASE_URL": database} if database else {}

    @cached_property
    def file(self):
        """A backup, made once."""
        return self.backup()

    def run(self, code):
        """What the code printed."""
        command = [sys.executable, "-W", "error", "-c", START + code]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def backup(self):
        self.run('call_command("backup")')
        return max((self.folder / "backups").iterdir())

    def refuses(self, *files, foreign=True):
        """What restoring each of these says, also where its signature is no reason, and that nothing was changed by it."""
        kept = set(self.folder.glob("vorher/*"))
        before, *said, after = self.run(
            SHOWN
            + f"for file in {[str(file) for file in files]!r}:\n"
            + f"    try:\n        call_command('restore', file, foreign={foreign})\n        say('restored')\n"
            + "    except CommandError as error:\n        say(error)\n"
            + SHOWN
        ).split("\n")
        assert after == before
        assert set(self.folder.glob("vorher/*")) == kept
        return said
