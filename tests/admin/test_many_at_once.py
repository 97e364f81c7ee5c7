"""Many entries are given the same at once: tags, category, review date, status."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.editing import working_copies
from faq.models import Entry, Revision, Version
from tests.accounts import client_of
from tests.factories import door_open, edit, make_category, make_entry
from tests.forms import errors

pytestmark = pytest.mark.django_db
LIST = "/admin/faq/entry/"
CHANGE = "/admin/faq/entry/aendern/"


@pytest.fixture
def editor(db):
    return client_of("Redaktion")


def ticked(client, entries, **data):
    return client.post(LIST, {"action": "change_many", "_selected_action": [entry.pk for entry in entries], **data})


def change(client, entries, **fields):
    keys = ",".join(str(entry.pk) for entry in entries)
    return client.post(CHANGE, {"keys": keys, **fields}, follow=True)


def said(response):
    return " ".join(map(str, response.context["messages"]))


def test_all_that_was_filled_in_and_nothing_else_is_changed_as_one_change(admin_client, client):
    make_category("vlsc")
    ticked_ones = [make_entry(f"frage-{n}", tags=["OLP", f"Wort {n}"], body=f"Text {n}.") for n in range(3)]
    other = make_entry("andere")
    page = ticked(admin_client, ticked_ones).content.decode()
    assert all(entry.title in page for entry in ticked_ones)
    before = Version.objects.count(), Revision.objects.current()
    fields = {"add_tags": "neu, olp"}
    fields |= {"remove_tags": [ticked_ones[0].tag_list[1].pk], "review": "2027-03-01", "why": "Jahresprüfung"}
    fields["category"] = make_category("vlsc").pk
    assert said(change(admin_client, ticked_ones, **fields)) == "Geändert: 3 Einträge."
    for number, entry in enumerate(Entry.objects.complete().filter(slug__startswith="frage").order_by("slug")):
        assert [tag.name for tag in entry.tag_list] == ["OLP", *([f"Wort {number}"] if number else []), "neu"]
        assert (entry.category.slug, entry.review, entry.body) == ("vlsc", date(2027, 3, 1), f"Text {number}.")
        version = entry.versions.first()
        assert (version.why, version.who.username) == ("Jahresprüfung", "admin")
    assert (Version.objects.count(), Revision.objects.current()) == (before[0] + 3, before[1] + 1)
    assert Entry.objects.get(pk=other.pk).category.slug == "allgemein"
    assert 'id="frage-1"' in client.get("/allgemein/").content.decode()  # leads on


def test_one_changed_alone_is_said_so(admin_client):
    assert said(change(admin_client, [make_entry()], review="2027-03-01")) == "Geändert: 1 Eintrag."


def test_where_nothing_is_filled_in_nothing_is_changed(admin_client):
    entry, before = make_entry(), Version.objects.count()
    page = change(admin_client, [entry], why="Nur so")
    assert "Bitte füllen Sie aus, was sich ändern soll." in page.content.decode()
    assert Version.objects.count() == before


def test_a_date_or_a_tag_that_is_wrong_is_said_and_the_rest_stays_filled_in(admin_client):
    page = change(admin_client, [make_entry()], review="morgen", add_tags="eins\ttwei", why="Weil")
    assert len(errors(page)) >= 1
    assert 'value="Weil"' in page.content.decode()


def test_a_working_copy_gets_the_same_and_is_no_older_for_it(admin_client, django_user_model):
    entry = make_entry(tags=["OLP"])
    copy = edit(working_copies.start_working_copy(entry, who=None), body="Neuer Text.")
    change(admin_client, [entry], add_tags="neu", review="2027-03-01")
    working_copies.publish(copy, who=None)  # nobody has to compare anything
    entry = Entry.objects.complete().get(pk=entry.pk)
    assert ([tag.name for tag in entry.tag_list], entry.review) == (["OLP", "neu"], date(2027, 3, 1))
    assert entry.body == "Neuer Text."


def test_what_is_withdrawn_does_not_come_back_with_its_planned_copy(admin_client):
    entry = make_entry()
    soon = timezone.now() + timedelta(seconds=1)
    copy = edit(working_copies.start_working_copy(entry, who=None), publish_at=soon, body="Kommt.")
    working_copies.publish(copy, who=None)
    change(admin_client, [entry], status="draft")
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now())
    working_copies.take_over_due()
    assert not Entry.objects.published().exists()


def test_drafts_are_published_together_or_not_at_all_and_the_one_that_cannot_be_is_named(admin_client):
    good, bad = make_entry("gut", status="draft"), make_entry("boese", title="Boese?", status="draft")
    with door_open():
        Entry.objects.filter(pk=bad.pk).update(body="!!! boese\n    Text", body_html="")
    page = change(admin_client, [good, bad], status="published", why="Fertig")
    assert "Der Text von „Boese?“ lässt sich so nicht mehr darstellen" in page.content.decode()
    assert 'value="Fertig"' in page.content.decode()
    assert not Entry.objects.published().exists()
    assert said(change(admin_client, [good], status="published")) == "Geändert: 1 Eintrag."
    assert Entry.objects.published().get() == good


def test_who_may_not_publish_changes_drafts_and_is_told_which_are_not(editor):
    draft, public = make_entry("entwurf", status="draft"), make_entry("oeffentlich", title="Öffentlich?")
    page = ticked(editor, [draft])
    assert 'name="status"' not in page.content.decode()
    assert said(change(editor, [draft], add_tags="neu", status="published")) == "Geändert: 1 Eintrag."
    assert Entry.objects.get(pk=draft.pk).status == "draft"
    for response in (editor.get(ticked(editor, [draft, public]).url), change(editor, [public], add_tags="neu")):
        assert "„Öffentlich?“" in said(response)
        assert "„Frage entwurf?“" not in said(response)
    assert not Entry.objects.get(pk=public.pk).taggings.exists()


def test_all_of_a_list_are_chosen_over_its_pages_up_to_a_number_that_is_said(admin_client, monkeypatch):
    monkeypatch.setattr("faq.admin.many_at_once.MOST", 4)
    entries = [make_entry(f"frage-{n}") for n in range(5)]
    page = ticked(admin_client, entries[:1], select_across="1")
    assert "höchstens 4 Einträge auf einmal" in said(admin_client.get(page.url))
    page = admin_client.post(
        f"{LIST}?status__exact=published&q=frage-1",
        {"action": "change_many", "_selected_action": [entries[1].pk], "select_across": "1"},
    )
    assert [entry.slug for entry in page.context["chosen"]] == ["frage-1"]


def test_one_that_was_deleted_meanwhile_hinders_nobody(admin_client):
    entries = [make_entry(f"frage-{n}") for n in range(2)]
    keys = [*entries, Entry(pk=999_999)]
    assert said(change(admin_client, keys, review="2027-03-01")) == "Geändert: 2 Einträge."
    assert "gibt es nicht mehr" in said(change(admin_client, [Entry(pk=999_999)], review="2027-03-01"))


def test_the_list_says_which_entries_have_a_working_copy_and_leads_there(admin_client):
    entry, _ = make_entry("mit"), make_entry("ohne")
    copy = working_copies.start_working_copy(entry, who=None)
    page = admin_client.get(reverse("admin:faq_entry_changelist")).content.decode()
    assert page.count(", hat <a") == 1
    assert reverse("admin:faq_entry_change", args=[copy.pk]) in page


def test_a_copy_that_is_older_than_the_public_text_stays_older_whatever_changes_in_both(admin_client, editor):
    """Else publishing it would take away, without asking, what a colleague has written meanwhile."""
    entry = make_entry("frage", title="Wie?", body="Alt.")
    copy = working_copies.start_working_copy(entry, who=None)
    edit(copy, body="Aus der Kopie.")
    edit(entry, body="Was eine Kollegin schrieb.")
    change(admin_client, [entry], review="2027-03-01")
    assert working_copies.working_copy(entry).review == date(2027, 3, 1)
    answer = admin_client.post(reverse("admin:faq_entry_publish", args=[copy.pk]))
    assert "Inzwischen wurde der öffentliche Text geändert" in answer.content.decode()
    assert Entry.objects.get().body == "Was eine Kollegin schrieb."


def test_a_copy_that_was_not_older_is_published_without_a_question(admin_client):
    entry = make_entry("frage", title="Wie?", body="Alt.")
    copy = working_copies.start_working_copy(entry, who=None)
    edit(copy, body="Aus der Kopie.")
    change(admin_client, [entry], review="2027-03-01")
    admin_client.post(reverse("admin:faq_entry_publish", args=[copy.pk]))
    assert Entry.objects.get().body == "Aus der Kopie."
