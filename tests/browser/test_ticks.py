"""What a reader ticked off stays with its step and its walkthrough, whatever the editors do with them."""

import pytest
from playwright.sync_api import expect

from tests import running

ADDED = """
from dataclasses import replace
from faq.actions import action
from faq.content import documents, mapping
from faq.editing.writing import writing

def add():
    with writing(source="admin") as change:
        entry = Entry.objects.complete().get(slug="weg")
        steps = [documents.Step("Davor"), *mapping.document_of(entry).steps]
        entry.slug = "umbenannt"
        mapping.apply_entry(replace(mapping.document_of(entry), steps=steps), entry)
        change.record([entry])

action(add)()
"""


@pytest.fixture
def own_portal(prepared_folder, tmp_path):
    portal = running.Portal(running.copied(prepared_folder, tmp_path / "data"), CHECK_LINKS="0").start()
    yield portal
    portal.stop()


def ticked(page):
    boxes = page.locator("input[data-step]")
    return [box.get_attribute("data-name") for box in boxes.all() if box.is_checked()]


def test_ticks_follow_the_step_and_its_walkthrough_over_an_insert_and_a_rename(own_portal, chromium):
    portal = own_portal
    portal.edit("make_walkthrough('weg', steps=['Anrufen', 'Bestellen', 'Zahlen'])")
    page = chromium.new_context(base_url=f"http://127.0.0.1:{portal.port}").new_page()
    page.goto("/faq/weg/")
    # As it was kept before steps had names.
    page.evaluate(
        'localStorage.setItem(\'hilfe:bestellungen:weg\', \'{"current": "Müller", "orders": [["Müller", [1, 2]]]}\')'
    )
    page.reload()
    assert ticked(page) == ["anrufen", "bestellen"]
    portal.edit(ADDED)
    page.reload()
    assert page.url.endswith("/faq/umbenannt/")
    expect(page.locator("[data-order]")).to_have_value("Müller")
    assert ticked(page) == ["anrufen", "bestellen"]
    expect(page.locator("[data-progress]")).to_have_text("2 von 4 Schritten erledigt")
    page.get_by_label("Erledigt (Schritt 1)").check()
    page.reload()
    assert ticked(page) == ["davor", "anrufen", "bestellen"]
