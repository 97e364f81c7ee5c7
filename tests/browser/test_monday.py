"""One Monday of the licensing team: what readers looked for in vain and said, and what they have to know this week."""

import time

import pytest
from playwright.sync_api import expect

NOTICE = "Das Programm OLP endet bald."


def reload_until(page, locator):
    """Each worker of the server writes what it counted when it shows the start page, or after a minute."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        page.goto("/admin/")
        if locator.count():
            return
        page.wait_for_timeout(1000)
    expect(locator).to_be_visible()


def test_a_vain_search_becomes_a_spelling_and_is_found(admin, visit):
    reader = visit("/suche/?q=hololens")
    expect(reader.get_by_text("Eine sichere Antwort haben wir dazu nicht gefunden")).to_be_visible()
    spelling = admin.get_by_role("link", name="Als Schreibweise zu einem Begriff")
    item = admin.get_by_role("listitem").filter(has_text="„hololens“").filter(has=spelling)
    reload_until(admin, item)
    item.get_by_role("link", name="Als Schreibweise zu einem Begriff").click()
    admin.get_by_label("Oder ein neuer Begriff").fill("Stornierung")
    admin.get_by_role("button", name="Sichern und noch einmal suchen").click()
    expect(admin.get_by_text("„hololens“ findet jetzt")).to_be_visible()
    expect(item).to_have_count(0)
    reader.reload()
    expect(reader.locator(".results a").first).to_have_attribute("href", "/faq/stornierung/")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.usefixtures("in_markdown")
def test_feedback_leads_to_an_edit_and_is_ticked_off(admin, visit, scripts):
    text = f"Wie lange dauert es? ({'mit' if scripts else 'ohne'} Skript)"
    reader = visit("/faq/vlsc-zugriff/", java_script_enabled=scripts)
    reader.get_by_role("button", name="Nein").click()
    expect(reader.get_by_role("heading", name="Danke für Ihre Rückmeldung")).to_be_visible()
    assert reader.url.endswith("/faq/vlsc-zugriff/") == scripts
    reader.get_by_label("Was fehlt?").fill(text)
    reader.get_by_role("button", name="Senden").click()
    expect(reader.get_by_text("bessert die Antwort nach")).to_be_visible()

    admin.goto("/admin/")
    item = admin.get_by_role("listitem").filter(has_text=text)
    item.get_by_role("link").click()
    body = admin.locator("#id_body")
    answer = f"{body.input_value()}\n\nDas dauert einen Tag ({scripts})."
    body.fill(answer)
    admin.get_by_role("button", name="Sichern", exact=True).click()
    expect(admin.get_by_text("erfolgreich geändert")).to_be_visible()
    admin.goto("/admin/")
    item.get_by_role("button", name="Erledigt").click()
    expect(admin.get_by_role("listitem").filter(has_text=text)).to_have_count(0)
    reader.goto("/faq/vlsc-zugriff/")
    expect(reader.get_by_text(f"Das dauert einen Tag ({scripts}).")).to_be_visible()


@pytest.mark.usefixtures("in_markdown")
def test_a_notice_on_a_tag_appears_wherever_the_tag_is_and_goes_by_itself(admin, visit):
    admin.goto("/admin/faq/notice/add/")
    admin.locator("#id_text").fill(NOTICE)
    admin.get_by_label("Schlagwort").select_option(label="OLP")
    admin.get_by_role("button", name="Sichern und weiter bearbeiten").click()
    expect(admin.get_by_text("erfolgreich")).to_be_visible()
    reader = visit()
    for path in ("/faq/bestellvorgang-olp/", "/bestellprozess/", "/thema/olp/", "/alles/"):
        reader.goto(path)
        expect(reader.get_by_text(NOTICE).first).to_be_visible()
    reader.goto("/vergleich/")
    expect(reader.get_by_text(NOTICE)).to_be_visible()
    first_steps = reader.get_by_role("link", name="Kontaktaufnahme mit dem Lizenzteam")
    heights = {first_steps.nth(side).bounding_box()["y"] for side in range(2)}
    assert len(heights) == 1, "what is compared stands side by side, whatever is announced above it"
    reader.goto("/faq/vlsc-zugriff/")
    expect(reader.get_by_text(NOTICE)).to_have_count(0)

    end = admin.evaluate(
        "new Date(Date.now() + 4000).toLocaleString('sv', {timeZone: 'Europe/Berlin'}).replace(' ', 'T')"
    )
    admin.locator("#id_ends").fill(end)
    admin.get_by_role("button", name="Sichern", exact=True).click()
    reader.goto("/thema/olp/")
    reader.wait_for_timeout(4500)
    reader.reload()
    expect(reader.get_by_text(NOTICE)).to_have_count(0)
