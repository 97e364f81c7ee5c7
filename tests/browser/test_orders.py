"""An order goes on: with a colleague, under another name, on paper; and large enough for a thumb."""

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_controls import TOO_SMALL
from tests.browser.test_errands import Errand

OLP = "/faq/bestellvorgang-olp/"
OPEN_VALUE = "/faq/bestellvorgang-open-value/"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def tick(page, number):
    page.get_by_role("checkbox", name=re.compile(rf"\(Schritt {number}\)")).check()


def name(page, order):
    page.get_by_role("button", name="Umbenennen").click()
    page.get_by_label("Name der Bestellung").fill(order)
    page.keyboard.press("Enter")


def link_to(page):
    page.get_by_role("button", name="Weitergeben").click()
    expect(page.get_by_role("status")).to_have_text("Link kopiert")
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def link(visit):
    """A link to Müller's order, in which steps 1 and 3 are ticked off."""
    page = visit(OLP, **CLIPBOARD)
    for number in (1, 3):
        tick(page, number)
    name(page, "Müller <b>& Söhne</b>")
    return link_to(page)


def kept(page):
    return page.evaluate("JSON.parse(localStorage.getItem('hilfe:bestellungen:bestellvorgang-olp'))")


def test_the_box_with_orders_comes_with_the_first_tick_and_what_one_reads_stays_where_it_is(visit):
    page = visit(OLP, width=390, height=844)
    expect(page.locator(".orders")).to_be_hidden()
    box = page.locator("#schritt-5 input")
    box.evaluate(
        "e => { scrollTo({top: 0, behavior: 'instant'}); e.scrollIntoView({behavior: 'instant', block: 'center'}); }"
    )
    before = box.bounding_box()["y"]
    box.check()
    page.wait_for_timeout(300)
    assert abs(box.bounding_box()["y"] - before) <= 1
    expect(page.locator(".orders")).to_have_count(1)
    assert page.locator(".orders").evaluate("e => !e.hidden")
    page.reload()
    expect(page.locator(".orders")).to_be_visible()


def test_a_colleague_goes_on_where_one_stopped(visit, link, portal):
    assert len(link) < 200
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", link.partition("#")[2])
    sent = []
    page = visit()
    page.on("request", lambda request: sent.append(request.url))
    page.goto(link)
    asked = page.get_by_role("dialog", name="Bestellung „Müller <b>& Söhne</b>“ mit 2 Haken übernehmen?")
    expect(asked).to_be_visible()
    assert (kept(page) or {"orders": []})["orders"] == []
    page.keyboard.press("Enter")
    expect(page.locator(".progress")).to_have_text("2 von 9 Schritten erledigt Als Nächstes: Schritt 2 (Reseller)")
    expect(page.locator("[data-order]")).to_be_focused()
    expect(page.locator("[data-order]")).to_have_value("Müller <b>& Söhne</b>")
    assert page.url == f"{portal}{OLP}"
    assert [url for url in sent if "bestellung" in url.partition("/faq/")[2].partition("/")[2]] == []


def test_who_declines_keeps_what_there_was(visit, link, portal):
    page = visit(OLP)
    tick(page, 2)
    before = kept(page)
    page.goto(link)
    page.get_by_role("button", name="Nicht übernehmen").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == f"{portal}{OLP}"
    assert kept(page) == before


@pytest.mark.parametrize(("answer", "orders"), [("Übernehmen", [[1, 2, 3]]), ("Als eigene Bestellung", [[2], [1, 3]])])
def test_an_order_of_the_same_name_is_asked_about_and_no_tick_is_lost(visit, link, answer, orders):
    page = visit(OLP)
    tick(page, 2)
    name(page, "Müller <b>& Söhne</b>")
    page.goto(link)
    expect(page.get_by_role("dialog")).to_contain_text("Dazu kommt: Schritt 1 und 3.")
    page.get_by_role("button", name=answer, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    names = page.locator("input[data-step]").evaluate_all("boxes => boxes.map(box => box.dataset.name)")
    assert [sorted(names.index(step) + 1 for step in done) for _, done in kept(page)["orders"]] == orders


def fragment(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "x" * 100_000,
        "%00%ff",
        "gAAA",
        fragment(1),
        fragment(2, "Müller"),
        fragment(1, "Müller", "unbekannt"),
        fragment(1, "Müller", "__proto__"),
        fragment(1, "Müller", "constructor"),
        fragment(1, {"__proto__": {"hidden": False}}),
        fragment(1, "x" * 61),
        fragment(1, "a\u202eb"),
        fragment(1, [["Müller", []]] * 100),
        fragment([1] * 100),
        base64.urlsafe_b64encode(b'{"__proto__": {"length": 9}}').decode().rstrip("="),
    ],
)
def test_a_hostile_link_does_nothing(visit, hostile, portal):
    page = visit(OLP)
    tick(page, 2)
    before = kept(page)
    page.goto("/")
    page.goto(f"{OLP}#bestellung.{hostile}")
    expect(page.get_by_role("status")).to_contain_text("Es hat sich nichts geändert")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == f"{portal}{OLP}"
    assert kept(page) == before


def test_an_order_is_renamed_but_never_to_the_name_of_another(visit):
    page = visit(OLP)
    tick(page, 1)
    name(page, "Müller")
    expect(page.locator(".orders option")).to_have_text(["Müller"])
    page.get_by_role("button", name="Weitere anlegen").click()
    expect(page.get_by_label("Name der Bestellung")).to_be_focused()
    page.keyboard.type("Meier")
    page.keyboard.press("Enter")
    name(page, "Müller")
    assert (
        page.get_by_label("Name der Bestellung").evaluate("e => e.validationMessage")
        == "So heißt schon eine andere Bestellung."
    )
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.get_by_role("button", name="Umbenennen")).to_be_focused()
    page.reload()
    expect(page.locator(".orders option")).to_have_text(["Müller", "Meier"])


def test_what_comes_from_others_is_ticked_off_as_there(visit):
    page = visit(OPEN_VALUE)
    words = page.locator(".step .done").all_inner_texts()
    assert [text.split("(")[0].strip() for text in words] == [
        "Erledigt",
        "Erledigt",
        "Erledigt",
        "Ist da",
        "Ist da",
        "Erledigt",
    ]
    expect(page.locator(".lane dt").last).to_have_text("Wer: noch offen")
    expect(page.locator("#schritt-6 .who")).to_have_text("Wer: noch offen")


def test_the_first_step_is_seen_on_a_phone_without_scrolling(visit):
    page = visit(OLP, width=390, height=844)
    expect(page.locator("#schritt-1 h3")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", [OLP, OPEN_VALUE])
def test_what_one_does_with_orders_is_large_enough_for_a_thumb(visit, path):
    page = visit(path, width=390, height=844)
    tick(page, 1)
    page.get_by_role("button", name="Weitere anlegen").click()
    expect(page.get_by_label("Name der Bestellung")).to_be_visible()
    assert page.evaluate(TOO_SMALL) == []


# On paper


def test_the_sheet_of_the_end_customer_names_the_reseller_and_never_the_lizenzteams_number(visit, portal):
    page = visit(f"{OPEN_VALUE}handzettel/endkunde/")
    assert "944 194" not in page.content()
    assert "tel:" not in page.content()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_label("Name").fill("Müller IT GmbH")
    page.get_by_label("Telefon").fill("0123 456")
    assert sent == []
    page.goto(f"{OLP}handzettel/")
    expect(page.get_by_label("Name")).to_have_value("Müller IT GmbH")
    page.emulate_media(media="print")
    expect(page.locator(".sender")).to_be_visible()
    expect(page.get_by_role("img", name=f"QR-Code: {portal}{OLP}")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_errand_my_colleague_goes_on_tomorrow(visit, width):
    page = visit(OLP, width=width, height=844, **CLIPBOARD)
    errand = Errand(page)
    errand.click(page.get_by_label("Erledigt (Schritt 1)"))
    errand.click(page.get_by_role("button", name="Weitergeben"))
    expect(page.get_by_role("status")).to_have_text("Link kopiert")
    errand.took(f"my colleague goes on tomorrow, my part, {width} px", clicks=2, loads=0)
    colleague = visit(page.evaluate("navigator.clipboard.readText()"), width=width, height=844)
    errand = Errand(colleague)
    errand.click(colleague.get_by_role("button", name="Übernehmen", exact=True))
    expect(colleague.locator(".progress")).to_contain_text("1 von 9")
    errand.took(f"my colleague goes on tomorrow, theirs, {width} px", clicks=1, loads=0)


@pytest.mark.parametrize("width", [390, 1280])
def test_errand_print_what_i_still_have_to_do(visit, width):
    page = visit(OLP, width=width, height=844)
    for number in (1, 2, 3):
        tick(page, number)
    page.evaluate("window.print = () => (document.title = 'gedruckt')")
    errand = Errand(page)
    errand.click(page.get_by_role("link", name="Offenes drucken"))
    expect(page.get_by_label("Nur, was bei „Meine Bestellung“ noch offen ist")).to_be_checked()
    page.evaluate("window.print = () => (document.title = 'gedruckt')")
    errand.click(page.get_by_role("button", name="Drucken"))
    expect(page).to_have_title("gedruckt")
    expect(page.locator(".step:visible")).to_have_count(6)
    expect(page.get_by_text("Meine Bestellung: noch 6 von 9 Schritten offen")).to_be_visible()
    errand.took(f"print what I still have to do, {width} px", clicks=2, loads=1)
