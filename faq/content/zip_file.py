"""A content folder as one ZIP file, for those who have no access to the server."""

import mmap
import re
import shutil
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from faq.content import exporting
from faq.content.folder import FileProblem, FolderError
from faq.files import storing

MODE = 0o100644  # of what is unpacked on a server: the service reads it too
MAX_FILES = 20_000
MAX_BYTES = 200_000_000


def write(file):
    """Write all that is stored as a ZIP file into an open binary file, one member after the other."""
    content = exporting.stored_folder()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path, text in sorted(content.files().items()):
            archive.writestr(_member(path), text)
        for path, stored in sorted(content.binaries().items()):
            with storing.opened(stored) as source, archive.open(_member(path), "w") as target:
                shutil.copyfileobj(source, target)


def _member(path):
    member = zipfile.ZipInfo(path, time.localtime()[:6])
    member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, MODE << 16
    return member


def unpack(file, root):
    """Write the files of a ZIP file into the empty folder `root`, and return the folder that holds the content.

    Raises FolderError for what is no ZIP file, is too large unpacked, or would write outside of `root`.
    """
    try:
        _require_few(file)
        with zipfile.ZipFile(file) as archive:
            # macOS puts a folder of its own beside what was packed.
            files = (member for member in archive.infolist() if not member.is_dir())
            members = [member for member in files if not member.filename.startswith("__MACOSX/")]
            _check(members)
            for member in members:
                target = Path(root, *PurePosixPath(member.filename).parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source:
                    # The size in the list may lie: no more than it says is read.
                    target.write_bytes(source.read(member.file_size))
    except FileNotFoundError:
        raise  # the ZIP file itself is not there any more
    except (
        zipfile.BadZipFile,
        ValueError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        UnicodeDecodeError,
    ) as error:
        raise _refused(f"Das ist kein lesbares ZIP ({error}).") from None
    inner = list(Path(root).iterdir())
    # Packed by hand there is often one folder around it all.
    only = inner[0] if len(inner) == 1 and inner[0].is_dir() and not (inner[0] / "_category.md").exists() else None
    return only or Path(root)


def _require_few(file):
    """Count the members before `zipfile` takes a thousand bytes of memory for each. What the file says of their number may lie."""
    with open(file, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if sum(1 for _ in re.finditer(b"PK\x01\x02", content)) > MAX_FILES:
            raise _refused(f"Das ZIP enthält mehr als {MAX_FILES:,} Dateien.".replace(",", "."))


def _check(members):
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise _refused("Das ZIP ist ausgepackt zu groß.")
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
            raise _refused(f"„{member.filename}“ läge außerhalb des Ordners.")
        if member.flag_bits & 0x1:
            raise _refused("Das ZIP ist verschlüsselt.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(
                f"„{member.filename}“ ist auf eine Art gepackt, die hier nicht gelesen wird. Üblich ist „Deflate“."
            )


def _refused(message):
    return FolderError([FileProblem("ZIP", 1, message)])
