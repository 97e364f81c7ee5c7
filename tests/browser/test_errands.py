"""What editors do every day, with how many clicks and page loads: `pytest -s` prints them, with the seconds at the pace of somebody who types well."""

import time

import pytest
from playwright.sync_api import expect

from tests import clipboards
from tests.browser.test_pasting import COPY

PACE = 20  # milliseconds a key


class Errand:
    """A page, and what it took so far."""

    def __init__(self, page):
        page.wait_for_load_state()
        self.page, self.clicks, self.loads, self.keys, self._began = page, 0, 0, 0, time.monotonic()
        page.on("request", self._asked)

    def _asked(self, request):
        """Counted as it is asked for: what is to be seen is there before a page says that it is loaded."""
        is_page = request.is_navigation_request() and request.frame == self.page.main_frame
        self.loads += is_page and request.redirected_from is None

    def click(self, target):
        self.clicks += 1
        target.click()

    def type(self, text):
        self.keys += len(text)
        self.page.keyboard.type(text, delay=PACE)

    def press(self, *keys):
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key, delay=PACE)

    def took(self, name, *, clicks, loads):
        """Print the figures, and hold them against what is promised."""
        print(
            f"\n{name}: {self.clicks} clicks, {self.loads} page loads, {self.keys} keys, {time.monotonic() - self._began:.1f} s"
        )
        assert (self.clicks, self.loads) == (clicks, loads)


@pytest.fixture
def errand(admin):
    return Errand(admin)


def editor_of(page):
    return page.locator(".field-body .ProseMirror")


def new_entry(page):
    """The form of a new entry, where the errand begins, with the cursor in its text."""
    page.goto("/admin/faq/entry/add/")
    editor_of(page).click()
    return Errand(page)


def written(page):
    return page.evaluate(
        "async () => { const field = document.querySelector('#id_body'); await field.view.write(); return field.value; }"
    )


def test_correct_a_sentence_and_publish(errand, visit):
    page = errand.page
    errand.click(page.locator("#content").get_by_role("link", name="Einträge", exact=True))
    errand.click(page.get_by_role("link", name="Wie kann ich falsche Bestellungen stornieren?"))
    before = editor_of(page).inner_text()
    errand.click(editor_of(page).locator("p").last)
    errand.press("End")
    errand.type(" Fragen Sie uns vorher.")
    errand.click(page.get_by_role("button", name="Sichern", exact=True))
    expect(page.locator(".messagelist .success")).to_be_visible()
    errand.took("correct a sentence and publish", clicks=4, loads=3)
    reader = visit("/faq/stornierung/")
    expect(reader.locator("article, main").first).to_contain_text("Fragen Sie uns vorher.")
    assert before


def test_paste_a_word_page_with_a_nested_list_and_a_table(admin, portal):
    errand = new_entry(admin)
    name = "word-seite"
    text, _ = clipboards.expected(name, portal)
    admin.evaluate(COPY, [clipboards.html(name, portal), "nur Text"])
    admin.keyboard.press("Control+c")
    editor_of(admin).focus()
    errand.press("Control+v")
    expect(editor_of(admin)).not_to_be_empty()
    expect(admin.locator(".field-says").first).not_to_have_text("Wird eingefügt …")
    assert written(admin) == text
    errand.took("paste a page of Word", clicks=0, loads=0)


def test_link_to_step_7_of_the_olp_order(admin):
    errand = new_entry(admin)
    errand.type("Das steht in /")
    expect(admin.get_by_role("dialog")).to_be_visible()
    errand.type("olp 7")
    expect(admin.get_by_role("listbox").get_by_role("option").first).to_contain_text("Schritt 7")
    errand.press("Enter")
    expect(admin.locator(".surface a.chip")).to_have_text("Schritt 7")
    assert (
        written(admin) == "Das steht in [Schritt 7](faq:bestellvorgang-olp#aktivierung-und-herunterladen-der-lizenzen)"
    )
    errand.took("link to step 7 of OLP", clicks=0, loads=0)


def test_add_a_callout(admin):
    errand = new_entry(admin)
    errand.type("Halten Sie die Nummer bereit.")
    errand.click(admin.locator(".field-body").get_by_role("button", name="Hinweis", exact=True))
    assert written(admin) == "!!! hinweis\n    Halten Sie die Nummer bereit."
    errand.took("add a callout", clicks=1, loads=0)


def test_recover_after_a_closed_tab(admin, portal):
    errand = new_entry(admin)
    errand.type("Was ich heute früh schrieb.")
    admin.wait_for_timeout(1500)
    other = admin.context.new_page()
    admin.close(run_before_unload=False)
    errand = Errand(other)
    other.goto("/admin/faq/entry/add/")
    expect(other.locator(".unsaved")).to_contain_text("Was ich heute früh schrieb.")
    errand.click(other.get_by_role("button", name="Übernehmen"))
    expect(editor_of(other)).to_have_text("Was ich heute früh schrieb.")
    assert written(other) == "Was ich heute früh schrieb."
    errand.took("recover after a closed tab", clicks=1, loads=1)


@pytest.mark.parametrize(
    "text", ["Ohne Skript berichtigt.", "[Schritt 7](faq:bestellvorgang-olp#schritt-7)", "!!! hinweis\n    Ohne Skript"]
)
def test_without_javascript_the_markdown_field_does_it_all(admin, visit, text):
    page = visit("/admin/faq/entry/add/", java_script_enabled=False, storage_state=admin.context.storage_state())
    page.locator("#id_title").fill(f"Probe {text[:8]}?")
    page.locator("#id_category").select_option(label="Allgemeine Fragen")
    page.locator("#id_body").fill(text)
    page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("#id_body")).to_have_value(text)


def test_set_a_review_date_for_ten_entries(errand):
    page = errand.page
    errand.click(page.locator("#content").get_by_role("link", name="Einträge", exact=True))
    boxes = page.locator("#result_list .action-select")
    errand.click(boxes.nth(0))
    page.keyboard.down("Shift")
    errand.click(boxes.nth(9))
    page.keyboard.up("Shift")
    expect(page.locator(".action-counter")).to_contain_text("10 von")
    errand.click(page.locator("select[name=action]"))
    page.locator("select[name=action]").select_option("change_many")
    errand.click(page.get_by_role("button", name="Ausführen"))
    errand.click(page.get_by_label("Wieder prüfen am"))
    page.get_by_label("Wieder prüfen am").fill("2027-03-01")  # typed in the order that the browser's own language has
    errand.keys += 8
    errand.click(page.get_by_label("Warum?"))
    errand.type("Jahresprüfung")
    errand.click(page.get_by_role("button", name="Ändern", exact=True))
    expect(page.locator(".messagelist .success")).to_have_text("Geändert: 10 Einträge.")
    expect(page.get_by_text("1. März 2027")).to_have_count(10)
    errand.took("set a review date for ten entries", clicks=8, loads=3)
