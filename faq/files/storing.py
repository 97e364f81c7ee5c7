"""Keeping the files of attachments, in a folder or a store, in step with the rows that name them.

A file is written before its row, and before the lock: a store may take its time. Whoever writes or erases wraps the action in
`no_orphans()`: what no row names when it has ended, however it ended, is removed again. A process that is killed may leave a file
without a row, never the reverse.
"""

import hashlib
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from faq.actions import Hindered, made
from faq.files import types
from faq.models import StoredFile

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


def store(name, source, *, checked=""):
    """The StoredFile with these bytes (or those at a Path), made where it is new.

    `checked`: their checksum where they were looked at before. Raises types.Refused, Hindered; call it inside of `no_orphans`.
    """
    digest = checked or hashlib.sha256(source).hexdigest()
    kind = name.rpartition(".")[2] if checked else made(types.check, name, source, settings.ATTACHMENT_MAX_MB)
    if found := StoredFile.objects.filter(sha256=digest).first():
        return found
    path, size = made(_write, kind, source, digest)
    return StoredFile.objects.create(sha256=digest, kind=kind, size=size, file=path)


def write_ahead(attachments):
    """Write the files of an import that are not stored yet; `attachments` are documents whose files were checked."""
    stored = set(StoredFile.objects.values_list("sha256", flat=True))
    for document in attachments:
        if document.sha256 not in stored:
            made(_write, document.file.rpartition(".")[2], document.source, document.sha256)


def _write(kind, source, digest):
    """Name and size of the new file."""
    data = read(source) if isinstance(source, Path) else source
    if hashlib.sha256(data).hexdigest() != digest:
        raise Hindered(f"Die Datei „{source}“ ist inzwischen eine andere. Bitte noch einmal einlesen.")
    with reachable():
        path = default_storage.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(data))
    _touched.get().append(path)
    return path, len(data)


def erase(checksums):
    """Forget those of these files that no attachment has now; call it inside of the door and of `no_orphans`, which removes them."""
    for stored in StoredFile.objects.filter(sha256__in=checksums, attachments=None):
        _touched.get().append(stored.file.name)
        stored.delete()


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
