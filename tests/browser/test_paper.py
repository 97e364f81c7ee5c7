"""What comes out of the printer: each kind of page printed by Chromium and read as a PDF."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from tests.browser.prepared import CODE

OLP = "/faq/bestellvorgang-olp/"
SIGNED = "/faq/bestellvorgang-open-value/handzettel/endkunde/"
# Navigation, search and buttons; none of them is of use on paper.
SCREEN_ONLY = [
    "Suchen",
    "Hilfe durchsuchen",
    "Link kopieren",
    "Antwort kopieren",
    "Schritt kopieren",
    "Zum Vorlesen am Telefon",
    "Per E-Mail senden",
    "Zum Inhalt",
    "Auf dieser Seite",
    "Nächste Frage",
    "Datenschutz",
    "Drucken",
    "ausblenden",
    "Haken entfernen",
    "Passt dazu",
    "Alle Schritte",
    "War das hilfreich",
]


def letters(text):
    """A text without what a line's end adds or takes away, and without ligatures."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))


@pytest.fixture
def printed(visit):
    """A page as it is on the screen, and each of its printed sheets as a PDF's page."""

    def print_page(path):
        page = visit(path)
        return page, PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="A4"))).pages

    return print_page


def words(sheet):
    return " ".join(sheet.extract_text().split())


@pytest.mark.parametrize("path", [OLP, f"{OLP}handzettel/", SIGNED, "/alles/", "/faq/stornierung/"])
def test_paper_says_where_it_is_from_and_whom_to_ask_and_has_nothing_to_click(printed, portal, path):
    _, sheets = printed(path)
    sheets = [words(sheet) for sheet in sheets]
    text = " ".join(sheets)
    assert all(f"{portal}{path.partition('handzettel/')[0]}" in sheet for sheet in sheets)
    assert ("05744 - 944 194" in text) == (path != SIGNED)
    assert [words for words in SCREEN_ONLY if words in text] == []
    assert [sheet for sheet in sheets if len(sheet) < 60] == []
    assert all(f"Seite {number} von {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))


@pytest.mark.parametrize(("path", "length"), [(OLP, 2), (f"{OLP}handzettel/", 2), (SIGNED, 1)])
def test_steps_are_printed_with_number_title_and_box_and_never_without_their_text(printed, path, length):
    page, sheets = printed(path)
    assert len(sheets) == length
    steps = page.locator(".step")
    page.emulate_media(media="print")
    assert page.locator(".step .done input:visible").count() == steps.count() > 0
    lines = [sheet.extract_text(extraction_mode="layout") for sheet in sheets]
    for step in steps.all():
        number, *title = step.get_by_role("heading").inner_text().split()
        start = re.compile(rf"^ *{number} +{re.escape(' '.join(title[:3]))}", re.MULTILINE)
        [sheet] = [sheet for sheet, shown in zip(sheets, lines, strict=True) if start.search(shown)]
        for text in step.locator(".prose").all_inner_texts():
            assert letters(text)[:20] in letters(sheet.extract_text()), title


def test_paper_writes_out_where_links_lead(printed, prepared, portal):
    _, [sheet] = printed(prepared["preview"])
    assert "Microsoft (https://example.org/lizenzen)" in words(sheet)
    _, [sheet] = printed("/faq/stornierung/")
    assert f"Ansprechpartner im Lizenzteam ({portal}/faq/ansprechpartner/)" in words(sheet)


def test_wide_tables_and_long_code_are_whole_on_paper(printed, prepared):
    page, sheets = printed(prepared["wide"])
    text = letters("".join(sheet.extract_text() for sheet in sheets))
    cells = page.locator(".prose :is(th, td)").all_inner_texts()
    assert [cell for cell in [*cells, CODE] if letters(cell) not in text] == []
    for sheet in sheets:
        found = []
        sheet.extract_text(visitor_text=lambda piece, cm, tm, font, size: found.append((tm[4] * cm[0] + cm[4], piece)))  # noqa: B023
        assert all(0 < x < sheet.mediabox.width for x, piece in found if piece.strip())
