"""The editors' whole way in a browser: from the login to the published text, and back."""

import re

import pytest
from playwright.sync_api import expect

TITLE = "Gibt es Lizenzen für spezielle Gruppen?"
WRITTEN = "Auch [Vereine](offen:vereine) können fragen."


def open_form(page):
    page.goto("/admin/faq/entry/")
    page.get_by_role("searchbox").or_(page.locator("#searchbar")).first.fill("Gruppen")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TITLE).click()


@pytest.mark.usefixtures("in_markdown")
def test_an_entry_is_edited_in_a_working_copy_published_and_restored(admin, visit):
    open_form(admin)
    admin.get_by_role("button", name="Arbeitskopie anlegen").click()
    field = admin.locator("#id_body")
    before = field.input_value()
    field.fill(f"{before}\n\n{WRITTEN}")
    with admin.context.expect_page() as opened:
        admin.get_by_role("button", name="Vorschau", exact=True).click()
    preview = opened.value
    expect(preview.get_by_text("Auch Vereine")).to_be_visible()
    preview.close()
    admin.get_by_label("Warum?").fill("Vereine fragen oft")
    admin.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    admin.get_by_role("link", name="Mit dem öffentlichen Text vergleichen").click()
    expect(admin.locator(".compared ins", has_text="Auch Vereine").first).to_be_visible()
    reader = visit("/faq/spezielle-gruppen/")
    expect(reader.get_by_text("Auch Vereine")).to_have_count(0)

    admin.go_back()
    admin.get_by_role("button", name="Sichern und veröffentlichen").click()
    expect(admin.get_by_text("ist veröffentlicht")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Auch Vereine")).to_be_visible()
    expect(reader.get_by_text("„Vereine“ folgen noch")).to_be_visible()

    admin.get_by_role("link", name="Geschichte").click()
    expect(admin.get_by_text("Vereine fragen oft").first).to_be_visible()
    admin.locator("tr", has_text="Import").last.get_by_role("button", name="Wiederherstellen").click()
    expect(admin.locator("#id_body")).to_have_value(before)
    admin.get_by_role("button", name="Sichern und veröffentlichen").click()
    expect(admin.get_by_text("ist veröffentlicht")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Auch Vereine")).to_have_count(0)


@pytest.mark.usefixtures("in_markdown")
def test_buttons_write_what_one_can_write_and_the_preview_follows(admin):
    admin.goto("/admin/faq/entry/add/")
    admin.locator("#id_title").fill("Nur zur Probe?")
    admin.locator("#id_category").select_option(label="Allgemeine Fragen")
    admin.get_by_role("button", name="Hinweis").first.click()
    admin.keyboard.type("Bitte lesen")
    expect(admin.locator("#id_body")).to_have_value(re.compile("!!! hinweis\n    Bitte lesen"))
    admin.get_by_role("button", name="Vorschau beim Schreiben").click()
    shown = admin.frame_locator(".live-preview")
    expect(shown.locator(".hinweis", has_text="Bitte lesen")).to_be_visible()
    admin.locator("#id_title").fill("Etwas anderes?")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Etwas anderes?")


@pytest.mark.parametrize("view", ["on", "off"])
def test_steps_are_put_in_order_by_dragging(admin, view):
    admin.evaluate("view => localStorage.setItem('editing-view', view)", view)
    admin.set_viewport_size({"width": 1280, "height": 2400})
    admin.goto("/admin/faq/entry/")
    admin.get_by_role("link", name=re.compile("OLP-Bereich")).click()
    admin.wait_for_load_state("networkidle")  # nothing moves any more
    handles = admin.locator("#steps-group .drag-handle")
    first = admin.locator("#steps-group .inline-related:not(.empty-form)").first
    handles.nth(1).drag_to(first, target_position={"x": 100, "y": 5})
    expect(admin.locator("#id_steps-1-place")).to_have_value("1")
    expect(admin.locator("#id_steps-0-place")).to_have_value("2")
