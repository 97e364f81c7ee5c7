"""„Aus einem Dokument einlesen“: a document of twenty questions against copying them by hand, and the pages on the way."""

import pytest
from playwright.sync_api import expect

from tests import running
from tests.browser.test_errands import Errand, editor_of
from tests.browser.test_pasting import COPY
from tests.browser.test_proposals import is_in_order

THERE = [
    "Wie kann ich falsche Bestellungen stornieren?",
    "Gibt es Lizenzen für spezielle Gruppen?",
    "Wie kann ich Office 365-Produkte verlängern?",
]
LEFT_OUT = ["Wer hat im Mai Urlaub?", "Wo ist der Schlüssel zum Archiv?"]
NEW = [f"Wie geht es beim Zwackel Nummer {number} weiter?" for number in range(15)]
QUESTIONS = [*NEW[:8], THERE[0], LEFT_OUT[0], *NEW[8:12], *THERE[1:], LEFT_OUT[1], *NEW[12:]]
ANSWER = "Das steht in der Auftragsbestätigung. Sie kommt als PDF an die Adresse, die im Shop hinterlegt ist, meist am selben Tag."
DOCUMENT = "Allgemeine Fragen\n\n" + "\n\n".join(f"{question}\n\n{ANSWER}" for question in QUESTIONS)
FORGET = """
from faq.models import Entry, SourceDocument, guard
from tests.factories import delete, door_open
delete(*Entry.objects.filter(title__contains="Zwackel"))
with door_open():
    SourceDocument.objects.filter(name__contains="errand").delete()
    SourceDocument.objects.filter(name__startswith="Eingefügt").delete()
"""


@pytest.fixture
def forgotten(portal, _folder):
    """What is read in here is gone afterwards."""
    yield
    running.manage(running.environment(_folder), "shell", "-v0", "-c", FORGET)


def read_in(errand):
    """From the start page, by the file, to the first proposal."""
    page = errand.page
    errand.click(page.get_by_role("link", name="Aus einem Dokument einlesen"))
    with page.expect_file_chooser() as chooser:
        errand.click(page.get_by_label("Datei"))
    file = {"name": "errand.txt", "mimeType": "text/plain", "buffer": DOCUMENT.encode()}
    chooser.value.set_files(file)
    errand.click(page.get_by_role("button", name="Einlesen", exact=True))
    expect(page.get_by_text("20 Vorschläge sind noch offen.")).to_be_visible()


def finished(page):
    expect(page.get_by_text("Fertig: Über alles ist entschieden.")).to_be_visible()
    expect(page.get_by_text("0 offen")).to_be_visible()
    for said, number in (("Übernommen:", 15), ("Gibt es schon:", 3), ("Weggelassen", 2)):
        expect(page.locator(".source-decided", has_text=said)).to_have_count(number)


def part(page, question):
    return page.locator(".source-part", has=page.get_by_role("heading", name=question))


def test_twenty_questions_of_a_document_one_by_one(admin, forgotten):
    errand = Errand(admin)
    read_in(errand)
    for question in QUESTIONS:
        button = "Gibt es schon" if question in THERE else "Weglassen" if question in LEFT_OUT else "Übernehmen"
        errand.click(part(admin, question).get_by_role("button", name=f"{button}: "))
        expect(part(admin, question)).to_have_class("source-part source-decided")
    finished(admin)
    errand.took("20 questions from a document, one by one: 15 taken, 3 there, 2 left out", clicks=23, loads=22)


def test_twenty_questions_of_a_document_ticked(admin, forgotten):
    errand = Errand(admin)
    read_in(errand)
    for question in THERE:
        errand.click(part(admin, question).get_by_role("button", name="Gibt es schon: "))
        expect(part(admin, question)).to_have_class("source-part source-decided")
    for questions, button in ((LEFT_OUT, "Angekreuzte weglassen"), (NEW, "Angekreuzte übernehmen")):
        for question in questions:
            errand.click(part(admin, question).get_by_role("checkbox"))
        errand.click(admin.get_by_role("button", name=button))
        expect(part(admin, questions[-1])).to_have_class("source-part source-decided")
    finished(admin)
    errand.took("20 questions from a document, ticked: 15 taken, 3 there, 2 left out", clicks=25, loads=7)


def copied(page, text):
    """As if copied in Word."""
    page.evaluate(COPY, [f"<p>{text}</p>", text])
    page.keyboard.press("Control+c")


def test_the_same_copied_by_hand(admin, forgotten):
    """One that is new and one that is there already; of the document's own window the four keys alone are counted, not what is marked in it."""
    errand, page = Errand(admin), admin
    errand.click(page.get_by_role("link", name="Neuer Eintrag"))
    page.wait_for_load_state("networkidle")
    copied(page, NEW[0])
    errand.click(page.locator("#id_title"))
    errand.press("Control+v")
    copied(page, ANSWER)
    errand.click(editor_of(page))
    errand.press("Control+v")
    expect(editor_of(page)).to_contain_text("Auftragsbestätigung")
    errand.click(page.locator("#id_category"))
    page.locator("#id_category").select_option(label="Allgemeine Fragen")
    errand.click(page.locator("#id_owner"))
    page.locator("#id_owner").select_option(index=1)
    errand.click(page.get_by_text("▾").or_(page.locator(".more-ways summary")).first)
    errand.click(page.get_by_role("button", name="Sichern und neu hinzufügen"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    errand.keys += 2  # Ctrl+C, in the other window
    errand.took("one of them copied by hand; × 15 for those that are new", clicks=7, loads=2)


@pytest.mark.parametrize("there", THERE[:1])
def test_what_is_there_already_looked_for_by_hand(admin, there):
    errand, page = Errand(admin), admin
    copied(page, there)
    errand.click(page.get_by_label("Einträge suchen"))
    errand.press("Control+v", "Enter")
    expect(page.get_by_role("link", name=there)).to_be_visible()
    errand.took("one of them looked for by hand; × 20", clicks=1, loads=1)


def test_a_page_of_word_is_pasted_with_what_it_says(admin, forgotten):
    admin.goto("/admin/faq/sourcedocument/add/")
    field = admin.get_by_label("Oder hier einfügen")
    html = f"<h1>Allgemeine Fragen</h1><h2>Wie geht es beim Zwackel?</h2><p>{ANSWER}</p><ul><li>eins</li></ul>"
    admin.evaluate(COPY, [html, "nur Text"])
    admin.keyboard.press("Control+c")
    field.focus()
    admin.keyboard.press("Control+v")
    expect(admin.get_by_text("Eingefügt, mit Überschriften, Listen und Tabellen.")).to_be_visible()
    assert admin.locator("#id_html").input_value() == html
    field.press_sequentially("x")
    expect(admin.get_by_text("Seit Ihrer Änderung zählt nur noch")).to_be_visible()
    assert admin.locator("#id_html").input_value() == ""


def test_enter_in_a_field_decides_nothing(admin, prepared):
    admin.goto(prepared["source"])
    admin.get_by_label("Frage").first.focus()
    admin.keyboard.press("Enter")
    admin.wait_for_timeout(300)
    expect(admin.get_by_role("button", name="Übernehmen: ").first).to_be_visible()
    assert admin.url.endswith(prepared["source"])


def tab_to(page, words):
    """Go by the Tab key to the next button that says so."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == words:
            return
    pytest.fail(f"„{words}“ is not reached by the Tab key")


def test_a_document_is_gone_through_by_keyboard_at_any_width(admin, prepared):
    admin.goto(prepared["source"])
    is_in_order(admin)
    for width, columns in ((360, 1), (768, 1), (1280, 2)):
        admin.set_viewport_size({"width": width, "height": 800})
        sides = admin.locator(".source-sides").first
        assert len(sides.evaluate("e => getComputedStyle(e).gridTemplateColumns").split()) == columns
    question = "Was steht in der Tabelle?"
    tab_to(admin, "Weglassen")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("button", name="Doch nicht: ").first).to_be_visible()
    admin.keyboard.press("Tab")  # it goes on in the next one that is open
    assert admin.evaluate("document.activeElement.closest('.source-part').matches(':target')")
    admin.get_by_role("button", name="Doch nicht: ").first.click()
    part(admin, question).get_by_role("link", name="Gibt es schon").or_(
        part(admin, question).get_by_role("link")
    ).first.click()
    expect(admin.get_by_role("heading", name="Gibt es das schon?")).to_be_visible()
    is_in_order(admin)
    admin.goto("/admin/faq/sourcedocument/add/")
    admin.get_by_role("button", name="Einlesen", exact=True).click()
    expect(admin.locator(".errorlist")).to_contain_text("Bitte wählen Sie eine Datei")
    is_in_order(admin)


def test_a_document_is_gone_through_without_javascript(admin, visit, forgotten):
    state = admin.context.storage_state()
    page = visit("/admin/faq/sourcedocument/add/", java_script_enabled=False, storage_state=state)
    page.get_by_label("Oder hier einfügen").fill(DOCUMENT.replace("Allgemeine Fragen", "Neues vom Zwackel"))
    page.get_by_role("button", name="Einlesen", exact=True).click()
    part(page, NEW[0]).get_by_role("button", name="Übernehmen: ").click()
    expect(part(page, NEW[0])).to_contain_text("Übernommen:")
    part(page, NEW[1]).get_by_role("button", name="Übernehmen und öffnen: ").click()
    expect(page.locator("#id_title")).to_have_value(NEW[1])
