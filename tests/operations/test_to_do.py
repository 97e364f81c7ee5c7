"""The start page of the admin says what needs doing, and each thing is done from there."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.models import Entry
from tests.factories import door_open
from tests.forms import filled_in

pytestmark = pytest.mark.usefixtures("seed")


@pytest.fixture
def start_page(admin_client):
    return lambda: admin_client.get(reverse("admin:index")).content.decode()


def test_what_is_due_is_on_the_start_page_until_somebody_says_it_still_holds(admin_client, client, start_page):
    with door_open():
        Entry.objects.exclude(slug="bestellvorgang-olp").update(review=None)
    assert "1 Eintrag zu prüfen" in start_page()
    entry = Entry.objects.get(slug="bestellvorgang-olp")
    admin_client.post(reverse("admin:faq_entry_still_true", args=[entry.pk]))
    assert "zu prüfen" not in start_page()
    entry.refresh_from_db()
    assert entry.reviewed == timezone.localdate()
    assert entry.review == timezone.localdate() + datetime.timedelta(days=365)
    assert entry.updated is None  # nothing was changed in the text


def test_drafts_working_copies_gaps_and_changes_are_on_the_start_page(admin_client, start_page):
    assert "6 offene Stellen" in start_page()
    assert " in Arbeit" not in start_page()
    entry = Entry.objects.get(slug="stornierung")
    admin_client.post(reverse("admin:faq_entry_copy", args=[entry.pk]))
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="ansprechpartner").pk])
    admin_client.post(url, filled_in(admin_client, url, status="draft", _why="Nummer wird geprüft"))
    page = start_page()
    assert "2 in Arbeit" in page
    assert "Nummer wird geprüft" in page


def test_the_list_shows_what_is_due(admin_client):
    with door_open():
        Entry.objects.exclude(slug="bestellvorgang-olp").update(review=None)
    page = admin_client.get(reverse("admin:faq_entry_changelist") + "?faellig=ja").content.decode()
    assert "OLP-Bereich" in page
    assert "Wie kann ich falsche Bestellungen" not in page
