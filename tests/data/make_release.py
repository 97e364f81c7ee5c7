"""Makes what tests of later releases begin with: a portal as a release leaves it, on both databases, with its backups and its export.

Run once for each release, from a checkout of it, with an empty PostgreSQL at hand; its own code does all the work on the portal of
the release before (that of 1.0.0 was edited for a while by the version of this file that 1.0.0 has):

    git worktree add /tmp/release <commit>
    cd /tmp/release && <.venv>/bin/python <here>/tests/data/make_release.py <here>/tests/data/<version> postgres://…/empty <here>/tests/data/<version before>

Writes `portal.sqlite3.gz`, `portal.sql.gz` (pg_dump, without owners), `sqlite.tar.gz` and `postgresql.tar.gz` (`manage.py backup`),
`content.zip` (`manage.py export_content`) and `facts.json`: what the release itself answers to whoever asks for these addresses, and
what it knows of versions and accounts. What is filled in below is what is new in the release, and calls its code.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

FAR = "2099-12-31T00:00:00+01:00"


def main(out, postgres, before):
    out, before = Path(out), Path(before)
    out.mkdir(parents=True, exist_ok=True)
    for engine, database in (("sqlite", ""), ("postgresql", postgres)):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            put(before, engine, database, folder)
            env = os.environ | {
                "DATA_DIR": str(folder),
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
            }
            env |= {"SECRET_KEY": "release-" + "0123456789abcdef" * 4, "PYTHONPATH": os.getcwd()}
            manage = [sys.executable, "manage.py"]
            subprocess.run([*manage, "prepare"], env=env, check=True)
            subprocess.run([sys.executable, __file__, "--fill", folder, before], env=env, check=True)
            for command in (["backup"], ["export_content", folder / "content"]):
                subprocess.run([*manage, *command], env=env, check=True)
            (backup,) = Path(folder, "backups").glob("portal-*")
            shutil.copyfile(backup, out / f"{engine}.tar.gz")
            if engine == "sqlite":
                with tarfile.open(backup) as archive:
                    pack(out / "portal.sqlite3.gz", archive.extractfile("database").read())
                shutil.copyfile(folder / "facts.json", out / "facts.json")
                zipped(folder / "content", out / "content.zip")
            else:
                dump = ["pg_dump", "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200"]
                dump += [f"--dbname={database}"]
                lines = subprocess.run(dump, check=True, capture_output=True).stdout.splitlines(keepends=True)
                # What only psql understands is left out.
                pack(out / "portal.sql.gz", b"".join(line for line in lines if not line.startswith(b"\\")))


def put(before, engine, database, folder):
    """The portal of the release before, as it stood there."""
    if engine == "sqlite":
        (folder / "portal.sqlite3").write_bytes(gzip.decompress((before / "portal.sqlite3.gz").read_bytes()))
    else:
        statements = gzip.decompress((before / "portal.sql.gz").read_bytes())
        subprocess.run(["psql", "--quiet", "--output=/dev/null", database], input=statements, check=True)
    (folder / "uploads").mkdir()
    with tarfile.open(before / f"{engine}.tar.gz") as archive:
        for member in archive:
            if member.name.startswith("dateien/"):
                (folder / "uploads" / Path(member.name).name).write_bytes(archive.extractfile(member).read())


def pack(path, data):
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def zipped(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())


def fill(folder, before):
    """What is new in the release, in its own words. In 1.1.0: a working copy that becomes public at a later moment."""
    import django

    django.setup()
    from datetime import datetime

    from django.contrib.auth.models import User

    from faq.editing import working_copies
    from faq.models import Entry
    from tests.factories import edit

    rita, frida = (User.objects.get(username=name) for name in ("rita", "frida"))
    copy = working_copies.start_working_copy(Entry.objects.get(slug="papier"), who=rita)
    copy = edit(copy, who=rita, body=f"{copy.body}\n\nGeplant: Ordensband.", publish_at=datetime.fromisoformat(FAR))
    working_copies.publish(copy, who=frida, why="Erst später")
    former = json.loads(Path(before, "facts.json").read_text())
    facts = json.dumps(facts_of(former["answers"]), ensure_ascii=False, indent=1, sort_keys=True)
    Path(folder, "facts.json").write_text(facts + "\n")


def facts_of(addresses):
    """What the release answers, and what it knows."""
    from django.contrib.auth.models import User
    from django.test import Client

    from faq.models import Entry, Version

    client = Client(SERVER_NAME="127.0.0.1")
    answers = {path: client.get(path) for path in addresses}
    return {
        "answers": {path: [answer.status_code, answer.headers.get("Location", "")] for path, answer in answers.items()},
        "versions": [
            [v.path, v.source, v.who and v.who.username, v.why, v.working_copy, v.base, v.document]
            for v in Version.objects.order_by("pk").select_related("who")
        ],
        "groups": {
            user.username: [group.name for group in user.groups.all()] for user in User.objects.order_by("username")
        },
        "planned": [
            [copy.slug, copy.publish_at.isoformat(), copy.released_by.username]
            for copy in Entry.rows.filter(release=Entry.PLANNED)
        ],
    }


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    if sys.argv[1] == "--fill":
        fill(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
