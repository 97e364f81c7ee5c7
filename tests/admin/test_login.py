"""Who gets into the admin: password, second factor, limits on failures, sessions, and a firm's own login."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from benchmarks.attacks.addresses import routes
from tests import queries
from tests.admin.conftest import code

pytestmark = pytest.mark.django_db
PASSWORD = "nur-fuer-den-test-7421"


def account(name="freigabe", group="Freigabe", **more):
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True, **more)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def log_in(client, name="freigabe", password=PASSWORD, **more):
    return client.post("/konto/login/", {"login": name, "password": password, "next": "/admin/"}, **more)


def opens(client):
    return client.get("/admin/").status_code == 200


def test_a_password_alone_opens_the_admin_where_no_second_factor_is_asked_for(client):
    account()
    response = client.get("/admin/faq/entry/", follow=True)
    assert response.redirect_chain[-1][0] == "/konto/login/?next=/admin/faq/entry/"
    assert log_in(client).headers["Location"] == "/admin/"
    assert opens(client)


def test_the_admin_has_no_login_form_of_its_own(client, admin_user):
    response = client.post("/admin/login/", {"username": "admin", "password": "password", "next": "/admin/"})
    assert response.status_code == 302
    assert not opens(client)


def test_a_second_factor_is_set_up_at_the_first_login_and_asked_for_from_then_on(client, second_factor, enrol):
    account()
    page = log_in(client, follow=True)
    assert page.request["PATH_INFO"] == "/konto/2fa/"
    assert "Für Ihr Konto ist ein zweiter Faktor nötig." in page.content.decode()
    assert not opens(client)
    secret = enrol(client)
    assert opens(client)

    client.post("/konto/logout/")
    totp_is_fresh()
    assert log_in(client).headers["Location"] == "/konto/2fa/authenticate/"
    assert not opens(client)
    assert "Falscher Code" in client.post("/konto/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert not opens(client)
    assert client.post("/konto/2fa/authenticate/", {"code": code(secret)}).headers["Location"] == "/admin/"
    assert opens(client)


def totp_is_fresh():
    """A code counts once: forget that this one was used."""
    from django.core.cache import cache

    cache.clear()


def half_logged_in(client, enrol):
    """With the password, and still without the second factor that was set up before; its secret."""
    account()
    log_in(client)
    secret = enrol(client)
    client.post("/konto/logout/")
    totp_is_fresh()
    log_in(client)
    return secret


def test_a_recovery_code_opens_once(client, second_factor, enrol):
    account()
    log_in(client)
    enrol(client)
    one = re.search(r"<code>(\d+)</code>", client.get("/konto/2fa/recovery-codes/").content.decode())[1]
    for opened in (True, False):
        client.post("/konto/logout/")
        log_in(client)
        client.post("/konto/2fa/authenticate/", {"code": one})
        assert opens(client) is opened


def test_editors_who_publish_nothing_need_no_second_factor(client, second_factor):
    account("redaktion", "Redaktion")
    log_in(client, "redaktion")
    assert opens(client)


def test_a_session_from_before_the_second_factor_opens_nothing_any_more(client, settings, enrol):
    account()
    log_in(client)
    assert opens(client)
    elsewhere = Client()
    log_in(elsewhere)
    enrol(elsewhere)
    settings.SECOND_FACTOR = True
    assert opens(elsewhere)
    assert not opens(client)
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == "/konto/login/"


def test_without_the_factor_the_session_that_showed_it_opens_nothing_any_more(client, second_factor, enrol):
    account()
    log_in(client)
    enrol(client)
    assert opens(client)
    assert client.post("/konto/2fa/totp/deactivate/").status_code == 302
    assert not opens(client)


def test_an_operator_takes_a_lost_factor_away_and_all_sessions_with_it(client, second_factor, capsys, enrol):
    from django.core.management import CommandError, call_command

    account()
    log_in(client)
    enrol(client)
    with pytest.raises(CommandError, match="Es gibt kein Konto „niemand“"):
        call_command("reset_second_factor", "niemand")
    call_command("reset_second_factor", "freigabe")
    assert "zweite Faktor von „freigabe“" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert not opens(client)
    assert log_in(client, follow=True).request["PATH_INFO"] == "/konto/2fa/"


def test_an_account_without_rights_is_told_so(client):
    User.objects.create_user("neu", password=PASSWORD)
    page = log_in(client, "neu", follow=True)
    assert page.status_code == 403
    assert "noch keinen Zugang" in page.content.decode()


def test_a_locked_account_gets_nowhere(client):
    account(is_active=False)
    assert "gesperrt" in log_in(client, follow=True).content.decode()
    assert not opens(client)


@pytest.mark.parametrize(
    "next_",
    [
        "https://boese.example/",
        "//boese.example/",
        "javascript:alert(1)",
        "http://localhost/",
        "//127.0.0.1/",
        "http://[::1]/",
    ],
)
def test_the_login_leads_to_this_portal_only(client, next_):
    account()
    response = client.post("/konto/login/", {"login": "freigabe", "password": PASSWORD, "next": next_})
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": next_}).headers["Location"] == "/admin/"


def test_whoever_fails_five_times_waits_though_the_address_seems_another_each_time(client):
    account()
    for number in range(5):
        log_in(client, password="falsch", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    page = log_in(Client(), headers={"X-Forwarded-For": "198.51.100.1"}).content.decode()
    assert "Zu viele" in page
    assert not opens(client)


def test_strangers_who_guess_keep_nobody_out_of_a_browser_that_is_known(client):
    account()
    account("andere")
    log_in(client)
    client.post("/konto/logout/")
    stranger, of_another = Client(REMOTE_ADDR="192.0.2.66"), Client(REMOTE_ADDR="192.0.2.67")
    log_in(of_another, "andere")
    of_another.post("/konto/logout/")
    for _ in range(5):
        log_in(stranger, password="falsch")
    for unknown in (stranger, of_another):
        assert "Zu viele" in log_in(unknown).content.decode()
    log_in(client)
    assert opens(client)


def test_in_a_browser_that_is_known_there_are_five_guesses_too(client):
    account()
    log_in(client)
    client.post("/konto/logout/")
    for _ in range(5):
        log_in(client, password="falsch")
    assert "Zu viele" in log_in(client).content.decode()
    assert not opens(client)


def test_one_address_tries_no_more_than_ten_accounts_a_minute(client):
    account()
    for number in range(10):
        log_in(client, f"konto{number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert "Zu viele" in log_in(client, headers={"X-Forwarded-For": "198.51.100.1"}).content.decode()
    assert log_in(Client(REMOTE_ADDR="192.0.2.77")).status_code == 302


def test_whoever_goes_on_all_the_same_is_not_listened_to_any_more(client):
    answers = [log_in(client, f"konto{number}") for number in range(31)]
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")
    assert "Bitte versuchen Sie es gleich noch einmal" in answers[-1].content.decode()


def test_the_second_factor_cannot_be_guessed(client, second_factor, enrol):
    secret = half_logged_in(client, enrol)
    for _ in range(5):
        client.post("/konto/2fa/authenticate/", {"code": "000000"})
    client.post("/konto/2fa/authenticate/", {"code": code(secret)})
    assert not opens(client)


def test_a_session_lasts_twelve_hours_from_the_last_save_on(client):
    account()
    log_in(client)
    assert "sessionid" not in client.get("/admin/").cookies  # to read writes nothing
    cookie = client.post("/admin/faq/entry/", {"action": "", "_selected_action": "1"}).cookies["sessionid"]
    assert int(cookie["max-age"]) == 12 * 3600


@pytest.mark.parametrize("path", ["signup/", "email/", "3rdparty/", "password/set/", "login/code/"])
def test_nobody_signs_up_and_what_is_not_needed_is_not_there(client, path):
    assert client.get(f"/konto/{path}").status_code == 404


def test_a_password_is_reset_by_mail_where_mail_goes_out(client, settings, monkeypatch):
    # Another thread sees nothing of what a test has not committed.
    monkeypatch.setattr("faq.after_answer.do", lambda function, *arguments: function(*arguments))
    account(email="freigabe@example.org")
    assert client.get("/konto/password/reset/").status_code == 404
    assert "Passwort vergessen" not in client.get("/konto/login/").content.decode()
    settings.EMAIL_HOST = "127.0.0.1"
    assert "Passwort vergessen" in client.get("/konto/login/").content.decode()
    client.post("/konto/password/reset/", {"email": "freigabe@example.org"})
    assert "für Ihr Konto freigabe" in mail.outbox[0].body
    address = re.search(r"http://\S+(/konto/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(address, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": PASSWORD + "-neu", "password2": PASSWORD + "-neu"})
    assert answer.status_code == 302, answer.content.decode()
    log_in(client, password=PASSWORD + "-neu")
    assert opens(client)


def test_every_page_of_the_login_says_sie_forbids_inline_code_and_is_not_kept(client, settings, enrol):
    settings.EMAIL_HOST = "127.0.0.1"
    account()
    entrance = ["login/", "password/reset/", "password/reset/key/1-set-password/"]
    pages = [client.get(f"/konto/{path}") for path in entrance]
    log_in(client)
    enrol(client)
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/"):
        pages.append(client.get(f"/konto/2fa/{path}"))
    pages += [client.get(f"/konto/{path}") for path in ("logout/", "reauthenticate/", "2fa/reauthenticate/")]
    for page in pages:
        text = re.sub(r"<[^>]*>", " ", page.content.decode())
        assert page.status_code == 200, page.request["PATH_INFO"]
        assert not re.search(r"\b(du|dich|dir|deine?\w?)\b", text, re.IGNORECASE), page.request["PATH_INFO"]
        assert '<html lang="de"' in page.content.decode()
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert "no-store" in page.headers["Cache-Control"], page.request["PATH_INFO"]


# allauth remembers what it asks for until it is answered, and that codes were looked at.
ASKING = (
    "2fa/authenticate/", "2fa/totp/activate/", "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", "2fa/webauthn/login/",
    "2fa/recovery-codes/", "2fa/recovery-codes/download/",
)  # fmt: skip


@pytest.mark.parametrize("who", ["a stranger", "half", "all in"])
def test_to_look_at_the_pages_of_the_account_writes_nothing(client, second_factor, enrol, settings, who):
    settings.EMAIL_HOST = "127.0.0.1"
    if who != "a stranger":
        secret = half_logged_in(client, enrol)
    if who == "all in":
        client.post("/konto/2fa/authenticate/", {"code": code(secret)})
    pages = [route for route in routes() if route.startswith("konto/") and not route.endswith(ASKING)]
    assert len(pages) > 15
    for page in pages:
        with queries.written() as found:
            client.get("/" + re.sub(r"%\(\w+\)s", "1", page))
        assert (page, found) == (page, [])
