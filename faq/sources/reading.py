"""A file, or what was pasted, as proposals: looked at first, then cut by the helper process."""

from dataclasses import replace
from pathlib import PurePosixPath

from django.conf import settings

from faq import budget
from faq.cutting.proposals import Unreadable
from faq.editing.pasting import with_known_links
from faq.files.types import Refused
from faq.models import Contact

MOST_BYTES = 30_000_000
MOST_OF_TEXT = 2_000_000
SECONDS = 30  # of processor time
_KINDS = {".docx": "docx", ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".txt": "txt"}
_INSTEAD = {
    ".doc": "Bitte speichern Sie es in Word als .docx.",
    ".docm": "Es darf Makros enthalten. Bitte speichern Sie es in Word als .docx.",
    ".dotx": "Bitte speichern Sie es in Word als .docx.",
    ".odt": "Bitte speichern Sie es in LibreOffice als .docx, oder kopieren Sie den Text und fügen Sie ihn ein.",
    ".rtf": "Bitte speichern Sie es als .docx.",
    ".pdf": "Bitte lesen Sie das Dokument ein, aus dem es entstanden ist, oder kopieren Sie den Text und fügen Sie ihn ein.",
}


def read(name, data):
    """The Source for a file of this name. Raises Unreadable."""
    ending = PurePosixPath(name).suffix.lower()
    kind = _KINDS.get(ending)
    if kind is None:
        hint = _INSTEAD.get(ending, "Möglich sind .docx, .html, .htm, .md und .txt.")
        raise Unreadable(f"„{name}“ lässt sich nicht einlesen. {hint}")
    if not data.strip():
        raise Unreadable(f"„{name}“ ist leer.")
    if len(data) > (most := MOST_BYTES if kind in ("docx", "html") else MOST_OF_TEXT):
        raise Unreadable(f"„{name}“ ist größer als {most // 1_000_000} MB.")
    if kind == "docx":
        _check_word(name, data)
    elif b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"„{name}“ ist kein Text: Die Endung passt nicht zum Inhalt.")
    return _cut(name, data, kind)


def read_html(html, name=""):
    """The Source for the HTML of a clipboard. Raises Unreadable."""
    if len(html) > MOST_BYTES:
        raise Unreadable(f"Der Text ist größer als {MOST_BYTES // 1_000_000} MB.")
    return _cut(name, html.encode("utf-8-sig", errors="replace"), "html")  # whatever it says itself


def _check_word(name, data):
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            f"„{name}“ ist mit einem Kennwort geschützt oder im alten Word-Format. Bitte speichern Sie es ohne Kennwort als .docx."
        )
    if not data.startswith(b"PK\x03\x04"):
        raise Unreadable(f"„{name}“ ist kein Word-Dokument (.docx): Die Endung passt nicht zum Inhalt.")


def _cut(name, data, kind):
    shown = f"„{name}“" if name else "Der Text"
    try:
        source = budget.within(
            "faq.cutting.cut:cut",
            data,
            kind,
            PurePosixPath(name).stem,
            settings.PUBLIC_URL,
            _contacts(),
            seconds=SECONDS,
        )
    except Refused as error:
        raise Unreadable(f"{shown} wird nicht eingelesen. {error}") from None
    except (budget.TooMuch, RecursionError):
        raise Unreadable(
            f"{shown} ist zu groß oder zu verschachtelt. Bitte teilen Sie es, und lesen Sie die Teile einzeln ein."
        ) from None
    if not source.proposals:
        raise Unreadable(f"{shown} enthält keine Wörter.")
    return replace(source, proposals=tuple(map(_linked, source.proposals)))


def _linked(proposal):
    """The same with links to what there is in this portal."""
    steps = tuple(replace(step, body=_with_known(step.body)) for step in proposal.steps)
    return replace(proposal, body=_with_known(proposal.body), steps=steps)


def _with_known(text):
    return with_known_links(text) if "](faq:" in text or "](datei:" in text else text


def _contacts():
    """The slugs of known contacts by what texts name them by, where a link to them shows the same."""
    known = {}
    for contact in Contact.objects.all():
        if contact.phone:
            known[contact.phone_href.removeprefix("tel:")] = contact.slug
        elif contact.email:
            known[contact.email.lower()] = contact.slug
    return known
