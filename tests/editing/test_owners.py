"""An entry has an owner, who is told first: no part of its text, no reader's business, handed on with the account."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from faq import importing
from faq.content import folder, kinds
from faq.editing import entries, owners, restoring, working_copies
from faq.editing.merging import merge
from faq.models import Entry, Gap, Revision, Version
from faq.public.preview import preview_link
from tests.factories import delete, door_open, edit, make_entry, make_walkthrough
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


def account(name, group="Freigabe", **more):
    user = User.objects.create_user(name, is_staff=True, **more)
    user.groups.add(Group.objects.get(name=group))
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def own(entry, owner):
    with door_open():
        Entry.rows.filter(pk=entry.pk).update(owner=owner)
    return Entry.rows.get(pk=entry.pk)


def owner_of(entry):
    return Entry.rows.get(pk=entry.pk).owner


def save(client, entry, **changes):
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    return client.post(url, filled_in(client, url, **changes))


# No part of the text


def written():
    """Texts, versions and the revision: what an owner changes nothing of."""
    entries_ = Entry.rows.complete().order_by("pk")
    return [kinds.files(entry) for entry in entries_], list(Version.objects.values_list()), Revision.objects.current()


def test_who_is_named_owner_in_the_form_changes_neither_text_nor_history_nor_revision():
    anna, entry = account("anna"), make_entry()
    before = written()
    assert save(client_of(anna), entry, owner=anna.pk).status_code == 302
    assert owner_of(entry) == anna
    assert written() == before


def publish_a_copy(entry, who):
    copy = working_copies.start_working_copy(entry, who=who)
    working_copies.publish(edit(copy, body="Neu.", who=who), who=who)


def publish_a_copy_that_somebody_took_over(entry, who):
    other = account("andere")
    copy = own(working_copies.start_working_copy(entry, who=who), other)
    working_copies.publish(edit(copy, body="Neu.", who=who), who=who)


def restore_an_older_text(entry, who):
    version = Version.objects.filter(entry=entry).last()
    edit(entry, body="Neu.", who=who)
    working_copies.publish(restoring.restore(version, who=who), who=who)


def import_another_text(entry, who, folder_=None):
    edit(entry, body="Aus der Datei.", source="import")


def say_that_it_still_holds(entry, who):
    entries.still_true(entry, who=who)


def make_a_copy_as_a_draft(entry, who):
    (twin,) = entries.duplicate([entry], who=who)
    assert twin.owner is None


def merge_another_into_it(entry, who):
    merge(entry, own(make_entry("andere"), who), who=who)


@pytest.mark.parametrize(
    "way",
    [
        publish_a_copy, publish_a_copy_that_somebody_took_over, restore_an_older_text, import_another_text, say_that_it_still_holds,
        make_a_copy_as_a_draft, merge_another_into_it,
    ],
    ids=lambda way: way.__name__,
)  # fmt: skip
def test_whatever_becomes_of_its_text_an_entry_keeps_its_owner(way):
    anna, chef = account("anna"), account("chef")
    entry = own(make_entry(), anna)
    way(entry, chef)
    assert owner_of(entry) == anna


def test_an_export_and_its_import_know_nothing_of_owners(settings, tmp_path):
    entry = make_entry()
    call_command("export_content", tmp_path / "ohne")
    own(entry, account("zwackelina"))
    call_command("export_content", tmp_path / "mit")
    texts = [{path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")} for name in ("ohne", "mit")]
    assert texts[0] == texts[1]
    importing.run(folder.read(tmp_path / "mit"))
    assert owner_of(entry).username == "zwackelina"


def test_of_two_that_become_one_the_one_that_stays_gets_the_others_owner_where_it_had_none():
    anna = account("anna")
    kept, gone = make_entry("eins"), own(make_entry("zwei"), anna)
    merge(kept, gone, who=anna)
    assert owner_of(kept) == anna


def test_an_entry_that_is_brought_back_from_the_dead_has_nobody(db):
    entry = own(make_entry(), account("anna"))
    delete(entry)
    version = Version.objects.exclude(document="").first()
    assert restoring.restore(version, who=None).owner is None


# No reader's business

PAGES = [
    "/", "/allgemein/", "/faq/frage/", "/faq/frage.md", "/faq/ablauf/", "/faq/ablauf.md", "/faq/ablauf/handzettel/", "/alles/", "/thema/", "/thema/olp/",
    "/glossar/", "/vor-mir/", "/vergleich/", "/suche/?q=Frage", "/suche.json?q=Frage", "/suche/vorschlaege/?q=Fra", "/suche/feld.json?q=Fra", "/feed.xml", "/sitemap.xml",
    "/llms.txt", "/impressum/", "/datenschutz/", "/gibt-es-nicht/",
]  # fmt: skip


def test_readers_see_the_same_bytes_whoever_is_in_charge(client, settings):
    day = datetime.date(2026, 2, 1)
    texts = [make_entry(tags=["OLP"], updated=day), make_walkthrough(tags=["OLP"], updated=day)]
    draft = make_entry("entwurf", status="draft")
    pages = [*PAGES, preview_link(draft, account("chef")).partition("://")[2].partition("/")[2].join(["/", ""])]
    before = [client.get(page).content for page in pages]
    zwackelina = account("zwackelina", first_name="Zwackelina", last_name="Zwackelmann", email="zw@example.org")
    for entry in [*texts, draft]:
        own(entry, zwackelina)
    after = [client.get(page).content for page in pages]
    assert [page for page, one, other in zip(pages, before, after, strict=True) if one != other] == []
    assert not any(b"wackel" in content for content in after)


# Who may say so


@pytest.mark.parametrize(
    ("group", "status", "may"),
    [("Freigabe", "published", True), ("Freigabe", "draft", True), ("Redaktion", "draft", True), ("Redaktion", "published", False)],
)  # fmt: skip
def test_the_owner_is_named_by_who_may_change_the_text(group, status, may):
    entry, anna = make_entry(status=status), account("anna", group)
    save(client_of(anna), entry, owner=anna.pk)
    assert (owner_of(entry) == anna) is may


def test_colleagues_with_access_are_offered_and_who_is_in_charge_though_they_have_left():
    account("hier", first_name="Hanna", last_name="Hier")
    account("weg", is_active=False)
    User.objects.create_user("ohne-zugang")
    former = account("frueher", is_active=False)
    entry = own(make_entry(), former)
    page = client_of(account("chef")).get(reverse("admin:faq_entry_change", args=[entry.pk])).content.decode()
    offered = page.partition('name="owner"')[2].partition("</select>")[0]
    assert "Hanna Hier</option>" in offered
    assert "frueher</option>" in offered
    assert "selected" in offered.partition("frueher")[0].rpartition("<option")[2]
    assert "weg<" not in offered
    assert "ohne-zugang" not in offered


def test_who_saves_a_form_from_before_leaves_the_entry_as_it_was_handed_on_meanwhile():
    anna, bert, entry = account("anna"), account("bert"), make_entry()
    own(entry, bert)
    client, url = client_of(anna), reverse("admin:faq_entry_change", args=[entry.pk])
    data = filled_in(client, url, note="Nachgesehen.")
    owners.hand_over(bert, to=anna, who=anna)
    assert client.post(url, data).status_code == 302
    assert (owner_of(entry), Entry.objects.get().note) == (anna, "Nachgesehen.")


def test_the_form_of_a_working_copy_says_who_is_in_charge_of_its_entry_and_changes_it_not():
    anna = account("anna", first_name="Anna", last_name="Albers")
    copy = working_copies.start_working_copy(own(make_entry(), anna), who=anna)
    client, url = client_of(account("chef")), reverse("admin:faq_entry_change", args=[copy.pk])
    page = client.get(url).content.decode()
    assert "Anna Albers" in page.partition("field-in_charge")[2].partition("</fieldset>")[0]
    assert 'name="owner"' not in page
    client.post(url, filled_in(client, url, owner="", body="Neu."))
    assert (owner_of(copy.copy_of), owner_of(copy)) == (anna, None)


# In lists


def test_lists_name_the_owner_and_are_narrowed_to_me_to_nobody_or_to_somebody():
    anna, chef = account("anna", first_name="Anna", last_name="Albers"), account("chef")
    own(make_entry("eins", title="Eins?"), anna)
    own(make_entry("zwei", title="Zwei?"), chef)
    make_entry("drei", title="Drei?")
    client = client_of(anna)

    def titles(value):
        page = client.get(
            reverse("admin:faq_entry_changelist"), {"zustaendig": value} if value else {"_alle": "1"}, follow=True
        )
        assert page.status_code == 200
        return {entry.title for entry in page.context["cl"].result_list}

    assert 'class="field-in_charge">Anna Albers' in client.get(reverse("admin:faq_entry_changelist")).content.decode()
    assert [titles(value) for value in ("ich", "niemand", chef.pk)] == [{"Eins?"}, {"Drei?"}, {"Zwei?"}]
    assert titles("") == {"Eins?", "Zwei?", "Drei?"}
    assert titles("gibt-es-nicht") == set()


@pytest.mark.parametrize("model", ["gap", "feedback", "searchquery"])
def test_what_belongs_to_an_entry_is_narrowed_by_its_owner(model):
    client = client_of(User.objects.create_superuser("chef"))
    for value in ("ich", "niemand", "1"):
        address = reverse(f"admin:faq_{model}_changelist")
        assert client.get(address, {"zustaendig": value}).status_code == 200


def test_the_table_of_entries_names_the_owner():
    anna = account("anna", first_name="Anna", last_name="Albers")
    own(make_entry(), anna)
    head, row, *_ = client_of(anna).get("/admin/inhalte/eintraege.csv").content.decode().splitlines()
    assert (head.rpartition(";")[2], row.rpartition(";")[2]) == ("Zuständig", "Anna Albers")


# In whose hands a text is


def holders(entry):
    return [user.username for user in User.objects.order_by("username") if entry in Entry.rows.held_by([user.pk])]


def test_a_text_is_in_the_hands_of_its_owner_and_while_it_is_no_public_one_of_who_wrote_it_last():
    anna, bert = account("anna"), account("bert")
    public, draft = make_entry("eins"), make_entry("zwei", status="draft")
    edit(public, body="Von Anna.", who=anna)
    edit(draft, body="Von Anna.", who=anna)
    copy = working_copies.start_working_copy(public, who=anna)
    assert [holders(entry) for entry in (public, draft, copy)] == [[], ["anna"], ["anna"]]
    edit(copy, body="Von Bert.", who=bert)
    own(draft, bert)
    own(public, bert)
    assert [holders(entry) for entry in (public, draft, copy)] == [["bert"], ["bert"], ["bert"]]
    owners.hand_over(bert, to=anna, who=anna)
    assert [holders(entry) for entry in (public, draft, copy)] == [["anna"], ["anna"], ["anna"]]


def test_who_may_not_publish_hands_on_drafts_and_working_copies_alone():
    anna, bert = account("anna", "Redaktion"), account("bert")
    public, draft = own(make_entry("eins"), bert), own(make_entry("zwei", status="draft"), bert)
    copy = working_copies.start_working_copy(public, who=bert)
    assert owners.hand_over(bert, to=anna, who=anna) == 2
    assert [owner_of(entry).username for entry in (public, draft, copy)] == ["bert", "anna", "anna"]


def test_a_gap_goes_along_with_what_its_account_held():
    anna, bert = account("anna"), account("bert")
    make_entry(body="[Antrag](offen:antrag)")
    with door_open():
        Gap.objects.update(in_charge=bert)
    before = written()
    owners.hand_over(bert, to=anna, who=anna)
    assert Gap.objects.get().in_charge == anna
    assert written() == before
