"""What editors copy elsewhere and paste by Ctrl+V into a Markdown field."""

import re

import pytest
from playwright.sync_api import expect

from tests import clipboards

# What a program does when somebody copies: both kinds stand on the clipboard as it wrote them.
COPY = """([html, text]) => document.addEventListener("copy", (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
}, {once: true})"""


pytestmark = pytest.mark.usefixtures("in_markdown")


@pytest.fixture
def field(admin):
    admin.goto("/admin/faq/entry/add/")
    return admin.locator("#id_body")


def paste(page, field, html="", text="nur Text", keys="Control+v"):
    page.evaluate(COPY if html else COPY.replace('event.clipboardData.setData("text/html", html);', ""), [html, text])
    page.keyboard.press("Control+c")
    field.focus()
    page.keyboard.press(keys)


def test_each_clipboard_arrives_as_what_it_is_and_is_taken_back_by_one_undo(admin, field, portal):
    for name in clipboards.NAMES:
        text, left_out = clipboards.expected(name, portal)
        if name in ("nur-text-html", "word-ein-wort"):  # say no more than their text does
            text, left_out = "nur Text", ""
        paste(admin, field, clipboards.html(name, portal))
        expect(field, name).to_have_value(text)
        if left_out:
            expect(admin.locator(".field-says").first, name).to_have_text(f"Nicht übernommen: {left_out}.")
        admin.keyboard.press("Control+z")
        expect(field, name).to_have_value("")


LIST = "<ul><li>a</li><li>b</li></ul>"
PLACES = [
    ("Text", LIST, "Text\n\n- a\n- b"),
    ("Text", "<b>fett</b>", "Text**fett**"),
    ("Text\n", "<p>a</p><p>b</p>", "Text\n\na\n\nb"),
    ("- x\n", LIST, "- x\n- a\n- b"),
    ("- ", LIST, "- a\n- b"),
    ("- x\n  - ", LIST, "- x\n  - a\n  - b"),
    ("1. ", "<p>a</p><p>b</p>", "1. a\n\n   b"),
    ("1. x", LIST, "1. x\n\n   - a\n   - b"),
    ("!!! hinweis\n    ", LIST, "!!! hinweis\n    - a\n    - b"),
    ("!!! hinweis\n    Text", "<p>a</p><p>b</p>", "!!! hinweis\n    Text\n\n    a\n\n    b"),
    ("> ", "<p>a</p><p>b</p>", "> a\n>\n> b"),
    ("a | b\n--- | ---\n| ", "<p>x</p><p>y</p>", "a | b\n--- | ---\n| x y"),
    ("```\n", LIST, "```\nnur Text"),
]


def test_it_takes_its_place_in_items_callouts_quotes_cells_and_code(admin, field):
    for before, html, after in PLACES:
        field.fill(before)
        field.press("Control+End")
        paste(admin, field, html)
        expect(field, before).to_have_value(after)
        admin.keyboard.press("Control+z")
        expect(field, before).to_have_value(before)


def test_cells_of_a_spreadsheet_are_a_table_also_without_html_and_other_text_stays_as_it_is(admin, field):
    paste(admin, field, text="Artikel\tPreis\nA|B\t3\n")
    expect(field).to_have_value("| Artikel | Preis |\n| --- | --- |\n| A\\|B | 3 |")
    field.fill("")
    paste(admin, field, text="- schon *Markdown*\n")
    expect(field).to_have_value("- schon *Markdown*\n")
    field.fill("")
    paste(admin, field, LIST, text="a b", keys="Control+Shift+v")
    expect(field).to_have_value("a b")


def test_after_an_expired_login_the_text_is_pasted_and_it_is_said(admin, field):
    admin.context.clear_cookies(name="sessionid")
    paste(admin, field, LIST, "a\nb")
    expect(field).to_have_value("a\nb")
    expect(admin.locator(".field-says").first).to_have_text(
        re.compile("Eingefügt ist nur der Text: Ihre Anmeldung ist abgelaufen")
    )
