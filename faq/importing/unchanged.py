"""Whether a folder is, byte for byte, the one that was imported last: a start then need not read it again.

An import of the same files changes nothing, whatever was edited since: each file is its own base. It must only have been the last
import, have left no conflict, and have been read by the same code. Kept in the cache, which is in the database and goes with it;
what is lost there costs one import.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from faq.models import Version

_CODE = Path(__file__).resolve().parent.parent
_KEY = "imported folder"


def fingerprint(root):
    """Of all files of a content folder and of what reads them; of one that is not there as well."""
    root, digest = Path(root), hashlib.sha256(str(settings.ATTACHMENT_MAX_MB).encode())
    for folder, paths in ((_CODE, _CODE.rglob("*.py")), (root, root.glob("*")), (root, root.glob("*/*"))):
        for path in sorted(paths):
            if path.is_file():
                with path.open("rb") as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
                digest.update(f"\0{str(path)[len(str(folder)) :]} {content}".encode())
    return digest.hexdigest()


def is_last_import(fingerprint):
    """Whether this folder was imported last, and wholly."""
    return cache.get(_KEY) == [fingerprint, _latest_base()]


def note(fingerprint):
    """The folder of this fingerprint, taken before it was read, was imported without a conflict."""
    cache.set(_KEY, [fingerprint, _latest_base()], timeout=None)


def _latest_base():
    """Another one after every import that moved a base."""
    return Version.objects.filter(base=True).order_by("-pk").values_list("pk", flat=True).first()
