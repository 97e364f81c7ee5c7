"""`manage.py doctor`: an administrator learns what is wrong and how to mend it."""

import io
import json
import os
import re
import shutil
import tarfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from faq.content import folder
from faq.editing import search_index
from faq.editing.search_index import search_document
from faq.models import DigestSubscription, Entry, ImportConflict, SearchDocument, SearchWord, Site, Version
from faq.operations import doctor
from faq.search import lookup
from tests.factories import door_open, edit, make_category
from tests.public.test_public import add_entries

pytestmark = pytest.mark.usefixtures("sound")

BACKUP = "portal-20260101-030000.tar.gz"


@pytest.fixture
def sound(seed, settings, tmp_path, admin_user):
    """An installation with nothing wrong."""
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.CONTENT_DIR = shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    (tmp_path / "backups").mkdir()
    put_backup(tmp_path, connection.vendor)
    edit(Site.objects.get(), imprint="https://firma.example/impressum", privacy="https://firma.example/datenschutz")
    cache.clear()


def put_backup(folder, engine):
    """A backup, as far as its first lines say what it is."""
    manifest = json.dumps({"format": 1, "engine": engine}).encode()
    with tarfile.open(folder / "backups" / BACKUP, "w:gz") as archive:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(manifest)
        archive.addfile(member, io.BytesIO(manifest))


def said():
    """What the doctor says, and whether all is well."""
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def test_a_sound_installation_gets_a_clean_bill():
    text, well = said()
    assert well, text
    assert text.count("in Ordnung") == 11


def lost_in_the_search():
    SearchDocument.objects.filter(pk=Entry.objects.get(slug="viele-0").pk).delete()


def left_in_the_search():
    with door_open():
        Entry.objects.filter(slug="viele-0").update(status="draft")


def other_words_in_the_index():
    index, entry = lookup.current(), Entry.objects.get(slug="viele-0")
    index.delete([entry.pk])
    index.put([(entry.pk, {"anderes"})])


def another_number_of_a_word():
    SearchWord.objects.filter(form="viele").update(entries=3)


def another_text_of_the_last_change():
    with door_open():
        Entry.objects.filter(pk=Entry.objects.latest("changed", "pk").pk).update(title="Ganz anders?")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        lost_in_the_search,
        left_in_the_search,
        other_words_in_the_index,
        another_number_of_a_word,
        another_text_of_the_last_change,
    ],
)
def test_of_very_many_entries_few_are_read_and_still_what_is_wrong_is_found(monkeypatch, broken):
    monkeypatch.setattr(doctor, "READ_ANEW", 20)
    add_entries(make_category("viele"), 60)
    call_command("rebuild_search", stdout=io.StringIO())
    if broken:
        broken()
    documents = []
    monkeypatch.setattr(
        search_index, "search_document", lambda *of, make=search_document: documents.append(1) or make(*of)
    )
    text, well = said()
    assert well is (broken is None), text
    assert (broken is None) or re.search("Unterschiede? zu den Einträgen", text)
    assert 10 <= len(documents) <= 20


def test_the_content_of_the_last_import_is_not_read_again(monkeypatch):
    call_command("prepare", "--no-static", "--new", stdout=io.StringIO())
    monkeypatch.setattr(folder, "read", lambda root: pytest.fail("was read"))
    assert said()[1]


def no_key(settings):
    (settings.DATA_DIR / "secret_key").touch(0o644)
    os.chmod(settings.DATA_DIR / "secret_key", 0o644)


def no_migration(settings):
    MigrationRecorder.Migration.objects.filter(app="faq").latest("name").delete()


def no_index(settings):
    SearchDocument.objects.all().delete()


def bad_content(settings):
    (settings.CONTENT_DIR / "_terms.yaml").write_text("kein: yaml: hier")


def a_conflict(settings):
    ImportConflict.objects.create(path="allgemein/x.md")


def no_imprint(settings):
    edit(Site.objects.get(), imprint="https://firma.example/")


def no_static(settings):
    (settings.STATIC_ROOT / "staticfiles.json").unlink()


def no_backup_yet(settings):
    (settings.DATA_DIR / "backups" / BACKUP).unlink()


def no_backup(settings):
    no_backup_yet(settings)
    with door_open():
        Version.objects.update(when=timezone.now() - timedelta(days=3))


def only_a_backup_of_another_database(settings):
    no_backup(settings)
    put_backup(settings.DATA_DIR, "oracle")


def old_backup(settings):
    then = (timezone.now() - timedelta(days=5)).timestamp()
    os.utime(settings.DATA_DIR / "backups" / BACKUP, (then, then))


def no_mail_server(settings):
    settings.EMAIL_HOST = ""
    DigestSubscription.objects.create(user=User.objects.get())


def wrong_clock(settings):
    with door_open():
        Version.objects.filter(pk=Version.objects.first().pk).update(when=timezone.now() + timedelta(hours=2))


def no_superuser(settings):
    User.objects.update(is_superuser=False)


def no_second_factor(settings):
    settings.SECOND_FACTOR = True


def open_to_the_world(settings):
    settings.PUBLIC_URL, settings.HTTPS = "http://hilfe.example", False


def misspelt(settings):
    settings.MISSPELT = ["SLOWMS ist keine Einstellung des Portals und bleibt ohne Wirkung. Gemeint ist wohl SLOW_MS."]


FAULTS = [
    (no_key, "können andere lesen", "chmod 600"),
    (no_migration, "1 Migration fehlt.", "„prepare“"),
    (no_index, "Unterschiede zu den Einträgen", "„rebuild_search“"),
    (bad_content, "_terms.yaml:1", "berichtigen"),
    (no_static, "nicht eingesammelt", "„prepare“"),
    (no_backup, "Es gibt keine Sicherung", "„backup“"),
    (only_a_backup_of_another_database, "Es gibt keine Sicherung dieser Datenbank", "„backup“"),
    (old_backup, "Die letzte Sicherung ist 5 Tage alt", "„backup“"),
    (no_mail_server, "keinen Mailserver", "EMAIL_URL"),
    (wrong_clock, "in der Zukunft", "NTP"),
    (open_to_the_world, "nicht verschlüsselt", "https://"),
]
ADVICE = [
    (no_backup_yet, "Es gibt keine Sicherung", "„backup“"),
    (a_conflict, "1 Konflikt beim Einlesen", "entscheiden"),
    (no_imprint, "Es fehlt: Impressum.", "eintragen"),
    (no_superuser, "kein Konto, das alles darf", "„createsuperuser“"),
    (no_second_factor, "Noch ohne zweiten Faktor: admin", "nächsten Anmeldung"),
    (misspelt, "Gemeint ist wohl SLOW_MS", "Berichtigen"),
]


@pytest.mark.parametrize(("broken", "what", "how"), FAULTS + ADVICE)
def test_what_is_wrong_is_said_with_how_to_mend_it(settings, broken, what, how):
    broken(settings)
    text, well = said()
    is_advice = (broken, what, how) in ADVICE
    assert well == is_advice
    assert ("Hinweis: " in text) == is_advice
    assert what in text
    assert how in text
    assert text.count("in Ordnung") == 10, text


def test_times_say_their_offset(settings):
    wrong_clock(settings)
    text, _ = said()
    assert len(re.findall(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00\b", text)) == 2
    assert not re.search(r"\b\d\d\.\d\d\.\d{4}\b", text)


def test_at_a_public_address_nothing_is_said_of_what_is_left_out_on_purpose(settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 3600
    text, _ = said()
    assert "Einstellungen: in Ordnung" in text
