"""Editors put entries and categories in order by dragging: whatever need not change for that stays as it was."""

import shutil

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import started

ENTRIES, CATEGORIES = "/admin/faq/entry/", "/admin/faq/category/"
COLOURS = {"a": "rot", "b": "blau", "c": "rot", "d": "blau", "e": "rot"}
# What the list is asked for, the numbers of a to e (-: none), the row that is dragged and where it is dropped, the numbers then.
CASES = {
    "up by one": ("", "1 2 3 4 5", "c before b", "1 3 2 4 5"),
    "down by one": ("", "1 2 3 4 5", "a behind b", "2 1 3 4 5"),
    "to the front": ("", "1 2 3 4 5", "e before a", "1 2 3 4 0"),
    "to the end": ("", "1 2 3 4 5", "a behind e", "6 2 3 4 5"),
    "into a hole": ("", "10 20 30 40 50", "e before b", "10 20 30 40 11"),
    "no further than to the next hole": ("", "1 2 3 7 9", "e before b", "1 3 4 7 2"),
    "between two with the same number": ("", "10 10 10 10 90", "e behind a", "8 10 10 10 9"),
    "to the end of those with a number": ("", "1 2 - - -", "e behind b", "1 2 - - 3"),
    "amid those without a number": ("", "- - - - -", "a behind c", "3 1 2 - -"),
    "before those without a number": ("", "- - - - -", "e before a", "- - - - 1"),
    "in what a search found": ("?q=rot&o=3", "1 2 4 6 7", "e before c", "1 2 4 6 2"),
    "in what a search found, where no number is free": ("?q=rot&o=3", "1 9 2 9 3", "e before c", "1 9 3 9 2"),
    "in a list that is narrowed down": ("?kind__exact=question", "1 2 3 4 5", "c before b", "1 3 2 4 5"),
}


@pytest.fixture(scope="module")
def portal(_chromium_is_here, tmp_path_factory):
    """A portal with two categories more, whose entries are put in order here."""
    content = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(settings.CONTENT_DIR, content)
    for slug, title in (("reihe-a", "Alpha"), ("reihe-b", "Beta")):
        (content / slug).mkdir()
        (content / slug / "_category.md").write_text(f"---\ntitle: {title}\n---\n")
        for letter, colour in COLOURS.items():
            text = f"---\ntitle: {title} {letter}\n---\n\nDas ist {colour}.\n"
            (content / slug / f"{title.lower()}-{letter}.md").write_text(text)
    with started(
        tmp_path_factory.mktemp("portal"), CONTENT_DIR=str(content), EMAIL_URL="smtp://127.0.0.1:9"
    ) as address:
        yield address


@pytest.fixture(scope="module")
def _logged_in():
    return {}


@pytest.fixture
def admin(admin):
    admin.set_viewport_size({"width": 1280, "height": 2000})
    return admin


def row(page, name):
    return page.locator("#result_list tbody tr", has=page.get_by_role("link", name=name, exact=True))


def field(page, name):
    return row(page, name).locator("input[name^=form-][name$=-position]")


def numbers(page):
    """The number of each row in the list, by its name."""
    pairs = "rows => rows.map(row => [row.querySelector('th').innerText, row.querySelector('[name$=-position]').value])"
    return dict(page.locator("#result_list tbody tr").evaluate_all(pairs))


def stored(page, path=ENTRIES):
    page.goto(f"{path}?_alle=1")  # a list is found as it was left
    return numbers(page)


def save(page):
    page.get_by_role("button", name="Sichern", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()


def with_numbers(title, written):
    return {f"{title} {letter}": n.strip("-") for letter, n in zip(COLOURS, written.split(), strict=True)}


def write(page, wanted, path=ENTRIES):
    """Write numbers into the list, as one does without a mouse."""
    there = stored(page, path)
    changed = {name: n for name, n in wanted.items() if there[name] != n}
    for name, n in changed.items():
        field(page, name).fill(n)
    if changed:
        save(page)


def drag(page, name, place, target):
    """Drop a row right before or behind another one."""
    height = row(page, target).bounding_box()["height"]
    position = {"x": 150, "y": 3 if place == "before" else height - 3}
    row(page, name).locator(".drag-handle").drag_to(row(page, target), target_position=position)


@pytest.mark.parametrize("case", CASES)
def test_dragging_a_row_changes_no_number_that_need_not_change(admin, case):
    asked, before, move, after = CASES[case]
    write(admin, with_numbers("Alpha", before) | with_numbers("Beta", "1 2 3 4 5"))
    all_before = stored(admin)
    admin.goto(ENTRIES + asked)
    moved, place, target = move.split()
    drag(admin, f"Alpha {moved}", place, f"Alpha {target}")
    shown = [name for name in numbers(admin) if name.startswith("Alpha")]
    save(admin)
    assert stored(admin) == all_before | with_numbers("Alpha", after)
    admin.goto(ENTRIES + asked)
    assert [name for name in numbers(admin) if name.startswith("Alpha")] == shown


def test_a_row_stays_in_its_category_and_one_that_came_back_is_as_it_was(admin):
    write(admin, with_numbers("Alpha", "1 2 3 4 5") | with_numbers("Beta", "- - - - -"))
    before = stored(admin)
    drag(admin, "Alpha c", "before", "Beta b")
    assert numbers(admin) == before
    drag(admin, "Beta c", "before", "Beta a")
    drag(admin, "Beta e", "behind", "Beta a")
    assert numbers(admin) != before
    drag(admin, "Beta e", "behind", "Beta d")
    drag(admin, "Beta c", "behind", "Beta b")
    assert numbers(admin) == before


def test_categories_are_dragged_the_same_way(admin):
    write(admin, {"Fragen zum VLSC": "2", "Alpha": "", "Beta": ""}, CATEGORIES)
    before = stored(admin, CATEGORIES)
    drag(admin, "Beta", "before", "Fragen zum VLSC")
    save(admin)
    assert stored(admin, CATEGORIES) == before | {"Beta": "2", "Fragen zum VLSC": "3", "Fragen zum Bestellprozess": "4"}


def test_in_a_list_by_title_nothing_is_dragged(admin):
    admin.goto(ENTRIES)
    expect(admin.locator(".drag-handle").first).to_be_visible()
    admin.goto(f"{ENTRIES}?o=1")
    expect(row(admin, "Alpha a")).to_be_visible()
    expect(admin.locator(".drag-handle")).to_have_count(0)
