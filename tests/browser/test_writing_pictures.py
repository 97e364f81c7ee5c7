"""Pictures come into a text from the clipboard, by dropping and by choosing, and say first what one sees on them."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import violations
from tests.drawings import png

# What somebody has on the clipboard, or drags: a file, and HTML beside it where a program puts some there.
GIVE = """([kind, data, html, type]) => {
    const transfer = new DataTransfer(), bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], "image.png", {type}));
    if (html) transfer.setData("text/html", html);
    const options = {bubbles: true, cancelable: true}, at = document.activeElement, box = at.getBoundingClientRect();
    const place = {clientX: box.left + 30, clientY: box.top + 20};
    at.dispatchEvent(kind === "paste" ? new ClipboardEvent("paste", {...options, clipboardData: transfer})
                                      : new DragEvent("drop", {...options, ...place, dataTransfer: transfer}));
}"""
SAYS = 'Fenster mit "Liste" [a]'
WRITTEN = "![](bild:fenster-mit-liste-a{})"  # the picture says itself what one sees


def give(page, kind="paste", data=None, html="", type_="image/png"):
    page.evaluate(GIVE, [kind, base64.b64encode(data or png()).decode(), html, type_])


def text_of(page):
    return page.evaluate(
        "async () => { const field = document.querySelector('#id_body'); await field.view?.write(); return field.value; }"
    )


def without_numbers(text):
    """Of a picture with the same words the address has another number."""
    return re.sub(r"(bild:[a-z-]+?)(?:-\d+)?(?=[ )])", r"\1", text)


@pytest.fixture(params=["Gestaltet", "Markdown"])
def form(admin, request):
    """The form of a new entry, with the cursor in its text, in both views."""
    admin.evaluate(f"localStorage.setItem('editing-view', '{'on' if request.param == 'Gestaltet' else 'off'}')")
    admin.goto("/admin/faq/entry/add/")
    admin.locator(".field-body .ProseMirror" if request.param == "Gestaltet" else "#id_body").click()
    return admin


def describe(page, words=SAYS, caption=""):
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_label("Was sieht man darauf?")).to_be_focused()
    page.keyboard.type(words)
    if caption:
        page.get_by_label("Bildunterschrift").fill(caption)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_gets_a_paragraph_of_its_own_once_it_is_described(form, kind):
    form.keyboard.type("Davor.", delay=8)
    give(form, kind)
    expect(form.locator(".picture-preview")).to_have_js_property("naturalWidth", 800)
    describe(form, caption='Die "Liste"')
    picture = WRITTEN.format(' "Die \\"Liste\\""')
    blocks = without_numbers(text_of(form)).replace("\\[a\\]", "[a]").split("\n\n")
    assert picture in blocks  # dropped between words it parts them
    assert "".join(block for block in blocks if block != picture) == "Davor."


def test_what_is_refused_is_said_in_the_dialog_and_nothing_is_lost(form):
    form.keyboard.type("Davor.", delay=8)
    give(form, data=b"kein Bild")
    form.keyboard.press("Enter")
    expect(form.locator(".chooser-says")).to_contain_text("was man auf dem Bild sieht")
    form.get_by_label("Was sieht man darauf?").fill("Fenster")
    form.keyboard.press("Enter")
    expect(form.locator(".chooser-says")).not_to_have_text(re.compile("^$|hochgeladen"))
    expect(form.get_by_label("Was sieht man darauf?")).to_have_value("Fenster")
    form.keyboard.press("Escape")
    assert text_of(form) == "Davor."


def test_html_with_words_stays_what_it_is_and_one_that_is_only_a_picture_is_that(form):
    give(form, html="<p>Ein <b>Wort</b></p><img src='https://example.org/x.png'>")
    expect(form.locator(".field-says").first).to_contain_text("1 Bild")
    assert text_of(form) == "Ein **Wort**"
    give(form, html="<img src='x.png'>")
    expect(form.get_by_role("dialog")).to_be_visible()
    form.keyboard.press("Escape")


def test_decoration_is_said_to_be_that_and_the_dialog_has_no_fault(form):
    give(form)
    expect(form.get_by_role("dialog")).to_be_visible()
    assert violations(form) == []
    form.get_by_label("Nur Schmuck").check()
    form.get_by_role("button", name="Einfügen").click()
    expect(form.get_by_role("dialog")).to_have_count(0)
    assert without_numbers(text_of(form)) == "![](bild:bild)"


def test_one_that_is_there_is_chosen_by_its_thumbnail_by_keyboard(form):
    form.keyboard.type("Eins", delay=8)
    form.locator(".field-body").get_by_role("button", name="Nummeriert", exact=True).click()
    form.locator(".field-body").get_by_role("button", name="Bild", exact=True).press("Enter")
    expect(form.get_by_role("searchbox", name="suchen")).to_be_focused()
    form.keyboard.type("Beschreibung fenster")
    expect(form.locator(".picture-list button")).not_to_have_count(0)
    choice = form.locator(".picture-list button", has_text=re.compile("bild:fenster$"))
    expect(choice.locator("img")).to_have_js_property("complete", True)
    assert violations(form) == []
    choice.press("Enter")
    expect(form.get_by_label("Was sieht man darauf?")).to_have_value("Beschreibung fenster")
    form.get_by_label("Was sieht man darauf?").fill("Anders")
    form.keyboard.press("Enter")
    expect(form.get_by_role("dialog")).to_have_count(0)
    assert re.fullmatch(r"1\. Eins\n\n   !\[Anders\]\(bild:fenster\)", text_of(form))


@pytest.fixture
def in_view(admin):
    admin.evaluate("localStorage.setItem('editing-view', 'on')")
    admin.goto("/admin/faq/entry/add/")
    admin.locator(".field-body .ProseMirror").click()
    return admin


def shown(page, text):
    page.evaluate(
        "(text) => { const field = document.querySelector('#id_body'); field.value = text; return field.view.reshow(); }",
        text,
    )


PLACES = [
    "![Alt](bild:fenster)",
    "Ein ![Alt](bild:fenster) Satz.",
    "- eins\n\n  ![Alt](bild:fenster)\n- zwei",
    "!!! hinweis\n    Text\n\n    ![Alt](bild:fenster)",
    "| a |\n|---|\n| ![Alt](bild:fenster) |",
]


def test_wherever_it_stands_it_is_seen_changed_deleted_and_brought_back_by_keyboard(in_view):
    page, picture = in_view, in_view.locator(".surface .picture")
    for text in PLACES:
        shown(page, text)
        expect(picture.locator("img")).to_have_js_property("naturalWidth", 480)
        expect(picture).to_contain_text("Beschreibung: Alt")
        picture.click()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Was sieht man darauf?")).to_have_value("Alt")
        page.get_by_label("Was sieht man darauf?").fill("Neu [x]")
        page.get_by_label("Bildunterschrift").fill("Unten")
        page.keyboard.press("Enter")
        expect(picture).to_contain_text("Beschreibung: Neu [x]")
        assert text_of(page) == text.replace("![Alt](bild:fenster)", '![Neu [x]](bild:fenster "Unten")')
        page.wait_for_timeout(600)  # a second click at once would be a double one, which opens it
        picture.click()
        page.keyboard.press("Delete")
        expect(picture).to_have_count(0)
        page.keyboard.press("Control+z")
        expect(picture).to_have_count(1)


def test_what_is_typed_behind_it_is_a_paragraph_of_its_own(in_view):
    in_view.keyboard.type("Davor.", delay=8)
    give(in_view)
    describe(in_view)
    expect(in_view.locator(".surface .picture")).to_have_count(1)
    in_view.keyboard.type("Danach.", delay=20)
    assert without_numbers(text_of(in_view)) == f"Davor.\n\n{WRITTEN.format('')}\n\nDanach."


def test_a_file_that_is_no_picture_is_said_to_be_none_at_once(in_view):
    give(in_view, data=b"nur Text")
    expect(in_view.locator(".chooser-says")).to_contain_text("lässt sich nicht als Bild lesen")


def test_it_is_moved_by_cutting_and_pasting(in_view):
    shown(in_view, "Eins.\n\n![Alt](bild:fenster)\n\nZwei.")
    in_view.locator(".surface .picture").click()
    in_view.keyboard.press("Control+x")
    expect(in_view.locator(".surface .picture")).to_have_count(0)
    in_view.locator(".surface p", has_text="Zwei.").click()
    in_view.keyboard.press("End", delay=50)
    in_view.keyboard.press("Control+v")
    expect(in_view.locator(".surface .picture")).to_have_count(1)
    assert text_of(in_view) == "Eins.\n\nZwei.\n\n![Alt](bild:fenster)"
