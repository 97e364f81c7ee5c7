"""What a file may be: a PDF, XLSX or DOCX file that is nothing but paper, or a still picture. Looks at the content, never at promises.

What is in doubt is refused.
"""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from django.utils.module_loading import import_string

from faq import budget

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
PAPERS, PICTURES = ("pdf", "xlsx", "docx"), ("png", "jpg", "webp")
DRAWING_SECONDS = 8  # of processor time
# Who looks into each. Loaded with the first file of the kind: what they need takes a tenth of a worker's memory.
_CHECKS = {"pdf": "faq.files.pdf.check", "xlsx": "faq.files.office.check", "docx": "faq.files.office.check"}
# What a reader may click on in a file.
CLICKABLE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.I)


class Refused(ValueError):
    """A file that is not taken; the message says why, in German."""


class Checked(NamedTuple):
    """A file that was looked at: its kind (a key of TYPES), what is kept of it, and of a picture what readers get (`pictures.Rendition`)."""

    kind: str
    data: bytes
    renditions: tuple = ()


def kind_of(name):
    """The kind that a file's name promises, or what its ending is else."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    return "jpg" if ending == "jpeg" else ending


def check(name, data, max_mb):
    """The Checked file. Raises Refused for anything but harmless paper and still pictures."""
    kind = kind_of(name)
    if kind not in TYPES:
        raise Refused(f"„{name}“ ist keine PDF-, XLSX- oder DOCX-Datei und kein Bild (PNG, JPEG, WebP).")
    if len(data) > max_mb * 1_000_000:
        raise Refused(f"Die Datei ist größer als {max_mb} MB.")
    if kind in PICTURES:
        return _drawn(kind, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "Die Datei ist im alten Office-Format oder verschlüsselt. Bitte speichern Sie sie neu, ohne Kennwort."
        )
    import_string(_CHECKS[kind])(data, kind)
    return Checked(kind, data)


def _drawn(kind, data):
    """In a process of its own: a picture of a few bytes may take memory and time without end."""
    try:
        checked = Checked(*budget.within("faq.files.pictures:draw", data, seconds=DRAWING_SECONDS))
    except budget.TooMuch:
        raise Refused("Dieses Bild ist zu aufwendig. Bitte speichern Sie es kleiner oder als JPEG.") from None
    if checked.kind != kind:
        raise Refused(f"Die Datei ist in Wahrheit ein Bild der Art „{checked.kind}“. Bitte geben Sie ihr diese Endung.")
    return checked
