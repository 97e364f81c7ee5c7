"""From the page of an entry to its form: `bearbeiten` behind its address, and a bookmark that goes there."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.urls import reverse

from faq.editing import working_copies
from faq.models import Entry
from tests.accounts import client_of
from tests.factories import delete, edit, make_entry

pytestmark = pytest.mark.django_db


def ends_at(client, path):
    """Where it leads in the end."""
    response = client.get(path, follow=True)
    return response.status_code, response.request["PATH_INFO"]


def form_of(entry):
    return 200, reverse("admin:faq_entry_change", args=[entry.pk])


@pytest.mark.parametrize("path", ["/faq/frage/bearbeiten", "/faq/frage/bearbeiten/", "/faq/frueher/bearbeiten"])
@pytest.mark.parametrize("status", ["published", "draft"])
def test_the_address_of_an_entry_leads_to_its_form(path, status):
    entry = make_entry("frage", aliases=["frueher"], status=status)
    assert ends_at(client_of("Redaktion", "rita"), path) == form_of(entry)


def test_it_leads_to_ones_own_working_copy_and_past_that_of_somebody_else():
    entry = make_entry("frage")
    rita, otto = client_of("Redaktion", "rita"), client_of("Redaktion", "otto")
    copy = working_copies.start_working_copy(entry, who=User.objects.get(username="rita"))
    assert ends_at(rita, "/faq/frage/bearbeiten") == form_of(copy)
    assert ends_at(otto, "/faq/frage/bearbeiten") == form_of(entry)
    edit(copy, who=User.objects.get(username="otto"), body="Ottos Fassung.")
    assert ends_at(rita, "/faq/frage/bearbeiten") == form_of(entry)
    assert ends_at(otto, "/faq/frage/bearbeiten") == form_of(Entry.rows.get(copy_of=entry))


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "geloescht", "allgemein"])
def test_what_there_is_not_is_not_found_in_german(slug):
    delete(make_entry("geloescht"))
    response = client_of("Redaktion", "rita").get(f"/faq/{slug}/bearbeiten", follow=True)
    assert response.status_code == 404
    assert "nicht gefunden" in response.content.decode()


def test_a_stranger_learns_nothing_before_the_login_and_gets_no_cookie(client):
    make_entry("entwurf", status="draft")
    make_entry("frage")
    answers = set()
    for slug in ("entwurf", "frage", "gibt-es-nicht"):
        first = client.get(f"/faq/{slug}/bearbeiten")
        assert not first.cookies
        second = client.get(first["Location"])
        third = client.get(second["Location"])
        assert third["Location"].startswith("/konto/login/?next=")
        answers.add((first.status_code, first["Location"].replace(slug, "…"), third["Location"].replace(slug, "…")))
    assert len(answers) == 1
    assert "Disallow: /faq/*/bearbeiten" in client.get("/robots.txt").content.decode()


def test_after_the_login_it_leads_on_to_the_form(client):
    entry = make_entry("frage")
    User.objects.create_user("rita", password="nur-fuer-den-test", is_staff=True).groups.add(
        Group.objects.get(name="Redaktion")
    )
    login = client.get("/faq/frage/bearbeiten", follow=True)
    path = f"{login.request['PATH_INFO']}?{login.request['QUERY_STRING']}"
    done = client.post(
        path, {"login": "rita", "password": "nur-fuer-den-test", "next": "/admin/bearbeiten/frage/"}, follow=True
    )
    assert (done.status_code, done.request["PATH_INFO"]) == form_of(entry)


def test_the_guide_has_a_bookmark_that_leads_there(admin_client):
    page = admin_client.get(reverse("admin:guide")).content.decode()
    (bookmark,) = re.findall(r'<a href="(javascript:[^"]*)">Eintrag bearbeiten</a>', page)
    assert f"{settings.PUBLIC_URL}/faq/" in bookmark
    assert "/bearbeiten" in bookmark
