"""Attachments in a store that speaks S3: servers with nothing in common but it and the database; and what is said when it is gone."""

import re
import shutil
from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured

from helpdesk import environment
from tests import running
from tests.drawings import png
from tests.papers import pdf

BUCKET = "anhaenge"
UPLOAD = """
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.drawings import png
from tests.papers import pdf
user, _ = User.objects.get_or_create(username="chef", is_staff=True, is_superuser=True)
client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
client.force_login(user)
answer = client.post(
    reverse("admin:faq_attachment_add"),
    {"title": "Antrag", "slug": SLUG, "upload": SimpleUploadedFile("antrag.pdf", pdf(SLUG))},
    follow=True,
)
result = answer.content.decode()
"""
GET_ZIP = """
import io, zipfile
content = b"".join(client.get(reverse("admin:exchange_download")).streaming_content)
result = zipfile.ZipFile(io.BytesIO(content)).read("_dateien/erster.pdf").decode("latin-1")
"""


class Store:
    """moto's server, which can be stopped and started with all that was in it."""

    def __init__(self):
        self.port = running.free_port()
        self.url = f"s3+http://wer:ge%2Fheim@127.0.0.1:{self.port}/{BUCKET}"
        self._server = None

    def start(self):
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()

    def stop(self):
        if self._server:
            self._server.stop()
        self._server = None

    @property
    def bucket(self):
        import boto3

        where = {"endpoint_url": f"http://127.0.0.1:{self.port}", "region_name": "us-east-1"}
        return boto3.resource("s3", aws_access_key_id="wer", aws_secret_access_key="ge/heim", **where).Bucket(BUCKET)

    def names(self):
        return sorted(found.key for found in self.bucket.objects.all())


@pytest.fixture(scope="module")
def store():
    server = Store()
    server.start()
    server.bucket.create()
    yield server
    server.stop()


@pytest.fixture
def servers(store, prepared_folder, prepared_postgres_url, tmp_path):
    """Two application servers, each with a folder of its own."""
    store.bucket.objects.all().delete()
    portals = []
    for name in ("einer", "anderer"):
        shutil.copytree(prepared_folder / "static", tmp_path / name / "static")
        portals.append(running.Portal(tmp_path / name, DATABASE_URL=prepared_postgres_url, FILES_URL=store.url))
    yield portals
    for portal in portals:
        portal.stop()


@contextmanager
def gone(store):
    store.stop()
    try:
        yield
    finally:
        store.start()


def upload(portal, slug):
    return portal.edit(f"SLUG = {slug!r}\n" + UPLOAD)


def test_what_one_server_takes_in_the_other_gives_out_and_a_backup_brings_back(servers, store, tmp_path):
    one, other = servers
    assert "erfolgreich" in upload(one, "erster")
    one.edit("from tests.factories import make_entry\nmake_entry('verweis', body='[](datei:erster)')")
    other.start()
    answer = other.get("/datei/erster/")
    assert (answer.status, answer.body) == (200, pdf("erster"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="erster.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert other.get("/datei/erster/", If_None_Match=answer.headers["ETag"]).status == 304
    assert not list(tmp_path.rglob("uploads"))
    assert one.edit(UPLOAD.partition("answer")[0].replace("pdf(SLUG)", "") + GET_ZIP) == pdf("erster").decode("latin-1")
    running.manage(one.env, "export_content", tmp_path / "export")
    assert (tmp_path / "export/_dateien/erster.pdf").read_bytes() == pdf("erster")
    assert "Dateien: in Ordnung" in running.managed(one.env, "doctor", code=0)

    running.manage(one.env, "backup", tmp_path / "backups")
    (backup,) = (tmp_path / "backups").glob("*.tar.gz")
    before = store.names()
    store.bucket.objects.all().delete()
    assert other.get("/datei/erster/").status == 404
    assert "Es fehlen Dateien" in running.managed(one.env, "doctor", code=1)
    for portal in servers:
        portal.stop()
    running.manage(other.env, "restore", backup)
    assert store.names() == before
    assert one.start().get("/datei/erster/").body == pdf("erster")


def test_an_import_puts_files_into_the_store_and_one_that_is_refused_leaves_none(servers, store, tmp_path):
    one, other = servers
    root = tmp_path / "content"
    running.manage(one.env, "export_content", root)
    (root / "_dateien").mkdir()
    (root / "_dateien/_dateien.yaml").write_text(
        "".join(f"- slug: {slug}\n  title: {slug}\n  file: {slug}.pdf\n" for slug in "abc")
    )
    for slug in "abc":
        (root / f"_dateien/{slug}.pdf").write_bytes(pdf(slug))
    (root / "_bilder").mkdir()
    (root / "_bilder/_bilder.yaml").write_text(
        "- slug: fenster\n  file: fenster.png\n  description: Fenster mit Liste\n"
    )
    (root / "_bilder/fenster.png").write_bytes(png())
    (root / "allgemein/fenster.md").write_text("---\ntitle: Wo?\n---\n\n![](bild:fenster)\n")
    broken = root / "allgemein/kaputt.md"
    broken.write_text("---\ntitle: Kaputt\n---\n\n[weg](faq:gibt-es-nicht)\n")
    running.managed(one.env, "import_content", root, code=1)
    assert store.names() == []
    broken.unlink()
    running.manage(one.env, "import_content", root)
    assert len(store.names()) == 6  # of the picture itself and two sizes
    other.start()
    sizes = set(re.findall(r"/bild/\w+\.webp", other.text("/faq/fenster/")))
    assert [other.get(size).body[8:12] for size in sizes] == [b"WEBP"] * 2
    assert [other.get(f"/datei/{slug}/").body for slug in "abc"] == [pdf(slug) for slug in "abc"]


def test_without_the_store_pages_are_read_and_only_the_file_is_missing(servers, store, tmp_path):
    one, other = servers
    upload(one, "erster")
    one.edit('edit(Entry.objects.get(slug="stornierung"), body="Hier: [Antrag](datei:erster)")')
    other.start()
    with gone(store):
        assert "/datei/erster/" in other.text("/faq/stornierung/")
        answer = other.get("/datei/erster/")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
        assert "Der Speicher für Dateien antwortet gerade nicht" in answer.body.decode()
        assert other.get("/readyz").status == 200
        assert "Der Speicher für Dateien antwortet gerade nicht" in upload(one, "zweiter")
        for command in (["backup", tmp_path / "backups"], ["export_content", tmp_path / "export"]):
            said = running.managed(one.env, *command, code=1)
            assert "Traceback" not in said
        assert "FILES_URL und den Speicher prüfen" in running.managed(one.env, "doctor", code=1)
        assert "Traceback" not in (other.folder / "server.log").read_text()
    store.bucket.create()
    assert one.edit("result = Attachment.objects.count()") == 1


@pytest.mark.parametrize(
    "value",
    [
        "anhaenge",
        "https://wer:geheim@server/bucket",
        "s3://server/bucket",
        "s3://wer@server/bucket",
        "s3://wer:geheim@server",
        "s3://wer:geheim@server/bucket/ordner",
        "s3://wer:geheim@server:0x50/bucket",
        "s3://wer:geheim@server/bucket?ort=hier",
        "s3://wer:geheim@server/bucket?region",
        "s3://wer:geheim@server/Eimer",
        "s3://wer:geheim@ser ver/bucket",
    ],
)
def test_a_wrong_address_of_the_store_ends_the_start_and_keeps_its_secret(monkeypatch, value):
    monkeypatch.setenv("FILES_URL", value)
    with pytest.raises(ImproperlyConfigured, match="FILES_URL lässt sich nicht lesen") as error:
        environment.file_store("FILES_URL")
    assert "geheim@" not in str(error.value)


def test_a_portal_without_the_package_says_what_to_install(monkeypatch):
    monkeypatch.setenv("FILES_URL", "s3://wer:geheim@server/bucket")
    monkeypatch.setattr(environment.services, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'django-storages\[s3\]'"):
        environment.file_store("FILES_URL")
