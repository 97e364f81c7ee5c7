"""Links to pages elsewhere: checked by the command and soon after a save, listed, mended in one place."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from faq.content import documents
from faq.links import checking, fetching
from faq.models import Entry, Version, WebLink
from tests.factories import edit, make_category, make_entry
from tests.forms import filled_in
from tests.loopback import Web, redirect, reply

pytestmark = pytest.mark.django_db

GONE, HERE = "http://weg.example.com/alt", "http://da.example.com/seite"


@pytest.fixture(autouse=True)
def web(tmp_path, monkeypatch):
    web = Web(tmp_path)
    monkeypatch.setattr(fetching, "INTERNET", web)
    web.answers |= {"/seite": 200, "/alt": 404}
    yield web
    web.close()


def days_pass(days):
    passed = datetime.timedelta(days=days)
    WebLink.objects.update(checked=F("checked") - passed, claimed=F("claimed") - passed)


def check_links(capsys):
    """What the command says, and whether it ended well."""
    try:
        call_command("check_links")
    except CommandError as error:
        return capsys.readouterr().out + str(error), False
    return capsys.readouterr().out, True


def listed(admin_client, stand):
    page = admin_client.get(reverse("admin:faq_weblink_changelist") + f"?stand={stand}").content.decode()
    return [link.url for link in WebLink.objects.order_by("url") if f">{link.url}</a>" in page]


def test_a_link_is_broken_after_it_failed_on_two_days(admin_client, capsys):
    make_entry(body=f"[Weg]({GONE}), [da]({HERE}).")
    said, well = check_links(capsys)
    assert well
    assert f"{GONE}: Die Seite gibt es nicht (404)." in said
    assert "1 in Ordnung, 1 nicht erreichbar, 0 auf später verschoben" in said
    assert listed(admin_client, "fraglich") == [GONE]
    assert "gebrochener Link" not in admin_client.get(reverse("admin:index")).content.decode()

    said, _ = check_links(capsys)
    assert "0 in Ordnung, 0 nicht erreichbar" in said  # nothing is due

    days_pass(1)
    said, well = check_links(capsys)
    assert not well
    assert "Gebrochene Links: 1." in said
    assert listed(admin_client, "gebrochen") == [GONE]
    start = admin_client.get(reverse("admin:index")).content.decode()
    assert "1 gebrochener Link" in start
    assert "Die Seite gibt es nicht (404)." in start


def test_a_link_that_is_back_is_no_longer_broken(web, capsys, admin_client):
    make_entry(body=f"[Weg]({GONE})")
    check_links(capsys)
    days_pass(1)
    check_links(capsys)
    web.answers["/alt"] = 200
    link = WebLink.objects.get()
    page = admin_client.post(reverse("admin:faq_weblink_check", args=[link.pk]), follow=True).content.decode()
    assert "Geprüft: in Ordnung" in page
    assert listed(admin_client, "gebrochen") == []


def test_asking_again_on_the_same_day_breaks_no_link(admin_client, capsys):
    make_entry(body=f"[Weg]({GONE})")
    for _ in range(3):
        url = reverse("admin:faq_weblink_check", args=[WebLink.objects.get().pk])
        page = admin_client.post(url, follow=True).content.decode()
        assert "Die Seite gibt es nicht (404). Wird morgen noch einmal geprüft." in page
    assert listed(admin_client, "gebrochen") == []


def test_a_page_that_was_there_is_looked_at_again_after_a_week(web, capsys):
    make_entry(body=f"[da]({HERE})")
    check_links(capsys)
    days_pass(6)
    check_links(capsys)
    assert len(web.requests) == 1
    days_pass(1)
    check_links(capsys)
    assert len(web.requests) == 2


def test_a_new_link_is_checked_soon_after_the_save_which_does_not_wait(web, admin_client, settings):
    entry = make_entry(body="Noch ohne.")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    admin_client.post(url, filled_in(admin_client, url, body=f"Siehe [da]({HERE})."))
    assert web.requests == []
    assert listed(admin_client, "neu") == [HERE]
    settings.CHECK_LINKS = False
    checking.check_new()
    assert web.requests == []
    settings.CHECK_LINKS = True
    checking.check_new()
    checking.check_new()
    assert len(web.requests) == 1
    assert WebLink.objects.get().status == 200


def test_two_workers_never_check_the_same_link_nor_ask_one_host_at_once(web, capsys, monkeypatch):
    make_entry(body=f"[a]({HERE}) [b](http://da.example.com/zwei) [c]({GONE})")
    connect = web.connect

    def another_run_meanwhile(*args):
        monkeypatch.setattr(web, "connect", connect)
        call_command("check_links")
        connect(*args)

    monkeypatch.setattr(web, "connect", another_run_meanwhile)
    call_command("check_links")
    said = capsys.readouterr().out.splitlines()
    assert "0 in Ordnung, 1 nicht erreichbar, 2 auf später verschoben" in said[1]
    assert sorted(path for method, _, path, _ in web.requests if method == "HEAD") == ["/alt", "/seite", "/zwei"]


def test_a_host_that_asks_for_a_pause_is_left_alone_until_then(web, capsys):
    web.answers |= {path: lambda handler: reply(handler, 429, Retry_After="86400") for path in ("/seite", "/zwei")}
    make_entry(body=f"[a]({HERE}) [b](http://da.example.com/zwei)")
    said, _ = check_links(capsys)
    assert "0 in Ordnung, 0 nicht erreichbar, 2 auf später verschoben" in said
    assert len(web.requests) == 1
    days_pass(0.5)
    check_links(capsys)
    assert len(web.requests) == 1
    web.answers |= {"/seite": 200, "/zwei": 200}
    days_pass(2)
    said, _ = check_links(capsys)
    assert "2 in Ordnung" in said


def test_a_claim_of_a_worker_that_died_ends_by_itself(web, capsys):
    make_entry(body=f"[da]({HERE})")
    WebLink.objects.update(claimed=timezone.now())
    said, _ = check_links(capsys)
    assert "1 auf später verschoben" in said
    days_pass(0.1)
    said, _ = check_links(capsys)
    assert "1 in Ordnung" in said


def test_a_moved_page_is_listed_and_its_address_replaced_in_every_text_at_once(web, admin_client, client, capsys):
    web.answers["/umzug"] = redirect(301, "http://neu.example.com/seite")
    old = "http://da.example.com/umzug"
    make_entry("eins", body=f"[da]({old}) `[nicht]({old})` und [tiefer]({old}/mehr)")
    make_entry("zwei", kind="walkthrough", steps=[documents.Step(title="Los", body=f"Siehe <{old}>.")])
    edit(make_category(), intro=f"[auch]({old} 'Titel')")
    said, _ = check_links(capsys)
    assert f"{old}: umgezogen nach http://neu.example.com/seite" in said
    assert listed(admin_client, "umgeleitet") == [old]

    link = WebLink.objects.get(url=old)
    url = reverse("admin:faq_weblink_replace", args=[link.pk])
    page = admin_client.get(url).content.decode()
    assert 'value="http://neu.example.com/seite"' in page
    assert "Frage eins?" in page
    response = admin_client.post(url, {"address": "http://neu.example.com/seite"}, follow=True)
    assert "Die Adresse ist ersetzt, in 3 Texten." in response.content.decode()

    page = client.get("/faq/eins/").content.decode()
    assert 'href="http://neu.example.com/seite"' in page
    assert f'href="{old}/mehr"' in page
    assert f"[nicht]({old})" in page
    assert 'href="http://neu.example.com/seite"' in client.get("/faq/zwei/").content.decode()
    assert 'href="http://neu.example.com/seite"' in client.get("/allgemein/").content.decode()
    why = Version.objects.of_originals().filter(entry=Entry.objects.get(slug="eins")).first()
    assert (why.why, why.who.username) == (f"Link {old} ersetzt durch http://neu.example.com/seite", "admin")
    assert old not in listed(admin_client, "")
    assert "http://neu.example.com/seite" in listed(admin_client, "neu")


@pytest.mark.parametrize(
    "address", ["", "ftp://x.example", "https://a b", "https://a.example/)x", "javascript:x", HERE]
)
def test_a_faulty_new_address_is_refused_and_nothing_changes(admin_client, address):
    make_entry(body=f"[da]({HERE})")
    before = Version.objects.count()
    url = reverse("admin:faq_weblink_replace", args=[WebLink.objects.get().pk])
    page = admin_client.post(url, {"address": address}).content.decode()
    assert "errorlist" in page
    assert Version.objects.count() == before


def test_a_link_that_no_text_has_any_more_is_neither_checked_nor_listed(web, admin_client, capsys):
    entry = make_entry(body=f"[Weg]({GONE})")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    admin_client.post(url, filled_in(admin_client, url, body="Nichts mehr."))
    check_links(capsys)
    assert web.requests == []
    assert listed(admin_client, "") == []


def test_an_address_into_the_operators_network_is_never_asked_and_becomes_broken(web, admin_client, capsys):
    web.names["169.254.169.254"] = ["169.254.169.254"]
    make_entry(body="[Daten](http://169.254.169.254/latest/meta-data)")
    check_links(capsys)
    days_pass(1)
    said, well = check_links(capsys)
    assert not well
    assert "führt in ein internes Netz" in said
    assert web.connected == []
