"""The weekly summary by mail: for those who ordered it, at most once a week, and only when there is something to do."""

import datetime
import html
import ssl

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from faq.models import DigestSubscription, Entry, Feedback, Gap, SearchDay, SearchQuery, WebLink
from tests.factories import door_open, make_entry
from tests.running import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = User.objects.create_user("anna", "anna@wortmann.example", "x", is_staff=True)
    editor.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(editor)
    return editor


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def something_to_do():
    make_entry(
        title="Wie lange gilt A & B?",
        review=datetime.date(2026, 1, 5),
        body="[Antrag](offen:antrag) [x](http://a.example)",
    )
    WebLink.objects.update(failures=2, checked=timezone.now(), problem="Die Seite gibt es nicht (404).")
    query = SearchQuery.objects.create(text="hololens", outcome="nothing")
    SearchDay.objects.create(query=query, day=timezone.localdate(), count=3, vain=3)


def order(client):
    return client.post(reverse("admin:digest"), {"wanted": "ja"}, follow=True).content.decode()


def last_sent(days_ago):
    DigestSubscription.objects.update(last_sent=timezone.now() - datetime.timedelta(days=days_ago))


def test_nobody_gets_it_unless_they_order_it_for_themselves(client, editor, something_to_do):
    call_command("send_digest")
    assert mail.outbox == []
    assert "Sie bekommen die Übersicht an anna@wortmann.example." in order(client)
    call_command("send_digest")
    assert [message.to for message in mail.outbox] == [["anna@wortmann.example"]]
    page = client.post(reverse("admin:digest"), follow=True).content.decode()
    assert "Sie bekommen die Übersicht bisher nicht." in page


def test_it_says_in_plain_text_what_needs_doing_and_where_it_is_done(client, editor, something_to_do):
    order(client)
    call_command("send_digest")
    (message,) = mail.outbox
    assert message.subject == (
        "Hilfe und Support: 1 Eintrag zu prüfen, 1 offene Stelle, 1 gebrochener Link, 1 vergebliche Suche"
    )
    assert message.content_subtype == "plain"
    admin = "http://127.0.0.1:8000/admin"
    keys = {model: model.objects.get().pk for model in (Entry, Gap, WebLink, SearchQuery)}
    assert (
        message.body
        == f"""Guten Tag,

das steht in der Hilfe an:

1 Eintrag zu prüfen
-------------------
* Wie lange gilt A & B? (seit 5. Januar 2026)
  {admin}/faq/entry/{keys[Entry]}/change/

1 offene Stelle
---------------
* Antrag
  {admin}/faq/gap/{keys[Gap]}/change/

1 gebrochener Link
------------------
* http://a.example Die Seite gibt es nicht (404).
  {admin}/faq/weblink/{keys[WebLink]}/change/

1 vergebliche Suche
-------------------
* „hololens“, 3-mal
  {admin}/faq/searchquery/{keys[SearchQuery]}/schreibweise/

Alles auf einen Blick: {admin}/

Diese Übersicht kommt höchstens einmal in der Woche. Abbestellen: {admin}/uebersicht/
"""
    )
    page = html.unescape(client.get(reverse("admin:digest")).content.decode())
    assert message.body.split("das steht")[1].strip() in page


def test_it_begins_with_the_entries_that_the_one_who_gets_it_is_in_charge_of(client, editor, something_to_do):
    other = User.objects.create_user("bert", "bert@wortmann.example", "x", is_staff=True)
    other.groups.add(Group.objects.get(name="Redaktion"))
    DigestSubscription.objects.create(user=other)
    order(client)
    entry = Entry.objects.get()
    with door_open():
        Entry.objects.update(owner=editor)
    Feedback.objects.create(entry=entry, helpful=False, text="Und bei EDU?")
    query = SearchQuery.objects.create(text="gilt b", outcome="similar", nearest=entry)
    SearchDay.objects.create(query=query, day=timezone.localdate(), count=2, vain=2)
    call_command("send_digest")
    mails = {message.to[0]: message for message in mail.outbox}
    mine, others = mails["anna@wortmann.example"], mails["bert@wortmann.example"]
    assert mine.subject.startswith("Hilfe und Support: 3-mal Ihre Einträge, 1 Eintrag zu prüfen")
    form = f"http://127.0.0.1:8000/admin/faq/entry/{entry.pk}/change/"
    today = date_format(timezone.localdate(), "j. F Y")
    assert (
        mine.body.partition("Alle Einträge")[0]
        == f"""Guten Tag,

das steht in der Hilfe an:

Ihre Einträge
=============

1 Eintrag zu prüfen
-------------------
* Wie lange gilt A & B? (seit 5. Januar 2026)
  {form}

1 Rückmeldung
-------------
* Wie lange gilt A & B?: Und bei EDU? ({today})
  {form}

1 vergebliche Suche
-------------------
* „gilt b“, 2-mal; am nächsten: Wie lange gilt A & B?
  http://127.0.0.1:8000/admin/faq/searchquery/{query.pk}/schreibweise/

"""
    )
    assert "Ihre Einträge" not in others.body
    assert "EDU" not in others.body
    assert "1 Eintrag zu prüfen" in others.body


def test_long_lists_are_cut_and_lead_to_the_whole(client, editor):
    for number in range(11):
        make_entry(f"frage-{number}", review=datetime.date(2026, 1, 5))
    order(client)
    call_command("send_digest")
    assert "11 Einträge zu prüfen" in mail.outbox[0].body
    assert "* und 3 mehr\n  http://127.0.0.1:8000/admin/faq/entry/?faellig=ja" in mail.outbox[0].body


@pytest.mark.parametrize(("days_ago", "mails"), [(0, 0), (6, 0), (7, 1), (30, 1)])
def test_it_comes_once_a_week_however_often_the_command_runs(client, editor, something_to_do, days_ago, mails):
    order(client)
    last_sent(days_ago)
    call_command("send_digest")
    call_command("send_digest")
    assert len(mail.outbox) == mails


def test_no_mail_comes_when_there_is_nothing_to_do(client, editor):
    make_entry()
    order(client)
    call_command("send_digest")
    assert mail.outbox == []
    assert DigestSubscription.objects.get().last_sent is None
    assert "Es steht nichts an" in client.get(reverse("admin:digest")).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_has_left_gets_nothing_more(client, editor, something_to_do, change):
    order(client)
    User.objects.update(**change)
    call_command("send_digest")
    assert mail.outbox == []


def test_without_a_mail_server_the_command_says_what_is_missing_once_somebody_wants_a_mail(client, editor, settings):
    order(client)
    settings.EMAIL_HOST = ""
    with pytest.raises(CommandError, match="Setzen Sie EMAIL_URL"):
        call_command("send_digest")
    DigestSubscription.objects.all().delete()
    call_command("send_digest")  # its timer has nothing to complain of


class Received:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def smtp(settings, tmp_path, monkeypatch):
    """A mail server on this machine that wants STARTTLS and a password."""
    authority, received = trustme.CA(), Received()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"hilfe", b"geheim"), handled=False)

    settings.EMAIL_HOST, settings.EMAIL_PORT = address = ("127.0.0.1", free_port())
    wants = {"require_starttls": True, "auth_required": True, "authenticator": check}
    server = Controller(received, *address, tls_context=context, **wants)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = "hilfe", "geheim", True
    yield received
    server.stop()


def test_it_goes_through_a_real_mail_server_with_encryption_and_password(client, editor, something_to_do, smtp):
    order(client)
    call_command("send_digest")
    ((recipients, content),) = smtp.messages
    assert recipients == ["anna@wortmann.example"]
    assert "Auto-Submitted: auto-generated" in content
    assert 'Content-Type: text/plain; charset="utf-8"' in content


def test_what_could_not_be_sent_is_said_and_tried_again_the_next_time(client, editor, something_to_do, smtp, settings):
    order(client)
    settings.EMAIL_HOST_PASSWORD = "falsch"
    with pytest.raises(CommandError, match=r"Nicht verschickt: an anna@wortmann\.example"):
        call_command("send_digest")
    settings.EMAIL_HOST_PASSWORD = "geheim"
    call_command("send_digest")
    assert len(smtp.messages) == 1
