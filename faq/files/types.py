"""What an attachment may be: a PDF, XLSX or DOCX file that is nothing but paper. Looks at the content, never at promises.

PDF: read by pypdf, refused with encryption, scripts, actions that start something, embedded files. Office: a ZIP file with
the right parts and no macros, embedded objects or links that load something. What is in doubt is refused.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.sax.handler import ContentHandler

import defusedxml.sax
import pypdf
from defusedxml import DefusedXmlException
from pypdf.generic import ArrayObject, DictionaryObject

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# The part that makes a ZIP file a workbook or a text, and the content type it must have.
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "docx": ("word/document.xml", "wordprocessingml.document"),
}
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
_ACTIVE_PARTS = re.compile(
    r"vbaproject|macrosheet|dialogsheet|activex|/embeddings/|oleobject|externallink|connections\.xml|customui|/ctrlprops/"
    r"|attachedtoolbars|/webextensions/",
    re.I,
)
_ACTIVE_TYPES = re.compile(
    r"macro|vba|activex|oleobject|externallink|connections|webextension|afchunk|attachedtemplate|subdocument|^control|^package$",
    re.I,
)
_ACTIVE_FIELD = re.compile(r"\b(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|MACROBUTTON)\b", re.I)
_ACTIVE_FORMULA = re.compile(r"\|[^|]*!|\b(?:WEBSERVICE|CALL|EXEC|REGISTER(?:\.ID)?|RTD|DDE)\(", re.I)
_XML = (".xml", ".rels", ".vml")
_HARMLESS = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".odttf", ".fntdata", "/")
_CLICKABLE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.I)
# An address with a scheme, or a share.
_STARTS_SOMETHING = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.I)
_STREAM = re.compile(rb"\bstream\r?\n")
_MAX_OBJECTS, _MAX_PARTS, _MAX_UNPACKED, _MAX_RATIO = 50_000, 2_000, 60_000_000, 200


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
    (_check_pdf if kind == "pdf" else _check_office)(data, kind)
    return kind


# PDF


def _check_pdf(data, kind):
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
    if isinstance(address, str) and _STARTS_SOMETHING.match(address) and not _CLICKABLE.fullmatch(address):
        raise _active_pdf(address[:80])


def _value(found, key):
    """What stands under a key, also behind a reference, which pypdf's `get` does not follow."""
    return found.raw_get(key).get_object() if key in found else None


def _active_pdf(name):
    return Refused(
        f"Das PDF enthält Skripte, Aktionen oder eingebettete Dateien ({name}). Bitte drucken Sie es neu „als PDF“."
    )


# Office


def _check_office(data, kind):
    if not data.startswith(b"PK\x03\x04") or data.rfind(b"PK\x05\x06") + 22 != len(data):
        raise Refused(f"Der Inhalt ist keine {kind.upper()}-Datei, oder es hängt noch etwas daran.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive.infolist(), kind)
            for member in archive.infolist():
                _check_part(archive, member, kind)
    except Refused:
        raise
    except DefusedXmlException:
        raise Refused("Die Datei enthält XML mit eigenen Definitionen (DTD), das kein Office schreibt.") from None
    except Exception as error:  # whatever is wrong with it, it is no file that Office wrote
        raise Refused(f"Die Datei ist nicht lesbar ({type(error).__name__}).") from error


def _check_parts(members, kind):
    names = [member.filename for member in members]
    if len(names) > _MAX_PARTS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise Refused("Die Datei ist ausgepackt zu groß.")
    if len({name.lower() for name in names}) < len(names):
        raise Refused("Die Datei enthält einen Teil zweimal.")
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or re.search(r"[\\:\x00-\x1f]", member.orig_filename):
            raise Refused("Die Datei enthält Pfade, die kein Office schreibt.")
        if member.flag_bits & 0x1:
            raise Refused("Die Datei ist verschlüsselt.")
        if member.file_size > 1_000_000 and member.file_size > member.compress_size * _MAX_RATIO:
            raise Refused("Die Datei ist ausgepackt zu groß.")
        if _ACTIVE_PARTS.search("/" + member.filename):
            raise _active_office(member.filename)
    if not {"[Content_Types].xml", "_rels/.rels", _MAIN_PARTS[kind][0]} <= set(names):
        raise Refused(f"Der Inhalt ist keine {kind.upper()}-Datei.")


def _check_part(archive, member, kind):
    """Read a part to its end, which checks its sum; every XML is parsed."""
    name = member.filename.lower()
    with archive.open(member) as part:
        content = part.read(member.file_size + 1)
    if name.endswith(_XML):
        parts = _Part(kind)
        defusedxml.sax.parseString(content, parts, forbid_dtd=True)
        if name in ("[content_types].xml", "_rels/.rels") and not parts.names_main_part:
            raise Refused(f"Der Inhalt ist keine {kind.upper()}-Datei.")
    elif not name.endswith(_HARMLESS):
        raise Refused(f"Die Datei enthält „{member.filename}“, das nicht in ein Formular gehört.")


class _Part(ContentHandler):
    """Looks through one XML part for what would run or load something."""

    def __init__(self, kind):
        super().__init__()
        self.main_part, self.main_type = _MAIN_PARTS[kind]
        self.names_main_part = None
        self._instruction, self._formula, self._inside = [], [], None

    def startElement(self, name, attributes):
        name, values = name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name in ("Override", "Default"):
            self._content_type(values)
        elif name == "Relationship":
            self._relationship(values)
        elif name == "altChunk":
            raise _active_office(name)
        self._inside = {"instrText": self._instruction, "f": self._formula}.get(name)
        if name == "f":
            self._formula.clear()
        if "instr" in values:
            self._instruction.append(values["instr"])

    def characters(self, content):
        if self._inside is not None:
            self._inside.append(content)

    def endElement(self, name):
        closed, self._inside = self._inside, None
        if closed is self._formula and (match := _ACTIVE_FORMULA.search("".join(self._formula))):
            raise _active_office(match[0])

    def endDocument(self):
        # Word may spread one instruction over several runs.
        if match := _ACTIVE_FIELD.search("".join(self._instruction)):
            raise _active_office(match[0])

    def _content_type(self, values):
        content_type = values.get("ContentType", "")
        if match := _ACTIVE_TYPES.search(content_type):
            raise _active_office(match[0])
        part = values.get("PartName") or "." + values.get("Extension", "")
        if re.search(r"[+/]xml$", content_type, re.I) and not part.lower().endswith(_XML):
            raise _active_office(part)  # read as XML by Office, and so not looked into here
        if values.get("PartName") == "/" + self.main_part:
            self.names_main_part = content_type == f"{_OPEN_XML}{self.main_type}.main+xml"

    def _relationship(self, values):
        kind, target = values.get("Type", ""), values.get("Target", "")
        if match := _ACTIVE_TYPES.search(kind.rpartition("/")[2]):
            raise _active_office(match[0])
        link = kind.endswith("/hyperlink")
        if values.get("TargetMode", "").lower() == "external" and not (link and _CLICKABLE.fullmatch(target)):
            raise Refused(f"Die Datei lädt etwas von außen ({target[:80]}).")
        if kind.endswith("/officeDocument"):
            if self.names_main_part is not None:
                raise _active_office(target)  # which of two is opened is each program's own choice
            self.names_main_part = target.lstrip("/") == self.main_part


def _active_office(what):
    return Refused(
        f"Die Datei enthält Makros oder eingebettete Objekte ({what[:80]}). Bitte speichern Sie sie ohne diese."
    )
