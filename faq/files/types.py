"""What an attachment may be: a PDF, XLSX or DOCX file that is nothing but paper. Looks at the content, never at promises.

What is in doubt is refused.
"""

import re
from pathlib import PurePosixPath

from django.utils.module_loading import import_string

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# Who looks into each. Loaded with the first file of the kind: what they need takes a tenth of a worker's memory.
_CHECKS = {"pdf": "faq.files.pdf.check", "xlsx": "faq.files.office.check", "docx": "faq.files.office.check"}
# What a reader may click on in a file.
CLICKABLE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.I)


class Refused(ValueError):
    """A file that is not taken; the message says why, in German."""


def check(name, data, max_mb):
    """The kind (a key of TYPES) of a file by its content. Raises Refused for anything but harmless paper."""
    kind = PurePosixPath(name).suffix.lower().removeprefix(".")
    if kind not in TYPES:
        raise Refused(f"„{name}“ ist keine PDF-, XLSX- oder DOCX-Datei.")
    if len(data) > max_mb * 1_000_000:
        raise Refused(f"Die Datei ist größer als {max_mb} MB.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "Die Datei ist im alten Office-Format oder verschlüsselt. Bitte speichern Sie sie neu, ohne Kennwort."
        )
    import_string(_CHECKS[kind])(data, kind)
    return kind
