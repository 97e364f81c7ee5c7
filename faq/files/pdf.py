"""A PDF that is nothing but paper: refused with encryption, scripts, actions that start something, embedded files."""

import io
import re
import zipfile

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject

from faq.files.types import CLICKABLE, Refused

_ACTIVE_KEYS = set(
    "/JS /JavaScript /EmbeddedFiles /EmbeddedFile /EF /RichMedia /RichMediaContent /XFA /AA /Movie /Sound".split()
)
_ACTIVE_ACTIONS = set(
    "/JavaScript /Launch /SubmitForm /ImportData /GoToE /GoToR /Rendition /Movie /Sound /RichMediaExecute /Filespec "
    "/EmbeddedFile".split()
)
_ACTIVE_NAMES = re.compile(
    rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|EmbeddedFiles?|RichMedia\w*|XFA)(?![A-Za-z0-9_])"
)
# An address with a scheme, or a share.
_STARTS_SOMETHING = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.I)
_STREAM = re.compile(rb"\bstream\r?\n")
_MAX_OBJECTS = 50_000


def check(data, kind):
    """Raises Refused."""
    if not re.match(rb"%PDF-[12]\.\d[\s%]", data):
        raise Refused("Der Inhalt ist kein PDF.")
    if not re.search(rb"%%EOF\s*\Z", data[-1024:]):
        raise Refused("Das PDF ist nicht vollständig, oder es hängt noch etwas daran.")
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused("In dem PDF steckt noch eine andere Datei.")
    # Also what no table of contents lists: other readers search the whole file for objects.
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), _outside_streams(data))
    if b"/Encrypt" in plain:
        raise Refused("Das PDF ist verschlüsselt. Bitte speichern Sie es ohne Kennwort und Schutz.")
    if match := _ACTIVE_NAMES.search(plain):
        raise _active_pdf(match[0].decode())
    try:
        _check_objects(pypdf.PdfReader(io.BytesIO(data), strict=True))
    except Refused:
        raise
    except Exception as error:  # whatever pypdf stumbles over, others would too
        raise Refused(f"Das PDF ist nicht lesbar ({type(error).__name__}).") from error


def _outside_streams(data):
    """The bytes of a PDF without what its streams hold; one that is never closed counts as outside."""
    *closed, rest = data.split(b"endstream")
    return b"".join([*(_STREAM.split(piece, maxsplit=1)[0] for piece in closed), rest])


def _check_objects(reader):
    if not len(reader.pages):
        raise Refused("Das PDF hat keine Seite.")
    numbers = {
        *((number, generation) for generation, found in reader.xref.items() for number in found),
        *((number, 0) for number in reader.xref_objStm),
    }
    if len(numbers) > _MAX_OBJECTS:
        raise Refused("Das PDF ist zu umfangreich.")
    waiting = [reader.trailer]
    for number, generation in numbers:
        if number:
            waiting.append(reader.get_object(pypdf.generic.IndirectObject(number, generation, reader)))
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            _check_dictionary(found)
            waiting += [dict.__getitem__(found, key) for key in found]
        elif isinstance(found, ArrayObject):
            waiting += list(list.__iter__(found))


def _check_dictionary(found):
    if active := _ACTIVE_KEYS.intersection(found):
        raise _active_pdf(min(active))
    for key in ("/S", "/Type", "/Subtype"):
        value = _value(found, key)
        if isinstance(value, str) and value in _ACTIVE_ACTIONS:
            raise _active_pdf(value)
    address = _value(found, "/URI")
    address = address.decode("latin-1") if isinstance(address, bytes) else address
    if isinstance(address, str) and _STARTS_SOMETHING.match(address) and not CLICKABLE.fullmatch(address):
        raise _active_pdf(address[:80])


def _value(found, key):
    """What stands under a key, also behind a reference, which pypdf's `get` does not follow."""
    return found.raw_get(key).get_object() if key in found else None


def _active_pdf(name):
    return Refused(
        f"Das PDF enthält Skripte, Aktionen oder eingebettete Dateien ({name}). Bitte drucken Sie es neu „als PDF“."
    )
