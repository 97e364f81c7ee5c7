"""What is typed in the editing view is there, whatever happens meanwhile: a slow portal, a login elsewhere, a row that goes."""

import time

import pytest
from playwright.sync_api import expect

WRITTEN = "**/text/markdown/"


@pytest.fixture
def form(admin):
    admin.goto("/admin/faq/entry/add/")
    admin.on("dialog", lambda dialog: dialog.accept())
    view(admin).click()
    return admin


def view(page):
    return page.locator(".field-body .ProseMirror").first


def slowly(page, seconds=1):
    def later(route):
        time.sleep(seconds)
        route.continue_()

    page.route(WRITTEN, later)


def test_what_is_typed_and_left_at_once_is_asked_about_and_offered(form):
    asked = []
    form.on("dialog", lambda dialog: asked.append(dialog.type))
    form.keyboard.type("Gerade noch getippt")
    form.goto("/admin/")
    form.goto("/admin/faq/entry/add/")
    offered = form.locator(".unsaved", has_text="Gerade noch getippt")
    expect(offered).to_be_visible()
    assert asked == ["beforeunload"]
    offered.get_by_role("button", name="Übernehmen").click()
    expect(form.locator("#id_body")).to_have_value("Gerade noch getippt")
    expect(view(form)).to_have_text("Gerade noch getippt")


def test_what_is_typed_while_the_view_closes_is_in_the_field(form):
    form.keyboard.type("Eins")
    slowly(form)
    form.locator(".field-body").get_by_role("button", name="Markdown").click()
    view(form).press("End")
    form.keyboard.type(" zwei")
    expect(form.locator("#id_body")).to_be_visible()
    expect(form.locator("#id_body")).to_have_value("Eins zwei")
    form.evaluate("localStorage.removeItem('editing-view')")


def test_the_view_goes_on_after_a_login_in_another_tab(form):
    """A login gives the browser another token than the one in the form."""
    token = next(cookie for cookie in form.context.cookies() if cookie["name"] == "csrftoken")
    form.context.add_cookies([token | {"value": token["value"][::-1]}])
    form.keyboard.type("Weiter geht es")
    expect(form.locator("#id_body")).to_have_value("Weiter geht es")
    expect(form.locator(".field-says:visible")).to_have_count(0)


def test_a_text_that_cannot_be_shown_stands_in_its_field(form):
    """As when a draft is taken without a connection: the view must not write over it what it shows of before."""
    form.route("**/text/gestaltet/", lambda route: route.abort("internetdisconnected"))
    form.evaluate("""() => {
        const field = document.querySelector("#id_body");
        field.value = "Der Entwurf";
        field.dispatchEvent(new Event("text:set"));
    }""")
    expect(form.locator("#id_body")).to_be_visible()
    expect(form.locator("#id_body")).to_have_value("Der Entwurf")


def test_a_view_that_cannot_be_closed_stays_the_choice(form):
    form.route(WRITTEN, lambda route: route.abort("internetdisconnected"))
    form.keyboard.type("Ohne Verbindung")
    form.locator(".field-body").get_by_role("button", name="Markdown").click()
    expect(form.locator(".field-body .field-says")).to_have_text("Keine Verbindung zum Portal.")
    form.unroute(WRITTEN)
    form.reload()
    expect(form.locator(".unsaved", has_text="Ohne Verbindung").first).to_be_visible()
    expect(view(form)).to_be_visible()


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_one_click_saves_also_when_all_is_written_already(form, by):
    form.keyboard.type("In Ruhe geschrieben")
    form.get_by_label("Frage").fill(f"In Ruhe gesichert ({by})?")
    form.get_by_label("Kategorie:").select_option(index=1)
    expect(form.locator("#id_body")).to_have_value("In Ruhe geschrieben")
    form.wait_for_timeout(500)
    if by == "Enter":
        form.get_by_label("Frage").press("Enter")
    else:
        form.get_by_role("button", name="Sichern", exact=True).click()
    expect(form.locator(".messagelist .success")).to_be_visible()
