"""A text that is published for a later moment: readers keep the one there is until then, and have the new one from then on."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.editing import entries, references, working_copies
from faq.links import checking
from faq.models import Entry, Version, WebLink
from tests.factories import door_open, edit, make_entry
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db


def change_url(entry):
    return reverse("admin:faq_entry_change", args=[entry.pk])


def in_days(days):
    moment = timezone.localtime() + timedelta(days=days)
    return {"publish_at": f"{moment:%Y-%m-%dT%H:%M}"}


@pytest.fixture
def entry():
    return make_entry("frist", title="Wie lange?", body="Drei Wochen.")


@pytest.fixture
def redaktion():
    user = User.objects.create_user("rita", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="Redaktion"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def released(admin_client, entry):
    """A working copy that was published for the day after tomorrow, in its form."""
    url = admin_client.post(reverse("admin:faq_entry_copy", args=[entry.pk])).headers["Location"]
    data = filled_in(admin_client, url, body="Vier Wochen.", **in_days(2))
    page = admin_client.post(url, data | {"_publish": "1"}, follow=True)
    assert "Leser sehen die neue Fassung ab" in page.content.decode()
    return Entry.rows.get(copy_of=entry)


def let_its_moment_come(copy):
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    working_copies.take_over_due()


def text(client):
    response = client.get("/faq/frist/")
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def test_the_old_text_stays_until_the_moment_and_the_new_one_takes_over_by_itself(client, released):
    assert "Drei Wochen." in text(client)
    assert client.get("/suche.json?q=vier Wochen").json()["results"] == [] or "Vier" not in text(client)
    working_copies.take_over_due()
    assert "Drei Wochen." in text(client)
    let_its_moment_come(released)
    assert "Vier Wochen." in text(client)
    assert not Entry.rows.filter(copy_of__isnull=False).exists()
    assert Version.objects.filter(entry__slug="frist").first().why.startswith("Wie geplant veröffentlicht")


def test_form_list_and_start_page_say_for_when(admin_client, released, entry):
    day = timezone.localtime(released.publish_at).strftime("%Y, %H:%M")
    make_entry("kommt", publish_at=timezone.now() + timedelta(days=3))
    make_entry("vorbei", expire_at=timezone.now() - timedelta(days=3))
    changelist = admin_client.get(reverse("admin:faq_entry_changelist")).content.decode()
    assert "neue Fassung geplant für" in changelist
    assert changelist.count("geplant für") == 2
    assert "abgelaufen am" in changelist
    start = admin_client.get(reverse("admin:index")).content.decode()
    assert "2 geplant" in start
    assert "1 abgelaufen" in start
    for form in (change_url(released), change_url(entry)):
        page = admin_client.get(form).content.decode()
        assert "geplant für" in page
        assert day in page
    assert "Geplant für" in admin_client.get(change_url(Entry.objects.get(slug="kommt"))).content.decode()
    assert "Abgelaufen am" in admin_client.get(change_url(Entry.objects.get(slug="vorbei"))).content.decode()
    only = admin_client.get(reverse("admin:faq_entry_changelist") + "?zeit=geplant").content.decode()
    assert ("Wie lange?" in only, "Frage kommt?" in only, "Frage vorbei?" in only) == (True, True, False)


def test_what_was_changed_in_between_is_not_written_over(admin_client, client, released, entry):
    edit(entry, body="Fünf Wochen.")
    let_its_moment_come(released)
    assert "Fünf Wochen." in text(client)
    assert Entry.rows.get(copy_of=entry).body == "Vier Wochen."
    assert "angehalten: Bitte mit dem öffentlichen Text vergleichen" in admin_client.get("/admin/").content.decode()


def test_it_can_be_held_back(admin_client, client, released):
    admin_client.post(reverse("admin:faq_entry_hold_back", args=[released.pk]))
    let_its_moment_come(released)
    assert "Drei Wochen." in text(client)
    assert Entry.rows.filter(pk=released.pk).exists()


def test_whoever_may_not_publish_only_looks_at_what_was_released(redaktion, released):
    page = redaktion.get(change_url(released)).content.decode()
    assert 'name="_save"' not in page
    assert redaktion.post(change_url(released), {"body": "Heimlich."}).status_code == 403
    assert redaktion.post(reverse("admin:faq_entry_discard", args=[released.pk])).status_code == 403


def test_without_its_moment_it_waits_for_somebody_to_publish_it(admin_client, released):
    url = change_url(released)
    admin_client.post(url, filled_in(admin_client, url, publish_at=""))
    working_copies.take_over_due()
    assert Entry.rows.get(pk=released.pk).release == ""


def test_a_public_entry_is_not_taken_away_until_a_later_moment(admin_client, client, entry):
    url = change_url(entry)
    response = admin_client.post(url, filled_in(admin_client, url, body="Vier Wochen.", **in_days(2)))
    assert "Eine Arbeitskopie mit diesem Zeitpunkt löst ihn dann von selbst ab" in errors(response)[0]
    assert "Drei Wochen." in text(client)


def test_what_readers_do_not_see_yet_is_planned_as_before(admin_client, client):
    draft = make_entry("neu", status="draft")
    url = change_url(draft)
    admin_client.post(url, filled_in(admin_client, url, **in_days(2)) | {"_publish": "1"})
    assert client.get("/faq/neu/").status_code == 404
    assert "Geplant für" in admin_client.get(url).content.decode()


@pytest.mark.parametrize("state", ["draft", "planned", "expired", "deleted"])
def test_who_may_not_publish_gets_an_old_text_back_as_a_draft_or_a_working_copy(redaktion, client, entry, state):
    version = Version.objects.filter(entry=entry).get()
    edit(entry, body="Vier Wochen.")
    if state == "draft":
        edit(entry, status=Entry.DRAFT)
    elif state == "planned":
        edit(entry, publish_at=timezone.now() + timedelta(days=1))
    elif state == "expired":
        edit(entry, expire_at=timezone.now() - timedelta(days=1))
    else:
        entries.delete([entry], who=None)
    redaktion.post(reverse("admin:faq_entry_restore", args=[version.pk]))
    assert text(client) in ("404", "410")
    found = Entry.rows.get(body="Drei Wochen.")
    assert found.status == Entry.DRAFT or found.copy_of_id


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entries.still_true(entry, who=None),
        lambda entry: edit(entry, position=77),
        lambda entry: edit(entry.tags.get(), name="Anders genannt"),
        lambda entry: checking.replace(WebLink.objects.get(), "https://example.org/neu", who=None),
    ],
    ids=["still true", "a position", "a renamed tag", "a replaced link"],
)
def test_what_leaves_the_text_as_it_is_does_not_stop_it(client, change):
    entry = make_entry("frist", body="Drei Wochen, siehe [dort](https://example.org/alt).", tags=["Frist"])
    copy = working_copies.start_working_copy(entry, who=None)
    later = timezone.now() + timedelta(days=2)
    copy = edit(copy, body="Vier Wochen, siehe [dort](https://example.org/alt).", publish_at=later)
    working_copies.publish(copy, who=None)
    change(Entry.objects.get(pk=entry.pk))
    before = Entry.objects.complete().get(pk=entry.pk)
    let_its_moment_come(copy)
    assert "Vier Wochen" in text(client)
    now = Entry.objects.complete().get(pk=entry.pk)
    assert (now.position, now.reviewed, now.review, now.tag_list) == (
        before.position,
        before.reviewed,
        before.review,
        before.tag_list,
    )
    assert WebLink.objects.get(references__entry=now).url in before.body


def test_one_that_cannot_take_over_keeps_none_of_the_others_waiting(client, monkeypatch):
    copies = []
    for slug in ("frist", "andere"):
        copy = working_copies.start_working_copy(make_entry(slug), who=None)
        later = timezone.now() + timedelta(days=2)
        copies.append(working_copies.publish(edit(copy, body="Die neue Fassung.", publish_at=later), who=None))
    with door_open():
        Entry.rows.filter(release=Entry.PLANNED).update(publish_at=timezone.now() - timedelta(seconds=1))

    def broken(entry, numbers, renumber=references.renumber):
        if entry.slug == "frist":
            raise RuntimeError("kaputt")
        return renumber(entry, numbers)

    monkeypatch.setattr(references, "renumber", broken)
    working_copies.take_over_due()
    assert "Die neue Fassung." in client.get("/faq/andere/").content.decode()


def test_a_draft_with_a_planned_text_is_published_itself(admin_client, client, entry, released):
    edit(entry, status="draft")
    page = admin_client.post(change_url(entry), filled_in(admin_client, change_url(entry), _publish="1"), follow=True)
    assert "ist veröffentlicht" in page.content.decode()
    assert "Drei Wochen." in client.get("/faq/frist/").content.decode()
