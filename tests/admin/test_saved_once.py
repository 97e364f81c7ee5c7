"""A form that is sent twice is saved once, one that is refused keeps what was typed, and one sees who else has it open."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.editing import working_copies
from faq.models import Contact, Editing, Entry, Notice, Tag
from faq.operations import housekeeping
from tests import queries
from tests.factories import edit, store
from tests.forms import filled_in

pytestmark = pytest.mark.usefixtures("seed")


def change_url(row):
    return reverse(f"admin:faq_{row._meta.model_name}_change", args=[row.pk])


def beat(client, row, **more):
    return client.post(reverse("admin:editing"), {"model": row._meta.model_name, "key": row.pk, **more})


@pytest.fixture
def erika(db):
    client = Client()
    client.force_login(User.objects.create_superuser("erika", first_name="Erika", last_name="Muster"))
    return client


@pytest.fixture
def entry(seed):
    return Entry.objects.get(slug="stornierung")


def test_a_form_that_is_sent_twice_makes_one_and_leads_to_the_same_page(admin_client):
    url = reverse("admin:faq_contact_add")
    data = filled_in(admin_client, url, name="Doppelt", slug="doppelt", phone="1")
    first, second = (admin_client.post(url, data) for _ in range(2))
    assert Contact.objects.filter(name="Doppelt").count() == 1
    assert (second.status_code, second.url) == (302, first.url)


def test_what_is_typed_on_and_sent_from_the_same_form_is_saved(admin_client):
    url = reverse("admin:faq_tag_add")
    data = filled_in(admin_client, url, name="Eins")
    admin_client.post(url, data)
    assert admin_client.post(url, data | {"name": "Zwei"}).status_code == 302
    assert Tag.objects.filter(name__in=["Eins", "Zwei"]).count() == 2


def test_the_page_is_told_that_its_form_is_saved_and_only_then(admin_client, entry):
    data = filled_in(admin_client, change_url(entry), body="Neu.")
    assert "gesichert" not in admin_client.post(change_url(entry), data | {"body": "[x](faq:nirgends)"}).cookies
    assert "gesichert" not in admin_client.post(change_url(entry), data | {"_preview": "1"}).cookies
    assert admin_client.post(change_url(entry), data).cookies["gesichert"].value == data["_once"][0]


@pytest.mark.parametrize("name", ["contact", "category", "term", "entry"])
def test_what_was_typed_into_a_form_of_something_that_is_gone_is_shown(admin_client, name):
    model = {m._meta.model_name: m for m in apps.get_app_config("faq").get_models()}[name]
    row = model.objects.order_by("-pk").first()
    field = {"contact": "name", "category": "title", "term": "name", "entry": "title"}[name]
    data = filled_in(admin_client, change_url(row), **{field: "Lange getippt"})
    response = admin_client.post(change_url(row).replace(f"/{row.pk}/", "/99999/"), data)
    assert response.status_code == 409
    assert "Lange getippt" in response.content.decode()


def test_one_sees_who_else_has_the_form_open_until_it_is_closed(admin_client, erika, entry):
    assert beat(erika, entry).json() == {"others": [], "saved": f"{_last(entry)}"}
    (told,) = beat(admin_client, entry).json()["others"]
    assert told.startswith("Erika Muster bearbeitet das gerade, seit ")
    beat(erika, entry, leaving="1")
    assert beat(admin_client, entry).json()["others"] == []


def _last(entry):
    return "Ein Import hat um " + timezone.localtime(entry.versions.first().when).strftime("%H:%M") + " gesichert."


def test_the_copy_and_its_original_say_it_of_each_other(admin_client, erika, entry):
    copy = working_copies.start_working_copy(entry, who=None)
    beat(erika, copy)
    assert "gerade die Arbeitskopie" in beat(admin_client, entry).json()["others"][0]
    beat(erika, copy, leaving="1")
    beat(erika, entry)
    assert "gerade den öffentlichen Text" in beat(admin_client, copy).json()["others"][0]


def test_who_closed_the_browser_is_gone_by_itself_and_then_from_the_database(admin_client, erika, entry):
    beat(erika, entry)
    Editing.objects.update(seen=timezone.now() - timedelta(minutes=2))
    assert beat(admin_client, entry).json()["others"] == []
    housekeeping.run()
    assert [row.user.username for row in Editing.objects.all()] == ["admin"]


def test_to_have_a_form_open_keeps_nobody_logged_in(admin_client, entry):
    beat(admin_client, entry)
    with queries.written() as written:
        beat(admin_client, entry)
    assert not [sql for sql in written if "session" in sql]


def test_a_stranger_and_a_wrong_form_are_told_nothing(client, admin_client, entry):
    assert beat(client, entry).status_code == 302
    for wrong in ({"model": "user"}, {"model": "version"}, {"key": "0"}, {"key": "x"}, {"model": ""}):
        assert (
            admin_client.post(reverse("admin:editing"), {"model": "entry", "key": entry.pk} | wrong).status_code == 404
        )
    assert not Editing.objects.exists()


STALE = {
    "category": "title",
    "contact": "name",
    "term": "name",
    "notice": "text",
    "site": "title",
    "gap": "name",
    "tag": "name",
    "entry": "note",
}


@pytest.mark.parametrize("name", STALE)
def test_a_form_that_is_refused_since_it_is_old_comes_back_with_all_that_was_typed(admin_client, name):
    store(Notice(slug="stoerung", text="Störung"))
    model = {m._meta.model_name: m for m in apps.get_app_config("faq").get_models()}[name]
    row = Entry.objects.get(slug="bestellvorgang-olp") if model is Entry else model.objects.order_by("-pk").first()
    data = filled_in(admin_client, change_url(row))
    edit(row, who=User.objects.get(username="admin"), **{STALE[name]: "Inzwischen anders"})
    typed = {
        key
        for key in data
        if key.rpartition("-")[2] in ("title", "name", "text", "body", "intro", "note", "definition")
    }
    if model is Entry:
        data |= {"steps-TOTAL_FORMS": "10", "_why": "Darum", "steps-9-id": "", "steps-9-entry": row.pk}
        typed |= {"steps-9-title", "steps-9-body", "steps-9-needs"}
    texts = {key: f"Getippt in {key}." for key in typed}
    response = admin_client.post(change_url(row), data | texts)
    page = response.content.decode()
    assert response.status_code == 200
    assert [key for key, text in texts.items() if text not in page] == []
    assert model is not Entry or 'value="Darum"' in page
