"""What readers do, as they do it: find, pass on, follow a walkthrough, print; with scripts and without."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SHIFT

OLP = "/faq/bestellvorgang-olp/"
OPEN_VALUE = "/faq/bestellvorgang-open-value/"


def field(page):
    return page.get_by_role("combobox", name=re.compile("Hilfe durchsuchen|Was möchten Sie wissen"))


# Find


def test_suggestions_are_chosen_with_the_keyboard(visit):
    page = visit("/")
    field(page).press_sequentially("storn")
    first = page.get_by_role("option").first
    expect(first).to_have_text("Wie kann ich falsche Bestellungen stornieren? Fragen zum Bestellprozess")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text(re.compile("Vorschl"))
    field(page).press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    expect(field(page)).to_be_focused()
    field(page).press("Enter")
    page.wait_for_url("**/faq/stornierung/")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(visit):
    page = visit("/")
    field(page).press_sequentially("vlsc")
    expect(page.get_by_role("option").first).to_be_visible()
    field(page).press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("vlsc")


def test_without_choosing_a_suggestion_enter_searches_for_the_words(visit):
    page = visit("/")
    field(page).press_sequentially("vlsc")
    expect(page.get_by_role("option").first).to_be_visible()
    field(page).press("ArrowDown")
    field(page).press("ArrowUp")
    field(page).press("Enter")
    page.wait_for_url("**/suche/?q=vlsc")
    expect(page).to_have_title(re.compile(r"Suche: vlsc \(\d+ Treffer\)"))


def test_a_suggested_term_leads_to_the_glossary_by_a_click(visit):
    page = visit("/glossar/")
    field(page).press_sequentially("welcome")
    page.get_by_role("option", name=re.compile("Welcome Letter.*Glossar")).click()
    page.wait_for_url("**/glossar/#welcome-letter")
    expect(page.locator("#welcome-letter")).to_be_in_viewport()


def test_a_suggested_step_says_whose_it_is_and_what_was_typed_is_marked(visit):
    page = visit("/")
    field(page).press_sequentially("vlsc anme")
    option = page.get_by_role("option").first
    expect(option.locator("mark")).to_have_text(["Anme", "VLSC"])
    expect(option.locator("small")).to_contain_text("Schritt 6 · ")
    option.click()
    page.wait_for_url("**/faq/bestellvorgang-olp/#anmeldung-des-resellers-im-vlsc-portal")


@pytest.mark.parametrize("height", [844, 430])  # 430: what a keyboard on the screen leaves
def test_the_suggestions_stay_on_the_screen(visit, height):
    page = visit("/", width=390, height=height)
    field(page).press_sequentially("bestell")
    expect(page.get_by_role("option")).to_have_count(5)
    box = page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= height
    for _ in range(5):
        field(page).press("ArrowDown")
    expect(page.get_by_role("option").last).to_be_in_viewport()


def test_suggestions_never_take_the_focus(visit):
    page = visit("/")
    field(page).press_sequentially("vlsc")
    page.get_by_role("button", name="Suchen").focus()
    page.wait_for_timeout(300)
    expect(page.get_by_role("button", name="Suchen")).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_slash_leads_to_the_search_field_but_can_be_typed_in_it(visit):
    page = visit("/faq/stornierung/")
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.press("/")
    expect(field(page)).to_have_value("/")


def test_the_slash_can_be_turned_off(visit):
    page = visit("/suche/")
    page.get_by_role("checkbox", name="Taste verwenden").uncheck()
    page.goto("/faq/stornierung/")
    page.keyboard.press("/")
    expect(field(page)).not_to_be_focused()


def test_results_are_narrowed_by_category_and_by_topic(visit):
    page = visit("/suche/?q=lizenzen")
    everything = page.locator(".results li").count()
    page.get_by_role("link", name=re.compile(r"Fragen zum VLSC \d")).click()
    expect(page.get_by_text("2 Treffer")).to_be_visible()
    assert set(page.locator(".results .where").all_inner_texts()) == {"Fragen zum VLSC"}
    page.get_by_role("link", name=re.compile("Fragen zum VLSC.*aufheben")).click()
    expect(page.locator(".results li")).to_have_count(everything)


def test_where_nothing_is_found_the_page_says_so_and_offers_more(visit):
    page = visit("/suche/?q=xqzwvkjy")
    expect(page.get_by_text("Zu „xqzwvkjy“ haben wir nichts gefunden.")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="05744 - 944 194")).to_be_visible()
    expect(page.get_by_role("link", name="Fragen zum VLSC")).to_be_visible()


# Pass on


def test_a_steps_link_is_copied_and_said(visit, portal):
    page = visit(OLP, permissions=["clipboard-read", "clipboard-write"])
    control = page.get_by_role("button", name="Link kopieren zu Schritt 7")
    control.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Link kopiert")
    expect(page.get_by_role("button", name="Link kopiert zu Schritt 7")).to_be_focused()
    assert (
        page.evaluate("navigator.clipboard.readText()") == f"{portal}{OLP}#aktivierung-und-herunterladen-der-lizenzen"
    )


def test_an_answers_link_is_its_permanent_one_on_category_pages_too(visit, portal):
    page = visit("/bestellprozess/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Link kopieren zu „Wie kann ich falsche Bestellungen stornieren?“").click()
    expect(page.get_by_role("status")).to_have_text("Link kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == f"{portal}/faq/stornierung/"


def test_a_mail_has_the_question_the_answer_and_the_address(visit, portal):
    page = visit("/faq/stornierung/")
    mail = page.get_by_role("link", name="Per E-Mail senden").get_attribute("href")
    assert mail.startswith("mailto:?subject=Wie%20kann%20ich%20falsche%20Bestellungen%20stornieren%3F&body=Wie%20kann")
    assert "innerhalb%20von%2021%20Tagen" in mail
    assert mail.endswith("%0D%0A" + f"{portal}/faq/stornierung/".replace(":", "%3A").replace("/", "%2F") + "%0D%0A")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize(
    "path", ["/alles/#stornierung", "/bestellprozess/#bestellvorgang-olp_schritt-7", f"{OLP}#schritt-7"]
)
def test_what_a_link_leads_to_is_seen_and_marked(visit, path, motion):
    page = visit(path, reduced_motion=motion, width=360)
    target = page.locator(":target")
    top = "e => Math.round(e.getBoundingClientRect().top)"
    for _ in range(50):  # a smooth scroll takes its time
        if target.evaluate(top) in range(200):
            break
        page.wait_for_timeout(50)
    assert target.evaluate(top) in range(200)
    ground = "e => getComputedStyle(e).backgroundColor"
    assert target.evaluate(ground) != target.locator("xpath=..").evaluate(ground)


@pytest.mark.parametrize("path", ["/vlsc/", "/alles/"])
def test_a_link_to_a_deleted_answer_says_so_to_those_alone_who_followed_it(visit, path):
    page = visit(path, width=360)
    told = page.get_by_text("Hier stand die Antwort auf „Wo ist das hin?“.")
    expect(told).to_be_hidden()
    page.goto(path + "#geloescht")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("main").get_by_role("link", name="über die Suche")).to_be_visible()


# Follow a walkthrough


def test_ticked_steps_are_kept_and_the_next_turn_is_named(visit):
    page = visit(OLP)
    for number in (1, 2):
        page.get_by_role("checkbox", name=f"Erledigt (Schritt {number})", exact=True).check()
    page.reload()
    expect(page.get_by_role("checkbox", name="Erledigt (Schritt 2)", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Ist da (Schritt 3)", exact=True)).not_to_be_checked()
    expect(page.locator(".progress")).to_have_text("2 von 9 Schritten erledigt Als Nächstes: Schritt 3 (Lizenzteam)")


def test_several_orders_are_ticked_off_side_by_side(visit):
    page = visit(OLP)
    step = page.get_by_role("checkbox", name="Erledigt (Schritt 1)", exact=True)
    step.check()
    page.get_by_role("button", name="Weitere anlegen").click()
    expect(page.get_by_label("Name der Bestellung")).to_be_focused()
    page.keyboard.type("Schule <Musterstadt>")
    page.keyboard.press("Enter")
    expect(page.locator(".progress")).to_contain_text("0 von 9")
    expect(step).not_to_be_checked()
    page.get_by_role("combobox", name="Bestellung").select_option("Meine Bestellung")
    expect(step).to_be_checked()
    page.get_by_role("combobox", name="Bestellung").select_option("Schule <Musterstadt>")
    page.get_by_role("button", name="Bestellung löschen").click()
    expect(page.locator(".orders option")).to_have_text(["Meine Bestellung"])
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="Haken entfernen").click()
    assert asked.value.message == "Alle Haken von „Meine Bestellung“ entfernen?"
    expect(step).to_be_checked()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Haken entfernen").click()
    expect(step).not_to_be_checked()
    page.reload()
    expect(step).not_to_be_checked()


def test_ticks_stay_in_the_browser(visit):
    page, sent = visit(OLP), []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("checkbox", name="Erledigt (Schritt 1)", exact=True).check()
    page.wait_for_timeout(200)
    assert sent == []


def test_what_another_version_kept_does_no_harm(visit):
    page = visit(OLP)
    for rubbish in ("null", "[]", "{", '{"orders": {"x": [1]}}', '{"orders": [["x", 1], 2]}'):
        page.evaluate("text => localStorage.setItem('hilfe:bestellungen:bestellvorgang-olp', text)", rubbish)
        page.reload()
        expect(page.locator(".progress")).to_contain_text("0 von 9")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_office_365_branch_can_be_hidden_and_numbers_stay(visit, scripts):
    page = visit(OPEN_VALUE, java_script_enabled=scripts)
    expect(page.get_by_text("nur bei Office 365")).to_have_count(0)
    page.goto(OLP)
    numbers = page.locator(".steps .number")
    expect(page.locator("#schritt-8")).to_be_visible()
    page.get_by_label("Schritte 8 und 9 ausblenden").check()
    expect(page.locator("#schritt-8")).to_be_hidden()
    assert [number.text_content() for number in numbers.all()] == list("123456789")
    if scripts:
        expect(page.locator(".progress")).to_contain_text("0 von 7")
    page.get_by_role("link", name=re.compile("Schritt 9")).first.click()
    expect(page.locator("#schritt-9")).to_be_in_viewport()


def slowly(route):
    """The script comes when a browser would have shown the page long before."""
    time.sleep(0.4)
    route.continue_()


def test_a_hidden_branch_stays_hidden_and_nothing_moves_when_one_comes_back(visit):
    page = visit(OLP)
    page.get_by_label("Schritte 8 und 9 ausblenden").check()
    page.goto("/")
    page.goto(OLP)
    expect(page.get_by_label("Schritte 8 und 9 ausblenden")).to_be_checked()
    expect(page.locator("#schritt-8")).to_be_hidden()
    expect(page.locator(".progress")).to_contain_text("0 von 7")
    assert page.evaluate(SHIFT) < 0.01
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.wait_for_timeout(500)  # Chromium notes the place it comes back to a moment after the scrolling ended
    page.route("**/site*.js", slowly)
    page.reload()
    expect(page.locator("#schritt-8")).to_be_hidden()
    page.wait_for_function("() => scrollY > 0")
    assert page.evaluate(SHIFT) < 0.01
    page.unroute("**/site*.js", slowly)
    page.goto(f"{OLP}#schritt-8")
    expect(page.locator("#schritt-8")).to_be_in_viewport()
    page.goto(OLP)
    page.get_by_label("Schritte 8 und 9 ausblenden").uncheck()
    page.reload()
    expect(page.locator("#schritt-8")).to_be_visible()


def test_a_step_says_whose_turn_it_is_in_the_overview(visit):
    page = visit(OLP)
    lanes = {lane.locator("dt").inner_text(): lane.locator("a").count() for lane in page.locator(".lane").all()}
    assert lanes == {"Reseller": 6, "Lizenzteam": 2, "Microsoft": 1}
    page.get_by_role("link", name="Schritt 4 Zusenden der Order Confirmation").click()
    expect(page.locator("#schritt-4")).to_be_in_viewport()


def test_a_term_leads_to_its_explanation(visit):
    page = visit(OLP)
    page.locator("#schritt-7").get_by_role("link", name="Licence Number").click()
    expect(page.locator(":target")).to_contain_text("rot markiert in der Order Confirmation")


def test_two_ways_stand_side_by_side_on_a_desk_and_one_after_the_other_on_a_phone(visit):
    page = visit("/vergleich/")
    same = page.locator(".places").get_by_role("heading", name="Interne Bestellung bei Microsoft").all()
    left, right = (heading.bounding_box() for heading in same)
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]
    page.set_viewport_size({"width": 360, "height": 800})
    left, right = (heading.bounding_box() for heading in same)
    assert left["x"] == right["x"]
    assert left["y"] < right["y"] < left["y"] + 400  # a place of both is seen at once


# Print


def test_paper_has_boxes_to_tick_the_contact_and_the_address(visit, portal):
    page = visit(OLP, java_script_enabled=False)
    page.emulate_media(media="print")
    expect(page.get_by_role("checkbox", name=re.compile("Schritt"))).to_have_count(9)
    for box in page.get_by_role("checkbox", name=re.compile("Schritt")).all():
        expect(box).to_be_visible()
    expect(page.locator(".printed-from")).to_contain_text(f"{portal}{OLP}")
    expect(page.locator(".contact-block")).to_contain_text("05744 - 944 194")
    for gone in (".site-head", ".site-foot", ".rail", ".tools"):
        expect(page.locator(gone).first).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_a_handout_has_one_actors_steps_alone(visit):
    page = visit(OPEN_VALUE)
    page.get_by_role("link", name="Handzettel").click()
    page.get_by_role("link", name="Nur Endkunde").click()
    expect(page.locator(".step")).to_have_count(1)
    expect(page.locator("#schritt-3")).to_contain_text("elektronischen Signatur")


# Without scripts


def test_without_scripts_nothing_is_offered_that_needs_them(visit, portal):
    page = visit(OLP, java_script_enabled=False)
    for needs in (".orders", ".done", ".scripted"):
        for element in page.locator(needs).all():
            expect(element).to_be_hidden()
    link = page.locator("#schritt-7").get_by_role("link", name="Link zu Schritt 7")
    link.click()
    assert page.url == f"{portal}{OLP}#aktivierung-und-herunterladen-der-lizenzen"


def test_without_scripts_a_reader_searches_and_finds(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Was möchten Sie wissen?").fill("storno")
    page.get_by_role("button", name="Suchen").click()
    page.get_by_role("main").get_by_role("link", name="Wie kann ich falsche Bestellungen stornieren?").click()
    expect(page.get_by_text("innerhalb von 21 Tagen")).to_be_visible()


# Edit


@pytest.mark.usefixtures("in_markdown")
def test_what_an_editor_saves_is_what_readers_see(admin, visit):
    admin.goto("/admin/faq/category/")
    admin.get_by_role("link", name="Fragen zum VLSC").click()
    intro = admin.get_by_role("textbox", name="Einleitung")
    intro.fill("Alles rund um das **Portal** von Microsoft.")
    admin.get_by_role("button", name="Sichern", exact=True).click()
    expect(admin.get_by_text("erfolgreich geändert")).to_be_visible()
    reader = visit("/vlsc/")
    expect(reader.locator(".lead strong")).to_have_text("Portal")
