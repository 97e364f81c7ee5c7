"""One prepares, another one releases, in two browsers; readers get the sentence about it on a page and in their feed reader.

`pytest -s` prints clicks, page loads and seconds of each.
"""

import feedparser
import pytest
from playwright.sync_api import expect

from tests import running
from tests.browser.test_errands import Errand, editor_of
from tests.browser.test_every_page import violations

SENTENCE = "Der Zwackeldienst hat eine neue Nummer."
MAKE = """
from django.contrib.auth.models import Group, User
from tests.factories import make_entry
for name, group in (("anna", "Redaktion"), ("berta", "Freigabe")):
    user = User.objects.create_user(name, password="nur-fuer-den-test-5317", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
make_entry("zwackeldienst", title="Wie erreiche ich den Zwackeldienst?", body="Unter der Nummer 1.\\n\\nNur am Vormittag.")
"""
REMOVE = """
from faq.models import Entry
from tests.factories import delete
delete(Entry.objects.get(slug="zwackeldienst"))
"""


@pytest.fixture(scope="module", autouse=True)
def people(portal, _folder):
    env = running.environment(_folder)
    running.manage(env, "shell", "-v0", "-c", MAKE)
    yield
    running.manage(env, "shell", "-v0", "-c", REMOVE)


@pytest.fixture
def somebody(visit):
    """A browser of somebody's own, on the start page of the admin."""

    def come(name, **options):
        page = visit("/admin/", **options)
        page.locator("#id_login").fill(name)
        page.locator("#id_password").fill("nur-fuer-den-test-5317")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Für Sie")).to_be_visible()
        return page

    return come


def first_on_the_desk(page):
    page.goto("/admin/")
    return page.locator(".desk section").first


def save_and_hand_over(page, errand, remark):
    errand.click(page.get_by_role("button", name="Sichern und zur Freigabe geben"))
    errand.click(page.get_by_label("Bemerkung"))
    errand.type(remark)
    errand.click(page.get_by_role("button", name="Zur Freigabe geben", exact=True))
    expect(page.locator(".messagelist .success")).to_contain_text("zur Freigabe gegeben")


def test_from_hand_to_hand_to_the_readers_feed(somebody, visit, portal):
    anna, berta = Errand(somebody("anna")), Errand(somebody("berta"))
    page = anna.page
    page.goto("/faq/zwackeldienst/bearbeiten")
    anna.click(page.get_by_role("button", name="Arbeitskopie anlegen"))
    anna.click(editor_of(page).locator("p").first)
    anna.press("End")
    anna.type(" Das ist neu.")
    save_and_hand_over(page, anna, "Neue Nummer.")

    page = berta.page
    waits = first_on_the_desk(page)
    expect(waits).to_contain_text("warten auf Sie")
    assert violations(page) == []
    berta.click(waits.get_by_role("link", name="Wie erreiche ich den Zwackeldienst?"))
    expect(page.locator(".compared-text ins").first).to_contain_text("Das ist neu.")
    berta.click(page.get_by_role("link", name="Kommentieren: Unter der Nummer 1."))
    expect(page.get_by_role("textbox", name="Kommentar zu")).to_be_visible()
    berta.click(page.get_by_role("textbox", name="Kommentar zu"))
    berta.type("Welche denn?")
    berta.click(page.get_by_role("button", name="Kommentieren", exact=True))
    expect(page.locator(".note")).to_contain_text("Welche denn?")
    assert violations(page) == []
    berta.click(page.get_by_text("Zurückgeben …"))
    berta.click(page.locator(".review-way[open] textarea"))
    berta.type("Bitte mit Nummer.")
    berta.click(page.locator(".review-way[open]").get_by_role("button", name="Zurückgeben", exact=True))
    expect(page.locator(".messagelist .success")).to_contain_text("zurückgegeben")

    page = anna.page
    returned = first_on_the_desk(page)
    expect(returned).to_contain_text("1 zurückgegebener Text")
    anna.click(returned.get_by_role("link", name="Wie erreiche ich den Zwackeldienst?"))
    expect(page.locator(".note")).to_contain_text("Welche denn?")
    anna.click(page.get_by_role("link", name="Bearbeiten", exact=True))
    anna.click(editor_of(page).locator("p").first)
    anna.press("End")
    anna.type(" Sie lautet 4711.")
    anna.click(page.get_by_label("Was ist neu?"))
    anna.type(SENTENCE)
    save_and_hand_over(page, anna, "Jetzt mit Nummer.")

    page = berta.page
    berta.click(first_on_the_desk(page).get_by_role("link", name="Wie erreiche ich den Zwackeldienst?"))
    expect(page.locator(".note")).to_contain_text("Welche denn?")  # still beside its passage
    expect(page.get_by_label("Was ist neu?")).to_have_value(SENTENCE)
    berta.click(page.get_by_role("button", name="Veröffentlichen", exact=True))
    expect(page.locator(".messagelist .success")).to_contain_text("ist veröffentlicht")
    expect(first_on_the_desk(anna.page)).to_contain_text("1 entschiedene Freigabe")

    reader = visit("/neues/")
    expect(reader.locator("main")).to_contain_text(SENTENCE)
    (item,) = [item for item in feedparser.parse(f"{portal}/feed.xml").entries if "Zwackeldienst" in item.title]
    assert SENTENCE in item.summary
    berta.took("look, comment, hand back, publish", clicks=9, loads=8)
    anna.took("prepare, hand over, correct, hand over again", clicks=12, loads=10)
