"""A firm's own login by OpenID Connect, against a provider that really runs."""

import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests
from django.contrib.auth.models import Group, User
from django.test import Client

from helpdesk import environment
from tests.running import free_port

pytestmark = pytest.mark.django_db
FIRM = "/konto/oidc/firma/login/"


@pytest.fixture(scope="module")
def provider():
    """The address of an OpenID Connect provider of its own."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert server.poll() is None, "the provider did not start"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def firm(provider, settings, monkeypatch):
    """The portal set up with it, by the variables an operator sets."""
    for part, value in {
        "ISSUER": provider,
        "CLIENT_ID": "portal",
        "CLIENT_SECRET": "geheim",
        "NAME": "WORTMANN",
    }.items():
        monkeypatch.setenv(f"OIDC_{part}", value)
    apps = [environment.oidc("OIDC")]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def log_in_at_firm(client, who="alice@example.com", address=FIRM + "?process=login&next=/admin/"):
    """Go to the provider, be `who` there, and come back."""
    away = client.get(address).headers["Location"]
    back = requests.post(away, data={"sub": who}, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def test_without_configuration_there_is_no_such_login(client):
    assert "/konto/oidc/" not in client.get("/konto/login/").content.decode()
    assert client.get(FIRM).status_code == 404


def test_who_comes_from_the_firm_gets_an_account_that_may_do_nothing(client, firm):
    page = client.get("/konto/login/?next=/admin/").content.decode()
    assert "Mit WORTMANN anmelden" in page
    assert log_in_at_firm(client).headers["Location"] == "/admin/"
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.has_usable_password(), user.groups.count()) == (False,) * 3 + (0,)
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_administrator_says_what_the_account_may_do_and_it_stays_the_same_account(client, firm):
    log_in_at_firm(client)
    user = User.objects.get()
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get(name="Redaktion"))
    again = Client()
    log_in_at_firm(again)
    assert again.get("/admin/").status_code == 200
    assert User.objects.count() == 1


def test_who_publishes_needs_the_second_factor_of_the_portal_here_too(client, firm, settings):
    settings.SECOND_FACTOR = True
    log_in_at_firm(client)
    User.objects.update(is_staff=True, is_superuser=True)
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == "/konto/2fa/"


def test_the_same_mail_address_takes_over_no_account(client, firm):
    old = User.objects.create_superuser("alice", "alice@example.com", "geheim-genug-1")
    log_in_at_firm(client)
    assert client.session["_auth_user_id"] != str(old.pk)
    assert client.get("/admin/", follow=True).status_code == 403


def test_no_link_ties_a_login_of_the_firm_to_the_account_that_is_logged_in(client, firm, admin_user):
    client.post("/konto/login/", {"login": "admin", "password": "password"})
    log_in_at_firm(client, "boese@example.com", FIRM + "?process=connect")
    assert not admin_user.socialaccount_set.exists()


def test_an_answer_that_was_not_asked_for_opens_nothing(client, firm):
    away = client.get(FIRM).headers["Location"]
    back = requests.post(away, data={"sub": "alice@example.com"}, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    stranger = Client()
    stranger.get(f"{parts.path}?{parts.query}")
    assert "_auth_user_id" not in stranger.session
    assert not User.objects.exists()


def test_a_provider_that_does_not_answer_is_an_error_in_german(client, firm, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    page = client.get(FIRM)
    assert page.status_code == 503
    assert "Bitte versuchen Sie es später" in page.content.decode()
