"""Content is taken out and put in from the admin, by people who have no access to the server."""

import io
import random
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from faq.content import zip_file
from faq.content.folder import FolderError
from faq.files import storing
from faq.models import Attachment, Entry, ImportConflict
from tests.factories import door_open, edit, store
from tests.forms import errors, filled_in
from tests.papers import pdf

pytestmark = pytest.mark.usefixtures("seed")

STORNIERUNG = "bestellprozess/stornierung.md"


@pytest.fixture
def files(admin_client):
    """The files of the downloaded ZIP, by path."""
    data = admin_client.get(reverse("admin:exchange_download")).getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files, method=zipfile.ZIP_STORED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def upload(client, data):
    file = io.BytesIO(data)
    file.name = "inhalte.zip"
    return client.post(reverse("admin:exchange"), {"file": file}, follow=True)


def confirm(client, page, **fields):
    token = page.content.decode().partition('name="upload" value="')[2].partition('"')[0]
    return client.post(reverse("admin:exchange_confirm"), {"upload": token, **fields}, follow=True)


def test_the_download_holds_the_same_bytes_as_the_content_folder(files):
    assert files == {
        path.relative_to(settings.CONTENT_DIR).as_posix(): path.read_bytes()
        for path in settings.CONTENT_DIR.rglob("*")
        if path.is_file()
    }


def test_what_is_unpacked_on_a_server_can_be_read_by_the_portal(admin_client):
    data = admin_client.get(reverse("admin:exchange_download")).getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member.external_attr >> 16 for member in archive.infolist()} == {0o100644}
        assert archive.namelist() == sorted(archive.namelist())


def test_the_download_of_large_files_is_streamed_and_leaves_nothing_behind(admin_client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with storing.no_orphans(), door_open():
        stored = storing.store("gross.pdf", pdf(random.Random(0).randbytes(4_000_000).hex()))
    store(Attachment(slug="gross", title="Groß", name="gross.pdf", stored=stored))
    before = set(Path(settings.DATA_DIR).iterdir())
    tracemalloc.start()
    response = admin_client.get(reverse("admin:exchange_download"))
    size = sum(map(len, response.streaming_content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == int(response["Content-Length"]) > 3_000_000 > peak
    assert re.fullmatch(r'attachment; filename="inhalte-\d{4}-\d\d-\d\d\.zip"', response["Content-Disposition"])
    assert response["Content-Type"] == "application/zip"
    assert set(Path(settings.DATA_DIR).iterdir()) == before


def test_an_upload_shows_what_would_change_and_writes_it_only_then(admin_client, client, files):
    files[STORNIERUNG] = files[STORNIERUNG].replace(b"21 Tagen", b"14 Tagen")
    page = upload(admin_client, zipped({f"inhalte/{name}": content for name, content in files.items()}))
    assert "<del>21</del><ins>14</ins>" in page.content.decode()
    assert "21 Tagen" in Entry.objects.get(slug="stornierung").body
    confirm(admin_client, page)
    assert "14 Tagen" in client.get("/faq/stornierung/").content.decode()


@pytest.mark.parametrize(
    ("decision", "stays", "is_open"),
    [("", "hier geändert", True), ("keep", "hier geändert", False), ("take", "in der Datei geändert", False)],
)
def test_a_conflict_is_decided_entry_by_entry_and_stands_on_the_start_page_until_then(
    admin_client, files, decision, stays, is_open
):
    entry = Entry.objects.get(slug="stornierung")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    admin_client.post(url, filled_in(admin_client, url, body="hier geändert"))
    files[STORNIERUNG] = files[STORNIERUNG].split(b"\n\n")[0] + "\n\nin der Datei geändert\n".encode()
    page = upload(admin_client, zipped(files))
    assert "in Konflikt" in page.content.decode()
    confirm(admin_client, page, conflict=[STORNIERUNG], **{f"decide {STORNIERUNG}": decision})
    entry.refresh_from_db()
    assert entry.body == stays
    assert (STORNIERUNG in admin_client.get(reverse("admin:index")).content.decode()) == is_open
    assert ("in Konflikt" in upload(admin_client, zipped(files)).content.decode()) == is_open


def test_what_is_decided_later_waits_with_its_file_until_it_is(admin_client, files):
    entry = Entry.objects.get(slug="stornierung")
    edit(entry, body="hier geändert")
    files[STORNIERUNG] = files[STORNIERUNG].split(b"\n\n")[0] + "\n\nin der Datei geändert\n".encode()
    exchange = reverse("admin:exchange")
    confirm(admin_client, upload(admin_client, zipped(files)), conflict=[STORNIERUNG], **{f"decide {STORNIERUNG}": ""})
    # The files of the installation, which the next start imports, say what they always said.
    confirm(admin_client, admin_client.post(exchange, {"installed": "1"}))
    for client_page in (admin_client.get(reverse("admin:index")), admin_client.get(exchange)):
        assert STORNIERUNG in client_page.content.decode()
    name = re.search(r'name="undecided" value="([^"]+)"', admin_client.get(exchange).content.decode())[1]
    again = admin_client.post(exchange, {"undecided": name})
    assert f"{STORNIERUNG}: in Konflikt" in again.content.decode()
    confirm(admin_client, again, conflict=[STORNIERUNG], **{f"decide {STORNIERUNG}": "take"})
    entry.refresh_from_db()
    assert entry.body == "in der Datei geändert"
    assert STORNIERUNG not in admin_client.get(exchange).content.decode()
    assert 'name="undecided"' not in admin_client.get(exchange).content.decode()


def test_a_conflict_that_nobody_needs_any_more_is_taken_off_the_list(admin_client):
    ImportConflict.objects.create(path=STORNIERUNG)
    url = reverse("admin:exchange")
    assert STORNIERUNG in admin_client.get(url).content.decode()
    assert STORNIERUNG not in admin_client.post(url, {"forget": STORNIERUNG}, follow=True).content.decode()


def test_the_installations_own_folder_can_be_compared_again(admin_client):
    url = reverse("admin:exchange")
    assert "Es gibt nichts einzulesen." in admin_client.post(url, {"installed": "1"}).content.decode()


def packed(size):
    """A ZIP file of one file with so many zeros in it, small as such."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("_terms.yaml", "w") as file:
        for _ in range(size // 1_000_000):
            file.write(b"\0" * 1_000_000)
    return data.getvalue()


BOMB = packed(201_000_000)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"kein zip", "Das ist kein lesbares ZIP"),
        (zipped({"../../boese.md": "x"}), "läge außerhalb"),
        (zipped({"/etc/boese.md": "x"}), "läge außerhalb"),
        (zipped({"a\\..\\b.md": "x"}), "läge außerhalb"),
        (zipped({"_terms.yaml": "", "allgemein/x.md": "ohne Kopf"}), "allgemein/x.md:1"),
        (zipped({"a": "x", "a/b.md": "x"}), "Das ist kein lesbares ZIP"),
        (
            zipped({"allgemein/x.md": "x"}).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"),
            "verschlüsselt",
        ),
        (zipped({f"allgemein/{n}.md": "" for n in range(20_001)}), "Das ZIP enthält mehr als 20.000 Dateien."),
        (BOMB, "Das ZIP ist ausgepackt zu groß."),
        (zipped({"_terms.yaml": "- slug: x"})[:-30], "Das ist kein lesbares ZIP"),
        (zipped({"ä.md": ""}).replace("ä".encode(), b"\xff\xfe"), "Das ist kein lesbares ZIP"),
        *(
            (zipped({"a.md": "x"}, method), "auf eine Art gepackt, die hier nicht gelesen wird")
            for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
        ),
        (zipped({}), "In diesem Ordner liegt kein Inhalt."),
        (zipped({f"allgemein/{n}.md": "x" for n in range(3_314)}), "… und 3.214 weitere"),
    ],
    ids=lambda value: value if isinstance(value, str) else "zip",
)
def test_a_faulty_upload_is_refused_with_the_reason(admin_client, data, message):
    assert message in upload(admin_client, data).content.decode()
    assert Entry.objects.count() == 9
    assert not [path for path in Path(settings.DATA_DIR).iterdir() if path.name.startswith("tmp")]


def test_a_zip_of_countless_names_is_refused_before_they_take_memory(tmp_path):
    listed = b"PK\x01\x02" + bytes(42)
    directory = listed * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 0, 0)  # which says that it is one
    file = tmp_path / "inhalte.zip"
    file.write_bytes(directory + end)
    tracemalloc.start()
    with pytest.raises(FolderError, match=r"mehr als 20\.000 Dateien"):
        zip_file.unpack(file, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_an_upload_without_a_file_says_so(admin_client):
    assert errors(admin_client.post(reverse("admin:exchange"), {}))


def test_a_forged_or_used_confirmation_writes_nothing(admin_client, files):
    files[STORNIERUNG] = files[STORNIERUNG].replace(b"21", b"14")
    page = upload(admin_client, zipped(files))
    confirm(admin_client, page)
    assert "nicht mehr da" in confirm(admin_client, page).content.decode()
    forged = admin_client.post(reverse("admin:exchange_confirm"), {"upload": "../../x"}, follow=True)
    assert "nicht mehr da" in forged.content.decode()


def test_tables_open_in_a_german_spreadsheet_and_run_no_formula(admin_client):
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="stornierung").pk])
    admin_client.post(url, filled_in(admin_client, url, title="=cmd|' /C calc'!A0"))
    table = admin_client.get(reverse("admin:exchange_entries")).content.decode()
    assert table.startswith("\ufeffKategorie;Frage;Anker;")
    assert ";'=cmd|' /C calc'!A0;stornierung;Veröffentlicht;Frage;" in table
    gaps = admin_client.get(reverse("admin:exchange_gaps")).content.decode()
    assert "Beschreibung eAgreement;eagreement;Wie läuft der Bestellvorgang bei Open Value" in gaps


def test_only_who_may_publish_gets_at_the_contents(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("rudi", password="x", is_staff=True))
    for name in ("exchange", "exchange_download", "exchange_entries", "exchange_gaps"):
        response = client.get(reverse(f"admin:{name}"))
        assert response.status_code == 403, name
