"""The start page of the admin says what needs doing, and each thing is done from there."""

import datetime
import html
import re
from itertools import chain

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from faq.admin import desk
from faq.editing import working_copies
from faq.models import Entry, Feedback, ImportConflict, OldText, Reference, SearchQuery, Site, WebLink
from faq.operations import to_do
from tests.factories import delete, door_open, edit, make_entry
from tests.forms import filled_in
from tests.queries import count

pytestmark = pytest.mark.usefixtures("seed")
REGISTERED = [model for model in apps.get_models() if admin.site.is_registered(model)]


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


# A desk


def waiting(page, whom="Für Sie"):
    """What stands under one of the two headings, as text."""
    part = page.partition(f"<h2>{whom}</h2>")[2].partition(
        "<h2>Für alle</h2>" if whom == "Für Sie" else 'id="content-main"'
    )[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part))


def own(owner, *slugs):
    with door_open():
        Entry.objects.filter(slug__in=slugs).update(owner=owner)


@pytest.fixture
def nothing_waits():
    with door_open():
        Entry.objects.update(review=None)
        Reference.objects.filter(gap__isnull=False).delete()
        Site.objects.update(imprint="https://a.example/i", privacy="https://a.example/d")


def test_first_stands_what_waits_for_who_looks_with_what_became_of_it_meanwhile(
    admin_client, start_page, nothing_waits
):
    me, other = User.objects.get(username="admin"), User.objects.create_superuser("andere")
    own(me, "mindestanzahl", "stornierung")
    with door_open():
        Entry.objects.filter(slug__in=["mindestanzahl", "vlsc-zugriff"]).update(review="2026-01-05")
    for slug, text in (("stornierung", "Und bei EDU?"), ("vlsc-zugriff", "Und bei OLP?")):
        Feedback.objects.create(entry=Entry.objects.get(slug=slug), helpful=False, text=text)
    public = Entry.objects.get(slug="spezielle-gruppen")
    working_copies.start_working_copy(public, who=me)
    edit(public, body="Anders.", who=other)
    edit(make_entry("entwurf", title="Von mir?", status="draft"), body="Angefangen.", who=me)
    edit(make_entry("fremd", title="Von anderen?", status="draft"), body="Angefangen.", who=other)
    page = start_page()
    mine, everybodys = waiting(page), waiting(page, "Für alle")
    for words in (
        "1 Eintrag zu prüfen",
        "1 Rückmeldung",
        "Und bei EDU?",
        "2 in Arbeit",
        "Von mir?",
        "Der öffentliche Text ist neuer",
        ", andere",
    ):
        assert words in mine
    for words in ("Und bei OLP?", "Von anderen?"):
        assert words not in mine
        assert words in everybodys
    assert "2 Einträge zu prüfen" in everybodys
    assert "3 in Arbeit" in everybodys


def test_a_search_in_vain_is_told_to_who_is_in_charge_of_what_comes_nearest(
    client, admin_client, start_page, nothing_waits
):
    own(User.objects.get(username="admin"), *Entry.objects.values_list("slug", flat=True))
    for query in ("Bestellung Kaffeemaschine", "Zwackelmann"):
        client.get("/suche/", {"q": query})
    to_do.refresh()
    outcomes = dict(SearchQuery.objects.values_list("text", "outcome"))
    assert outcomes == {"bestellung kaffeemaschine": "similar", "zwackelmann": "nothing"}
    mine = waiting(start_page())
    assert "„bestellung kaffeemaschine“ 1-mal, nur Ähnliches , am nächsten:" in mine
    assert "zwackelmann" not in mine


def test_where_nothing_waits_the_start_page_says_so_in_a_sentence(start_page, nothing_waits):
    page = start_page()
    assert "Für Sie steht gerade nichts an." in page
    assert "Alles erledigt: Es wartet nichts." in page


def test_an_editor_searches_entries_and_begins_one_right_away(admin_client, start_page):
    page = start_page()
    assert f'action="{reverse("admin:faq_entry_changelist")}"' in page
    found = admin_client.get(reverse("admin:faq_entry_changelist"), {"q": "falsche Bestellungen"})
    assert [entry.slug for entry in found.context["cl"].result_list] == ["stornierung"]
    assert f'href="{reverse("admin:faq_entry_add")}">Neuer Eintrag' in page


@pytest.mark.parametrize("number", [10, 1000])
def test_a_desk_of_many_entries_asks_as_often_and_shows_as_few_of_each(admin_client, number):
    me, today = User.objects.get(username="admin"), timezone.localdate()
    category = Entry.objects.first().category
    with door_open():
        Entry.objects.bulk_create(
            Entry(
                category=category, slug=f"viele-{n}", title=f"Frage {n}?", owner=me, review=today,
                status="draft" if n % 2 else "published",
            )
            for n in range(number)
        )  # fmt: skip
    many = list(Entry.objects.filter(slug__startswith="viele"))
    Feedback.objects.bulk_create(Feedback(entry=entry, helpful=False, text="Hm.") for entry in many)
    admin_client.get("/admin/")
    assert count(admin_client, "/admin/") <= 40
    page = admin_client.get("/admin/").content.decode()
    assert max(section.count("<li>") for section in re.findall("<section>.*?</section>", page, re.S)) <= 8
    assert f">alle {number}</a>" in page


# What there is, by task


def test_every_model_stands_in_one_group_the_rare_ones_last(admin_client):
    page = admin_client.get("/admin/")
    groups = {group["name"]: [model["object_name"] for model in group["models"]] for group in page.context["app_list"]}
    assert list(groups) == ["Inhalte", "Nachschlagen", "Pflege", "Verlauf", "Verwaltung"]
    assert sorted(chain.from_iterable(groups.values())) == sorted(model.__name__ for model in REGISTERED)
    assert groups["Inhalte"][0] == "Entry"
    assert groups["Verwaltung"][-2:] == ["User", "Group"]
    beside = admin_client.get("/admin/faq/entry/").context["available_apps"]
    assert [group["name"] for group in beside] == list(groups)


def test_a_model_that_nobody_named_comes_last():
    by_app = [{"models": [{"object_name": "Neues"}, {"object_name": "Entry"}]}]
    assert [group["name"] for group in desk.grouped(by_app)] == ["Inhalte", "Verwaltung"]


# Rights

# Groups, and what single permissions begin with.
ROLES = ["Redaktion", "Freigabe", "view_entry", "view_"]


def every_link(page):
    links = re.findall(r'<a [^>]*href="(/admin/[^"#]*)"', page)
    return sorted({html.unescape(link) for link in links} - {"/admin/logout/"})


@pytest.mark.parametrize("role", ROLES)
def test_nothing_on_the_start_page_leads_to_where_one_may_not_go(client, role, nothing_waits):
    me = User.objects.create_user("ich", is_staff=True)
    if group := Group.objects.filter(name=role).first():
        me.groups.add(group)
    else:
        me.user_permissions.set(Permission.objects.filter(codename__startswith=role))
    own(me, "mindestanzahl")
    with door_open():
        Entry.objects.filter(slug__in=["mindestanzahl", "stornierung"]).update(review="2026-01-05")
    gone = User.objects.create_user("weg", is_staff=True)
    entry = make_entry(
        "neu",
        body="[Antrag](offen:antrag) [x](https://example.org/)",
        publish_at=timezone.now() + datetime.timedelta(days=1),
    )
    edit(make_entry("entwurf", status="draft"), body="Angefangen.", who=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    edit(working_copies.start_working_copy(entry, who=me), body="Neu.", who=me)
    edit(entry, body="Anders. [Antrag](offen:antrag) [x](https://example.org/)")
    delete(make_entry("geloescht"))
    for slug in ("mindestanzahl", "stornierung"):
        Feedback.objects.create(entry=Entry.objects.get(slug=slug), helpful=False, text="Hm.")
    WebLink.objects.update(checked=timezone.now(), status=404, failures=9)
    near = Entry.objects.get(slug="mindestanzahl")
    SearchQuery.objects.create(text="hm", outcome="similar", nearest=near).days.create(
        day=timezone.localdate(), count=7, vain=7
    )
    ImportConflict.objects.create(path="allgemein/x.md")
    with door_open():
        OldText.objects.create(text=near.body, reasons="Zeile 1: Heute abgelehnt.")
    client.force_login(me)
    page = client.get("/admin/").content.decode()
    refused = [link for link in every_link(page) if client.get(link).status_code == 403]
    for action in re.findall(r'<form method="post" action="(/admin/faq/[^"]+)"', page):
        with transaction.atomic():
            refused += [action] if client.post(action).status_code == 403 else []
            transaction.set_rollback(True)
    assert refused == []
    assert len(every_link(page)) > 8


@pytest.mark.parametrize("right", ["view_tag", "view_feedback", "view_gap", "view_searchquery", "view_weblink"])
def test_the_start_page_opens_for_whoever_may_see_only_one_kind_of_thing(client, right):
    user = User.objects.create_user("lea", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=right, content_type__app_label="faq"))
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
