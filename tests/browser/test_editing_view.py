"""A text as it will look: one writes in it, and what is stored is the Markdown of before with that change alone."""

import re

import hypothesis
import pytest
from playwright.sync_api import expect

from faq import markup
from tests import clipboards
from tests.browser.test_pasting import COPY
from tests.content.test_editing_view import HOSTILE, seeded
from tests.generated import bodies

# Let the view show a text, replace one of its words there, and see what is written.
TRY = """async (text) => {
    const field = document.querySelector("#id_body"), view = field.view, {editor} = view;
    field.value = text;
    await view.reshow();
    const sources = view.nodes().filter(({type}) => type.name === "source").map((node) => node.textContent);
    const isKept = view.parts().every(({block, html}, i) => html === undefined && block === i) || !view.originals.length;
    const words = [];
    editor.state.doc.descendants((node, at) => {
        if (node.isText && !node.marks.some(({type}) => type.name === "link"))
            for (const match of node.text.matchAll(/[A-Za-zäöü]{3,}/g)) words.push([at + match.index, match[0]]);
    });
    if (!words.length) return {text: field.value, sources, isKept};
    const [at, word] = words[words.length >> 1];
    editor.view.dispatch(editor.state.tr.insertText("Zwergpinguin", at, at + word.length));
    await view.write();
    return {text, sources, isKept, word, written: field.value};
}"""


@pytest.fixture
def form(admin):
    admin.goto("/admin/faq/entry/add/")
    admin.locator(".field-body .ProseMirror").click()
    return admin


def text_of(page):
    """What the field holds once all that is shown is written into it."""
    return page.evaluate(
        "async () => { const field = document.querySelector('#id_body'); await field.view.write(); return field.value; }"
    )


def type_(page, text):
    page.keyboard.type(text, delay=8)


def press(page, name):
    page.locator(".field-body").get_by_role("button", name=name, exact=True).click()


def generated():
    texts = []

    @hypothesis.settings(
        max_examples=100, deadline=None, derandomize=True, database=None, phases=[hypothesis.Phase.generate]
    )
    @hypothesis.given(bodies)
    def take(text):
        texts.append(text)

    take()
    return texts


def is_refused(text):
    try:
        markup.render(text)
    except markup.MarkupError:
        return True
    return False


# What an item or a link is in the view, and is not here: such a block is edited as Markdown.
NOT_HELD = re.compile(r"^\s*(?:[*+-]|\d+[.)])\s+(?:[>#*+`~|-]|\d+[.)]|\Z)|\]\((\S+?)\)\[[^\]]*\]\(\1\)", re.M)


def test_opened_a_text_stays_and_one_word_changes_that_word_alone(form):
    for text in [*seeded(), *HOSTILE, *generated()]:
        found = form.evaluate(TRY, text)
        assert found["isKept"], text
        assert all(is_refused(source) or NOT_HELD.search(source) for source in found["sources"]), text
        if found.get("word") not in (None, "Hinweis", "Achtung"):
            assert found["written"].replace("Zwergpinguin", found["word"]) == found["text"], text


def test_a_word_page_with_a_nested_list_and_a_table_is_written_by_hand(form):
    type_(form, "Sie brauchen:")
    form.keyboard.press("Enter")
    press(form, "Liste")
    type_(form, "einen Zugang")
    form.keyboard.press("Enter")
    form.keyboard.press("Tab")
    type_(form, "mit Kennwort")
    for _ in range(3):
        form.keyboard.press("Enter")
    type_(form, "Preise")
    press(form, "Tabelle")
    for cell in ("Artikel", "Preis", "Kabel", "3 €", "Stecker", "1 €", "Rest"):
        type_(form, cell)
        form.keyboard.press("Tab")
    assert text_of(form) == (
        "Sie brauchen:\n\n- einen Zugang\n  - mit Kennwort\n\nPreise\n\n"
        "| Artikel | Preis |\n| --- | --- |\n| Kabel | 3 € |\n| Stecker | 1 € |\n| Rest |  |"
    )


@pytest.mark.parametrize(
    ("button", "text"),
    [
        ("Fett", "**Wort**"),
        ("Kursiv", "*Wort*"),
        ("Durchgestrichen (abc)", "~~Wort~~"),
        ("Code", "`Wort`"),
        ("Überschrift", "## Wort"),
        ("Liste", "- Wort"),
        ("Nummeriert", "1. Wort"),
        ("Zitat", "> Wort"),
        ("Quelltext", "```\nWort\n```"),
        ("Hinweis", "!!! hinweis\n    Wort"),
        ("Achtung", "!!! achtung\n    Wort"),
    ],
)
def test_each_button_makes_what_it_names_says_so_and_is_undone_by_one_key(form, button, text):
    type_(form, "Wort")
    assert text_of(form) == "Wort"
    form.wait_for_timeout(600)  # what comes later is a step of its own
    form.keyboard.press("Shift+Home")
    press(form, button)
    assert text_of(form) == text
    expect(form.locator(".field-body").get_by_role("button", name=button, exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    form.keyboard.press("Control+z")
    assert text_of(form) == "Wort"
    form.keyboard.press("Control+y")
    press(form, button)
    assert text_of(form) == "Wort"


def test_links_are_chips_with_a_name_chosen_changed_and_taken_away_by_keyboard(form):
    type_(form, "Siehe /")
    expect(form.get_by_role("dialog")).to_be_visible()
    type_(form, "olp 7")
    expect(form.get_by_role("listbox").get_by_role("option").first).to_contain_text("Schritt 7")
    form.keyboard.press("Enter")
    type_(form, " dazu")
    link = "[Schritt 7](faq:bestellvorgang-olp#aktivierung-und-herunterladen-der-lizenzen)"
    assert text_of(form) == f"Siehe {link} dazu"
    chip = form.locator(".surface a.chip")
    expect(chip).to_have_attribute("data-kind", "Schritt")
    expect(chip).to_have_attribute("title", re.compile(r"7\. Aktivierung .*OLP"))
    for _ in range(7):
        form.keyboard.press("ArrowLeft", delay=30)
    form.keyboard.press("Control+k")
    expect(form.get_by_role("combobox", name="Suchen")).to_have_value(re.compile("faq:bestellvorgang-olp"))
    form.get_by_role("button", name="Link entfernen").press("Enter")
    expect(chip).to_have_count(0)
    assert text_of(form) == "Siehe Schritt 7 dazu"
    form.keyboard.press("Control+z")
    assert text_of(form) == f"Siehe {link} dazu"


def test_a_slash_within_a_sentence_is_one(form):
    type_(form, "Monat/Jahr und")
    form.keyboard.press("Space")
    form.keyboard.type("/ oder", delay=60)
    expect(form.get_by_role("dialog")).to_have_count(0)
    assert text_of(form) == "Monat/Jahr und / oder"


def test_each_clipboard_arrives_as_what_it_is_and_is_taken_back_by_one_undo(form, portal):
    for name in clipboards.NAMES[::3]:
        text, left_out = clipboards.expected(name, portal)
        if name in ("nur-text-html", "word-ein-wort"):
            text, left_out = "nur Text", ""
        form.evaluate(COPY, [clipboards.html(name, portal), "nur Text"])
        form.keyboard.press("Control+c")
        form.locator(".field-body .ProseMirror").focus()
        form.keyboard.press("Control+v")
        expect(form.locator("#id_body"), name).to_have_value(re.compile(".+", re.S))
        said = form.locator(".field-says").first
        expect(said, name).to_have_text(f"Nicht übernommen: {left_out}." if left_out else "")
        assert markup.render(text_of(form)) == markup.render(text), name
        form.keyboard.press("Control+z")
        assert text_of(form) == "", name


def test_one_changes_to_markdown_and_back_and_the_choice_is_kept(form):
    type_(form, "Ein Wort")
    press(form, "Markdown")
    field = form.locator("#id_body")
    expect(field).to_be_focused()
    expect(field).to_have_value("Ein Wort")
    field.fill("Ein **Wort** mehr")
    form.locator("#id_title").fill("")
    form.goto("/admin/faq/entry/add/?x")
    expect(form.locator("#id_body")).to_be_visible()
    form.locator("#id_body").fill("Ein **Wort** mehr")
    press(form, "Gestaltet")
    expect(form.locator(".field-body .ProseMirror strong")).to_have_text("Wort")


def test_what_is_refused_is_edited_as_markdown_and_the_rest_as_it_will_look(admin):
    admin.evaluate("localStorage.setItem('editing-view', 'off')")
    admin.goto("/admin/faq/entry/add/")
    admin.locator("#id_body").fill("Gut *so*.\n\n![Bild](bild.png)\n\nEnde.")
    press(admin, "Gestaltet")
    source = admin.locator(".surface pre.source")
    expect(source).to_have_text("![Bild](bild.png)")
    source.click()
    admin.keyboard.press("End")
    type_(admin, " dazu")
    assert text_of(admin) == "Gut *so*.\n\n![Bild](bild.png) dazu\n\nEnde."


def test_what_was_typed_without_a_connection_is_offered_when_one_comes_back(form):
    form.context.set_offline(True)
    type_(form, "Ohne **Netz**")
    expect(form.locator(".field-says")).to_have_text("Keine Verbindung zum Portal.")
    form.context.set_offline(False)
    form.evaluate("window.onbeforeunload = null")
    form.on("dialog", lambda dialog: dialog.accept())
    form.goto("/admin/faq/entry/")
    form.goto("/admin/faq/entry/add/")
    offered = form.locator(".unsaved", has_text="Das haben Sie hier zuletzt getippt")
    expect(offered.locator("pre")).to_have_text("Ohne **Netz**")
    offered.get_by_role("button", name="Übernehmen").click()
    expect(form.locator(".field-body .ProseMirror strong")).to_have_text("Netz")
    expect(form.locator("#id_body")).to_have_value("Ohne **Netz**")


def test_readers_load_nothing_of_it(visit):
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/faq/stornierung/", "/faq/bestellvorgang-olp/"):
        page.goto(path)
    assert [url for url in asked if "editing" in url or "prose_editor" in url] == []
