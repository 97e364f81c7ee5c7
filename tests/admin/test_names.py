"""Whatever the admin names, it names as people do: by a title, and never as „… object (1)“."""

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from taggit.models import Tag as UnusedTag
from taggit.models import TaggedItem

from faq.content.documents import Change
from faq.models import DigestSubscription, Editing, Entry, Gone, Notice, OldText, ReviewMail, Version
from tests.admin.test_queries import add
from tests.admin.test_queries import portal as portal_with_a_walkthrough
from tests.factories import delete, door_open, edit, make_category, make_entry

portal = portal_with_a_walkthrough  # a fixture
NO_NAME = re.compile(r"\bobject \(\d+\)|_\w+ object|-Beziehung")


@pytest.fixture
def one_of_each(portal, client):
    """A row at least of every model that there is, those between two others included."""
    add(0)
    user = User.objects.get(username="u0")
    user.user_permissions.add(Permission.objects.first())
    user.groups.get().permissions.add(Permission.objects.first())
    entry = Entry.objects.get(slug="frage-0")
    edit(entry, category=make_category("anderswo"))
    make_entry("angekuendigt", changes=[Change(None, "Neu.")], status="draft")
    moved = make_entry("umgezogen")
    delete(edit(moved, category=make_category("anderswo")))
    with door_open():
        OldText.objects.create(text="alt", reasons="Zeile 1: Fußnoten gibt es nicht.", html="<p>alt</p>")
    Editing.objects.note(model="entry", key=entry.pk, user=user)
    DigestSubscription.objects.create(user=user)
    ReviewMail.objects.create(user=user)
    kind = ContentType.objects.get_for_model(Entry)
    LogEntry.objects.create(user=user, content_type=kind, object_id=entry.pk, object_repr="Frage", action_flag=CHANGE)
    address = EmailAddress.objects.create(user=user, email="u0@example.org")
    EmailConfirmation.objects.create(email_address=address, key="k")
    Authenticator.objects.create(user=user, type="totp", data={})
    account = SocialAccount.objects.create(user=user, provider="oidc", uid="1")
    app = SocialApp.objects.create(provider="oidc", name="Firma", client_id="1")
    SocialToken.objects.create(app=app, account=account, token="t")
    TaggedItem.objects.create(tag=UnusedTag.objects.create(name="x", slug="x"), content_type=kind, object_id=entry.pk)
    Client().force_login(user)


def test_every_row_has_a_name_people_know(one_of_each):
    models = apps.get_models(include_auto_created=True)
    names = {model._meta.label: str(row) for model in models if (row := model._base_manager.first())}
    empty = {model._meta.label for model in models} - set(names)
    assert empty == {"sessions.Session"} - set(names), empty
    assert {label: name for label, name in names.items() if NO_NAME.search(name)} == {}
    assert str(Notice.objects.first()).startswith("[a]")
    assert "17:00" in str(Version(path="a.md", when=Version.objects.first().when.replace(month=1, hour=16, minute=0)))


def test_no_page_that_deletes_names_a_row_by_its_number(one_of_each, admin_client):
    tried = 0
    for model in filter(admin.site.is_registered, apps.get_models()):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = list(model._base_manager.values_list("pk", flat=True))
        asked = [admin_client.get(reverse(f"{name}_delete", args=[key])) for key in rows[:3]]
        data = {"action": "delete_selected", "_selected_action": rows}
        asked.append(admin_client.post(reverse(f"{name}_changelist"), data))
        for page in asked:
            assert not NO_NAME.search(page.content.decode()), name
            tried += page.status_code == 200
    assert tried > 20


def test_a_deleted_entry_is_listed_once_and_found_by_each_of_its_addresses(db, admin_client):
    delete(make_entry("weg", title="Wo ist das?", aliases=["a-frueher", "z-frueher"]), make_entry("auch-weg"))
    url = reverse("admin:faq_gone_changelist")

    def listed(**query):
        return [gone.slug for gone in admin_client.get(url, query or {"q": ""}).context["cl"].result_list]

    assert sorted(listed()) == ["auch-weg", "weg"]
    assert listed(q="z-frueher") == ["weg"]
    make_entry("weg", title="Etwas Neues?")  # its own address says so no more
    assert sorted(listed()) == ["a-frueher", "auch-weg"]
    admin_client.post(url, {"action": "bring_back", "_selected_action": [Gone.objects.get(slug="auch-weg").pk]})
    assert Entry.objects.filter(slug="auch-weg").exists()
