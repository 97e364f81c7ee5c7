"""Keeping the files of attachments and pictures, in a folder or a store, in step with the rows that name them.

A file is written before its row, and before the lock: a store may take its time. Whoever writes or erases wraps the action in
`no_orphans()`: what no row names when it has ended, however it ended, is removed again. A process that is killed may leave a file
without a row, never the reverse.
"""

import hashlib
import secrets
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef

from faq.actions import Hindered, made
from faq.files import types
from faq.models import Rendition, StoredFile

_touched = ContextVar("touched", default=None)


class Unreachable(Hindered):
    """Files cannot be read or written just now; the message is for users."""


@contextmanager
def reachable():
    """Around what reads or writes files. Raises Unreachable, or FileNotFoundError for a single one that is missing."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreachable(
            "Der Speicher für Dateien antwortet gerade nicht. Bitte versuchen Sie es in einigen Minuten noch einmal."
        ) from error


@contextmanager
def opened(source):
    """A file to be read: a Path in a content folder, or the `file` of a StoredFile. Raises Unreachable."""
    with reachable():
        file = source.open("rb")
    with file:
        yield file


def read(source):
    """All that is in it."""
    with opened(source) as file:
        return file.read()


def check(name, data):
    """The types.Checked file. Raises types.Refused."""
    return made(types.check, name, data, settings.ATTACHMENT_MAX_MB)


def checksum(name, data):
    """That of what will be kept of a file. Raises types.Refused."""
    digest = _sha256(data)
    was_drawn = StoredFile.objects.filter(sha256=digest, renditions__isnull=False).exists()
    return digest if was_drawn else _sha256(types.check(name, data, settings.ATTACHMENT_MAX_MB).data)


def store(name, data):
    """The StoredFile with what is kept of these bytes, made where it is new.

    Raises types.Refused, Hindered; call it inside of `no_orphans`.
    """
    checked = check(name, data)
    return _stored(_sha256(checked.data)) or _keep(made(_write, checked))


def stored(name, source, digest):
    """The StoredFile of this checksum, made of a file that was checked before. Raises Hindered; call it as `store`."""
    return _stored(digest) or _keep(made(_write_from, name, source, digest))


def write_ahead(documents):
    """Write the files of an import that are not stored yet; `documents` are of attachments and pictures, and were checked."""
    there = set(_whole().values_list("sha256", flat=True))
    for document in documents:
        if document.sha256 not in there:
            made(_write_from, document.file, document.source, document.sha256)


def _whole():
    """StoredFiles without what is there only as a size of a picture."""
    return StoredFile.objects.exclude(kind__in=types.PICTURES, renditions=None)


def _stored(digest):
    """The one of this checksum, or None."""
    return _whole().filter(sha256=digest).first()


def _write_from(name, source, digest):
    data, kind = read(source), types.kind_of(name)
    if kind in types.PICTURES:
        checked = types.check(name, data, settings.ATTACHMENT_MAX_MB)
    else:
        checked = types.Checked(kind, data)
    if _sha256(checked.data) != digest:
        raise Hindered(f"Die Datei „{source}“ ist inzwischen eine andere. Bitte noch einmal einlesen.")
    return _write(checked)


def _write(checked):
    """Write a types.Checked file and what was drawn of it: for each the columns of its StoredFile, width and height (None of the file)."""
    files = [(checked.kind, checked.data, None, None), *(("webp", *rendition) for rendition in checked.renditions)]
    written = []
    for kind, data, *size in files:
        with reachable():
            path = default_storage.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(data))
        _touched.get().append(path)
        written.append(({"sha256": _sha256(data), "kind": kind, "size": len(data), "file": path}, *size))
    return written


def _keep(written):
    """The rows of files that were written; those there are already keep their files."""
    (columns, *_), *sizes = written
    master = _row(columns)
    for columns, width, height in sizes:
        Rendition.objects.get_or_create(
            master=master, width=width, defaults={"height": height, "stored": _row(columns)}
        )
    return master


def _row(columns):
    return StoredFile.objects.get_or_create(sha256=columns["sha256"], defaults=columns)[0]


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def erase(checksums, is_needed):
    """Forget those of these files that nothing has now, and what was drawn of them; none of a checksum that `is_needed` elsewhere.

    Call it inside of the door and of `no_orphans`, which removes them.
    """
    drawn_of_another = Rendition.objects.filter(stored=OuterRef("pk")).exclude(master=OuterRef("pk"))
    unused = StoredFile.objects.filter(~Exists(drawn_of_another), sha256__in=checksums, attachments=None, pictures=None)
    for master in unused:
        if is_needed(master.sha256):
            continue
        drawn = set(master.renditions.values_list("stored__sha256", flat=True)) - {master.sha256}
        _touched.get().append(master.file.name)
        master.renditions.all().delete()  # one of them may be the file itself
        master.delete()
        erase(drawn, is_needed)


@contextmanager
def no_orphans():
    """Around an action: files written or erased inside that no row names afterwards are removed. The outermost one does it."""
    if _touched.get() is not None:
        yield
        return
    token = _touched.set([])
    try:
        yield
    finally:
        touched = _touched.get()
        _touched.reset(token)
        if touched:
            named = set(StoredFile.objects.filter(file__in=touched).values_list("file", flat=True))
            for path in set(touched) - named:
                default_storage.delete(path)
