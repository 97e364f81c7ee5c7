"""How often one client may ask: counted over all workers, by an address that cannot be chosen, with nothing personal kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory

from faq import rate_limits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1_800_000_000.0]
    monkeypatch.setattr("faq.rate_limits.time.time", lambda: now[0])
    return now


def asked(times, what="suche", who="192.0.2.1", limit=3, seconds=60):
    return [rate_limits.allow(what, who, limit, seconds) for _ in range(times)]


def test_so_many_are_let_through_and_no_more_until_the_window_is_over(db, clock):
    assert asked(5) == [True, True, True, False, False]
    clock[0] += 59
    assert asked(1) == [False]
    clock[0] += 2
    assert asked(4) == [True, True, True, False]


def test_everybody_and_everything_is_counted_apart(db):
    assert asked(3) == [True] * 3
    assert asked(1, who="192.0.2.2") == [True]
    assert asked(1, what="rueckmeldung") == [True]


def test_what_is_stored_names_nobody(db):
    asked(1, who="192.0.2.1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache")
        assert "192.0.2.1" not in str(cursor.fetchall())


HAMMER = """
import django
django.setup()
from faq import rate_limits
print(sum(rate_limits.allow("suche", "192.0.2.1", 30, 600) for _ in range(25)))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        (tmp_path / "limits.sqlite3").touch()  # no connection begins one by itself
        return f"sqlite:///{tmp_path}/limits.sqlite3"
    return request.getfixturevalue("postgres_url")


def test_several_workers_let_no_more_through_than_one(database, tmp_path):
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SECRET_KEY": settings.SECRET_KEY}
    env |= {"DATA_DIR": str(tmp_path), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    subprocess.run([sys.executable, ROOT / "manage.py", "createcachetable"], env=env, check=True)
    workers = [subprocess.Popen([sys.executable, "-c", HAMMER], env=env, stdout=subprocess.PIPE) for _ in range(4)]
    assert sum(int(worker.communicate()[0]) for worker in workers) == 30


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "client"),
    [
        (0, "192.0.2.7", None, "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "127.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "127.0.0.1", None, "127.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", None, "192.0.2.7"),
    ],
)
def test_the_client_is_who_our_own_proxies_saw(settings, proxies, remote, forwarded, client):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert rate_limits.client(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers)) == client


@pytest.mark.parametrize(
    "path", ["/suche/?q=olp", "/suche.json?q=olp", "/suche/vorschlaege/?q=olp", "/suche/feld.json?q=olp"]
)
def test_who_searches_too_often_is_told_so_in_german_and_when_to_come_back(client, seed, settings, path, monkeypatch):
    monkeypatch.setattr("faq.rate_limits._in_passing", {})
    settings.SEARCHES_PER_MINUTE = 40
    answers = [client.get(path) for _ in range(60)]
    allowed = [answer.status_code for answer in answers].count(200)
    assert 40 <= allowed <= 40 + rate_limits.STEP
    refused = answers[-1]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    message = "Bitte versuchen Sie es gleich noch einmal"
    assert message in (refused.json()["error"] if path.startswith("/suche.json") else refused.content.decode())
    assert client.get(path, REMOTE_ADDR="192.0.2.99").status_code == 200
    assert client.get("/faq/stornierung/").status_code == 200


def test_a_few_searches_ask_no_counter(client, seed, monkeypatch):
    monkeypatch.setattr("faq.rate_limits._in_passing", {})
    for _ in range(rate_limits.STEP - 1):
        client.get("/suche/?q=olp")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone() == (0,)
