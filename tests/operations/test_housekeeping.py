"""What strangers leave behind is bounded, and goes when the time is over that the privacy text says."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.attacks import growth
from faq import login, rate_limits, sessions
from faq.admin import kept_input
from faq.models import Entry, Feedback, SearchDay, SearchQuery
from faq.operations import housekeeping, periodic, search_counts
from faq.public import feedback
from tests.operations.test_readers import FEEDBACK

pytestmark = pytest.mark.usefixtures("seed")
DAY = 24 * 3600


def ago(days):
    return timezone.now() - timedelta(days=days)


def begin_login(client):
    """As the script for a passkey does."""
    assert client.get("/konto/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 200


def limits_stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        return cursor.fetchone()[0]


def test_limits_that_are_over_go_and_others_stay(monkeypatch):
    caches["default"].clear()
    rate_limits.allow("feedback", "192.0.2.1", 20, 3600)
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: ago(2).timestamp())
    rate_limits.allow("feedback", "192.0.2.2", 20, 3600)
    monkeypatch.undo()
    housekeeping.run()
    assert limits_stored() == 1


def test_sessions_that_are_over_go_and_others_stay(client, admin_user):
    client.force_login(admin_user)
    begin_login(Client())
    assert Session.objects.count() == 2
    Session.objects.exclude(pk=client.session.session_key).update(expire_date=ago(1))
    housekeeping.run()
    assert [session.get_decoded().get("_auth_user_id") for session in Session.objects.all()] == [str(admin_user.pk)]


def test_searches_that_are_too_old_go_also_those_put_aside(settings):
    for text, days in (("alt", 1), ("neu", -1)):
        query = SearchQuery.objects.create(text=text, dismissed=True)
        day = timezone.localdate() - timedelta(days=settings.SEARCHES_KEPT_DAYS + days)
        SearchDay.objects.create(query=query, day=day, count=1)
    housekeeping.run()
    assert [query.text for query in SearchQuery.objects.all()] == ["neu"]


def test_feedback_goes_after_a_year(client):
    for text in ("Neu.", "Alt."):
        Feedback.objects.create(entry=Entry.objects.first(), text=text)
    Feedback.objects.filter(text="Alt.").update(created=ago(housekeeping.FEEDBACK_KEPT_DAYS + 1))
    housekeeping.run()
    assert [row.text for row in Feedback.objects.all()] == ["Neu."]


def test_the_server_sees_to_it_by_itself_each_day():
    assert periodic.JOBS[housekeeping.run] <= DAY


def test_the_privacy_text_says_what_the_code_does(client, settings):
    text = re.sub(r"<[^>]+>", "", client.get("/datenschutz/").content.decode())
    assert f"Nach {settings.SEARCHES_KEPT_DAYS} Tagen wird gelöscht" in text
    assert f"Nach {housekeeping.FEEDBACK_KEPT_DAYS} Tagen wird gelöscht" in text
    assert f"{settings.SESSION_COOKIE_AGE // 3600} Stunden nach dem letzten Sichern" in text
    assert f"{login.KNOWN_LASTS // DAY} Tage lang wiedererkannt" in text
    assert ("eine angefangene nach einer Stunde" in text) == (sessions.STRANGER_LASTS == 3600)
    assert ("hebt die Verwaltung einen Tag lang auf" in text) == (kept_input.LASTS == DAY)
    assert ("bis zu einen Tag lang" in text) == (feedback.DAY == DAY)


def test_strangers_make_nothing_grow_without_bound(monkeypatch, settings, tmp_path):
    """A sample of `python -m benchmarks.attacks`, which asks each address 1,000 times, with bounds to match."""
    settings.EMAIL_HOST = "127.0.0.1"
    monkeypatch.setattr("faq.after_answer.do", lambda function, *arguments: function(*arguments))
    monkeypatch.setattr(sessions, "MOST", 1)
    monkeypatch.setattr(search_counts, "MOST_DIFFERENT", 5)
    monkeypatch.setattr(feedback, "OF_ALL", 2)
    monkeypatch.setattr(feedback, "MORE_OF_ALL", 1)
    settings.CACHES = {"default": settings.CACHES["default"] | {"OPTIONS": {"MAX_ENTRIES": 30}}}
    number, grown = growth.ask(6)
    assert number > 250
    assert grown == {}


def test_a_stranger_who_begins_many_logins_ends_nobodys_session(client, admin_user, monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 10)
    client.force_login(admin_user)
    for _ in range(30):
        begin_login(Client())
    assert Session.objects.count() <= 10
    assert client.get("/admin/").status_code == 200
    assert User.objects.count() == 1


def test_feedback_is_there_to_be_read(client):
    client.post(FEEDBACK, {"text": "Die Frist."})
    housekeeping.run()
    assert Feedback.objects.count() == 1
