"""What was handed over, read, commented and decided in a browser: by mouse, by keyboard alone, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import violations

LIST = "/admin/faq/review/"
QUESTION = "Wie hoch ist die Mindestanzahl an Lizenzen für eine Neubestellung?"


@pytest.fixture
def review(admin):
    """The page of a review that waits, from the list."""
    return opened(admin)


def opened(page, title=QUESTION):
    page.goto(LIST)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name="Der neue Text")).to_be_visible()
    return page


def select(page, words):
    """Select words of a paragraph, as a double click or the keys do."""
    page.locator(".review-sheet .words p", has_text=words).evaluate(
        """(paragraph, words) => {
            const text = paragraph.firstChild, start = text.data.indexOf(words);
            getSelection().setBaseAndExtent(text, start, text, start + words.length);
        }""",
        words,
    )


def test_a_comment_is_written_by_keyboard_alone(review):
    link = review.get_by_role("link", name=re.compile("Kommentieren: Grundsätzlich"))
    review.get_by_role("button", name="Veröffentlichen").focus()
    while not link.evaluate("link => link === document.activeElement"):
        review.keyboard.press("Tab")
    expect(link).to_have_css("opacity", "1")
    review.keyboard.press("Enter")
    field = review.get_by_label(re.compile("Kommentar zu Grundsätzlich"))
    expect(field).to_be_in_viewport()
    while not field.evaluate("field => field === document.activeElement"):
        review.keyboard.press("Tab")
    review.keyboard.type("Gilt das auch im nächsten Jahr?")
    review.keyboard.press("Tab")
    review.keyboard.press("Enter")
    note = review.locator(".note", has_text="Gilt das auch im nächsten Jahr?")
    expect(note).to_be_in_viewport()
    expect(review.locator(".review-sheet mark", has_text="Grundsätzlich")).to_be_visible()


def test_words_that_are_selected_are_what_the_comment_is_about(review):
    select(review, "Neuverträge mit nur einer Lizenz")
    link = review.locator(".comment-here.at-selection")
    expect(link).to_have_count(1)
    link.click()
    review.get_by_label("Kommentar zu Neuverträge mit nur einer Lizenz").fill("Woher?\nSeit wann?")
    review.get_by_role("button", name="Kommentieren").click()
    note = review.locator(".note", has_text="Woher?")
    expect(note).to_contain_text("„Neuverträge mit nur einer Lizenz“")
    assert "\n" in note.locator(".said").inner_text()
    expect(
        review.locator(".review-sheet mark", has_text=re.compile("^Neuverträge mit nur einer Lizenz$"))
    ).to_be_visible()
    review.evaluate("getSelection().removeAllRanges()")
    expect(review.locator(".comment-here.at-selection")).to_have_count(0)


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (768, False), (360, False)])
def test_comments_stand_beside_their_passage_or_below_it(review, width, beside):
    review.set_viewport_size({"width": width, "height": 900})
    block = review.locator(".with-notes", has=review.locator(".note")).first
    words, notes = (block.locator(part).first.bounding_box() for part in (".words", ".notes"))
    if beside:
        assert notes["x"] > words["x"] + words["width"]
    else:
        assert notes["y"] >= words["y"] + words["height"]
    assert review.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_pictures_stay_within_the_text(admin, width):
    admin.set_viewport_size({"width": width, "height": 900})
    opened(admin, "Wie sieht das aus?")
    sheet = admin.locator(".review-sheet").bounding_box()
    pictures = admin.locator(".review-sheet img").all()
    assert len(pictures) > 4
    for box in [picture.bounding_box() for picture in pictures]:
        assert box["x"] + box["width"] <= sheet["x"] + sheet["width"], box
    assert admin.evaluate("document.documentElement.scrollWidth") == width


def test_what_was_typed_is_asked_for_before_it_is_left(review):
    review.get_by_label("Kommentar zum Ganzen").fill("Halb fertig")
    asked = []
    review.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    review.get_by_role("link", name=re.compile("Kommentieren: Grundsätzlich")).click()
    review.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(review.get_by_label("Kommentar zum Ganzen")).to_have_value("Halb fertig")
    review.get_by_label("Kommentar zum Ganzen").fill("")


def test_without_scripts_one_comments_and_hands_back(admin, visit):
    page = opened(visit("/admin/", java_script_enabled=False, storage_state=admin.context.storage_state()))
    expect(page.get_by_text("markieren Sie vorher")).to_be_hidden()
    page.get_by_role("link", name=re.compile("Kommentieren: Grundsätzlich")).click()
    page.get_by_role("button", name="Kommentieren").click()
    expect(page.locator(".comment-form .errorlist")).to_contain_text("Bitte schreiben Sie etwas")
    page.get_by_label(re.compile("Kommentar zu Grundsätzlich")).fill("Ohne Skript gesagt.")
    page.get_by_role("button", name="Kommentieren").click()
    expect(page.locator(".note", has_text="Ohne Skript gesagt.")).to_be_visible()
    opened(page, "Wie sieht das aus?").get_by_text("Zurückgeben …").click()
    page.get_by_role("button", name="Zurückgeben", exact=True).click()
    expect(page.locator(".review-way .errorlist")).to_contain_text("Bitte schreiben Sie etwas")
    page.locator("#hand_back_reason").fill("Es fehlt noch etwas.")
    page.get_by_role("button", name="Zurückgeben", exact=True).click()
    expect(page.locator(".messagelist .success")).to_have_text("Es ist zurückgegeben.")
    expect(page.locator(".state")).to_contain_text("Zurückgegeben")


def test_axe_finds_nothing_where_one_comments_is_refused_and_gives_back(review):
    review.get_by_text("Zurückgeben …").click()
    review.get_by_text("Zurückziehen …").click()
    found = violations(review)
    opened(review)
    review.get_by_role("link", name=re.compile("Kommentieren: Grundsätzlich")).click()
    expect(review.get_by_label(re.compile("Kommentar zu Grundsätzlich"))).to_be_visible()
    found += violations(review)
    review.get_by_role("button", name="Kommentieren").click()
    expect(review.locator(".comment-form .errorlist")).to_be_visible()
    found += violations(review)
    assert found == []
