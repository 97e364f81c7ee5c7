"""Lists of the admin, on a phone and on a desk: nothing is cut off, however long a word is."""

import pytest
from playwright.sync_api import expect

# What is wider than its place: the page, or the table in what holds it.
CUT_OFF = """() => [document.documentElement, ...document.querySelectorAll('.results, .scrolled')]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => `${box.className} ${box.scrollWidth} > ${box.clientWidth}`)"""


@pytest.fixture
def lists(admin):
    """The addresses of all lists, as the start page leads to them, and of what is in work."""
    found = admin.locator("#content-main .module th a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(found) > 10
    return [*found, "/admin/faq/entry/offen/"]


def test_no_list_is_cut_off_by_a_long_word_or_by_its_filters(admin, lists, prepared):
    cut_off = {}
    for address in lists:
        admin.goto(address)
        for width in (390, 768, 1280):
            admin.set_viewport_size({"width": width, "height": 900})
            if found := admin.evaluate(CUT_OFF):
                cut_off[address, width] = found
    assert cut_off == {}


@pytest.mark.parametrize("width", [360, 768])
def test_why_something_is_found_is_no_wider_than_the_page(admin, width):
    admin.set_viewport_size({"width": width, "height": 900})
    admin.goto("/admin/suche/?q=Vertragsbedingungen")
    expect(admin.get_by_role("columnheader", name="Vorkommen").first).to_be_attached()
    assert admin.evaluate("document.documentElement.scrollWidth") == width


def test_a_long_title_ends_after_three_lines_and_is_told_as_a_whole(admin, prepared):
    admin.goto("/admin/faq/entry/?q=Donaudampf")
    title = admin.locator("#result_list .clamped")
    expect(title).to_have_attribute("title", title.inner_text())
    assert title.bounding_box()["height"] < 3.5 * 16


def test_on_a_phone_a_row_is_a_card_that_names_its_columns_and_filters_are_a_click_away(admin):
    admin.set_viewport_size({"width": 390, "height": 900})
    admin.goto("/admin/faq/entry/")
    assert admin.locator("#result_list .field-category").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    ) == ('"Kategorie: "')
    filters = admin.locator("#changelist-filter")
    assert filters.bounding_box()["y"] < admin.locator("#result_list").bounding_box()["y"]
    filters.get_by_text("Nach Status").click()
    filters.get_by_role("link", name="Entwurf").click()
    expect(admin.locator(".narrowed")).to_contain_text("Eingegrenzt auf Status: Entwurf.")
    admin.goto("/admin/")
    admin.goto("/admin/faq/entry/")  # no link led here: it is found as it was left
    expect(admin.locator(".narrowed")).to_contain_text("Status: Entwurf")
    admin.get_by_role("link", name="Alle zeigen").click()
    expect(admin.locator(".narrowed")).to_have_count(0)


def test_the_last_filter_is_taken_away_by_its_own_link_too(admin):
    admin.goto("/admin/faq/entry/?status__exact=draft")
    admin.locator("#changelist-filter details", has_text="Nach Status").get_by_role("link", name="Alle").click()
    expect(admin.locator(".narrowed")).to_have_count(0)
    assert admin.url.endswith("/admin/faq/entry/?")
