"""A contact's number is proposed and published: by keyboard, without JavaScript, at any width, and axe finds nothing on the way."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import violations

WIDTHS = (360, 768, 1280)


def is_in_order(page):
    """The page as it is shown now: axe has nothing against it, and nothing of it lies beside the window."""
    assert violations(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)


def press(page, role, name):
    """Go to a link or button by the Tab key alone, and press it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value || document.activeElement.textContent").strip() == name:
            expect(page.get_by_role(role, name=name, exact=True)).to_be_focused()
            page.keyboard.press("Enter")
            return
    pytest.fail(f"„{name}“ is not reached by the Tab key")


def form_of(page, name="VLSC-Support"):
    page.goto("/admin/faq/contact/")
    page.locator("#result_list").get_by_role("link", name=name, exact=True).click()


def test_a_number_is_proposed_looked_at_and_published_by_keyboard(admin, visit):
    form_of(admin)
    before = admin.get_by_label("Telefon").input_value()
    press(admin, "link", "Änderung vorschlagen")
    expect(admin.get_by_text("sehen Leser noch nicht")).to_be_visible()
    is_in_order(admin)
    admin.get_by_label("Telefon").fill("0800 123 123")
    admin.get_by_label("Bemerkung").fill("Ab Montag.")
    press(admin, "button", "Zur Freigabe geben")
    expect(admin.get_by_text("ist zur Freigabe gegeben")).to_be_visible()
    is_in_order(admin)
    form_of(admin)
    is_in_order(admin)
    press(admin, "link", "Ins Formular übernehmen")
    expect(admin.get_by_label("Telefon")).to_have_value("0800 123 123")
    is_in_order(admin)
    assert "0800 123 123" not in visit("/").content()
    press(admin, "button", "Sichern")
    expect(admin.get_by_text("0800 123 123").first).to_be_visible()
    assert "0800 123 123" in visit("/").content()
    form_of(admin)
    admin.get_by_label("Telefon").fill(before)
    admin.get_by_role("button", name="Sichern", exact=True).click()


def test_a_spelling_is_proposed_without_javascript(admin, visit):
    page = visit("/admin/faq/term/", java_script_enabled=False, storage_state=admin.context.storage_state())
    page.get_by_role("link", name="Neu vorschlagen").click()
    page.locator("#id_name").fill("Zwackel")
    page.get_by_label("Schreibweisen für die Suche").fill("zwack")
    page.get_by_role("button", name="Zur Freigabe geben").click()
    expect(page.get_by_text("„Zwackel“ ist zur Freigabe gegeben")).to_be_visible()
    page.goto("/admin/faq/term/")
    page.locator(".narrowed").get_by_role("link", name="Zwackel").click()
    expect(page.get_by_text("wartet auf Freigabe", exact=False).first).to_be_visible()


def test_what_is_typed_into_a_proposal_is_offered_again(admin):
    admin.goto("/admin/faq/notice/vorschlagen/")
    admin.get_by_label("Bemerkung").fill("Nur getippt")
    admin.wait_for_timeout(1500)
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.goto("/admin/")
    admin.goto("/admin/faq/notice/vorschlagen/")
    expect(admin.get_by_text("Nur getippt").first).to_be_attached()
