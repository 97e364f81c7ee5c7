"""One file with the database, the attachments and a manifest of what they are."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from faq.editing.rebuild_search import rebuild_search
from faq.models import Revision
from faq.operations import migrations
from faq.operations.backups import postgres, sqlite
from faq.operations.backups.facts import Size

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "dateien/"
NAME, BEFORE_UPGRADE = "portal-%Y%m%d-%H%M%S.tar.gz", "vor-upgrade-%Y%m%d-%H%M%S.tar.gz"
ENGINES = {"sqlite": sqlite, "postgresql": postgres}
# What reading a file may end in that is no backup, or a damaged one.
_UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError)


class Refused(Exception):
    """A file that is not restored; the message says why, in German."""


def write(folder, name=NAME):
    """Write a backup into a folder, read it again as a restore would, and give back its path and its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".entsteht-") as scratch:
        scratch = Path(scratch)
        facts = _engine().dump(scratch / DATABASE)
        now = datetime.now(UTC)
        manifest = {"format": FORMAT, "made": now.isoformat(), "engine": connection.vendor, **facts}
        manifest["database"] = _checksum(scratch / DATABASE)
        _pack(scratch, manifest, scratch / "archive")
        (scratch / "again").mkdir()
        if unpack(scratch / "archive", scratch / "again") != manifest:
            raise Refused("Die Sicherung ist nach dem Schreiben nicht mehr dieselbe.")
        path = _free(folder, now.astimezone(), name)
        os.replace(scratch / "archive", path)
    return path, manifest


def unpack(path, folder):
    """Read an archive into a folder; its manifest. Raises Refused where anything of it is damaged, missing or too much."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            wanted = {DATABASE: manifest["database"]}
            wanted |= {FILES + name: checksum for name, checksum in manifest["files"].items()}
            for member in members:
                if not member.isfile() or member.name not in wanted:
                    raise Refused(f"Die Sicherung enthält {member.name!r}, was nicht hineingehört.")
                target = folder / Path(member.name)
                target.parent.mkdir(exist_ok=True)
                with target.open("wb") as file:
                    shutil.copyfileobj(archive.extractfile(member), file)
                if _checksum(target) != wanted.pop(member.name):
                    raise Refused(f"Die Sicherung ist beschädigt: {member.name} hat eine andere Prüfsumme.")
    except FileNotFoundError as error:
        raise Refused(f"{error.filename} gibt es nicht.") from error
    except PermissionError as error:
        raise Refused(f"{error.filename} darf das Konto nicht lesen, unter dem das Portal läuft.") from error
    except _UNREADABLE as error:
        raise Refused(f"{path} ist keine Sicherung dieses Portals oder beschädigt ({error}).") from error
    if wanted:
        raise Refused(f"In der Sicherung fehlt {', '.join(sorted(wanted)[:3])}.")
    if not ENGINES[manifest["engine"]].check(folder / DATABASE):
        raise Refused("Die Datenbank in der Sicherung ist beschädigt.")
    return manifest


def size_of(path):
    """The Size that a backup says it has, None for a file that is none; its contents are not looked at."""
    manifest = _manifest_of(path)
    # 1.0.0 said of each table how many rows it has, and not which portal it is.
    rows, *_ = manifest.get("tables", {}).get("faq_version", [None])
    versions = manifest.get("versions", rows)
    return None if versions is None else Size(manifest.get("portal", ""), versions)


def newest(folder):
    """The path of the last backup in a folder of a database like the one in use, or None."""
    files = sorted((path.stat().st_mtime, path) for path in folder.glob("*") if path.is_file())
    return next((path for _, path in reversed(files) if _manifest_of(path).get("engine") == connection.vendor), None)


def restore(path):
    """Put back what a backup holds; gives back what to tell the operator. Raises Refused before anything is changed."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".wiederherstellung-") as scratch:
        scratch = Path(scratch)
        manifest = unpack(path, scratch)
        _check_fits(manifest)
        if _engine().is_in_use():
            raise Refused("Das Portal läuft noch. Bitte halten Sie es auf allen Servern an.")
        before = _revision()
        aside = settings.DATA_DIR / "vorher" / f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        kept = _put_files(scratch / FILES, aside / "uploads")  # first: where they lie may be out of reach
        told = [_engine().replace(scratch / DATABASE, aside)]
    if kept:
        told.append(f"{kept} Dateien mit anderem Inhalt liegen in {aside / 'uploads'}.")
    is_older = bool(migrations.missing())
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if is_older:
        rebuild_search()  # this release may read texts otherwise
    _start_anew(max(before, manifest["revision"]))
    return manifest, told


def _engine():
    return ENGINES[connection.vendor]


def _pack(scratch, manifest, path):
    description = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    (scratch / MANIFEST).write_bytes(description)
    path.touch(0o600)
    with path.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            archive.add(scratch / MANIFEST, MANIFEST)
            archive.add(scratch / DATABASE, DATABASE)
            for name in manifest["files"]:
                with default_storage.open(name) as stored:
                    member = tarfile.TarInfo(FILES + name)
                    member.size = stored.size
                    archive.addfile(member, stored)
        file.flush()
        os.fsync(file.fileno())


def _manifest_of(path):
    """The manifest alone, empty where there is none: it comes first, so no more than that is read."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _manifest(archive, archive.next())
    except (Refused, *_UNREADABLE):
        return {}


def _manifest(archive, first):
    if first is None or first.name != MANIFEST:
        raise Refused("Das ist keine Sicherung dieses Portals: Das Verzeichnis darin fehlt.")
    manifest = json.load(archive.extractfile(first))
    if manifest["format"] > FORMAT:
        raise Refused("Diese Sicherung ist von einer neueren Version des Portals.")
    return manifest


def _check_fits(manifest):
    if manifest["engine"] != connection.vendor:
        raise Refused(f"Diese Sicherung ist von {manifest['engine']}, das Portal läuft mit {connection.vendor}.")
    if newer := migrations.newer(manifest["migrations"]):
        raise Refused(f"Diese Sicherung ist von einer neueren Version des Portals ({newer[0]}).")
    if migrations.are_too_old(manifest["migrations"]):
        raise Refused(
            "Diese Sicherung ist von einer Version vor 1.0.0. Stellen Sie sie mit der Version 1.1.0 wieder her, "
            "und bringen Sie das Portal dann mit dieser auf neuen Stand."
        )


def _revision():
    """The revision of what is there now, 0 where there is nothing to be read."""
    try:
        return Revision.objects.current()
    except DatabaseError:
        return 0


def _put_files(folder, aside):
    """Put attachments where they belong; how many of the same name and other content were moved aside."""
    kept = 0
    for file in folder.iterdir() if folder.exists() else ():
        data = file.read_bytes()
        if default_storage.exists(file.name):
            with default_storage.open(file.name) as stored:
                there = stored.read()
            if there == data:
                continue
            aside.mkdir(parents=True, exist_ok=True)
            (aside / file.name).write_bytes(there)
            default_storage.delete(file.name)
            kept += 1
        default_storage.save(file.name, ContentFile(data))
    return kept


def _start_anew(revision):
    """No stored page and no session of before counts any more."""
    with transaction.atomic():
        Revision.objects.update_or_create(pk=1, defaults={"number": revision + 1})
        Session.objects.all().delete()
    cache.clear()


def _checksum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _free(folder, moment, name):
    """The path of a backup of this moment; a second one within a second waits for no clock."""
    path = folder / moment.strftime(name)
    number = 2
    while path.exists():
        path = folder / moment.strftime(name).replace(".tar", f"-{number}.tar")
        number += 1
    return path
