"""Makes what tests of later releases begin with: a portal as a release leaves it, on both databases, with its backups and its export.

Run once for each release, from a checkout of it, with an empty PostgreSQL at hand; its own code does all the work:

    git worktree add /tmp/release <commit>
    cd /tmp/release && <.venv>/bin/python <here>/tests/data/make_release.py <here>/tests/data/<version> postgres://…/empty

Writes `portal.sqlite3.gz`, `portal.sql.gz` (pg_dump, without owners), `sqlite.tar.gz` and `postgresql.tar.gz` (`manage.py backup`),
`content.zip` (`manage.py export_content`) and `facts.json`: what the release itself answers to whoever asks for these addresses, and
what it knows of versions and accounts. What is filled in below calls the release's code: a later release may need other calls.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PASSWORD = "nur-fuer-den-test-7421"
FAR = "2099-12-31T00:00:00+01:00"
OVER = "2026-01-31T00:00:00+01:00"
# The addresses whose answers are kept, beside those of the seed.
ADDRESSES = """
    / /alles/ /allgemein/ /vlsc/ /bestellprozess/ /neues/ /glossar/ /thema/ /sitemap.xml /feed.xml
    /faq/entwurf/ /faq/bald/ /faq/vorbei/ /faq/geloescht/ /faq/umgezogen/ /faq/besondere-gruppen/ /faq/spezielle-gruppen/
    /faq/abo-eins/ /faq/abo-zwei/ /faq/papier/ /datei/antrag/ /thema/abo/ /thema/abonnement/ /faq/gibt-es-nicht/
""".split()


def main(out, postgres):
    sys.path.insert(0, os.getcwd())
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for engine, database in (("sqlite", ""), ("postgresql", postgres)):
        with tempfile.TemporaryDirectory() as folder:
            env = os.environ | {
                "DATA_DIR": folder,
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
            }
            env |= {"SECRET_KEY": "release-" + "0123456789abcdef" * 4, "PYTHONPATH": os.getcwd()}
            run = [sys.executable, __file__, "--fill", folder]
            subprocess.run(run, env=env, check=True)
            for command in (["backup"], ["export_content", f"{folder}/content"]):
                subprocess.run([sys.executable, "manage.py", *command], env=env, check=True)
            (backup,) = Path(folder, "backups").iterdir()
            shutil.copyfile(backup, out / f"{engine}.tar.gz")
            if engine == "sqlite":
                pack(out / "portal.sqlite3.gz", Path(folder, "portal.sqlite3").read_bytes())
                shutil.copyfile(Path(folder, "facts.json"), out / "facts.json")
                zipped(Path(folder, "content"), out / "content.zip")
            else:
                dump = [
                    "pg_dump",
                    "--no-owner",
                    "--no-privileges",
                    "--inserts",
                    "--rows-per-insert=200",
                    f"--dbname={database}",
                ]
                lines = subprocess.run(dump, check=True, capture_output=True).stdout.splitlines(keepends=True)
                # What only psql understands is left out.
                pack(out / "portal.sql.gz", b"".join(line for line in lines if not line.startswith(b"\\")))


def pack(path, data):
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def zipped(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())


def fill(folder):
    """A portal that has been edited for a while, in the release's own words."""
    import django

    django.setup()
    from datetime import datetime

    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.db import transaction

    from faq import changes, editing, merging
    from faq.content import format, mapping
    from faq.files import storing
    from faq.models import Attachment, Category, Contact, Entry, Feedback, Gap, Notice, Step, Tag, Term
    from faq.operations import search_counts
    from tests.papers import pdf

    call_command("prepare")
    chef = User.objects.create_superuser("chef", password=PASSWORD)
    rita, frida = (User.objects.create_user(name, password=PASSWORD, is_staff=True) for name in ("rita", "frida"))
    rita.groups.add(Group.objects.get(name="Redaktion"))
    frida.groups.add(Group.objects.get(name="Freigabe"))

    def save(stored, who=frida, why="", **values):
        with transaction.atomic():
            for name, value in values.items():
                setattr(stored, name, value)
            stored.save()
            changes.record([stored], source="admin", who=who, why=why)
        return stored

    def make(slug, category="neues", **values):
        with transaction.atomic():
            entry = Entry(category=Category.objects.get(slug=category), slug=slug)
            mapping.apply_entry(
                format.Entry(**{"title": f"Was ist {slug}?", "body": f"Antwort zu {slug}."} | values), entry
            )
            changes.record([entry], source="admin", who=rita, why=f"Neu: {slug}")
        return entry

    def entry(slug):
        return Entry.objects.get(slug=slug)

    save(Category(slug="neues", title="Neues", position=9, intro="Was *neu* ist."), chef)
    for number in (1, 2, 3):
        text = f"{entry('stornierung').body}\n\nFassung {number}: Pfauenauge."
        save(entry("stornierung"), (rita, frida, chef)[number - 1], f"Grund {number}", body=text)
    make("entwurf", status="draft", body="Noch nicht: Zitronenfalter.")
    make("bald", publish_at=datetime.fromisoformat(FAR), body="Gesperrt: Trauermantel.")
    make("vorbei", expire_at=datetime.fromisoformat(OVER), body="Abgelaufen: Admiral.")
    make("papier", body="Den [Antrag](datei:antrag) gibt es, die [Anlage](offen:anlage) folgt.", note="Nur intern.")
    make("abo-eins", tags=["Abo"])
    make("abo-zwei", tags=["Abonnement", "Neu"])
    make("umgezogen")
    save(entry("umgezogen"), why="Gehört zum VLSC", category=Category.objects.get(slug="vlsc"))
    save(entry("spezielle-gruppen"), why="Heißt jetzt so", slug="besondere-gruppen")
    gone = make("geloescht", aliases=["auch-geloescht"])
    changes.record(deleted=[gone], source="admin", who=frida, why="Gibt es nicht mehr")

    with storing.no_orphans(), transaction.atomic():
        stored = storing.store("Antrag.pdf", pdf("Antrag"))
        save(Attachment(slug="antrag", title="Der Antrag", name="Antrag.pdf", stored=stored))
    Gap.objects.filter(slug="anlage").update(in_charge=rita, note="Kommt im Januar.")
    merging.merge(Tag.objects.get(name="Abo"), Tag.objects.get(name="Abonnement"), who=frida)
    save(
        Term(
            slug="falter",
            name="Falter",
            aliases=["Schmetterling"],
            search=["Motte"],
            definition="Ein **Insekt**.",
            position=99,
        )
    )
    save(Contact.objects.get(slug="lizenzteam"), chef, "Neue Nummer", phone="05744 - 944 999")
    save(Notice(slug="wartung", text="Am Sonntag ist **Wartung**.", ends=datetime.fromisoformat(FAR)))
    save(Notice(slug="alt", text="Das war früher.", ends=datetime.fromisoformat(OVER), entry=entry("stornierung")))

    copy = editing.start_working_copy(entry("vlsc-zugriff"), who=rita)
    save(copy, rita, "Neuer Absatz", body=f"{copy.body}\n\nIn Arbeit: Kaisermantel.")
    copy = editing.start_working_copy(entry("bestellvorgang-olp"), who=rita)
    step = copy.steps.first()
    Step.objects.filter(pk=step.pk).update(title="In Arbeit: erst anrufen")
    save(copy, rita, "Schritt umbenannt")
    copy = editing.start_working_copy(entry("mindestanzahl"), who=rita)
    save(copy, rita, "Nur ein Versuch", body="Verworfen: Segelfalter.")
    editing.discard(copy, who=rita)
    copy = editing.start_working_copy(entry("abo-eins"), who=rita)
    save(copy, rita, body="Veröffentlicht: Schwalbenschwanz.")
    editing.publish(copy, who=frida, why="Freigegeben")

    Feedback.objects.create(entry=entry("stornierung"), helpful=False, text="Wo ist das Formular?")
    Feedback.objects.create(entry=entry("stornierung"), helpful=True)
    for _ in range(3):
        search_counts.count("Nachtfalter", "nothing")
    search_counts.count("Stornierung", "found")
    search_counts.write()
    Path(folder, "facts.json").write_text(json.dumps(facts(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def facts():
    """What the release answers, and what it knows."""
    from django.contrib.auth.models import User
    from django.test import Client

    from faq.models import Version

    client = Client(SERVER_NAME="127.0.0.1")
    seed = sorted(f"/faq/{path.stem}/" for path in Path("content").glob("*/[!_]*.md"))
    answers = {path: client.get(path) for path in [*ADDRESSES, *seed]}
    return {
        "answers": {path: [answer.status_code, answer.headers.get("Location", "")] for path, answer in answers.items()},
        "versions": [
            [v.path, v.source, v.who and v.who.username, v.why, v.working_copy, v.base, v.document]
            for v in Version.objects.order_by("pk").select_related("who")
        ],
        "groups": {
            user.username: [group.name for group in user.groups.all()] for user in User.objects.order_by("username")
        },
    }


if __name__ == "__main__":
    if sys.argv[1] == "--fill":
        sys.path.insert(0, os.getcwd())
        fill(sys.argv[2])
    else:
        main(*sys.argv[1:])
