"""One file with the database, the attachments and a manifest of what they are."""

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.db import connection

from faq.models import StoredFile
from faq.operations import faults
from faq.operations.backups import postgres, sqlite
from faq.operations.backups.facts import Size

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "dateien/"
NAME, BEFORE_UPGRADE = "portal-%Y%m%d-%H%M%S.tar.gz", "vor-upgrade-%Y%m%d-%H%M%S.tar.gz"
MANIFEST_MAX = 50_000_000  # bytes; it names each attachment
_SIGNER = Signer(salt="faq.operations.backups")
_SIGNED = "signed"
# As `files.storing` names them, and Django where there is one of that name.
_FILE = re.compile(rf"[0-9a-f]{{32}}(_\w{{7}})?\.({'|'.join(dict(StoredFile.KINDS))})", re.ASCII)
ENGINES = {"sqlite": sqlite, "postgresql": postgres}
# What reading a file may end in that is no backup, or a damaged one.
_UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError)


_FOREIGN = (
    "Diese Sicherung trägt nicht die Unterschrift dieses Portals: Sie ist von einem anderen, von einer Version vor 1.3.0, von vor "
    "einem Wechsel des SECRET_KEY, oder jemand hat sie verändert. Mit ihr kämen auch ihre Konten. Wissen Sie sicher, "
    "woher sie ist, dann geht es mit „restore --foreign“."
)


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
        manifest["database"] = checksum(scratch / DATABASE)
        manifest[_SIGNED] = _SIGNER.sign(_fingerprint(manifest))
        _pack(scratch, manifest, scratch / "archive")
        (scratch / "again").mkdir()
        if unpack(scratch / "archive", scratch / "again") != manifest:
            raise Refused("Die Sicherung ist nach dem Schreiben nicht mehr dieselbe.")
        path = _free(folder, now.astimezone(), name)
        os.replace(scratch / "archive", path)
    return path, manifest


def unpack(path, folder, *, foreign=False):
    """Read an archive into a folder; its manifest. Raises Refused where anything of it is damaged, missing or too much.

    `foreign`: also one that this portal did not sign.
    """
    try:
        with tarfile.open(path, "r:gz") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            if not foreign and not is_own(manifest):
                raise Refused(_FOREIGN)
            wanted = _wanted(manifest)
            for member in members:
                if not member.isfile() or member.name not in wanted:
                    raise Refused(f"Die Sicherung enthält {member.name!r}, was nicht hineingehört.")
                target = folder / Path(member.name)
                target.parent.mkdir(exist_ok=True)
                with target.open("wb") as file:
                    shutil.copyfileobj(archive.extractfile(member), file)
                if checksum(target) != wanted.pop(member.name):
                    raise Refused(f"Die Sicherung ist beschädigt: {member.name} hat eine andere Prüfsumme.")
    except FileNotFoundError as error:
        raise Refused(f"{error.filename} gibt es nicht.") from error
    except PermissionError as error:
        raise Refused(f"{error.filename} darf das Konto nicht lesen, unter dem das Portal läuft.") from error
    except _UNREADABLE as error:
        if isinstance(error, OSError) and faults.is_full(error):
            raise Refused(faults.line(error)) from error
        raise Refused(f"{path} ist keine Sicherung dieses Portals oder beschädigt ({error}).") from error
    if wanted:
        raise Refused(f"In der Sicherung fehlt {', '.join(sorted(wanted)[:3])}.")
    if not ENGINES[manifest["engine"]].check(folder / DATABASE):
        raise Refused("Die Datenbank in der Sicherung ist beschädigt.")
    return manifest


def is_own(manifest):
    """Whether it was signed with this portal's SECRET_KEY; what the manifest says of the contents is signed with it."""
    try:
        return _SIGNER.unsign(manifest[_SIGNED]) == _fingerprint(manifest)
    except (BadSignature, KeyError, TypeError):
        return False


def size_of(path):
    """The Size that a backup says it has, None for a file that is none; its contents are not looked at."""
    manifest = manifest_of(path)
    # 1.0.0 said of each table how many rows it has, and not which portal it is.
    rows, *_ = manifest.get("tables", {}).get("faq_version", [None])
    versions = manifest.get("versions", rows)
    return None if versions is None else Size(manifest.get("portal", ""), versions)


def manifest_of(path):
    """The manifest alone, empty where there is none: it comes first, so no more than that is read."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _manifest(archive, archive.next())
    except (Refused, *_UNREADABLE):
        return {}


def checksum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _manifest(archive, first):
    if first is None or first.name != MANIFEST:
        raise Refused("Das ist keine Sicherung dieses Portals: Das Verzeichnis darin fehlt.")
    if first.size > MANIFEST_MAX:
        raise Refused("Das ist keine Sicherung dieses Portals: Das Verzeichnis darin ist zu groß.")
    manifest = json.load(archive.extractfile(first))
    if manifest["format"] > FORMAT:
        raise Refused("Diese Sicherung ist von einer neueren Version des Portals.")
    return manifest


def _wanted(manifest):
    """The checksums of what else must be in the archive, by name. Raises Refused, or ValueError, where no portal says that."""
    if not {type(name) for name in manifest["migrations"]} <= {str}:
        raise ValueError("migrations")
    datetime.fromisoformat(manifest["made"])
    if strange := next((name for name in manifest["files"] if not _FILE.fullmatch(name)), None):
        raise Refused(f"Die Sicherung nennt eine Datei {strange!r}; so benennt das Portal keine.")
    return {DATABASE: manifest["database"]} | {FILES + name: digest for name, digest in manifest["files"].items()}


def _fingerprint(manifest):
    """Of all that a manifest says but its signature."""
    said = {name: value for name, value in manifest.items() if name != _SIGNED}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _free(folder, moment, name):
    """The path of a backup of this moment; a second one within a second waits for no clock."""
    path = folder / moment.strftime(name)
    number = 2
    while path.exists():
        path = folder / moment.strftime(name).replace(".tar", f"-{number}.tar")
        number += 1
    return path
