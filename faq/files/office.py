"""An Office file that is nothing but paper: a ZIP file with the right parts, without macros, embedded objects, links that load something."""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException

from faq.files.types import CLICKABLE, Refused

# The part that makes a ZIP file a workbook or a text, and the content type it must have.
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "docx": ("word/document.xml", "wordprocessingml.document"),
}
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
_MAX_PARTS, _MAX_UNPACKED, _MAX_RATIO = 2_000, 60_000_000, 200


def check(data, kind, also=()):
    """Raises Refused; `also` are endings of further parts that do no harm where nobody opens the file."""
    if not data.startswith(b"PK\x03\x04") or data.rfind(b"PK\x05\x06") + 22 != len(data):
        raise Refused(f"Der Inhalt ist keine {kind.upper()}-Datei, oder es hängt noch etwas daran.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive.infolist(), kind)
            for member in archive.infolist():
                _check_part(archive, member, kind, also)
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


def _check_part(archive, member, kind, also):
    """Read a part to its end, which checks its sum; every XML is parsed."""
    name = member.filename.lower()
    with archive.open(member) as part:
        content = part.read(member.file_size + 1)
    if name.endswith(_XML):
        parts = _Part(kind)
        defusedxml.sax.parseString(content, parts, forbid_dtd=True)
        if name in ("[content_types].xml", "_rels/.rels") and not parts.names_main_part:
            raise Refused(f"Der Inhalt ist keine {kind.upper()}-Datei.")
    elif not name.endswith((*_HARMLESS, *also)):
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
        if values.get("TargetMode", "").lower() == "external" and not (link and CLICKABLE.fullmatch(target)):
            raise Refused(f"Die Datei lädt etwas von außen ({target[:80]}).")
        if kind.endswith("/officeDocument"):
            if self.names_main_part is not None:
                raise _active_office(target)  # which of two is opened is each program's own choice
            self.names_main_part = target.lstrip("/") == self.main_part


def _active_office(what):
    return Refused(
        f"Die Datei enthält Makros oder eingebettete Objekte ({what[:80]}). Bitte speichern Sie sie ohne diese."
    )
