"""What a reader passes on: an answer or a step as it comes out of the clipboard, and what is told to whom one asks."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests import running
from tests.browser.test_every_page import LOOKS, violations

ANSWER = "/faq/alles-drin/"
STEPS = "/faq/alles-drin-schritte/"
OLP = "/faq/bestellvorgang-olp/"
MAY_COPY = {"permissions": ["clipboard-read", "clipboard-write"]}
CLIPBOARD = """async type => (await (await navigator.clipboard.read())[0].getType(type)).text()"""
# What is pasted, where there is no clipboard API to ask.
PASTED = """document.addEventListener("paste", event => {
    window.pasted = ["text/plain", "text/html"].map(type => event.clipboardData.getData(type));
})"""
WITHOUT_API = "Object.defineProperty(Navigator.prototype, 'clipboard', {get: () => undefined})"
TEXT = """Was kann eine Antwort?

Ein fetter, ein schräger und ein alter Satz mit Code und dem VLSC.
Neue Zeile: Microsoft (https://example.org/lizenzen?a=1&b=2), https://example.org/, Stornierung ({portal}/faq/stornierung/), Lizenzteam (05744 - 944 194), hilfe@example.org und Beschreibung eAgreement (folgt).

Listen

- eins
- zwei
  - zwei a
    - zwei a α
  - zwei b
- drei

3. dritter Punkt
   Noch ein Absatz dazu.
4. vierter Punkt
   1. erstens
   2. zweitens

Tabelle

Menge | Preis | Was
5 | 10 € | Open Value (https://example.org/ov)
12 | 20 € | a<b & c

Kasten

Hinweis:
Gilt nur bis Juni.
- für Schulen
- für Verwaltungen

Vorsicht, Frist:
Nach 21 Tagen ist es zu spät.

> Wer fragt, bekommt Antwort.

Get-MgSubscribedSku -All
  | Select-Object Name

Bild: Beschreibung fenster ({portal}/bild/NAME) – Das Fenster im VLSC

Klicken Sie auf Beschreibung zahnrad oben rechts.

„Beschreibung eAgreement“ folgt noch. Bis dahin helfen wir Ihnen gern persönlich weiter: Lizenzteam, 05744 - 944 194 lizenzen@example.org

Ansprechpartner: Lizenzteam, 05744 - 944 194 lizenzen@example.org

Immer aktuell: {portal}/faq/alles-drin/

Zuletzt geändert am 2. Oktober 2026 · Geprüft am 3. November 2026"""
STEP = """Was kann ein Ablauf?

Schritt 3: Keys aktivieren

nur bei Office 365
Sie brauchen: die Keys & den Brief

Ansprechpartner: Lizenzteam, 05744 - 944 194 lizenzen@example.org

Immer aktuell: {portal}/faq/alles-drin-schritte/#keys-aktivieren

Zuletzt geändert am 2. Oktober 2026 · Geprüft am 3. November 2026"""
# Structure, and of what it looks like no more than a table's lines and a box's ground.
ALLOWED = {
    "a": {"href"},
    "ol": {"start"},
    "table": {"border", "cellspacing", "cellpadding"},
    "td": {"align", "bgcolor"},
    "th": {"align"},
}


@pytest.fixture(scope="module")
def everything(prepared_folder, tmp_path_factory):
    """The address of a portal with an answer and a walkthrough that have everything, and an address of the Lizenzteam."""
    portal = running.Portal(running.copied(prepared_folder, tmp_path_factory.mktemp("everything")), CHECK_LINKS="0")
    portal.start()
    portal.edit("from tests.everything import make; make()")
    yield f"http://127.0.0.1:{portal.port}"
    portal.stop()


def copy_button(page, name="Antwort kopieren"):
    return page.get_by_role("button", name=name, exact=True)


def text_on_clipboard(page, type_="text/plain"):
    text = page.evaluate(CLIPBOARD, type_).replace("\r\n", "\n")
    return re.sub(r"/bild/[\w.-]+", "/bild/NAME", text)


# Copy


def test_an_answer_is_copied_as_text_that_reads_well_by_itself(visit, everything):
    page = visit(ANSWER, at=everything, **MAY_COPY)
    copy_button(page).click()
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    assert text_on_clipboard(page) == TEXT.format(portal=everything)


def test_an_answer_is_copied_with_its_structure_and_nothing_else(visit, everything):
    page = visit(ANSWER, at=everything, **MAY_COPY)
    copy_button(page).click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_focused()
    html = re.sub(r"\s*\n\s*", "", text_on_clipboard(page, "text/html"))
    found = {
        (tag, name) for tag, rest in re.findall(r"<(\w+)([^>]*)>", html) for name in re.findall(r' ([\w-]+)="', rest)
    }
    assert [(tag, name) for tag, name in found if name not in ALLOWED.get(tag, ())] == []
    for structure in (
        "<h2>Was kann eine Antwort?</h2><p>Ein <strong>fetter</strong>, ein <em>schräger</em> und ein <s>alter</s>",
        "<h3>Listen</h3><ul><li>eins</li><li>zwei<ul><li>zwei a<ul><li>zwei a α</li></ul></li><li>zwei b</li></ul></li>",
        '<ol start="3"><li>dritter Punkt<p>Noch ein Absatz dazu.</p></li>',
        '<table border="1" cellspacing="0" cellpadding="6"><thead><tr><th align="right">Menge</th><th align="center">',
        '<td><a href="https://example.org/ov">Open Value</a></td>',
        '<tr><td bgcolor="#f3f6f6"><p><strong>Hinweis:</strong></p><p>Gilt nur bis <em>Juni</em>.</p><ul><li>für Schulen',
        "<blockquote><p>Wer fragt, bekommt Antwort.</p></blockquote><pre><code>Get-MgSubscribedSku -All",
        f'Bild: <a href="{everything}/bild/NAME">Beschreibung fenster</a>',
        "und Beschreibung eAgreement (folgt).",
        f'<a href="{everything}/faq/alles-drin/">{everything}/faq/alles-drin/</a>',
    ):
        assert structure in html
    for tool in ("Glossar", "kopieren", "Per E-Mail", "hilfreich", "glossar/"):
        assert tool not in html


def test_a_step_is_copied_by_the_keyboard_with_what_it_belongs_to(visit, everything):
    page = visit(STEPS, at=everything, **MAY_COPY)
    copy_button(page, "Schritt kopieren 3").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    assert text_on_clipboard(page) == STEP.format(portal=everything)
    html = text_on_clipboard(page, "text/html")
    assert "<h2>Was kann ein Ablauf?</h2><h3>Schritt 3: Keys aktivieren</h3>" in html


def test_a_whole_walkthrough_is_copied_step_by_step(visit, everything):
    page = visit(STEPS, at=everything, **MAY_COPY)
    copy_button(page).click()
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    text = text_on_clipboard(page)
    assert text.startswith(
        "Was kann ein Ablauf?\n\nVorab ein Satz.\n\nDie Schritte\n\nSchritt 1: Anrufen\n\nWer: Reseller\n"
    )
    assert (
        "\n\nSchritt 2: Unterschreiben\n\nWer: Endkunde, Reseller\nDauer: ein Tag\nSie erhalten: den Vertrag\n\nEin"
        in text
    )
    assert (
        "\n\nNur dann\n\nnur bei Office 365\n\nSchritt 3: Keys aktivieren\n\nSie brauchen: die Keys & den Brief\n"
        in text
    )
    assert "<h4>Schritt 2: Unterschreiben</h4>" in text_on_clipboard(page, "text/html")


@pytest.mark.parametrize("path", ["/allgemein/", "/alles/"])
def test_the_same_is_copied_where_several_answers_stand(visit, everything, path):
    page = visit(path, at=everything, **MAY_COPY)
    copy_button(page, "Antwort kopieren zu „Was kann eine Antwort?“").click()
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    assert text_on_clipboard(page) == TEXT.format(portal=everything)
    assert "<h2>Was kann eine Antwort?</h2>" in text_on_clipboard(page, "text/html")


def test_without_the_clipboard_api_it_is_copied_all_the_same(visit, everything):
    page = visit(at=everything, **MAY_COPY)
    page.add_init_script(f"{WITHOUT_API}; {PASTED}")
    page.goto(ANSWER)
    copy_button(page).click()
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    page.keyboard.press("Control+v")
    text, html = page.evaluate("pasted")
    assert re.sub(r"/bild/[\w.-]+", "/bild/NAME", text.replace("\r\n", "\n")) == TEXT.format(portal=everything)
    assert "<h2>Was kann eine Antwort?</h2>" in html
    assert page.evaluate("getSelection().toString()") == ""


@pytest.mark.parametrize("trouble", ["refused", "offline"])
def test_where_nothing_can_be_copied_it_says_what_to_do(visit, everything, trouble):
    page = visit(at=everything)
    if trouble == "refused":
        page.add_init_script(f"{WITHOUT_API}; Document.prototype.execCommand = () => false")
    page.goto(ANSWER)
    page.context.set_offline(trouble == "offline")
    for _ in range(2):
        copy_button(page).click()
        told = page.get_by_text(
            "Das hat nicht geklappt. Der Text ist jetzt markiert: Bitte kopieren Sie ihn mit Strg+C."
        )
        expect(told.and_(page.locator(".notice"))).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("Das hat nicht geklappt.")
    marked = page.evaluate("getSelection().toString()")
    assert "Ein fetter, ein schräger" in marked
    assert [tool for tool in ("Antwort kopieren", "nicht geklappt", "hilfreich") if tool in marked] == []


def test_a_page_loads_what_copies_only_when_it_is_about_to_be_needed(visit, everything):
    page, asked = visit(at=everything, **MAY_COPY), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ANSWER)
    assert not any("passing_on" in url for url in asked)
    copy_button(page).hover()
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({name}) => name.includes('passing_on'))"
    )
    copy_button(page).click()
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    assert len([url for url in asked if "passing_on" in url]) == 1


# Ask


def test_who_asks_by_phone_reads_out_how_far_the_order_is(visit, everything):
    page = visit(OLP, at=everything, **MAY_COPY)
    page.get_by_label("Erledigt (Schritt 1)").check()
    page.get_by_label("Erledigt (Schritt 2)").check()
    page.get_by_text("Zum Vorlesen am Telefon").click()
    told = page.locator("[data-ask-text]")
    expect(told).to_have_text(
        "Frage zu: Wie läuft der allgemeine Bestellvorgang für Volumenlizenzen im OLP-Bereich?\n"
        "Erledigt: Schritt 1 und 2\n"
        "Offen: Schritt 3, 4, 5, 6, 7, 8 und 9\n"
        "Als Nächstes: Schritt 3: Interne Bestellung bei Microsoft (Lizenzteam)\n"
        f"{everything}{OLP}"
    )
    for number in (3, 4, 5):
        page.get_by_label(f"(Schritt {number})").check()
    expect(told).to_contain_text("Dafür bereithalten: Microsoft Live ID")
    page.get_by_role("button", name="Weitere anlegen").click()
    page.get_by_label("Name der Bestellung").fill("Schule Musterstadt")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Bestellung: Schule Musterstadt Erledigt: noch kein Schritt Offen: Schritt 1, 2")
    page.get_by_role("button", name="Text kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_focused()
    assert "Bestellung: Schule Musterstadt\nErledigt: noch kein Schritt\n" in text_on_clipboard(page)


def test_who_asks_by_mail_says_the_same(visit, everything):
    page, sent = visit(OLP, at=everything), []
    page.get_by_label("Erledigt (Schritt 1)").check()
    link = page.get_by_role("link", name="Per E-Mail fragen")
    page.on("request", lambda request: sent.append(request.url))
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-ask-mail]').href.includes('Erledigt')")
    mail = link.get_attribute("href")
    assert mail.startswith("mailto:lizenzen@example.org?subject=Frage%3A%20Wie%20l%C3%A4uft")
    assert len(mail) < 1900
    assert (
        "&body=Meine Frage:\r\n\r\n\r\n\r\nFrage zu: Wie läuft der allgemeine Bestellvorgang für Volumenlizenzen im "
        "OLP-Bereich?\r\nErledigt: Schritt 1\r\nOffen: Schritt 2, 3, 4, 5, 6, 7, 8 und 9\r\nAls Nächstes: Schritt 2"
    ) in unquote(mail)
    assert unquote(mail).endswith(f"\r\n{everything}{OLP}\r\n")
    assert [url for url in sent if "passing_on" not in url and not url.startswith("mailto:")] == []


def test_there_is_one_word_about_questions_and_it_stands_at_the_answer(visit):
    page = visit("/faq/stornierung/")
    expect(page.get_by_text("Noch Fragen?")).to_have_count(1)
    expect(page.locator("article.entry").get_by_text("Noch Fragen?")).to_be_visible()
    page.goto("/bestellprozess/")
    expect(page.get_by_text("Noch Fragen?")).to_have_count(1)


def test_while_no_address_is_known_the_number_and_the_text_are_there(visit, portal):
    page = visit("/faq/stornierung/")
    ask = page.get_by_role("region", name="Noch Fragen?")
    expect(ask.get_by_role("link", name="05744 - 944 194")).to_be_visible()
    expect(ask.get_by_role("link", name="E-Mail")).to_have_count(0)
    ask.get_by_text("Zum Vorlesen am Telefon").click()
    expect(ask.locator("[data-ask-text]")).to_have_text(
        f"Frage zu: Wie kann ich falsche Bestellungen stornieren?\n{portal}/faq/stornierung/"
    )


def test_without_scripts_there_are_the_number_and_mails_with_the_question(visit, everything):
    page = visit(OLP, at=everything, java_script_enabled=False)
    for needs in page.locator("[data-copy-text], [data-ask]").all():
        expect(needs).to_be_hidden()
    ask = page.get_by_role("region", name="Noch Fragen?")
    expect(ask.get_by_role("link", name="05744 - 944 194")).to_be_visible()
    mail = ask.get_by_role("link", name="Per E-Mail fragen").get_attribute("href")
    assert unquote(mail).endswith(
        "&body=Meine Frage zu „Wie läuft der allgemeine Bestellvorgang für Volumenlizenzen im OLP-Bereich?“:"
        f"\r\n\r\n{everything}{OLP}\r\n"
    )
    assert "1. Kontaktaufnahme" in unquote(page.get_by_role("link", name="Per E-Mail senden").get_attribute("href"))


def test_axe_finds_nothing_while_the_text_to_read_out_is_shown(visit, everything):
    page = visit(STEPS, at=everything)
    page.get_by_text("Zum Vorlesen am Telefon").click()
    expect(page.locator("[data-ask-text]")).to_contain_text("Erledigt")
    assert violations(page, LOOKS) == []
