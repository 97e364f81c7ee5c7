"""What is new, from the form in which somebody says so to the reader."""

from playwright.sync_api import expect

from tests.browser.test_every_page import violations

NEW = "Schulen bestellen jetzt auch online."


def test_an_editor_says_what_is_new_and_a_reader_finds_it_without_scripts_and_passes_it_on(admin, visit):
    admin.goto("/admin/bearbeiten/spezielle-gruppen/")
    admin.get_by_label("Was ist neu?").fill(NEW)
    admin.get_by_role("button", name="Sichern", exact=True).click()
    expect(admin.locator(".messagelist .success")).to_be_visible()
    reader = visit("/", java_script_enabled=False, width=360)
    reader.get_by_role("link", name="Neues", exact=True).click()
    item = reader.get_by_role("listitem").filter(has_text=NEW)
    item.get_by_role("link").first.click()
    expect(reader).to_have_url(reader.url.partition("#")[0] + "#" + item.get_attribute("id"))
    item.get_by_role("link").last.click()
    expect(reader.get_by_role("region", name="Änderungen").get_by_text(NEW)).to_be_visible()
    entry = visit("/faq/spezielle-gruppen/")
    assert violations(entry) == []
