"""What programs really put on the clipboard, with the Markdown that it should become."""

from pathlib import Path
from urllib.parse import quote

FOLDER = Path(__file__).parent / "data/clipboards"
_PORTAL = "https://hilfe.example.org"  # whose pages some of them link to
NAMES = sorted(file.stem for file in FOLDER.glob("*.html"))


def html(name, portal):
    """One of them, copied from a page of this portal."""
    text = (FOLDER / f"{name}.html").read_text()
    return text.replace(_PORTAL, portal).replace(quote(_PORTAL, safe=""), quote(portal, safe=""))


def expected(name, portal):
    """Markdown, and what is left out: behind `%%` in the file's last line."""
    text, _, left_out = (FOLDER / f"{name}.md").read_text().replace(_PORTAL, portal).partition("\n%% ")
    return text.rstrip("\n"), left_out.strip()
