"""What is typed in the admin and not saved stays, is saved once, and one sees who else edits and how it will look."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EDITOR, PATIENCE
from tests.browser.prepared import THIRD
from tests.browser.test_every_page import violations

BEAT = 21_000  # milliseconds: each open form asks so often who else has it open


def log_in(page, username, password):
    page.goto("/admin/")
    page.evaluate("localStorage.setItem('editing-view', 'off')")
    page.get_by_label("Anmeldename").fill(username)
    page.get_by_label("Passwort").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()


def another_tab(page, path):
    page = page.context.new_page()
    page.goto(path)
    return page


def type_at_the_end(page, text, field="#id_body"):
    page.locator(field).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def kept(page):
    """How many unsaved texts the browser keeps."""
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('entwurf/')).length")


def until_kept(page, number=1):
    page.wait_for_function(
        "number => Object.keys(localStorage).filter(key => key.startsWith('entwurf/')).length === number", arg=number
    )


def offer(page):
    return page.get_by_role("region", name="Ungesicherter Text")


pytestmark = pytest.mark.usefixtures("in_markdown")


@pytest.fixture
def tab(admin):
    """A tab that can be closed, of a browser that stays and keeps nothing of before."""
    return another_tab(admin, "/admin/")


@pytest.fixture
def form(prepared):
    return prepared["drafts"][0]


@pytest.fixture
def offline(chromium, portal, admin):
    """A page of which the console may say that there is no connection."""
    context = chromium.new_context(
        base_url=portal,
        locale="de-DE",
        storage_state=admin.context.storage_state(),
        viewport={"width": 1280, "height": 800},
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_what_was_typed_into_a_closed_tab_is_offered_beside_what_is_stored_and_goes_once_it_is_saved(tab, form):
    tab.goto(form)
    type_at_the_end(tab, "\n\nUngesichert.")
    until_kept(tab)
    tab.close()
    tab = another_tab(tab, form)
    expect(offer(tab).get_by_role("heading", level=2)).to_have_text(
        re.compile(r"Ungesicherter Text von heute, \d\d:\d\d")
    )
    expect(offer(tab).locator("ins")).to_have_text("Ungesichert.")
    expect(tab.locator("#id_body")).not_to_have_value(re.compile("Ungesichert"))
    assert violations(tab) == []
    offer(tab).get_by_role("button", name="Übernehmen").press("Enter")
    expect(tab.locator("#id_body")).to_have_value(re.compile(r"\n\nUngesichert\.$"))
    tab.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(tab.get_by_text("erfolgreich geändert")).to_be_visible()
    expect(tab.locator("#id_body")).to_have_value(re.compile("Ungesichert."))
    until_kept(tab, 0)


def test_what_is_discarded_is_not_offered_again(tab, form):
    tab.goto(form)
    type_at_the_end(tab, " Weg damit.")
    until_kept(tab)
    tab.close()
    tab = another_tab(tab, form)
    offer(tab).get_by_role("button", name="Verwerfen").click()
    tab.reload()
    expect(tab.locator("#id_body")).to_be_visible()
    expect(offer(tab)).to_have_count(0)


def open_step(page, number):
    page.locator(f"#steps-{number} summary").first.click()


def test_steps_come_back_by_their_key_and_new_ones_as_new_ones(tab, prepared):
    form = prepared["drafts"][1]
    tab.goto(form)
    open_step(tab, 1)
    tab.locator("#id_steps-1-body").fill("Zum zweiten Schritt.")
    tab.locator("#id_steps-1-actors_0").check()
    tab.get_by_role("button", name="Schritt hinzufügen").click()
    tab.locator("#id_steps-2-title").fill("Ganz neu")
    tab.locator("#id_steps-2-body").fill("Noch nirgends.")
    tab.locator("#id_category").select_option(index=2)
    tab.get_by_label("Warum?").fill("Weil es so ist")
    until_kept(tab)
    tab.wait_for_timeout(600)
    tab.close()

    other = another_tab(tab, form)  # meanwhile both steps change their places
    other.locator(".drag-handle").first.press("ArrowDown")
    other.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(other.get_by_text("erfolgreich geändert")).to_be_visible()
    offer(other).get_by_role("button", name="Übernehmen").click()
    expect(other.locator("#id_steps-0-body")).to_have_value("Zum zweiten Schritt.")
    expect(other.locator("#id_steps-0-actors_0")).to_be_checked()
    expect(other.locator("#id_steps-1-body")).to_have_value("")
    expect(other.locator("#id_steps-2-title")).to_have_value("Ganz neu")
    expect(other.locator("#id_steps-2-body")).to_have_value("Noch nirgends.")
    assert other.locator("#id_category").evaluate("field => field.selectedIndex") == 2
    expect(other.get_by_label("Warum?")).to_have_value("Weil es so ist")
    other.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(other.get_by_text("erfolgreich geändert")).to_be_visible()
    expect(other.locator("#id_steps-2-body")).to_have_value("Noch nirgends.")
    until_kept(other, 0)


def test_a_form_that_is_refused_keeps_its_text_in_the_browser_too(tab, form):
    tab.goto(form)
    type_at_the_end(tab, "\n\n[x](faq:nirgends)")
    tab.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(tab.locator(".errornote")).to_be_visible()
    assert kept(tab) == 1
    expect(offer(tab)).to_have_count(0)
    tab.close()
    tab = another_tab(tab, form)
    expect(offer(tab).locator("ins")).to_have_text("[x](faq:nirgends)")
    offer(tab).get_by_role("button", name="Verwerfen").click()


def test_somebody_else_at_the_same_browser_is_offered_nothing(visit, form):
    page = visit("/admin/")
    log_in(page, **THIRD)
    page.goto(form)
    type_at_the_end(page, " Geheim.")
    until_kept(page)
    page.context.clear_cookies()
    log_in(page, EDITOR["DJANGO_SUPERUSER_USERNAME"], EDITOR["DJANGO_SUPERUSER_PASSWORD"])
    page.goto(form)
    expect(page.locator("#id_body")).to_be_visible()
    expect(offer(page)).to_have_count(0)
    page.context.clear_cookies()
    log_in(page, **THIRD)
    page.goto(form)
    expect(offer(page)).to_be_visible()


@pytest.mark.parametrize("way", ["goes on", "opens the form"])
def test_an_expired_login_loses_nothing_and_offers_it_once(visit, form, way):
    page = visit("/admin/")
    log_in(page, **THIRD)
    page.goto(form)
    type_at_the_end(page, f"\n\nNach dem Ende ({way}).")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    page.get_by_label("Anmeldename").fill(THIRD["username"])
    page.get_by_label("Passwort").fill(THIRD["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ihre Eingaben sind noch da")).to_be_visible()
    if way == "goes on":
        page.get_by_role("button", name="Mit meinen Eingaben weitermachen").click()
    else:
        page.goto(form)
        offer(page).get_by_role("button", name="Übernehmen").click()
        page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(page.get_by_text("erfolgreich geändert")).to_be_visible()
    expect(page.locator("#id_body")).to_have_value(re.compile(re.escape(f"Nach dem Ende ({way}).")))
    expect(offer(page)).to_have_count(0)
    until_kept(page, 0)


def test_a_login_in_another_tab_is_enough_to_save(visit, form):
    page = visit("/admin/")
    page.clock.install()
    log_in(page, **THIRD)
    page.goto(form)
    type_at_the_end(page, "\n\nMit neuer Anmeldung.")
    page.context.clear_cookies(name="sessionid")
    page.clock.run_for(BEAT)
    expect(page.get_by_text("Ihre Anmeldung ist abgelaufen.")).to_be_visible()
    log_in(another_tab(page, "/admin/"), **THIRD)
    page.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(page.get_by_text("erfolgreich geändert")).to_be_visible()


def test_a_connection_that_is_lost_while_saving_loses_nothing(offline, form):
    offline.goto(form)
    type_at_the_end(offline, "\n\nOhne Netz.")
    offline.context.set_offline(True)
    offline.get_by_role("button", name="Sichern und weiter bearbeiten").click(no_wait_after=True)
    offline.wait_for_timeout(500)
    offline.context.set_offline(False)
    offline.goto(form)
    expect(offer(offline).locator("ins")).to_have_text("Ohne Netz.")


def test_a_double_click_saves_once(admin):
    sent = []
    admin.on("request", lambda request: request.method == "POST" and "/add/" in request.url and sent.append(request))
    admin.goto("/admin/faq/contact/add/")
    admin.locator("#id_name").fill("Doppelt geklickt")
    admin.locator("#id_slug").fill("doppelt-geklickt")
    admin.locator("#id_phone").fill("05744 1")
    admin.locator("input[name=_save]").dblclick()
    expect(admin.get_by_text("erfolgreich hinzugefügt")).to_be_visible()
    assert len(sent) == 1


def test_leaving_with_unsaved_text_asks_and_at_no_other_time(admin, form):
    asked = []
    admin.on("dialog", lambda dialog: [asked.append(dialog.type), dialog.accept()])
    admin.goto(form)
    admin.locator("#id_body").click()
    admin.goto(form)  # nothing was changed
    type_at_the_end(admin, "\n\nUnd fort?")
    with admin.context.expect_page() as opened:
        admin.get_by_role("button", name="Vorschau", exact=True).click()
    opened.value.close()
    admin.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(admin.get_by_text("erfolgreich geändert")).to_be_visible()
    assert asked == []
    type_at_the_end(admin, " Fort.")
    admin.goto("/admin/")
    assert asked == ["beforeunload"]


def test_two_editors_see_each_other_and_what_the_other_one_saved(admin, visit, form):
    admin.clock.install()
    admin.goto(form)
    erika = visit("/admin/")
    erika.clock.install()
    log_in(erika, **THIRD)
    erika.goto(form)
    expect(erika.locator(".presence")).to_have_text(re.compile(r"redaktion bearbeitet das gerade, seit \d\d:\d\d\."))
    admin.clock.run_for(BEAT)
    expect(admin.get_by_role("status").filter(has_text="Erika Muster")).to_have_text(
        re.compile(r"Erika Muster bearbeitet das gerade, seit \d\d:\d\d\.")
    )
    assert violations(admin) == []
    type_at_the_end(erika, "\n\nVon Erika.")
    erika.locator("input[name=_save]").click()
    expect(erika.get_by_text("erfolgreich geändert")).to_be_visible()
    admin.clock.run_for(BEAT)
    expect(admin.locator(".presence")).to_have_text(re.compile(r"^Erika Muster hat um \d\d:\d\d gesichert. Neu laden$"))
    admin.get_by_role("link", name="Neu laden").click()
    expect(admin.locator("#id_body")).to_have_value(re.compile("Von Erika."))


def test_the_preview_stands_beside_the_text_and_its_errors_lead_to_their_lines(admin, form):
    admin.set_viewport_size({"width": 1280, "height": 800})
    admin.goto(form)
    admin.get_by_role("button", name="Vorschau beim Schreiben").click()
    pane, body = admin.get_by_role("region", name="Vorschau beim Schreiben"), admin.locator("#id_body")
    shown = admin.frame_locator(".live-preview")
    expect(shown.get_by_text("Erste Zeile.")).to_be_visible()
    left, right = body.bounding_box(), pane.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert right["height"] >= 700

    body.fill("Gut.\n\n" + "Absatz.\n\n" * 40 + "[x](faq:nirgends)\n\nEnde.")
    error = pane.get_by_role("link", name="Antwort, Zeile 83")
    expect(error).to_be_visible()
    expect(pane).to_contain_text("Das Linkziel „faq:nirgends“ gibt es nicht.")
    expect(shown.get_by_text("Erste Zeile.")).to_be_visible()  # the last good one
    assert violations(admin) == []
    error.press("Enter")
    expect(body).to_be_focused()
    selected = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert body.evaluate(selected) == "[x](faq:nirgends)"

    admin.keyboard.type("Wieder gut.")
    expect(shown.get_by_text("Wieder gut.")).to_be_visible()
    expect(pane.get_by_role("link")).to_have_count(0)
    shown.get_by_text("Ende.").scroll_into_view_if_needed()
    scrolled = "document.querySelector('.live-preview').contentWindow.scrollY"
    before = admin.evaluate(scrolled)
    assert before > 100
    admin.keyboard.type(" Ganz sicher.")
    expect(shown.get_by_text("Ganz sicher.")).to_be_visible()
    assert admin.evaluate(scrolled) == before

    admin.reload()  # it is remembered
    expect(shown.get_by_role("heading", name="Was tippen Sie?")).to_be_visible()
    admin.get_by_role("button", name="Vorschau beim Schreiben").click()
    expect(pane).to_be_hidden()


def test_a_preview_with_an_error_stays_in_the_form(admin, prepared):
    admin.goto(prepared["drafts"][1])
    open_step(admin, 0)
    admin.locator("#id_steps-0-body").fill("Eins\n\n![x](https://example.org/x.png)")
    admin.get_by_role("button", name="Vorschau", exact=True).click()
    link = admin.get_by_role("link", name=re.compile("Text, Zeile 3"))
    expect(link).to_be_visible()
    assert len(admin.context.pages) == 1
    assert violations(admin) == []
    link.click()
    expect(admin.locator("#id_steps-0-body")).to_be_focused()
