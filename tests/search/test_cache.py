"""What a process keeps between requests: a new search asks the database for little, and still knows every change."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from faq import cache
from faq.models import Entry, Notice, Revision, SearchDocument, Term
from tests import queries
from tests.factories import delete, door_open, edit, make_entry, store

pytestmark = pytest.mark.usefixtures("committing")


@pytest.fixture(autouse=True)
def revision_of_its_own(committing):
    """No other test has this one, so nothing kept for them counts here."""
    Revision.objects.create(pk=1, number=secrets.randbits(40))


def searched(client, query="drucker"):
    return client.get("/suche/", {"q": query}).content.decode()


def test_a_new_search_asks_for_nothing_that_was_shown_before(client):
    for number in range(5):
        make_entry(f"frage-{number}", title=f"Wie richte ich Drucker {number} ein?", tags=["Drucker"])
    first = queries.count(client, "/suche/?q=drucker")
    assert "Drucker 4" in searched(client, "drucker einrichten").replace("<mark>", "").replace("</mark>", "")
    assert queries.count(client, "/suche/?q=richte+drucker") <= first / 2


def test_a_search_knows_every_change_at_once(client):
    entry = make_entry("frage", title="Wie richte ich den Drucker ein?")
    assert "den <mark>Drucker</mark>" in searched(client)
    assert "nichts gefunden" in searched(client, "anschluss")
    edit(entry, title="Wann kommt der Anschluss?")
    assert "der <mark>Anschluss</mark>" in searched(client, "anschluss")
    assert "nichts gefunden" in searched(client)
    edit(entry, title="Wie schließe ich den Drucker an?")
    assert "schließe" in searched(client)
    edit(entry, status="draft")
    assert "nichts gefunden" in searched(client)


def test_a_term_works_at_the_next_search(client):
    make_entry("frage", title="Wie kann ich stornieren?")
    assert "nichts gefunden" in searched(client, "verwerfung")
    stored = store(Term(slug="stornierung", name="Stornierung", search=["Verwerfung"]))
    assert "nichts gefunden" not in searched(client, "verwerfung")
    assert "nichts gefunden" not in searched(client, "verwerfung")
    delete(stored)
    assert "nichts gefunden" in searched(client, "verwerfung")


def test_what_ends_or_begins_by_itself_does_so_in_a_search_too(client, monkeypatch):
    entry = make_entry("frage", title="Wie richte ich den Drucker ein?")
    now = timezone.now()
    edit(entry, expire_at=now + timedelta(hours=2))
    store(Notice(slug="stoerung", text="Gerade gestört.", begins=now + timedelta(hours=1)))
    page = searched(client)
    assert "Drucker" in page
    assert "Gerade gestört" not in page
    later(monkeypatch, now + timedelta(hours=1, seconds=1))
    assert "Gerade gestört" in searched(client)
    later(monkeypatch, now + timedelta(hours=2, seconds=1))
    page = searched(client)
    assert "Gerade gestört" in page
    assert "nichts gefunden" in page


def later(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    monkeypatch.setattr("time.time", moment.timestamp)


def test_nothing_is_kept_of_a_database_that_another_one_took_the_place_of(client):
    make_entry("frage", title="Wie richte ich den Drucker ein?")
    assert "<mark>Drucker</mark>" in searched(client)
    with door_open():
        Entry.objects.update(title="Eine andere Datenbank")  # with the same revision
    SearchDocument.objects.update(title="Eine andere Datenbank")
    assert "<mark>Drucker</mark>" in searched(client)
    cache.forget()  # as the page cache does
    assert "Eine andere Datenbank" in searched(client)


def test_what_becomes_public_while_a_page_is_made_breaks_it_not(client, monkeypatch):
    now = timezone.now()
    make_entry("frage", title="Wie richte ich den Drucker ein?")
    edit(make_entry("bald", title="Wann kommt der Drucker?"), publish_at=now + timedelta(hours=1))
    with cache.holding():
        assert "Wann kommt" not in searched(client)
        later(monkeypatch, now + timedelta(hours=1, seconds=1))
        assert "Wie richte ich" in client.get("/suche/?q=drucker&kategorie=allgemein").content.decode()
