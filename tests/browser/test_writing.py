"""The Markdown field: its buttons, its keys, and the chooser of what to link to, with nothing but the keyboard where that is the point."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import violations
from tests.papers import pdf

pytestmark = pytest.mark.usefixtures("in_markdown")


@pytest.fixture
def form(admin):
    """The form of a new entry, with the cursor in its text."""
    admin.goto("/admin/faq/entry/add/")
    field(admin).focus()
    return admin


def field(page):
    return page.locator("#id_body")


def press(page, name):
    page.locator(".field-body").get_by_role("button", name=name, exact=True).click()


def previewed(page):
    """The live preview of what is written so far."""
    page.locator("#id_title").fill("Nur zur Probe?")
    page.locator("#id_category").select_option(label="Allgemeine Fragen")
    page.get_by_role("button", name="Vorschau beim Schreiben").click()
    return page.frame_locator(".live-preview").locator(".prose").first


def test_a_button_at_the_end_of_a_line_makes_a_list(form):
    form.keyboard.type("Sie brauchen:")
    press(form, "Liste")
    form.keyboard.type("einen Zugang")
    expect(field(form)).to_have_value("Sie brauchen:\n\n- einen Zugang")
    expect(previewed(form).locator("ul > li")).to_have_text("einen Zugang")


def test_a_button_at_the_end_of_a_line_makes_a_table(form):
    form.keyboard.type("Preise:")
    press(form, "Tabelle")
    form.keyboard.type("Artikel")
    shown = previewed(form)
    expect(shown.locator("th").first).to_have_text("Artikel")
    expect(shown).to_contain_text("Preise:")


@pytest.mark.parametrize(
    ("button", "then"),
    [
        ("Liste", "- eins\n- zwei"),
        ("Nummeriert", "1. eins\n2. zwei"),
        ("Zitat", "> eins\n> zwei"),
        ("Hinweis", "!!! hinweis\n    eins\n    zwei"),
        ("Fett", "**eins**\n**zwei**"),
    ],
)
def test_a_button_changes_all_marked_lines_and_undo_takes_one_step_back(form, button, then):
    form.keyboard.type("eins\nzwei")
    form.keyboard.press("Control+a")
    press(form, button)
    expect(field(form)).to_have_value(then)
    form.keyboard.press("Control+z")
    expect(field(form)).to_have_value("eins\nzwei")
    form.keyboard.press("Control+y")
    expect(field(form)).to_have_value(then)
    press(form, "Rückgängig")
    form.keyboard.press("Control+a")
    press(form, button)
    press(form, button)
    expect(field(form)).to_have_value("eins\nzwei")
    form.keyboard.press("Control+z")
    expect(field(form)).to_have_value(then)


def test_keys_write_lists_nest_them_and_end_them(form):
    form.keyboard.press("Control+Shift+Digit8")
    form.keyboard.type("a")
    form.keyboard.press("Enter")
    form.keyboard.press("Tab")
    form.keyboard.type("b")
    form.keyboard.press("Enter")
    form.keyboard.press("Enter")
    form.keyboard.type("c")
    form.keyboard.press("Enter")
    form.keyboard.press("Enter")
    form.keyboard.type("Ende")
    expect(field(form)).to_have_value("- a\n  - b\n- c\n\nEnde")


def test_tab_goes_through_a_table_and_lets_it_grow(form):
    press(form, "Tabelle")
    for word in ("A", "B", "1", "2", "3"):
        form.keyboard.type(word)
        form.keyboard.press("Tab")
    form.keyboard.type("4")
    expect(field(form)).to_have_value("| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |")


def test_tab_leaves_the_field_and_behind_escape_always(form):
    form.keyboard.type("Text")
    form.keyboard.press("Tab")
    expect(field(form)).not_to_be_focused()
    field(form).focus()
    form.keyboard.press("End")
    form.keyboard.type("\n\n- a\n")
    form.keyboard.type("b")
    form.keyboard.press("Tab")
    expect(field(form)).to_be_focused()
    form.keyboard.press("Escape")
    form.keyboard.press("Tab")
    expect(field(form)).not_to_be_focused()


def test_the_toolbar_is_one_stop_and_arrows_go_through_it(form):
    form.keyboard.type("Wort")
    form.keyboard.press("Shift+Tab")
    buttons = form.get_by_role("toolbar", name="Gestalten: Antwort").get_by_role("button")
    expect(buttons.first).to_be_focused()
    form.keyboard.press("ArrowLeft")
    expect(buttons.last).to_be_focused()
    form.keyboard.press("Home")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value("**Wort**")
    expect(field(form)).to_be_focused()


def test_what_an_input_method_composes_is_left_alone(form):
    form.keyboard.type("- a")
    composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert field(form).evaluate(f"field => field.dispatchEvent({composing})")
    expect(field(form)).to_have_value("- a")


def test_headings_of_a_step_begin_below_it(admin):
    admin.goto("/admin/faq/entry/?q=OLP-Bereich")
    admin.get_by_role("link", name=re.compile("OLP-Bereich")).first.click()
    admin.locator("#steps-1 summary").first.click()
    admin.locator("#id_steps-1-body").focus()
    admin.locator(".field-body", has=admin.locator("#id_steps-1-body")).get_by_role(
        "button", name="Überschrift"
    ).click()
    expect(admin.locator("#id_steps-1-body")).to_have_value("#### Überschrift")


# The chooser


def chooser(page):
    return page.get_by_role("dialog")


def chosen(page):
    """What Enter would take."""
    return chooser(page).locator("li[aria-selected=true]")


def test_a_link_to_step_7_of_olp_by_keyboard_alone(form):
    form.keyboard.type("Siehe ")
    form.keyboard.press("Control+k")
    form.keyboard.type("olp 7")
    form.keyboard.press("Enter")
    written = "Siehe [Schritt 7](faq:bestellvorgang-olp#aktivierung-und-herunterladen-der-lizenzen)"
    expect(field(form)).to_have_value(written)
    form.keyboard.type(".")
    expect(field(form)).to_have_value(written + ".")
    form.keyboard.press("Control+z")
    form.keyboard.press("Control+z")
    expect(field(form)).to_have_value("Siehe ")


def test_a_slash_finds_too_and_stays_a_slash_where_nothing_is_chosen(form):
    form.keyboard.type("/olp 7")
    expect(chosen(form)).to_contain_text("Schritt 7")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value(re.compile(r"^\[Schritt 7\]\(faq:bestellvorgang-olp#"))
    field(form).fill("")
    form.keyboard.type("und / oder, 80 km/h, /media")
    form.keyboard.press("Escape")
    form.keyboard.type(".")
    expect(field(form)).to_have_value("und / oder, 80 km/h, /media.")


def test_marked_words_become_the_links_words_and_escape_leaves_them_marked(form):
    form.keyboard.type("falsche Bestellung")
    form.keyboard.press("Control+a")
    form.keyboard.press("Control+k")
    form.keyboard.press("Escape")
    form.keyboard.press("Control+k")
    form.keyboard.type("stornieren")
    expect(chosen(form)).to_contain_text("stornieren")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value("[falsche Bestellung](faq:stornierung)")


def test_a_link_that_is_there_is_changed_and_taken_away(form):
    form.keyboard.type("[hier](https://example.org/alt)")
    form.keyboard.press("ArrowLeft")
    form.keyboard.press("Control+k")
    expect(chooser(form).get_by_label("Text des Links")).to_have_value("hier")
    expect(chooser(form).get_by_role("combobox", name="Suchen")).to_have_value("https://example.org/alt")
    form.keyboard.type("https://example.org/neu")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value("[hier](https://example.org/neu)")
    form.keyboard.press("ArrowLeft")
    form.keyboard.press("Control+k")
    chooser(form).get_by_role("button", name="Link entfernen").press("Enter")
    expect(field(form)).to_have_value("hier")


def test_a_file_is_put_in_and_a_contact_made_in_place(form, tmp_path):
    paper = tmp_path / "antrag.pdf"
    paper.write_bytes(pdf("in place"))
    form.keyboard.press("Control+k")
    form.keyboard.type("Antrag für Probanden")
    chooser(form).get_by_role("option", name="hochladen").click()
    chooser(form).get_by_label("Datei (PDF").set_input_files(paper)
    chooser(form).get_by_role("button", name="Anlegen und einfügen").click()
    expect(field(form)).to_have_value("[Antrag für Probanden](datei:antrag-fuer-probanden)")
    form.keyboard.type(", ")
    form.keyboard.press("Control+k")
    form.keyboard.type("Probetelefon")
    chooser(form).get_by_role("option", name="Ansprechpartner „Probetelefon“ anlegen").click()
    expect(chooser(form).get_by_label("Telefon")).to_be_focused()
    form.keyboard.type("05744 1")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value(re.compile(r"\[Probetelefon\]\(kontakt:probetelefon\)$"))
    shown = previewed(form)
    expect(shown.get_by_role("link", name="Antrag für Probanden (PDF")).to_be_visible()
    expect(shown).to_contain_text("Probetelefon (05744 1)")


def test_a_gap_is_made_by_the_text_that_has_it(form):
    form.keyboard.press("Control+k")
    form.keyboard.type("Preisblatt 2027")
    expect(chooser(form).get_by_role("option", name="Offene Stelle „Preisblatt 2027“ anlegen")).to_be_visible()
    while "Offene Stelle" not in chosen(form).inner_text():
        form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    expect(field(form)).to_have_value("[Preisblatt 2027](offen:preisblatt-2027)")


def test_axe_finds_nothing_in_the_chooser(form):
    form.locator(".markdown-help summary").first.click()
    field(form).focus()
    form.keyboard.press("Control+k")
    form.keyboard.type("olp")
    expect(chooser(form).locator("li").first).to_be_visible()
    found = violations(form)
    chooser(form).get_by_role("option", name="hochladen").click()
    assert found + violations(form) == []
