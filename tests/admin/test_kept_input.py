"""What was typed when a login had ended is kept for who typed it; of strangers nothing is, and nothing of a secret."""

import time

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from faq.models import Entry

pytestmark = pytest.mark.usefixtures("seed")
SECRET = "nur-fuer-den-test-7421"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


@pytest.fixture
def left(client):
    """Somebody whose session has just ended in this browser."""
    editor("rita")
    client.force_login(User.objects.get(username="rita"))
    client.get("/admin/")
    Session.objects.all().delete()
    return client


def editor(name):
    user = User.objects.create_user(name, password=SECRET, is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    return user


def form():
    return reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="stornierung").pk])


def stored():
    return sum(len(session.session_data) for session in Session.objects.all())


def log_in(client, name="rita"):
    client.post("/konto/login/", {"login": name, "password": SECRET})


def resumed(client):
    return client.get(reverse("admin:resume"), follow=True).content.decode()


def test_nothing_that_strangers_send_to_the_admin_is_kept(client):
    for address in (form(), "/admin/", "/admin/auth/user/add/", "/admin/gibt/es/nicht/"):
        for _ in range(3):
            client.post(address, {"body": "x" * 100_000, "password1": SECRET})
    assert not Session.objects.exists()


@pytest.mark.parametrize("cookie", ["1", "1:x:y", "", "1:1abcde:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\udcff"])
def test_a_cookie_of_ones_own_making_is_none(client, cookie):
    client.cookies["zuletzt"] = cookie.encode("utf-8", "replace").decode()
    client.post(form(), {"body": "Nicht meins."})
    assert not Session.objects.exists()


def test_who_was_logged_in_a_moment_ago_finds_it_after_the_login(left):
    left.post(form(), {"body": "Lange getippt."})
    log_in(left)
    assert "Lange getippt." in resumed(left)


def test_somebody_else_at_the_same_browser_does_not(left):
    editor("olaf")
    left.post(form(), {"body": "Lange getippt."})
    log_in(left, "olaf")
    assert "Lange getippt." not in resumed(left)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_of_an_account_without_access_nothing_is_kept(left, change):
    User.objects.update(**change)
    left.post(form(), {"body": "Lange getippt."})
    assert not Session.objects.exists()


def test_more_than_anybody_types_is_not_kept_and_that_is_said(left):
    page = left.post(form(), {"body": "ä" * 100_001}, follow=True).content.decode()
    assert stored() < 1000
    assert "Ihre Eingaben hebt die Hilfe hier nicht auf" in page


@pytest.mark.parametrize(
    "name", ["auth_user_add", "auth_user_change", "auth_user_password_change", "password_change", "auth_group_add"]
)
def test_what_is_typed_into_a_form_of_accounts_is_not_kept(left, name):
    address = reverse(f"admin:{name}", args=[1] if name.endswith("change") and "auth" in name else [])
    left.post(address, {"username": "neu", "password1": SECRET, "password2": SECRET})
    assert SECRET not in str([session.get_decoded() for session in Session.objects.all()])


def test_after_a_day_it_is_gone(left, monkeypatch):
    left.post(form(), {"body": "Lange getippt."})
    log_in(left)
    later = time.time() + 24 * 3600
    monkeypatch.setattr("faq.admin.kept_input.time.time", lambda: later)
    assert "Lange getippt." not in resumed(left)
    assert "pending_input" not in left.session


def test_one_account_keeps_ten_an_hour_whatever_the_browser_says(left):
    cookie = left.cookies["zuletzt"].value
    for _ in range(12):
        again = Client()
        again.cookies["zuletzt"] = cookie
        again.post(form(), {"body": "x"})
    assert sum("pending_input" in session.get_decoded() for session in Session.objects.all()) == 10
