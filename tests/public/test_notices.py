"""Notices: one edit, everywhere it concerns, from and until a minute."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from faq.content import exporting, folder
from faq.models import Category, Entry, Notice, Tag, Version
from tests.factories import door_open
from tests.forms import errors, filled_in

pytestmark = pytest.mark.usefixtures("seed")
TEXT = "Microsoft hat das Programm eingestellt."


@pytest.fixture
def announce(admin_client):
    """Writes a notice in the admin; gives back the response."""

    def write(text=TEXT, **values):
        url = reverse("admin:faq_notice_add")
        places = {name: place.pk for name, place in values.items() if name in ("category", "tag", "entry")}
        times = {}
        for name in ("begins", "ends"):
            if name in values:
                times[name] = f"{timezone.localtime(values[name]):%Y-%m-%dT%H:%M:%S}"
        return admin_client.post(url, filled_in(admin_client, url, text=text, **places, **times), follow=True)

    return write


def shown(client, url):
    return client.get(url).content.decode().count(TEXT)


def test_a_notice_about_nothing_in_particular_stands_on_every_page(client, announce):
    announce()
    for url in ("/", "/vlsc/", "/faq/stornierung/", "/suche/?q=olp", "/glossar/", "/thema/", "/gibt-es-nicht/"):
        assert shown(client, url) == 1, url


@pytest.mark.parametrize(
    ("place", "on", "not_on"),
    [
        (
            "category",
            {"/vlsc/": 1, "/faq/vlsc-zugriff/": 1, "/alles/": 1, "/faq/vlsc-probleme/": 1},
            ["/", "/faq/stornierung/", "/bestellprozess/", "/thema/olp/"],
        ),
        (
            "tag",
            {
                "/thema/olp/": 1,
                "/faq/bestellvorgang-olp/": 1,
                "/faq/bestellvorgang-olp/handzettel/": 1,
                "/vergleich/": 1,
            },
            ["/", "/faq/vlsc-zugriff/", "/vlsc/", "/faq/bestellvorgang-open-value/"],
        ),
        (
            "entry",
            {"/faq/stornierung/": 1, "/bestellprozess/": 1, "/alles/": 1},
            ["/", "/faq/bestellvorgang-olp/", "/vlsc/"],
        ),
    ],
)
def test_a_notice_stands_on_every_page_that_has_what_it_is_about(client, announce, place, on, not_on):
    found = {
        "category": Category.objects.get(slug="vlsc"),
        "tag": Tag.objects.get(slug="olp"),
        "entry": Entry.objects.get(slug="stornierung"),
    }
    announce(**{place: found[place]})
    assert {url: shown(client, url) for url in on} == on
    assert [url for url in not_on if shown(client, url)] == []


def test_a_notice_comes_and_goes_by_itself(client, announce, monkeypatch):
    now = timezone.now().replace(second=0, microsecond=0)
    announce(begins=now + timedelta(minutes=5), ends=now + timedelta(minutes=10))
    seen = []
    for minutes in (4.99, 5, 9.99, 10):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        seen.append(shown(client, "/"))
    assert seen == [0, 1, 1, 0]


def test_links_in_a_notice_lead_where_those_of_an_answer_do(client, announce):
    announce("Mehr dazu: [Stornierung](faq:stornierung), [Lizenzteam](kontakt:lizenzteam).")
    page = client.get("/vlsc/").content.decode()
    assert f'<a href="/faq/stornierung/" data-address="{settings.PUBLIC_URL}/faq/stornierung/">Stornierung</a>' in page
    assert "tel:+495744944194" in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": ""}, "Bitte geben Sie einen Text ein."),
        ({"text": "[x](faq:gibt-es-nicht)"}, "Das Linkziel „faq:gibt-es-nicht“ gibt es nicht."),
        ({"begins": 2, "ends": 1}, "Die Meldung endet, bevor sie beginnt."),
        ({"category": "vlsc", "tag": "olp"}, "Bitte wählen Sie höchstens eines: Kategorie, Schlagwort oder Eintrag."),
    ],
)
def test_what_would_not_work_is_refused_with_the_reason(announce, values, message):
    now = timezone.now()
    for name in values.keys() & {"begins", "ends"}:
        values = values | {name: now + timedelta(hours=values[name])}
    if "tag" in values:
        values = {"category": Category.objects.get(slug="vlsc"), "tag": Tag.objects.get(slug="olp")}
    response = announce(**values)
    assert any(message in text for text in errors(response)), errors(response)
    assert not Notice.objects.exists()


def test_each_change_of_a_notice_is_in_the_history(admin_client, announce):
    announce()
    notice = Notice.objects.get()
    url = reverse("admin:faq_notice_change", args=[notice.pk])
    admin_client.post(url, filled_in(admin_client, url, text="Doch nicht."))
    admin_client.post(reverse("admin:faq_notice_delete", args=[notice.pk]), {"post": "yes"})
    texts = [version.document for version in Version.objects.filter(path=f"_notices.yaml#{notice.slug}")]
    assert len(texts) == 3
    assert texts[0] == ""
    assert "Doch nicht." in texts[1]


def test_what_a_notice_is_about_cannot_be_deleted_under_it(admin_client, announce):
    entry = Entry.objects.get(slug="stornierung")
    announce(entry=entry)
    page = admin_client.post(reverse("admin:faq_entry_delete", args=[entry.pk]), {"post": "yes"}).content.decode()
    assert "Meldung" in page
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_notices_leave_and_come_back_in_the_content_files(announce, tmp_path):
    begins = timezone.now().replace(second=0, microsecond=0)
    announce("Störung.\n\nWir arbeiten daran.", begins=begins, tag=Tag.objects.get(slug="olp"))
    folder.write(exporting.stored_folder(), tmp_path)
    written = (tmp_path / "_notices.yaml").read_text()
    assert "tag: OLP" in written
    with door_open():
        Notice.objects.all().delete()
    call_command("import_content", tmp_path, "--force", stdout=StringIO())
    notice = Notice.objects.get()
    assert (notice.tag.slug, notice.begins) == ("olp", begins)
    assert folder.read(tmp_path).files()["_notices.yaml"] == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- slug: a\n  text: x\n  entry: gibt-es-nicht\n", "_notices.yaml:2: Unbekanntes Ziel „gibt-es-nicht“"),
        ("- slug: a\n", "„text“: Dieses Feld darf nicht leer sein."),
        ("- slug: a\n  text: x\n  tag: OLP\n  category: vlsc\n", "_notices.yaml:1: „a“ hat höchstens eines von"),
        ("- slug: a\n  text: x\n  begins: morgen\n", "„begins“ ist ein Tag oder Zeitpunkt"),
        ("- slug: a\n  text: x\n  begins: 2026-02-02\n  ends: 2026-02-01\n", "Die Meldung endet, bevor sie beginnt."),
        ("- slug: a\n  text: '[x](faq:fehlt)'\n", "_notices.yaml:2: Unbekanntes Ziel „faq:fehlt“"),
    ],
)
def test_a_faulty_file_of_notices_is_refused_with_its_line(tmp_path, text, message):
    folder.write(exporting.stored_folder(), tmp_path)
    (tmp_path / "_notices.yaml").write_text(text)
    with pytest.raises(CommandError) as refusal:
        call_command("import_content", tmp_path, stdout=StringIO())
    assert message in str(refusal.value)
    assert not Notice.objects.exists()
