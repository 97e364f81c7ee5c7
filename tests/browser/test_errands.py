"""What editors do every day, with how many clicks and page loads: `pytest -s` prints them, with the seconds at the pace of somebody who types well."""

import base64
import re
import time

import pytest
from playwright.sync_api import expect

from tests import clipboards, running
from tests.browser.test_pasting import COPY
from tests.drawings import png

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


def olp(admin):
    """The form of the OLP walkthrough, where the errand begins, with its numbers and titles."""
    admin.goto("/admin/faq/entry/?kind__exact=walkthrough")
    admin.get_by_role("link", name=re.compile("OLP-Bereich")).click()
    expect(admin.get_by_role("button", name="Schritt hinzufügen")).to_be_visible()
    admin.wait_for_load_state("networkidle")
    return Errand(admin), admin.locator("#steps-group .inline-related:not(.empty-form) .step-title").all_inner_texts


def test_add_a_step_in_the_middle_of_olp(admin):
    errand, titles = olp(admin)
    before = titles()
    errand.click(admin.get_by_role("button", name="Schritt nach 4 einfügen"))
    errand.type("Auftrag prüfen")
    errand.click(admin.get_by_role("button", name="Sichern und weiter bearbeiten"))
    expect(admin.locator(".messagelist .success")).to_be_visible()
    errand.took("add a step in the middle of OLP", clicks=2, loads=1)
    assert titles() == [*before[:4], "Auftrag prüfen", *before[4:]]
    admin.get_by_text("Auftrag prüfen").click()
    admin.get_by_role("checkbox", name="Diesen Schritt löschen").and_(admin.locator(":visible")).check()
    saved_as_before(admin, titles, before)


def test_move_step_3_to_5_by_keyboard(admin):
    errand, titles = olp(admin)
    before = titles()
    admin.locator("#id_title").focus()
    while admin.evaluate("document.activeElement.ariaLabel") != "Schritt 3 verschieben, mit den Pfeiltasten":
        errand.press("Tab")
    errand.press("ArrowDown", "ArrowDown")
    assert titles()[2:5] == [before[3], before[4], before[2]]
    errand.press("Control+s")
    expect(admin.locator(".messagelist .success")).to_be_visible()
    errand.took("move step 3 to 5 by keyboard", clicks=0, loads=1)
    admin.locator(".drag-handle").nth(4).focus()
    errand.press("ArrowUp", "ArrowUp")
    saved_as_before(admin, titles, before)


def saved_as_before(admin, titles, before):
    """Others write about these steps."""
    admin.keyboard.press("Control+s")
    expect(admin.locator(".step-title").nth(4)).to_have_text(before[4])
    expect(admin.locator(".messagelist .success")).to_be_visible()
    assert titles() == before


# What is on the clipboard after a key for a screenshot.
SCREENSHOT = """async (data) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({"image/png": new Blob([bytes], {type: "image/png"})})]);
}"""
SAYS = "Setup-Dashboard mit umrandeter Schaltfläche Aktivieren"


@pytest.fixture
def screenshot(admin):
    """One on the clipboard, and the form of OLP; its eighth step is afterwards as it was."""
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin.evaluate(SCREENSHOT, base64.b64encode(png()).decode())
    errand, _ = olp(admin)
    text = admin.locator("#id_steps-7-body").input_value()
    yield errand
    olp(admin)
    step_8(admin).locator(".step-title").click()
    picture = step_8(admin).locator(".surface .picture")
    picture.click()
    admin.keyboard.press("Delete")
    expect(picture).to_have_count(0)
    admin.keyboard.press("Control+s")
    expect(admin.locator(".messagelist .success")).to_be_visible()
    olp(admin)
    assert admin.locator("#id_steps-7-body").input_value() == text


def step_8(page):
    return page.locator("#steps-group .inline-related:not(.empty-form)").nth(7)


def described_and_seen(errand):
    expect(errand.page.get_by_label("Was sieht man darauf?")).to_be_focused()
    errand.type(SAYS)
    errand.press("Enter")
    expect(step_8(errand.page).locator(".surface .picture img")).to_have_js_property("naturalWidth", 480)


def readers_see_it(visit, says=SAYS):
    image = (
        visit("/faq/bestellvorgang-olp/").locator("#schritt-8").locator("xpath=ancestor-or-self::li[1]").locator("img")
    )
    expect(image).to_have_attribute("alt", says)
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)


def test_paste_a_screenshot_into_step_8_and_publish(screenshot, visit):
    errand, page = screenshot, screenshot.page
    errand.click(step_8(page).locator(".step-title"))
    errand.click(step_8(page).locator(".ProseMirror").first.locator("p").last)
    errand.press("Control+End", "Control+v")
    described_and_seen(errand)
    errand.click(page.get_by_role("button", name="Sichern", exact=True))
    expect(page.locator(".messagelist .success")).to_be_visible()
    errand.took("paste a screenshot into step 8 and publish", clicks=3, loads=1)
    readers_see_it(visit)


def test_paste_a_screenshot_into_step_8_and_publish_by_keyboard(screenshot, visit):
    errand, page = screenshot, screenshot.page
    page.locator("#id_title").focus()
    here = "(row) => row.contains(document.activeElement) && document.activeElement.matches({})"
    while not step_8(page).evaluate(here.format("'summary'")):
        errand.press("Tab")
    errand.press("Enter")
    while not step_8(page).evaluate(here.format("'.ProseMirror'")):
        errand.press("Tab")
    errand.press("Control+End", "Control+v")
    described_and_seen(errand)
    errand.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    errand.took("paste a screenshot into step 8 and publish by keyboard", clicks=0, loads=1)
    readers_see_it(visit)


def test_upload_a_screenshot_and_put_it_into_step_8_without_javascript(admin, visit):
    page = visit("/admin/faq/picture/add/", java_script_enabled=False, storage_state=admin.context.storage_state())
    errand, says = Errand(page), f"{SAYS}, unten eine Liste"
    page.get_by_label("Bild:").set_input_files({"name": "schirm.png", "mimeType": "image/png", "buffer": png()})
    errand.click(page.get_by_label("Beschreibung:"))
    errand.type(says)
    errand.click(page.get_by_role("button", name="Sichern", exact=True))
    line = page.locator("#result_list tr", has_text=says).locator(".field-in_text").last.inner_text()
    page.goto("/admin/faq/entry/?kind__exact=walkthrough")
    errand.click(page.get_by_role("link", name=re.compile("OLP-Bereich")))
    errand.click(step_8(page).locator(".step-title"))
    field = page.locator("#id_steps-7-body")
    before = field.input_value()
    field.fill(f"{before}\n\n{line}")
    errand.click(page.get_by_role("button", name="Sichern und weiter bearbeiten"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    errand.took("upload a screenshot and put it into step 8 without JavaScript", clicks=5, loads=4)
    readers_see_it(visit, says)
    step_8(page).locator(".step-title").click()
    field.fill(before)
    page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(field).to_have_value(before)


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


def test_take_over_the_entries_of_a_colleague_who_left(errand):
    page = errand.page
    left = page.locator("section", has_text="von Konten, die abgeschaltet sind")
    expect(left).to_contain_text("Wer macht hier weiter?")
    errand.click(left.get_by_role("button", name="Alle 2 von Conny Conrad übernehmen"))
    expect(page.locator(".messagelist .success")).to_contain_text("Von Conny Conrad übernommen: 2.")
    expect(left).to_have_count(0)
    errand.took("take over the entries of a colleague who left", clicks=1, loads=1)
    page.goto("/admin/faq/entry/offen/")  # the start page names only the first five
    expect(page.locator("#content")).to_contain_text("Wer macht hier weiter?")


def test_find_an_entry_from_the_start_page_by_keyboard(errand):
    page = errand.page
    page.get_by_label("Einträge suchen").focus()
    errand.type("falsche Bestellungen")
    errand.press("Enter")
    expect(page.get_by_role("link", name="Wie kann ich falsche Bestellungen stornieren?")).to_be_visible()
    errand.took("find an entry from the start page", clicks=0, loads=1)


MAKE = """
from tests.factories import make_entry
for n in range(30):
    make_entry(f"anruf-{n}", title=f"Wen rufe ich an? ({n})", body=f"Bei Frage {n} hilft die Zwackelstelle.")
"""
REMOVE = """
from faq.models import Entry
from tests.factories import delete
delete(*Entry.objects.filter(slug__startswith="anruf-"))
"""


@pytest.fixture
def thirty(portal, _folder):
    """Thirty public entries with a word that nothing else has."""
    env = running.environment(_folder)
    running.manage(env, "shell", "-v0", "-c", MAKE)
    yield
    running.manage(env, "shell", "-v0", "-c", REMOVE)


def test_replace_a_word_in_30_entries_and_undo_it(thirty, errand, visit):
    page = errand.page
    errand.click(page.get_by_role("link", name="Suchen und ersetzen"))
    errand.click(page.get_by_label("Suchen", exact=False).first)
    errand.type("Zwackelstelle")
    errand.press("Tab")
    errand.type("Hotline")
    errand.press("Enter")
    expect(page.get_by_role("heading", name="30 Stellen")).to_be_visible()
    errand.click(page.get_by_role("button", name="Angekreuzte ersetzen durch „Hotline“"))
    expect(page.locator(".messagelist .success")).to_contain_text("30 Stellen in 30 Texten")
    expect(visit("/faq/anruf-7/").locator("article").first).to_contain_text("hilft die Hotline")
    errand.click(page.get_by_role("button", name="Rückgängig machen").first)
    expect(page.locator(".messagelist .success")).to_contain_text("Rückgängig gemacht: 30 Stellen in 30 Texten")
    errand.took("replace a word in 30 entries and undo it", clicks=4, loads=4)
    expect(visit("/faq/anruf-7/").locator("article").first).to_contain_text("hilft die Zwackelstelle")


CHANGE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from faq.models import Entry, Version
from tests.factories import door_open, edit
who = User.objects.get(username="erika")
edit(Entry.objects.get(slug="spezielle-gruppen"), note="Gesehen.", who=who)
edit(Entry.objects.get(slug="spezielle-gruppen"), title="Gibt es Lizenzen für Gruppen?", who=who)
with door_open():
    Version.objects.filter(who=who).update(when=timezone.now() - timedelta(days=5))
"""
BACK = """
from faq.models import Entry
from tests.factories import edit
edit(Entry.objects.get(slug="spezielle-gruppen"), title="Gibt es Lizenzen für spezielle Gruppen?", note="")
"""


@pytest.fixture
def changed(portal, _folder):
    """An entry that a colleague has changed last week."""
    env = running.environment(_folder)
    running.manage(env, "shell", "-v0", "-c", CHANGE)
    yield
    running.manage(env, "shell", "-v0", "-c", BACK)


def test_find_out_what_changed_in_an_entry_last_week_and_by_whom(changed, errand):
    page = errand.page
    errand.click(page.locator("#content").get_by_role("link", name="Einträge", exact=True))
    errand.click(page.get_by_role("link", name="Gibt es Lizenzen für Gruppen?"))
    errand.click(page.get_by_role("link", name="Geschichte", exact=True))
    row = page.locator(".history tbody tr").first
    expect(row).to_contain_text("erika")
    errand.click(row.get_by_role("link", name="Frage"))
    expect(page.locator(".compared del").first).to_have_text("spezielle ")
    errand.took("find out what changed last week and by whom", clicks=4, loads=4)


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
