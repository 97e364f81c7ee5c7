"""The way back from a backup, which may be anybody's work.

Only rows are taken from it, those of the portal's own tables, into a new database that this release's migrations built to the state of
the backup and then to their own. So no trigger, view or function of a file gets in. Sessions, the cache and the search are not taken.
"""

import sqlite3
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.utils import ConnectionHandler

from faq import cache
from faq.editing.rebuild_search import rebuild_search
from faq.editing.render_anew import render_anew, render_anew_if_due
from faq.models import OldText, Revision
from faq.models.guard import opened
from faq.operations import faults, migrations, reserved
from faq.operations.backups.archive import DATABASE, ENGINES, FILES, Refused, is_own, unpack
from faq.operations.backups.copying import NotCopied
from faq.operations.backups.facts import LEFT_OUT, facts_of
from faq.words import counted

# What rows may end in that are none of the portal's.
_UNFIT = (
    DatabaseError,
    sqlite3.Error,
    ValidationError,
    NotCopied,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
)


def restore(path, *, foreign=False):
    """Put back what a backup holds; its manifest, and what to tell the operator. Raises Refused before anything is changed.

    `foreign`: also one that this portal did not sign.
    """
    with _unpacked(path, foreign) as (manifest, unpacked):
        _require_stopped()
        before = _revision()
        aside = settings.DATA_DIR / "vorher" / f"{datetime.now():%Y%m%d-%H%M%S-%f}"
        with _engine().empty(unpacked, "wiederherstellung") as (place, stored):
            with _in_use(stored):
                told = _fill(unpacked, manifest)
                told += [
                    f"Bitte geben Sie in der Verwaltung einen anderen Anker: {found}." for found in reserved.taken()
                ]
                # No page that was stored before counts any more.
                number = max(before, _revision()) + 1
                Revision.objects.update_or_create(pk=1, defaults={"number": number})
            _require_stopped()
            kept = _put_files(unpacked / FILES, aside / "uploads")  # first: where they lie may be out of reach
            told.append(_engine().replace(place, aside))
        if kept:
            told.append(
                f"{counted(kept, 'Datei mit anderem Inhalt liegt', 'Dateien mit anderem Inhalt liegen')} in {aside / 'uploads'}."
            )
    return manifest, told


def try_out(path):
    """Restore a backup beside the portal, which may run, and throw it away again; its manifest. Raises Refused where it is no way back."""
    with (
        _unpacked(path, foreign=False) as (manifest, unpacked),
        _engine().empty(unpacked, "probe") as (_, stored),
        _in_use(stored),
    ):
        _fill(unpacked, manifest)
    return manifest


def _engine():
    return ENGINES[connection.vendor]


@contextmanager
def _unpacked(path, foreign):
    """The manifest of a backup that this portal may take in, and a folder with what else is in it."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".wiederherstellung-") as scratch:
        manifest = unpack(path, Path(scratch), foreign=foreign)
        if manifest["engine"] != connection.vendor:
            raise Refused(f"Diese Sicherung ist von {manifest['engine']}, das Portal läuft mit {connection.vendor}.")
        if newer := migrations.newer(manifest["migrations"]):
            raise Refused(f"Diese Sicherung ist von einer neueren Version des Portals ({newer[0]}).")
        if migrations.are_too_old(manifest["migrations"]):
            raise Refused(
                "Diese Sicherung ist von einer Version vor 1.0.0. Stellen Sie sie mit der Version 1.1.0 wieder her, "
                "und bringen Sie das Portal dann mit dieser auf neuen Stand."
            )
        yield manifest, Path(scratch)


def _require_stopped():
    if _engine().is_in_use():
        raise Refused("Das Portal läuft noch. Bitte halten Sie es auf allen Servern an.")


@contextmanager
def _in_use(stored):
    """Another database in place of the portal's, by its settings as in DATABASES; nothing that was cached is of the right one."""
    portals = connections["default"]
    connections["default"] = ConnectionHandler({"default": stored})["default"]
    cache.forget()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = portals
        cache.forget()


def _fill(unpacked, manifest):
    """Build the empty database in use from what was unpacked; what to tell the operator."""
    try:
        models = [
            model
            for model in migrations.models_of(manifest["migrations"])
            if model._meta.managed and model._meta.db_table not in LEFT_OUT
        ]
        strange = _engine().strange(unpacked / DATABASE, models)
        if strange and not is_own(manifest):
            raise Refused(f"Die Sicherung enthält, was nicht vom Portal ist: {', '.join(strange[:20])}.")
        migrations.build(manifest["migrations"])
        _engine().load(unpacked / DATABASE, models)
        _compare(manifest, [model._meta.db_table for model in models])
    except _UNFIT as error:
        if faults.is_full(error):
            raise Refused(faults.line(error)) from error
        raise Refused(f"Die Datenbank in der Sicherung passt nicht zu diesem Portal: {str(error).strip()}") from error
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if is_own(manifest):
        render_anew_if_due()
    else:
        with opened():
            OldText.objects.all().delete()
        render_anew(trusted=False)
    rebuild_search()
    return [f"Nicht übernommen, weil nicht vom Portal: {', '.join(strange[:20])}."] if strange else []


def _compare(manifest, tables):
    """Raises Refused where the rows are not those that the manifest counted. Those of 1.0.0 to 1.2.0 say less."""
    with connection.cursor() as cursor:
        found = facts_of(cursor, tables)
    wrong = [
        name for name in ("revision", "files", "portal", "versions") if manifest.get(name, found[name]) != found[name]
    ]
    wrong += [table for table, number in manifest.get("rows", {}).items() if found["rows"].get(table, number) != number]
    if wrong:
        raise Refused(
            f"In der Datenbank steht anderes, als das Verzeichnis der Sicherung sagt: {', '.join(wrong[:5])}."
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
