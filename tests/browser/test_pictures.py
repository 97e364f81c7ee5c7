"""A walkthrough with five screenshots, as readers see it: sharp, light, on paper, in the dark, by keyboard."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import SHIFT, SHOWN
from tests.browser.test_every_page import violations


@pytest.mark.parametrize(("width", "dots"), [(390, 1), (390, 2), (390, 3), (768, 1), (1280, 2)])
def test_five_pictures_weigh_less_than_300_kilobytes_and_move_nothing(visit, prepared, width, dots):
    page = visit(width=width, device_scale_factor=dots)
    network, bytes_ = page.context.new_cdp_session(page), []
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: bytes_.append(event["encodedDataLength"]))
    page.goto(prepared["pictures"])
    pictures = page.evaluate(SHOWN)
    assert len(pictures) == 6
    assert sum(bytes_) < 300_000
    assert page.evaluate(SHIFT) == 0
    for picture in pictures:
        assert picture["distorted"] < 0.02, picture
        needed = picture["shown"] * dots
        # The next smaller one would be blurred, unless there is none.
        smaller = [size for size in picture["all"] if size < picture["file"]]
        assert picture["file"] >= 0.6 * needed or picture["file"] == picture["all"][-1], picture
        assert not smaller or max(smaller) < needed, picture


def test_axe_finds_nothing_and_nothing_is_cut_off_at_320_pixels(visit, prepared):
    page = visit(prepared["pictures"], width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []


def test_each_picture_is_whole_on_paper_without_its_address(visit, prepared):
    page = visit(prepared["pictures"])
    page.wait_for_load_state("networkidle")  # those that are far below are fetched for paper alone
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="A4"))).pages
    assert sum(len(sheet.images) for sheet in sheets) == 6  # one that is split is on two
    text = " ".join(sheet.extract_text() for sheet in sheets)
    assert "Die Lizenzen im VLSC" in text
    assert "bild/" not in text


def test_a_picture_that_one_sees_through_has_a_light_ground_in_the_dark(visit, prepared):
    page = visit(prepared["pictures"], color_scheme="dark")
    ground = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("body").evaluate(ground) != "rgb(255, 255, 255)"
    assert page.get_by_alt_text("Beschreibung skizze").evaluate(ground) == "rgb(255, 255, 255)"


def test_a_picture_opens_large_by_keyboard(visit, prepared):
    page = visit(prepared["pictures"])
    link = page.get_by_role("link", name="Beschreibung foto")
    link.scroll_into_view_if_needed()
    page.keyboard.press("Tab")
    link.focus()
    assert link.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2
    picture, ring = page.get_by_alt_text("Beschreibung foto").bounding_box(), link.bounding_box()
    assert (ring["width"], ring["height"]) == (picture["width"], picture["height"])
    page.keyboard.press("Enter")
    expect(page.locator("img")).to_have_js_property("naturalWidth", 500)
