"""Whoever may not is offered nothing that is refused, and is told who may; what was typed is never lost for it."""

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.editing import working_copies
from faq.files import storing
from faq.models import Attachment, Contact, Entry, Feedback, Gone, ImportConflict, Notice, SearchQuery, Site, WebLink
from tests.factories import delete, door_open, edit, make_entry, make_walkthrough, store
from tests.forms import filled_in
from tests.papers import pdf

pytestmark = pytest.mark.django_db

SOON, BEFORE = (timezone.now() + timedelta(days=days) for days in (2, -1))


def client_of(group, name="rita", **options):
    user = User.objects.create_user(name, password="x", is_staff=True)
    if group == "viewer":
        user.user_permissions.set(
            Permission.objects.filter(content_type__app_label="faq", codename__startswith="view_")
        )
    elif group == "lead":
        user.groups.add(Group.objects.get(name="Redaktion"))
        user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "add_user", "change_user"]))
    elif group:
        user.groups.add(Group.objects.get(name=group))
    client = Client(**options)
    client.force_login(user)
    return client


@pytest.fixture
def things(settings, tmp_path):
    """Something of every kind and in every state, all of it of somebody else."""
    settings.MEDIA_ROOT = tmp_path / "files"
    links = "[Gesetz](offen:gesetz), [dort](https://example.org/alt), [](datei:a), [](kontakt:team)"
    with storing.no_orphans(), door_open():
        stored = storing.store("a.pdf", pdf())
        Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored, was_public=True)
        Attachment.objects.create(slug="b", title="B", name="b.pdf", stored=stored)
    store(Contact(slug="team", name="Team", phone="05744 1"), Site(pk=1, title="Hilfe", intro=links))
    public = make_entry("oeffentlich", body=links, aliases=["frueher"], tags=["OLP"], review=BEFORE.date())
    make_walkthrough("ablauf", tags=["OLP"])
    make_entry("entwurf", status="draft", body=links)
    make_entry("geplant", publish_at=SOON)
    make_entry("abgelaufen", expire_at=BEFORE)
    edit(working_copies.start_working_copy(make_entry("mit-kopie", body=links), who=None), body="Besprochen.")
    copy = edit(working_copies.start_working_copy(make_entry("mit-geplanter"), who=None), publish_at=SOON, body=links)
    working_copies.publish(copy, who=None)
    for slug in ("weg", "weggeworfen"):
        delete(make_entry(slug, status="published" if slug == "weg" else "draft"))
    store(Notice(slug="stoerung", text="Störung", entry=public))
    Feedback.objects.create(entry=public, helpful=False)
    WebLink.objects.update(checked=timezone.now(), status=404, failures=9)
    ImportConflict.objects.create(path="allgemein/oeffentlich.md")
    today = timezone.localdate()
    SearchQuery.objects.create(text="zwackel", outcome=SearchQuery.NOTHING).days.create(day=today, count=7, vain=7)


class _Page(HTMLParser):
    """The links of a page, and of its forms those that are nothing but a button: pairs of address and fields."""

    def __init__(self, html):
        super().__init__()
        self.links, self.buttons, self._form, self._fields = [], [], None, {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        elif tag == "form":
            self._form, self._fields = attrs.get("action") if attrs.get("method") == "post" else None, {}
        elif tag in ("select", "textarea") or (tag == "input" and attrs.get("type") not in ("hidden", "submit")):
            self._form = None
        elif tag in ("input", "button") and attrs.get("name"):
            self._fields[attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form" and self._form:
            self.buttons.append((self._form, self._fields))


def walked(client):
    """Every page that links lead to from the start page, each once: address, status, page."""
    waiting, known = ["/admin/"], {"/admin/"}
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        body = b"".join(response)
        html = body.decode() if "html" in response.headers.get("Content-Type", "") else ""
        page = _Page(html)
        yield url, response.status_code, page
        leads_on = response.headers.get("Location", "")
        for link in [*page.links, leads_on] if url.startswith("/admin/") else ():
            to = urlsplit(urljoin(settings.PUBLIC_URL + url, link))
            ours = f"{to.scheme}://{to.netloc}" == settings.PUBLIC_URL and to.path.startswith(
                ("/admin/", "/konto/", "/faq/", "/datei/")
            )
            if ours and to.path not in known:
                known.add(to.path)
                waiting.append(to.path)


@pytest.mark.parametrize("role", ["Redaktion", "viewer", "lead"])
def test_no_page_offers_what_is_refused(things, role):
    """Every link is followed from the start page on, and every button pressed."""
    client, refused, pressed, pages = client_of(role), [], set(), 0
    for url, status, page in walked(client):
        pages += 1
        refused += [url] if status in (403, 404, 500) else []
        for address, fields in page.buttons:
            if (address, *fields) not in pressed and "logout" not in address:
                pressed.add((address, *fields))
                with transaction.atomic():
                    if client.post(address, fields, headers={"Referer": settings.PUBLIC_URL + url}).status_code == 403:
                        refused.append(f"{url}: {address}")
                    transaction.set_rollback(True)
    assert refused == []
    assert pages > 60
    assert len(pressed) > 5 or role == "viewer"


# Who may instead


REFUSED = {
    "/admin/faq/contact/add/": "die Gruppe Freigabe (frieda, Max Muster)",
    "/admin/inhalte/": "die Gruppe Freigabe (frieda, Max Muster)",
    "/admin/faq/weblink/{web}/ersetzen/": "die Gruppe Freigabe (frieda, Max Muster)",
    "/admin/faq/entry/{entry}/delete/": "die Gruppe Freigabe (frieda, Max Muster)",
    "/admin/auth/user/": "wer Konten betreut (leo)",
}


@pytest.mark.parametrize("address", REFUSED)
def test_a_refused_page_says_in_german_who_may_and_leads_back(things, address):
    client = client_of("Redaktion")
    client_of("Freigabe", "frieda")
    client_of("Freigabe", "max")
    User.objects.filter(username="max").update(first_name="Max", last_name="Muster")
    client_of("Freigabe", "gegangen")
    User.objects.filter(username="gegangen").update(is_active=False)
    client_of("lead", "leo")
    url = address.format(web=WebLink.objects.get().pk, entry=Entry.objects.get(slug="oeffentlich").pk)
    back = f"{settings.PUBLIC_URL}/admin/anleitung/"
    for send in (client.get, client.post):
        response = send(url, headers={"Referer": back})
        page = response.content.decode()
        assert response.status_code == 403
        assert REFUSED[address] in page
        assert f'href="{back}"' in page
        assert "gegangen" not in page
    assert (
        "https://boese.example" not in client.get(url, headers={"Referer": "https://boese.example/"}).content.decode()
    )


def test_what_was_typed_is_shown_by_a_page_that_refuses_it(things):
    client = client_of("Redaktion")
    web = WebLink.objects.get()
    sent = {
        reverse("admin:faq_weblink_replace", args=[web.pk]): {"address": "https://example.org/neu"},
        "/admin/faq/term/add/": {"name": "Neues", "definition": "Lang getippt."},
        reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="oeffentlich").pk]): {"body": "Lang getippt."},
    }
    for url, typed in sent.items():
        page = client.post(url, typed).content.decode()
        assert all(value in page for value in typed.values()), url
        assert "die Gruppe Freigabe" in page
    page = client.post("/admin/auth/user/add/", {"usable_password": "x", "password1": "geheim!", "username": "neu"})
    assert "geheim!" not in page.content.decode()


def test_redaktion_is_not_led_to_spellings_which_it_may_not_add(things):
    spelling = reverse("admin:faq_searchquery_spelling", args=[SearchQuery.objects.get().pk])
    for group, offered in (("Redaktion", False), ("Freigabe", True)):
        client = client_of(group, group)
        for url in ("/admin/", "/admin/faq/searchquery/"):
            page = client.get(url).content.decode()
            assert (spelling in page) is offered
            assert "/admin/faq/entry/add/?title=zwackel" in page


def test_redaktion_sees_what_was_deleted_and_brings_it_back_as_a_draft(things):
    client = client_of("Redaktion")
    assert "weggeworfen" in client.get("/admin/faq/gone/").content.decode()
    gone = Gone.objects.get(slug="weg")
    client.post("/admin/faq/gone/", {"action": "bring_back", "_selected_action": [gone.pk]})
    assert Entry.objects.get(slug="weg").status == Entry.DRAFT
    assert client.get("/faq/weg/").status_code == 410


# Forms without the token of this browser


HERE = {"Origin": settings.PUBLIC_URL}


def test_a_form_that_is_too_old_is_sent_again_by_one_click(things):
    """Somebody has logged in anew in another tab: the form that is still open has the token of before."""
    client = client_of("Redaktion", enforce_csrf_checks=True)
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="entwurf").pk])
    old = filled_in(client, url, body="Lang getippt & nicht verloren.")
    client.cookies["csrftoken"] = "n" * 32
    again = client.post(url, old, headers=HERE)
    page = again.content.decode()
    assert again.status_code == 403
    assert "Das Formular war zu alt" in page
    assert "Lang getippt &amp; nicht verloren." in page
    page = page.partition(f'<form method="post" action="{url}"')[2]
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', page))
    assert client.post(url, {name: unescape(value) for name, value in fields.items()}, headers=HERE).status_code == 302
    assert Entry.objects.get(slug="entwurf").body == "Lang getippt & nicht verloren."


@pytest.mark.parametrize("origin", ["https://boese.example", "null", ""])
def test_what_another_site_sent_waits_for_no_click(things, origin):
    client = client_of("Redaktion", enforce_csrf_checks=True)
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="entwurf").pk])
    data = filled_in(client, url, body="Untergeschoben.") | {"csrfmiddlewaretoken": "x" * 32}
    response = client.post(url, data, headers={"Origin": origin} if origin else {})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Untergeschoben" not in page
    assert "Das Formular kam nicht von dieser Seite" in page


@pytest.mark.parametrize(
    "path", ["/konto/login/", "/konto/password/reset/", "/admin/faq/entry/add/", "/konto/2fa/authenticate/"]
)
def test_a_browser_without_cookies_is_told_so_in_german(db, settings, path):
    settings.EMAIL_HOST = "mail.example"
    client = Client(enforce_csrf_checks=True)
    for headers, cookie, told in ((HERE, "", "kein Cookie mitgeschickt"), (HERE, "n" * 32, "Das Formular war zu alt")):
        if cookie:
            client.cookies["csrftoken"] = cookie
        response = client.post(
            path, {"login": "rita", "password": "geheim!", "csrfmiddlewaretoken": "x" * 32}, headers=headers
        )
        page = response.content.decode()
        assert response.status_code == 403
        assert told in page
        assert 'href="/konto/login/"' in page or 'href="/admin/"' in page
        assert "geheim!" not in page
