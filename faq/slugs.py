"""Slugs: what they look like, how one is made from German text, and which are taken by the portal itself."""

import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
MAX_LENGTH = 120
# First segments of the portal's own addresses: those taken since there are portals, and all. A former slug may be one of the first:
# it leads to what had it as long as nothing stands there, as does /bild/: pictures are below that; /neues/ and /vor-mir/ say where that is.
LATER = frozenset("api assets bild neues vor-mir".split())
RESERVED = LATER.union(
    "admin alles barrierefreiheit datei datenschutz faq favicon feed glossar healthz impressum konto llms media metrics "
    "opensearch readyz robots sitemap static suche thema vergleich vorschau".split()
)
# What Windows takes for a device, whatever its ending: no file can have such a name there, be it an entry's or an attachment's.
DEVICES = "(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])"
_DEVICE = re.compile(DEVICES)
STEP_PLACE = re.compile(r"schritt-\d+")  # at the end of a link: the step at a place
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o"})


def slugify(text):
    """An ASCII slug for a German text: "Für Schulen & Ämter" gives "fuer-schulen-aemter"; "" where nothing is left."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_GERMAN)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:MAX_LENGTH].strip("-")


def from_title(title, longest=60):
    """The slug for a question: whole words of it."""
    slug = slugify(title)
    return slug if len(slug) <= longest else slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def letters(text):
    """A text without what makes no difference between two names: case, and how an umlaut is composed."""
    return unicodedata.normalize("NFC", text).casefold()


def problem(slug, *, address=False, former=False):
    """What is wrong with a slug, in German, or None. `address`: it stands in the site's shared namespace, `former`: no more."""
    if not SLUG.fullmatch(slug):
        return (
            f"„{slug}“ ist kein gültiger Anker: erlaubt sind Kleinbuchstaben a–z, Ziffern und Bindestriche dazwischen."
        )
    if len(slug) > MAX_LENGTH:
        return f"Der Anker „{slug[:40]}…“ ist zu lang (höchstens {MAX_LENGTH} Zeichen)."
    if address and not former and _DEVICE.fullmatch(slug):
        return f"„{slug}“ kann unter Windows keine Datei heißen. Bitte wählen Sie einen anderen Anker."
    if address and (slug in RESERVED - (LATER if former else set()) or STEP_PLACE.fullmatch(slug)):
        return f"„{slug}“ ist für das Portal selbst reserviert. Bitte wählen Sie einen anderen Anker."
    return None
