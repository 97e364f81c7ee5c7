"""Pictures of every kind of page of a running portal, to be looked at, and those that the README shows.

python -m tests.browser.screenshots http://127.0.0.1:8000 FOLDER    all pages, widths and colour schemes, and paper
python -m tests.browser.screenshots http://127.0.0.1:8000           docs/*.png
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    "start": "/",
    "kategorie": "/bestellprozess/",
    "antwort": "/faq/vlsc-probleme/",
    "rueckmeldung": "/faq/vlsc-probleme/rueckmeldung/nein/",
    "ablauf": "/faq/bestellvorgang-olp/",
    "vergleich": "/vergleich/",
    "handzettel": "/faq/bestellvorgang-open-value/handzettel/endkunde/",
    "suche": "/suche/",
    "treffer": "/suche/?q=lizenzen",
    "nichts-gefunden": "/suche/?q=xqzwvkjy",
    "vor-mir": "/vor-mir/#order-confirmation",
    "glossar": "/glossar/#order-confirmation",
    "themen": "/thema/",
    "alles": "/alles/#stornierung",
    "datenschutz": "/datenschutz/",
    "barrierefreiheit": "/barrierefreiheit/",
    "nicht-gefunden": "/gibt-es-nicht/",
}
PAPER = ("ablauf", "handzettel", "kategorie")
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")


def take_all(browser, address, folder):
    """A picture of each page at each width in each colour scheme, and the pages of what is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE")
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            context.close()
    page = browser.new_page(locale="de-DE")
    for name in PAPER:
        page.goto(address + PAGES[name])
        pdf = folder / f"{name}.pdf"
        page.pdf(path=pdf, prefer_css_page_size=True, format="A4")
        if pdftoppm := shutil.which("pdftoppm"):
            subprocess.run([pdftoppm, "-r", "80", "-png", pdf, folder / f"{name}-papier"], check=True)


def take_for_readme(browser, address, folder):
    folder.mkdir(exist_ok=True)
    for name, path, width, height, scheme in (
        ("start", "/", 1280, 1000, "light"),
        ("walkthrough", "/faq/bestellvorgang-olp/", 1280, 1000, "light"),
        ("phone", "/faq/bestellvorgang-olp/", 360, 780, "dark"),
    ):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="de-DE")
        page = context.new_page()
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main(address, folder=None):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if folder:
            take_all(browser, address, Path(folder))
        else:
            take_for_readme(browser, address, DOCS)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
