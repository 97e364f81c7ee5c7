"""Keeping the files of attachments in step with the rows that name them.

A file is written before its row. Whoever writes wraps the transaction in `no_orphans()`: what no row names when it has
ended, however it ended, is removed again. A process that is killed may leave a file without a row, never the reverse.
"""

import hashlib
import secrets
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from faq.actions import made
from faq.files import types
from faq.models import StoredFile

_written = ContextVar("written", default=None)


def store(name, data, *, checked=""):
    """The StoredFile with these bytes, made where it is new. Raises types.Refused; call it inside of `no_orphans`.

    `checked`: the checksum of bytes of that name that were looked at before.
    """
    digest = hashlib.sha256(data).hexdigest()
    kind = name.rpartition(".")[2] if digest == checked else made(types.check, name, data, settings.ATTACHMENT_MAX_MB)
    if found := StoredFile.objects.filter(sha256=digest).first():
        return found
    path = default_storage.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(data))
    _written.get().append(path)
    return StoredFile.objects.create(sha256=digest, kind=kind, size=len(data), file=path)


@contextmanager
def no_orphans():
    """Around a transaction: files written inside that no row names afterwards are removed. The outermost one does it."""
    if _written.get() is not None:
        yield
        return
    token = _written.set([])
    try:
        yield
    finally:
        written = _written.get()
        _written.reset(token)
        if written:
            named = set(StoredFile.objects.filter(file__in=written).values_list("file", flat=True))
            for path in set(written) - named:
                default_storage.delete(path)
