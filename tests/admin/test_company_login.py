"""A firm's own login by OpenID Connect, against a provider that really runs."""

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
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


# A provider that lies


class Forger(BaseHTTPRequestHandler):
    """Plays the provider: hands out the claims and the userinfo that a test says."""

    claims, userinfo, config = {}, {}, {}

    def do_GET(self):
        at = f"http://localhost:{self.server.server_port}"
        known = {
            "issuer": at,
            "jwks_uri": f"{at}/keys",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/me",
        }
        known |= {"authorization_endpoint": f"{at}/authorize"} | self.config
        self.say(self.userinfo if self.path == "/me" else known)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        token = {"access_token": "a", "token_type": "Bearer"}
        self.say(
            token
            | ({"id_token": jwt.encode(self.claims, "any-key-of-32-bytes-or-more-is-fine")} if self.claims else {})
        )

    def say(self, what):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def forger():
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Forger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lied_to(forger, firm, settings, monkeypatch):
    """`lied_to(claims, userinfo, config, address)`: a login in which the provider says what else is said here; the client after it."""
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = forger

    def begin(claims=(), userinfo=(), config=(), address=FIRM + "?process=login&next=/admin/", leave_out=()):
        client = Client()
        asked = dict(parse_qsl(urlsplit(client.get(address).headers["Location"]).query))
        right = {
            "iss": forger,
            "aud": "portal",
            "sub": "alice",
            "exp": int(time.time()) + 60,
            "nonce": asked.get("nonce"),
        }
        right |= dict(claims)
        person = {"sub": "alice", "email": "alice@example.com", "email_verified": True, "preferred_username": "alice"}
        monkeypatch.setattr(Forger, "claims", {name: v for name, v in right.items() if name not in leave_out})
        monkeypatch.setattr(Forger, "userinfo", person | dict(userinfo))
        monkeypatch.setattr(Forger, "config", dict(config))
        answer = client.get("/konto/oidc/firma/login/callback/", {"code": "c", "state": asked["state"]})
        assert answer.status_code < 500 or answer.status_code == 503, answer.status_code
        client.asked = asked
        return client

    return begin


def who(client):
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


def test_what_the_provider_says_rightly_opens(lied_to):
    assert who(lied_to()) == "alice"


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"iss": "https://boese.example"}},
        {"config": {"issuer": "https://boese.example"}, "claims": {"iss": "https://boese.example"}},
        {"config": {"token_endpoint": None}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["portal", "another"], "azp": "another"}},
        {"claims": {"exp": int(time.time()) - 60}},
        {"claims": {"nonce": "of-another-login"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": "bob"}},
        {"userinfo": {"sub": "bob"}},
        {"userinfo": {"sub": None}},
        *({"leave_out": [name]} for name in ("iss", "aud", "sub", "exp", "nonce")),
        {"leave_out": ["iss", "aud", "sub", "exp", "nonce"]},
    ],
    ids="-".join,
)
def test_a_token_that_is_not_for_this_login_opens_nothing(lied_to, lie):
    assert who(lied_to(**lie)) is None
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "claims", [{"email": "chefin@example.com", "email_verified": True}, {"preferred_username": "chefin"}]
)
def test_nobody_becomes_another_by_a_name_or_a_mail_address(lied_to, claims):
    old = User.objects.create_superuser("chefin", "chefin@example.com", "geheim-genug-1")
    EmailAddress.objects.create(user=old, email=old.email, verified=True, primary=True)
    client = lied_to(userinfo=claims, claims=claims)
    assert who(client) not in (None, "chefin")
    assert client.get("/admin/", follow=True).status_code == 403
    old.refresh_from_db()
    assert old.has_usable_password()
    assert not old.socialaccount_set.exists()


def test_who_is_switched_off_does_not_come_in_by_the_firms_login(lied_to):
    lied_to()
    User.objects.update(is_active=False, is_staff=True)
    assert who(lied_to()) is None


def test_a_link_from_elsewhere_adds_nothing_to_the_question(lied_to):
    asked = lied_to(
        address=FIRM + "?auth_params=nonce%3Dknown%26redirect_uri%3Dhttps://boese.example/&scope=admin"
    ).asked
    assert asked["nonce"] != "known"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert "admin" not in asked["scope"]


def test_where_the_firm_leads_back_to_is_the_portals_own_address_whatever_host_was_asked(firm, client):
    away = client.get(FIRM, headers={"Host": "localhost"}).headers["Location"]
    assert dict(parse_qsl(urlsplit(away).query))["redirect_uri"].startswith("http://127.0.0.1:")
