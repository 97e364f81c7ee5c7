"""The form of an entry can be seen as a whole, and does what it says before it is saved."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

FORMS = ["entry-frage", "entry-ablauf", "category", "term", "contact", "notice", "tag", "site", "gap", "attachment"]
STOPS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable=true]')]
    .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})).length"""
OLP = re.compile("OLP-Bereich")
WIDTHS = (390, 768, 1280)


def open_form(page, name):
    model, _, kind = name.partition("-")
    page.goto(f"/admin/faq/{model}/" + {"": "", "frage": "?kind__exact=question", "ablauf": "?q=OLP-Bereich"}[kind])
    if "/change/" not in page.url:
        page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".save-bar")).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.fixture
def olp(admin):
    """The form of the walkthrough, of which nothing moves any more."""

    def open_olp(page=admin):
        page.goto("/admin/faq/entry/?kind__exact=walkthrough")
        page.get_by_role("link", name=OLP).click()
        page.wait_for_load_state("networkidle")
        return page

    return open_olp


def rows(page):
    return page.locator("#steps-group .inline-related:not(.empty-form)")


def titles(page):
    return [text.strip() for text in rows(page).locator(".step-title").all_inner_texts()]


def row(page, title):
    return rows(page).filter(has=page.locator(".step-title", has_text=title))


def save(page, button="Sichern und weiter bearbeiten"):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_load_state("networkidle")


@contextmanager
def without_scripts_yet(page):
    """The same form, asked for again, while its scripts are on their way; afterwards they have run."""
    held, shared = [], re.compile(r"/js/editing/form\b.*\.js$")
    page.route(shared, lambda route: held.append(route))
    page.goto(page.url, wait_until="commit")
    yield
    while not held:
        page.wait_for_timeout(10)
    held.pop().continue_()
    page.unroute(shared)
    page.wait_for_load_state("networkidle")


def test_every_form_fits_and_its_bar_is_always_in_view(admin):
    """`pytest -s` prints the heights and tab stops."""
    heights = {}
    for name in FORMS:
        open_form(admin, name)
        for width in WIDTHS:
            admin.set_viewport_size({"width": width, "height": 844})
            admin.evaluate("scrollTo(0, 0)")
            height, stops = admin.evaluate("document.documentElement.scrollHeight"), admin.evaluate(STOPS)
            heights[name, width] = height
            print(f"\n{name}, {width} px: {height} px high, {stops} tab stops", end="")
            assert admin.evaluate("document.documentElement.scrollWidth") == width, name
            for label in ("Sichern", "Sichern und weiter bearbeiten"):
                expect(admin.get_by_role("button", name=label, exact=True)).to_be_in_viewport(ratio=1)
            expect(admin.get_by_role("textbox", name="Warum?")).to_be_in_viewport(ratio=1)
    assert heights["entry-ablauf", 1280] <= 1800


def test_one_step_is_open_at_a_time_and_says_what_it_is_when_closed(olp):
    page = olp()
    first, second = rows(page).nth(0).locator("details").first, rows(page).nth(1).locator("details").first
    expect(first.locator("summary").first).to_have_text(
        re.compile(r"1\s+Kontaktaufnahme mit dem Lizenzteam.*\s+Reseller\s+1 offene Stelle")
    )
    first.locator("summary").first.click()
    expect(page.get_by_role("textbox", name="Text").first).to_be_visible()
    second.locator("summary").first.click()
    expect(first).not_to_have_attribute("open", "")


def test_a_step_is_put_in_between_numbered_as_it_will_be_saved(olp):
    page = olp()
    before = titles(page)
    page.get_by_role("button", name="Schritt nach 3 einfügen").click()
    page.keyboard.type("Zwischenschritt", delay=10)
    expect(row(page, "Zwischenschritt").locator(".step-number")).to_have_text("4")
    assert titles(page) == [*before[:3], "Zwischenschritt", *before[3:]]
    save(page)
    assert titles(page) == [*before[:3], "Zwischenschritt", *before[3:]]
    row(page, "Zwischenschritt").locator("summary").first.click()
    page.get_by_role("checkbox", name="Diesen Schritt löschen").and_(page.locator(":visible")).check()
    assert rows(page).locator(".step-number").all_inner_texts()[3:5] == ["", "4"]
    save(page)
    assert titles(page) == before


def test_a_step_moves_by_the_arrow_keys_and_by_its_number(olp):
    page = olp()
    before = titles(page)
    handle = row(page, before[2]).locator(".drag-handle")
    handle.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(handle).to_be_focused()
    expect(row(page, before[2]).locator(".step-number")).to_have_text("5")
    expect(page.locator("#steps-group [role=status]", has_text="jetzt Nr. 5")).to_be_attached()
    moved = [*before[:2], before[3], before[4], before[2], *before[5:]]
    save(page)
    assert titles(page) == moved
    row(page, before[2]).locator("summary").first.click()
    number = page.get_by_role("spinbutton", name="Nr.").and_(page.locator(":visible"))
    number.fill("3")
    number.press("Tab")
    assert titles(page) == before
    save(page)
    assert titles(page) == before


def test_a_fault_opens_its_step_which_stays_where_it_was_put(olp):
    page = olp()
    page.get_by_role("button", name="Schritt nach 1 einfügen").click()
    page.get_by_role("textbox", name="Dauer").and_(page.locator(":visible")).fill("ein Tag")
    page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(page.locator(".faults")).to_be_focused()
    expect(rows(page).nth(1).locator("details").first).to_have_attribute("open", "")
    page.locator(".faults").get_by_role("link", name="Schritt 2, Schritt").click()
    expect(rows(page).nth(1).locator("input[name$=-title]")).to_be_focused()
    page.keyboard.type("Doch ein Titel", delay=10)
    save(page)
    assert titles(page)[1] == "Doch ein Titel"
    row(page, "Doch ein Titel").locator("summary").first.click()
    page.get_by_role("checkbox", name="Diesen Schritt löschen").and_(page.locator(":visible")).check()
    save(page)


def test_tags_are_chips_with_completion(olp):
    page = olp()
    before = page.locator(".chips li").all_inner_texts()
    field = page.get_by_role("combobox", name="Schlagwörter")
    field.fill("stornierung")
    field.press("Enter")
    expect(page.locator(".chips li").last).to_contain_text("Stornierung")
    page.get_by_role("button", name="Office 365 entfernen").click()
    save(page)
    now = page.locator(".chips li").all_inner_texts()
    assert "Office 365×" not in "".join(now).replace("\n", "")
    assert len(now) == len(before)
    field = page.get_by_role("combobox", name="Schlagwörter")
    field.fill("Office 365,")
    page.get_by_role("button", name="Stornierung entfernen").click()
    save(page)
    assert sorted(page.locator(".chips li").all_inner_texts()) == sorted(before)


def test_a_sentence_is_corrected_on_a_phone(admin, visit):
    admin.set_viewport_size({"width": 390, "height": 844})
    admin.goto("/admin/faq/entry/?q=stornieren")
    admin.get_by_role("link", name="Wie kann ich falsche Bestellungen stornieren?").click()
    admin.wait_for_load_state("networkidle")
    admin.locator(".field-body .ProseMirror p").last.click()
    admin.keyboard.press("End")
    admin.keyboard.type(" Auch unterwegs.", delay=10)
    expect(admin.locator(".field-body .ProseMirror")).to_be_in_viewport()
    save(admin)
    expect(visit("/faq/stornierung/").get_by_text("Auch unterwegs.")).to_be_visible()


def test_without_javascript_a_step_is_added_and_moved_too(visit, admin):
    page = visit(java_script_enabled=False, storage_state=admin.context.storage_state())
    page.goto("/admin/faq/entry/?kind__exact=walkthrough")
    page.get_by_role("link", name=OLP).click()
    before = titles(page)[:-1]
    rows(page).last.locator("summary").first.click()
    page.locator("[name$='-9-title']").fill("Ohne Skript")
    page.locator("[name$='-9-place']").fill("4")
    save(page)
    assert titles(page)[:-1] == [*before[:3], "Ohne Skript", *before[3:]]
    row(page, "Ohne Skript").locator("summary").first.click()
    row(page, "Ohne Skript").get_by_role("checkbox", name="Diesen Schritt löschen").check()
    save(page)
    assert titles(page)[:-1] == before


def test_who_goes_back_after_a_save_gets_what_is_stored(olp):
    page = olp()
    before = titles(page)
    page.get_by_role("button", name="Schritt nach 2 einfügen").click()
    page.keyboard.type("Eingeschoben", delay=10)
    save(page, "Sichern")
    page.go_back()
    expect(page.get_by_role("button", name="Schritt hinzufügen")).to_be_visible()
    page.wait_for_load_state("networkidle")
    stored = [*before[:2], "Eingeschoben", *before[2:]]
    assert titles(page) == stored
    save(page)
    assert titles(page) == stored
    row(page, "Eingeschoben").locator("summary").first.click()
    page.get_by_role("checkbox", name="Diesen Schritt löschen").and_(page.locator(":visible")).check()
    save(page)
    assert titles(page) == before


def test_half_a_date_is_not_saved_as_none(olp):
    page = olp()
    page.get_by_role("group", name="Pflege").locator("summary").click()
    date = page.get_by_label("Wieder prüfen am")
    before = date.input_value()
    date.focus()
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+s")
    expect(page.locator(".not-sent")).to_contain_text("„Wieder prüfen am“: Diese Angabe ist nicht vollständig.")
    expect(date).to_be_focused()
    date.fill(before)
    save(page)


def test_a_tag_that_is_still_being_typed_is_saved(olp):
    page = olp()
    page.get_by_role("combobox", name="Schlagwörter").focus()
    page.keyboard.type("Noch getippt", delay=10)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".chips li", has_text="Noch getippt")).to_be_visible()
    page.get_by_role("button", name="Noch getippt entfernen").click()
    save(page)


@pytest.mark.parametrize("name", ["body", "steps-1-title", "steps-1-body"])
@pytest.mark.usefixtures("in_markdown")
def test_who_types_before_the_scripts_have_come_goes_on_where_the_cursor_is(olp, name):
    page = olp()
    with without_scripts_yet(page):
        if name.startswith("steps"):
            rows(page).nth(1).locator("summary").click()
        field = page.locator(f"#id_{name}")
        field.fill("Vorher, später.")
        field.evaluate("field => field.setSelectionRange(7, 7)")
    expect(page.get_by_role("toolbar").first).to_be_visible()
    page.keyboard.type(" jetzt,")
    expect(field).to_have_value("Vorher, jetzt, später.")


def test_tags_that_are_typed_before_the_scripts_have_come_are_chips(olp):
    page = olp()
    with without_scripts_yet(page):
        page.get_by_label("Schlagwörter").focus()
        page.keyboard.press("End")
        page.keyboard.type(", früh,")
    page.keyboard.type("spät,")
    expect(page.locator(".chips li").get_by_text("früh")).to_be_visible()
    expect(page.locator(".chips li").get_by_text("spät")).to_be_visible()


def test_a_draft_of_moved_and_new_steps_comes_back_in_its_order(olp, admin):
    page = olp()
    form, before = page.url, titles(page)
    for number, title in ((5, "C"), (3, "B"), (1, "A")):
        page.get_by_role("button", name=f"Schritt nach {number} einfügen").click()
        page.keyboard.type(title * 3, delay=10)
    row(page, before[0]).locator(".drag-handle").press("ArrowDown")
    wanted = titles(page)
    assert wanted != before
    page.wait_for_timeout(800)
    page.goto("about:blank")
    page.goto(form)
    page.get_by_role("button", name="Übernehmen").click()
    expect(row(page, "CCC")).to_have_count(1)
    page.wait_for_timeout(300)
    assert titles(page) == wanted
    page.wait_for_timeout(800)
    page.goto("about:blank")
    page.goto(form)
    page.get_by_role("button", name="Verwerfen").click()
    assert titles(page) == before


def test_a_fault_in_a_text_leads_to_its_line_in_the_view(olp):
    page = olp()
    rows(page).nth(3).locator("summary").first.click()
    page.locator("#steps-3").get_by_role("button", name="Markdown").click()
    text = page.locator("#id_steps-3-body")
    text.fill("Eins\n\n[x](faq:gibt-es-nicht)")
    page.locator("#steps-3").get_by_role("button", name="Gestaltet").click()
    page.keyboard.press("Control+s")
    expect(page.locator(".faults")).to_be_focused()
    expect(page.locator("#steps-3 .ProseMirror")).to_be_visible()
    page.locator(".faults").get_by_role("link", name="Schritt 4, Text").click()
    expect(page.locator("#steps-3 .ProseMirror")).to_be_focused()
