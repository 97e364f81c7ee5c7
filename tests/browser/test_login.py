"""The second factor in a browser: a passkey set up at the first login, and used for the next two."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EDITOR


@pytest.fixture
def authenticator():
    """`authenticator(page)`: give the browser a device that unlocks passkeys."""

    def add(page):
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return add


def enter_password(page):
    page.get_by_label("Anmeldename").fill(EDITOR["DJANGO_SUPERUSER_USERNAME"])
    page.get_by_label("Passwort").fill(EDITOR["DJANGO_SUPERUSER_PASSWORD"])
    page.get_by_role("button", name="Anmelden", exact=True).click()


def log_out(page):
    page.get_by_role("button", name="Abmelden").click()
    page.goto("/konto/login/")


def test_a_passkey_is_set_up_at_the_first_login_and_opens_the_admin_afterwards(visit, guarded_portal, authenticator):
    page = visit(at=guarded_portal)
    authenticator(page)
    page.goto("/admin/")
    enter_password(page)
    expect(page.get_by_text("Für Ihr Konto ist ein zweiter Faktor nötig.")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Mein Konto")).to_be_visible()

    page.get_by_role("link", name="Hinzufügen").click()
    page.get_by_label("Damit kann ich mich auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Hinzufügen").click()
    expect(page.get_by_role("heading", name="Wiederherstellungscodes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    for path in ("2fa/totp/activate/", "2fa/webauthn/", "2fa/recovery-codes/generate/", "reauthenticate/"):
        page.goto(f"/konto/{path}")
        expect(page.locator("h1").last).to_be_visible()
    page.goto("/konto/2fa/recovery-codes/")
    page.get_by_role("link", name="Weiter zur Verwaltung").click()
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()

    log_out(page)
    enter_password(page)
    page.get_by_role("button", name="Mit Passkey oder Sicherheitsschlüssel").click()
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()

    log_out(page)
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()
