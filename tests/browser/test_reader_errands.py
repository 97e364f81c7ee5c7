"""Readers' errands from the start page, with seconds and clicks, at the widths of a phone and a desk; those with orders are in `test_orders`.

`pytest -s` prints the figures.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.test_errands import Errand


@pytest.fixture(params=[390, 1280], ids=lambda width: f"{width} px")
def errand(visit, request):
    return Errand(visit("/", width=request.param, permissions=["clipboard-read", "clipboard-write"]))


def chosen(errand, name):
    """What the page says of something that one holds, chosen on the start page."""
    errand.click(errand.page.get_by_role("link", name=name))
    held = errand.page.locator("section", has=errand.page.get_by_role("heading", name=name))
    expect(held).to_be_in_viewport()
    return held


def test_i_have_an_order_confirmation_here(errand):
    held = chosen(errand, "Order Confirmation")
    expect(held).to_contain_text("Danach")
    errand.click(held.get_by_role("link", name="Aktivierung und Herunterladen der Lizenzen").first)
    expect(errand.page.get_by_text("Authorisation Number und Licence Number aus der OC")).to_be_in_viewport()
    errand.took("an Order Confirmation in hand", clicks=2, loads=2)


def test_how_long_can_i_cancel_send_me_that(errand):
    page = errand.page
    errand.click(page.get_by_role("combobox"))
    errand.type("wie lange kann ich sto")
    errand.click(page.get_by_role("option", name="Wie kann ich falsche Bestellungen stornieren?"))
    expect(page.get_by_text("innerhalb von 21 Tagen").first).to_be_visible()
    errand.click(page.get_by_role("button", name="Antwort kopieren"))
    expect(page.get_by_role("status")).to_have_text("Kopiert")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "innerhalb von 21 Tagen" in copied
    assert "/faq/stornierung/" in copied
    errand.took("how long one can cancel, found and copied", clicks=3, loads=1)


def test_the_end_customer_has_microsofts_mail(errand):
    held = chosen(errand, "E-Mail von Microsoft zur Signatur")
    expect(held).to_contain_text("Endkunde")
    expect(held.get_by_role("link", name="Interne Bestellung bei Microsoft")).to_be_visible()
    errand.took("the end customer has Microsoft's mail", clicks=1, loads=1)
