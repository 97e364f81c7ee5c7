"""Who leaves is out at once, everywhere; what they wrote is there for others; and a lead cares for accounts without becoming more."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from faq.editing import working_copies
from faq.models import Entry, Gap, Revision, Version
from tests.admin.conftest import code
from tests.admin.test_login import PASSWORD, account, half_logged_in, log_in, opens
from tests.factories import door_open, edit, make_entry
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


def switch_off(name):
    User.objects.filter(username=name).update(is_active=False)


# Who leaves


def test_who_is_switched_off_is_out_of_every_page_at_once(client, seed):
    account()
    log_in(client)
    entry = Entry.objects.get(slug="stornierung")
    pages = [
        "/admin/",
        "/admin/faq/entry/",
        reverse("admin:faq_entry_change", args=[entry.pk]),
        "/admin/zahlen/",
        "/konto/2fa/",
    ]
    assert {client.get(page).status_code for page in pages} == {200}
    switch_off("freigabe")
    for page in pages:
        assert "/konto/login/" in client.get(page, follow=True).request["PATH_INFO"], page
    before = Version.objects.count()
    client.post(reverse("admin:faq_entry_change", args=[entry.pk]), {"title": "Noch schnell"})
    assert Version.objects.count() == before


def test_who_is_switched_off_between_password_and_second_factor_stays_out(client, second_factor, enrol):
    secret = half_logged_in(client, enrol)
    switch_off("freigabe")
    client.post("/konto/2fa/authenticate/", {"code": code(secret)})
    assert not opens(client)


def test_who_is_switched_off_gets_no_new_password(client, settings, monkeypatch):
    monkeypatch.setattr("faq.after_answer.do", lambda function, *arguments: function(*arguments))
    settings.EMAIL_HOST = "127.0.0.1"
    account(email="da@example.org")
    client.post("/konto/password/reset/", {"email": "da@example.org"})
    address = re.search(r"http://\S+(/konto/password/reset/key/\S+)", mail.outbox[0].body)[1]
    switch_off("freigabe")
    client.post("/konto/password/reset/", {"email": "da@example.org"})
    assert len(mail.outbox) == 1
    form = client.get(address, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD + "-neu", "password2": PASSWORD + "-neu"})
    for password in (PASSWORD, PASSWORD + "-neu"):
        log_in(client, password=password)
        assert not opens(client)


def test_the_links_somebody_gave_away_show_nothing_once_they_are_gone(client):
    draft, reader = make_entry("entwurf", status="draft"), Client()
    account()
    log_in(client)
    page = client.get(reverse("admin:faq_entry_change", args=[draft.pk])).content.decode()
    address = re.search(r"http://[^/]+(/vorschau/[^\"/]+/)", page)[1]
    assert reader.get(address).status_code == 200
    switch_off("freigabe")
    assert reader.get(address).status_code == 404


def test_sessions_end_with_the_account_and_do_not_come_back_with_it(client, admin_client):
    user = account()
    log_in(client)
    form = reverse("admin:auth_user_change", args=[user.pk])
    for active in ({}, {"is_active": "on"}):
        data = {"username": "freigabe", "is_staff": "on", "date_joined_0": "2026-01-01", "date_joined_1": "10:00"}
        assert admin_client.post(form, data | active).status_code == 302
        assert not opens(client)
    assert Session.objects.count() == 1


def test_what_somebody_left_unfinished_is_listed_for_who_takes_over(admin_client):
    user, other = account(), account("bleibt")
    left = working_copies.start_working_copy(make_entry("eins", title="Halb fertig?"), who=user)
    edit(left, who=user, body="Bis hierhin.")
    edit(
        working_copies.start_working_copy(make_entry("zwei", title="In Arbeit?"), who=other), who=other, body="Weiter."
    )
    edit(make_entry("drei", title="Nur ein Entwurf?", status="draft"), who=user, body="Angefangen.")
    switch_off("freigabe")
    page = admin_client.get("/admin/").content.decode()
    listed = page.partition("2 von Konten, die abgeschaltet sind")[2].partition("</section>")[0]
    assert "Halb fertig?" in listed
    assert "Nur ein Entwurf?" in listed
    assert listed.count(", von freigabe") == 2
    assert "In Arbeit?" not in listed
    edit(left, who=other, body="Übernommen.")
    assert "1 von Konten, die abgeschaltet sind" in admin_client.get("/admin/").content.decode()


@pytest.fixture
def leaving():
    """Somebody who is in charge of an entry and a gap, has a draft and a working copy; and the texts."""
    user = account("geht")
    entry = make_entry("eins", title="Betreut?", body="[Antrag](offen:antrag)")
    with door_open():
        Entry.objects.filter(pk=entry.pk).update(owner=user)
        Gap.objects.update(in_charge=user)
    draft = edit(make_entry("zwei", title="Entwurf?", status="draft"), who=user, body="Angefangen.")
    copy = working_copies.start_working_copy(make_entry("drei", title="Kopie?"), who=user)
    return user, [entry, draft, copy]


def in_the_hands_of(user):
    texts = sorted(Entry.rows.held_by([user.pk]).values_list("title", flat=True))
    return [*texts, *Gap.objects.filter(in_charge=user).values_list("name", flat=True)]


ALL = ["Betreut?", "Entwurf?", "Kopie?", "Antrag"]
CASES = {"switched off": "is_active", "no longer of the staff": "is_staff"}


@pytest.mark.parametrize("taken", CASES.values(), ids=CASES)
def test_who_ends_an_account_says_in_whose_hands_its_texts_go(admin_client, leaving, taken):
    user, _ = leaving
    heir, url = (
        account("erbin", first_name="Erika", last_name="Erbin"),
        reverse("admin:auth_user_change", args=[user.pk]),
    )
    data = filled_in(admin_client, url)
    data.pop(taken)
    page = admin_client.post(url, data).content.decode()
    assert "Bitte sagen Sie, an wen es geht." in page
    assert "Erika Erbin</option>" in page
    assert "offene Stellen: 4." in page
    user.refresh_from_db()
    assert (user.is_active, user.is_staff) == (True, True)
    revision, versions = Revision.objects.current(), Version.objects.count()
    assert admin_client.post(url, data | {"heir": heir.pk}).status_code == 302
    user.refresh_from_db()
    assert not (user.is_active and user.is_staff)
    assert (in_the_hands_of(user), in_the_hands_of(heir)) == ([], ALL)
    assert (Revision.objects.current(), Version.objects.count()) == (revision, versions)
    assert "Übergeben an" not in admin_client.get(url).content.decode()


def test_what_goes_to_nobody_waits_for_who_takes_it_over_if_it_is_unfinished(admin_client, leaving):
    user, (entry, *_) = leaving
    url = reverse("admin:auth_user_change", args=[user.pk])
    data = filled_in(admin_client, url, heir="-")
    del data["is_active"]
    assert admin_client.post(url, data).status_code == 302
    assert Entry.objects.get(pk=entry.pk).owner is None
    assert "2 von Konten, die abgeschaltet sind" in admin_client.get("/admin/").content.decode()


def test_who_stays_hands_over_too(admin_client, leaving):
    user, _ = leaving
    heir, url = account("erbin"), reverse("admin:auth_user_change", args=[user.pk])
    assert admin_client.post(url, filled_in(admin_client, url, heir=heir.pk)).status_code == 302
    assert in_the_hands_of(heir) == ALL
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize("way", ["form", "list"])
def test_an_account_is_deleted_once_it_has_handed_over_what_it_is_in_charge_of(admin_client, way):
    user, entry = account("geht"), make_entry("eins")
    with door_open():
        Entry.objects.update(owner=user)
    url = reverse("admin:auth_user_delete", args=[user.pk])
    data = {"post": "yes"}
    if way == "list":
        url, data = (
            reverse("admin:auth_user_changelist"),
            data | {"action": "delete_selected", "_selected_action": [user.pk]},
        )
    assert "im Formular des Kontos zuerst übergeben" in admin_client.post(url, data).content.decode()
    assert Entry.objects.get(pk=entry.pk).owner == user
    form = reverse("admin:auth_user_change", args=[user.pk])
    admin_client.post(form, filled_in(admin_client, form, heir="-"))
    assert admin_client.post(url, data).status_code == 302
    assert not User.objects.filter(pk=user.pk).exists()


def test_all_that_a_colleague_left_is_taken_over_in_one_click(admin_client, leaving):
    user, _ = leaving
    chef = User.objects.get(username="admin")
    url = reverse("admin:faq_entry_take_over", args=[user.pk])
    assert admin_client.post(url).status_code == 404  # of who is still there nothing is taken
    switch_off("geht")
    page = admin_client.get("/admin/").content.decode()
    assert "3 von Konten, die abgeschaltet sind" in page
    assert f'action="{url}"' in page
    assert "Alle 3 von geht übernehmen" in page
    page = admin_client.post(url, follow=True).content.decode()
    assert "Von geht übernommen: 4." in page
    assert in_the_hands_of(chef) == ALL
    assert "von Konten, die abgeschaltet sind" not in page
    mine = page.partition("Für Sie</h2>")[2].partition("Für alle</h2>")[0]
    assert "Entwurf?" in mine
    assert "Kopie?" in mine


def test_who_may_not_publish_takes_over_what_is_not_public(client, leaving):
    switch_off("geht")
    editor = account("redaktion", "Redaktion")
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    assert "Alle 2 von geht übernehmen" in page
    client.post(reverse("admin:faq_entry_take_over", args=[leaving[0].pk]))
    assert in_the_hands_of(editor) == ["Entwurf?", "Kopie?", "Antrag"]
    assert in_the_hands_of(leaving[0]) == ["Betreut?"]


# Who cares for accounts

RISE = {
    "username": "boese", "password": "x", "first_name": "B", "email": "boese@example.org", "is_active": "on", "is_staff": "on", "is_superuser": "on",
    "usable_password": "true", "password1": PASSWORD + "-x", "password2": PASSWORD + "-x", "_save": "1", "post": "yes", "last_login_0": "2026-01-01", "last_login_1": "10:00",
    "date_joined_0": "2026-01-01", "date_joined_1": "10:00",
}  # fmt: skip


@pytest.fixture
def lead(client):
    """A client of somebody who publishes and cares for accounts, and is no superuser."""
    leads = Group.objects.create(name="Leitung")
    leads.permissions.set(
        Permission.objects.filter(codename__in=["add_user", "change_user", "view_user", "delete_user"])
    )
    account("leitung").groups.add(leads)
    log_in(client, "leitung")
    return client


def everybody():
    """An account of every kind that is above an editor's, by name."""
    leads, group = Group.objects.get(name="Leitung"), Group.objects.get(name="Redaktion")
    User.objects.create_superuser("chefin", password=PASSWORD)
    account("veroeffentlicht")
    account("beides", "Redaktion").groups.add(Group.objects.get(name="Freigabe"))
    account("zweite-leitung", None).groups.add(leads)
    account("mit-recht", "Redaktion").user_permissions.add(Permission.objects.get(codename="publish_entry"))
    User.objects.create_superuser("chef-in-redaktion", password=PASSWORD).groups.add(group)
    return User.objects.all()


def what_accounts_may():
    return {
        user.pk: (
            user.username,
            user.password,
            user.email,
            user.is_active,
            user.is_staff,
            user.is_superuser,
            *sorted(user.get_all_permissions()),
        )
        for user in User.objects.prefetch_related("groups")
    }


def test_a_lead_makes_an_account_that_is_an_editors(lead):
    page = lead.post(reverse("admin:auth_user_add"), RISE, follow=True)
    assert page.status_code == 200
    new = User.objects.get(username="boese")
    assert (new.is_staff, new.is_superuser, [group.name for group in new.groups.all()]) == (True, False, ["Redaktion"])
    editor = Client()
    log_in(editor, "boese", PASSWORD + "-x")
    assert opens(editor)


def test_a_lead_gives_an_account_of_the_firms_login_its_access_and_takes_it_away(lead):
    user = User.objects.create_user("neu", password=PASSWORD)
    form = reverse("admin:auth_user_change", args=[user.pk])
    assert lead.post(form, {"username": "neu", "is_active": "on", "is_staff": "on"}).status_code == 302
    editor = Client()
    log_in(editor, "neu")
    assert opens(editor)
    assert lead.post(form, {"username": "neu", "is_staff": "on"}).status_code == 302
    assert not opens(editor)


def test_a_lead_takes_a_lost_second_factor_of_an_editor_away_and_of_nobody_else(lead, enrol):
    factors = {}
    for name, group in (("redaktion", "Redaktion"), ("andere", "Freigabe")):
        user, browser = account(name, group), Client()
        log_in(browser, name)
        enrol(browser)
        factors[name] = user.pk
    data = {"action": "take_second_factor_away", "_selected_action": list(factors.values())}
    page = lead.post(reverse("admin:auth_user_changelist"), data, follow=True).content.decode()
    assert "Sitzungen beendet: 1 Konto." in page
    assert {name: User.objects.get(pk=key).authenticator_set.exists() for name, key in factors.items()} == {
        "redaktion": False,
        "andere": True,
    }


def test_a_lead_needs_a_second_factor(lead, second_factor):
    User.objects.get(username="leitung").groups.set(Group.objects.filter(name="Leitung"))
    assert not opens(lead)


@pytest.mark.parametrize("way", ["change", "password_change", "delete", "history"])
def test_whatever_a_lead_sends_nobody_above_an_editor_changes_nor_they_themselves(lead, way):
    accounts, before = everybody(), what_accounts_may()
    name = "admin:auth_user_password_change" if way == "password_change" else f"admin:auth_user_{way}"
    more = {
        "groups": [g.pk for g in Group.objects.all()],
        "user_permissions": [p.pk for p in Permission.objects.all()[:9]],
    }
    for user in accounts:
        address = reverse(name, args=[user.pk])
        assert lead.get(address).status_code in (302, 403, 404), user
        for changes in ({}, {"username": "boese"}, {"username": user.username, "_popup": "1", "_to_field": "id"}):
            lead.post(address, RISE | more | changes)
    for action in ("delete_selected", "take_second_factor_away"):
        lead.post(
            reverse("admin:auth_user_changelist"), {"action": action, "_selected_action": list(before), "post": "yes"}
        )
    after = what_accounts_may()
    assert after == before


def test_an_editor_whom_a_lead_changes_stays_an_editor(lead):
    editor = account("redaktion", "Redaktion")
    before = editor.get_all_permissions()
    more = {"groups": [g.pk for g in Group.objects.all()], "user_permissions": [p.pk for p in Permission.objects.all()]}
    assert lead.post(reverse("admin:auth_user_change", args=[editor.pk]), RISE | more).status_code == 302
    changed = User.objects.get(pk=editor.pk)
    assert (changed.username, changed.is_superuser, changed.get_all_permissions()) == ("boese", False, before)


def test_a_lead_reads_nothing_of_others_from_the_list(lead):
    everybody()
    assert not re.search(
        "chefin|veroeffentlicht|beides", lead.get(reverse("admin:auth_user_changelist")).content.decode()
    )
    for query in ("password__gte=a", "is_superuser__exact=1&q=chefin", "groups__id__exact=1"):
        assert "chefin" not in lead.get(f"/admin/auth/user/?{query}").content.decode().partition('id="result_list"')[2]
    assert lead.get("/admin/faq/version/?who__password__gte=a").status_code == 400
    assert lead.get(reverse("admin:auth_group_changelist")).status_code == 403
