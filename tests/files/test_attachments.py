"""Files for readers: what is refused, how they are served, replaced and exchanged, and that nothing is left behind."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from faq.files import storing
from faq.models import Attachment, Entry, Gap, Reference, StoredFile, Version
from tests.factories import door_open, make_entry
from tests.forms import errors, filled_in
from tests.papers import office, packed_pdf, pdf, relation, zipped

pytestmark = pytest.mark.django_db

ADD = "/admin/faq/attachment/add/"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """A folder of its own for the files of each test."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def upload(client, data, name="antrag.pdf", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(ADD, {"title": "Antrag für Schulen", "slug": "edu-antrag", "upload": file} | fields)


def replace(client, data, name="neu.pdf"):
    url = reverse("admin:faq_attachment_change", args=[Attachment.objects.get().pk])
    return client.post(url, {"title": "Antrag für Schulen", "upload": SimpleUploadedFile(name, data)})


def publish(*slugs):
    """Let a public text refer to a file: only then readers get it."""
    return make_entry("verweis", body=" ".join(f"[](datei:{slug})" for slug in slugs or ["edu-antrag"]))


def link_to_it(client, slug="stornierung", text="Hier: [Antrag](datei:edu-antrag)."):
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug=slug).pk])
    response = client.post(url, filled_in(client, url, body=text))
    assert response.status_code == 302, errors(response)


# What is refused


def action(kind, **values):
    """A PDF that does something when it is opened."""

    def put(writer):
        named = {NameObject(f"/{name}"): TextStringObject(value) for name, value in values.items()}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(f"/{kind}"), **named}
        )

    return pdf(change=put)


def key_in_catalog(name):
    return pdf(change=lambda writer: writer.root_object.update({NameObject(name): DictionaryObject()}))


def hidden_in_array(writer):
    inner = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    writer.root_object[NameObject("/Anything")] = ArrayObject([ArrayObject([inner])])


def lying_zip(**changes):
    """An Office file whose list of parts lies about one of them."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive,
        zipfile.ZipFile(io.BytesIO(office("docx"))) as good,
    ):
        for member in good.infolist():
            archive.writestr(member.filename, good.read(member))
        archive.writestr("word/media/image1.png", b"x" * 100)
        for name, value in changes.items():
            setattr(archive.infolist()[-1], name, value)
    return data.getvalue()


BOMB = b"\0" * 70_000_000
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><document>&b;</document>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'
MACROS = '<Override PartName="/x" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OTHER_TYPE = '<Types><Override PartName="/word/document.xml" ContentType="application/pdf"/></Types>'
SPLIT_DDE = "<document><r><instrText>DDE</instrText></r><r><instrText>AUTO c:\\\\cmd.exe</instrText></r></document>"

WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN = 'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
TWO_MAIN_PARTS = (
    f'<Relationships><Relationship Id="a" {MAIN} Target="word/x.png"/>'
    f'<Relationship Id="b" {MAIN} Target="word/document.xml"/></Relationships>'
)

HOSTILE = {
    # Not what the name says
    "no such type": ("boese.exe", b"MZ" + b"\0" * 100),
    "a script by its last suffix": ("antrag.pdf.js", pdf()),
    "no suffix": ("antrag", pdf()),
    "old Office": ("antrag.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "a macro workbook by its name": ("antrag.xlsm", office("xlsx")),
    "HTML as PDF": ("antrag.pdf", b"<html><script>alert(1)</script></html>"),
    "SVG as PDF": ("antrag.pdf", SVG),
    "ZIP as PDF": ("antrag.pdf", zipped({"a": "b"})),
    "PDF as DOCX": ("antrag.docx", pdf()),
    "XLSX as DOCX": ("antrag.docx", office("xlsx")),
    "DOCX as XLSX": ("antrag.xlsx", office("docx")),
    "any ZIP as XLSX": ("antrag.xlsx", zipped({"a.txt": "b"})),
    "an encrypted Office file": ("antrag.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "empty": ("antrag.pdf", b""),
    # PDF
    "HTML before a PDF": ("antrag.pdf", b"<script>alert(1)</script>" + pdf()),
    "ZIP after a PDF": ("antrag.pdf", pdf() + zipped({"a": "b"})),
    "ZIP after a PDF, and an end again": ("antrag.pdf", pdf() + zipped({"a": "b"}) + b"\n%%EOF\n"),
    "a PDF cut short": ("antrag.pdf", pdf()[:-40]),
    "a PDF cut in the middle": ("antrag.pdf", pdf()[: len(pdf()) // 2] + b"\n%%EOF\n"),
    "a PDF that is only its frame": ("antrag.pdf", b"%PDF-1.7\n%%EOF\n"),
    "an encrypted PDF": ("antrag.pdf", pdf(change=lambda writer: writer.encrypt("geheim", algorithm="RC4-128"))),
    "a PDF for all to open, but encrypted": (
        "antrag.pdf",
        pdf(change=lambda w: w.encrypt("", "x", algorithm="RC4-40")),
    ),
    "JavaScript in a packed PDF": ("antrag.pdf", packed_pdf(b"<</S/JavaScript/JS(app.alert(1))>>")),
    "a program started by a packed PDF": ("antrag.pdf", packed_pdf(b"<</S/Launch/F(cmd.exe)>>")),
    "JavaScript on opening": ("antrag.pdf", action("JavaScript", JS="app.alert(1)")),
    "a program started by a PDF": ("antrag.pdf", action("Launch", F="cmd.exe")),
    "a form sent away": ("antrag.pdf", action("SubmitForm", F="https://example.org/")),
    "a jump to another file": ("antrag.pdf", action("GoToR", F="\\\\\\\\example.org\\\\x")),
    "deep in an array": ("antrag.pdf", pdf(change=hidden_in_array)),
    "a name in disguise": ("antrag.pdf", pdf().replace(b"/Type /Catalog", b"/J#61vaScript 1 /Type /Catalog")),
    "a file in a PDF": ("antrag.pdf", pdf(change=lambda writer: writer.add_attachment("boese.exe", b"MZ"))),
    "XFA": ("antrag.pdf", key_in_catalog("/XFA")),
    "further actions": ("antrag.pdf", key_in_catalog("/AA")),
    "an object no table lists": (
        "antrag.pdf",
        pdf().replace(b"\nxref", b"\n99 0 obj\n<</S /JavaScript /JS (x)>>\nendobj\nxref", 1),
    ),
    # Office
    "macros": ("antrag.docx", office("docx", {"word/vbaProject.bin": b"x"})),
    "macros under another name": ("antrag.docx", office("docx", {"word/harmlos.bin": b"x"}, types=VBA)),
    "a type with macros": ("antrag.xlsx", office("xlsx", types=MACROS)),
    "a macro sheet": ("antrag.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"})),
    "an embedded object": ("antrag.docx", office("docx", {"word/embeddings/oleObject1.bin": b"x"})),
    "ActiveX": ("antrag.docx", office("docx", {"word/activeX/activeX1.xml": "<x/>"})),
    "a program among the parts": ("antrag.docx", office("docx", {"word/media/boese.exe": b"MZ"})),
    "a web page among the parts": ("antrag.docx", office("docx", {"word/x.html": b"<script>"})),
    "a template from outside": (
        "antrag.docx",
        office("docx", relations=relation("attachedTemplate", "https://example.org/x.dotm", "External")),
    ),
    "a picture from outside": (
        "antrag.docx",
        office("docx", relations=relation("image", "https://e.org/x", "External")),
    ),
    "a link to a share": ("antrag.docx", office("docx", relations=relation("hyperlink", "file://e.org/x", "External"))),
    "a link that runs": ("antrag.docx", office("docx", relations=relation("hyperlink", "javascript:x()", "External"))),
    "another workbook": ("antrag.xlsx", office("xlsx", {"xl/externalLinks/externalLink1.xml": "<x/>"})),
    "a database": ("antrag.xlsx", office("xlsx", {"xl/connections.xml": "<x/>"})),
    "DDE over two runs": ("antrag.docx", office("docx", main=SPLIT_DDE)),
    "DDE in a cell": ("antrag.xlsx", office("xlsx", {"xl/worksheets/sheet1.xml": "<s><f>cmd|' /C calc'!A0</f></s>"})),
    "a web service in a cell": (
        "antrag.xlsx",
        office("xlsx", {"xl/s.xml": '<s><f>WEBSERVICE("https://e.org")</f></s>'}),
    ),
    "a web page taken in": ("antrag.docx", office("docx", main='<document><altChunk id="r1"/></document>')),
    "entities": ("antrag.docx", office("docx", main=ENTITIES)),
    "entities from outside": ("antrag.xlsx", office("xlsx", main=OUTSIDE)),
    "XML that is none": ("antrag.docx", office("docx", main="<document>")),
    "a path upwards": ("antrag.docx", office("docx", {"../../boese.xml": "<x/>"})),
    "a path from the root": ("antrag.docx", office("docx", {"/etc/boese.xml": "<x/>"})),
    "a Windows path": ("antrag.docx", office("docx", {"..\\\\boese.xml": "<x/>"})),
    "a part twice": ("antrag.docx", office("docx", {"WORD/document.xml": "<x/>"})),
    "a bomb": ("antrag.xlsx", office("xlsx", {"xl/media/image1.png": BOMB})),
    "a small bomb": ("antrag.xlsx", office("xlsx", {"xl/media/image1.png": BOMB[:5_000_000]})),
    "very many parts": ("antrag.docx", office("docx", {f"word/media/{n}.png": b"" for n in range(2_100)})),
    "a size that is a lie": ("antrag.docx", lying_zip(file_size=10)),
    "a sum that is wrong": ("antrag.docx", lying_zip(CRC=1)),
    "an encrypted part": ("antrag.docx", lying_zip(flag_bits=1)),
    "something before the ZIP": ("antrag.docx", b"MZ" + office("docx")),
    "something after the ZIP": ("antrag.docx", office("docx") + b"<script>alert(1)</script>"),
    "a ZIP cut short": ("antrag.docx", office("docx")[:-30]),
    "a program started by way of a reference": (
        "antrag.pdf",
        packed_pdf(b"<</S 7 0 R/F(cmd.exe)>>", b"/Launch"),
    ),
    "a link that runs in a PDF": ("antrag.pdf", action("URI", URI="javascript:app.alert(1)")),
    "a link to a file in a PDF": ("antrag.pdf", action("URI", URI="file:///c:/windows/cmd.exe")),
    "a link to a share in a PDF": ("antrag.pdf", action("URI", URI="\\\\\\\\example.org\\\\x")),
    "a text part that calls itself a picture": (
        "antrag.docx",
        office(
            "docx",
            {"word/header1.png": SPLIT_DDE},
            types=f'<Override PartName="/word/header1.png" ContentType="{WORDS}header+xml"/>',
        ),
    ),
    "a sheet that calls itself a setting": (
        "antrag.xlsx",
        office(
            "xlsx",
            {"xl/sheet1.bin": "<s><f>cmd|' /C calc'!A0</f></s>"},
            types='<Default Extension="bin" ContentType="application/xml"/>',
        ),
    ),
    "two main parts": (
        "antrag.docx",
        office("docx", {"_rels/.rels": TWO_MAIN_PARTS, "word/x.png": SPLIT_DDE}),
    ),
    "streams without an end": ("antrag.pdf", pdf()[:-6] + b"stream\n" * 500_000 + b"\n%%EOF\n"),
    "a main part of another kind": ("antrag.docx", office("docx", {"[Content_Types].xml": OTHER_TYPE})),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_could_do_harm_is_refused_and_leaves_nothing(admin_client, uploads, what):
    name, data = HOSTILE[what]
    response = upload(admin_client, data, name)
    assert response.status_code == 200
    assert errors(response)
    assert not StoredFile.objects.exists()
    assert names(uploads) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Antrag.PDF", pdf()),
        ("antrag.pdf", packed_pdf(b"<</S/GoTo/D[3 0 R/Fit]>>")),
        ("antrag.xlsx", office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"x"})),
        ("antrag.docx", office("docx", relations=relation("hyperlink", "https://example.org/", "External"))),
        ("../../../etc/passwd.pdf", pdf()),
        ("..\\..\\boese.pdf", pdf()),
        ("Antrag; für Ämter.pdf", pdf()),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_harmless_file_is_taken_under_names_of_our_own(admin_client, client, uploads, name, data):
    response = upload(admin_client, data, name)
    assert response.status_code == 302, errors(response)
    (stored,) = names(uploads)
    assert stored.rpartition(".")[0].isalnum()
    publish()
    served = client.get("/datei/edu-antrag/")
    assert b"".join(served) == data
    assert served.headers["Content-Disposition"] == f'attachment; filename="edu-antrag.{name[-4:].lower().lstrip(".")}"'


def test_a_file_that_is_too_large_is_refused(admin_client, settings):
    settings.ATTACHMENT_MAX_MB = 1
    response = upload(admin_client, pdf("x" * 1_000_001))
    assert "Die Datei ist größer als 1 MB." in response.content.decode()


# How it is served


def test_a_file_is_saved_by_the_browser_and_never_run(admin_client, client):
    upload(admin_client, pdf())
    publish()
    response = client.get("/datei/edu-antrag/")
    assert b"".join(response) == pdf()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = set(response.headers["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "form-action 'none'", "frame-ancestors 'none'", "sandbox"}
    assert not response.cookies


def test_an_unchanged_file_is_not_sent_again(admin_client, client):
    upload(admin_client, pdf())
    publish()
    first = client.get("/datei/edu-antrag/")
    etag = first.headers["ETag"]
    assert b"".join(first) == pdf()
    assert client.get("/datei/edu-antrag/", headers={"If-None-Match": etag}).status_code == 304
    replace(admin_client, pdf("neu"))
    assert b"".join(client.get("/datei/edu-antrag/", headers={"If-None-Match": etag})) == pdf("neu")


def test_an_unknown_file_and_one_whose_bytes_are_lost_are_not_found(admin_client, client, uploads):
    upload(admin_client, pdf())
    publish()
    assert client.get("/datei/gibt-es-nicht/").status_code == 404
    (uploads / names(uploads)[0]).unlink()
    assert client.get("/datei/edu-antrag/").status_code == 404


def test_readers_see_type_and_size_beside_the_link(admin_client, client, seed):
    upload(admin_client, pdf())
    size = len(pdf())
    link_to_it(admin_client, text="Hier: [Antrag](datei:edu-antrag) oder [](datei:edu-antrag).")
    page = client.get("/faq/stornierung/").content.decode().replace("\xa0", " ")
    link = f'<a href="/datei/edu-antrag/" data-address="{settings.PUBLIC_URL}/datei/edu-antrag/">'
    assert f"{link}Antrag (PDF, {size} Bytes)</a>" in page
    assert f"{link}Antrag für Schulen (PDF, {size} Bytes)</a>" in page
    markdown = client.get("/faq/stornierung.md").content.decode().replace("\xa0", " ")
    assert f"[Antrag (PDF, {size} Bytes)]({settings.PUBLIC_URL}/datei/edu-antrag/)" in markdown


# Replacing and deleting


def test_a_replaced_file_keeps_its_address_and_its_former_versions(admin_client, client, seed):
    upload(admin_client, pdf("alt"))
    link_to_it(admin_client)
    revision = client.get("/faq/stornierung/").headers["ETag"]
    assert replace(admin_client, office("xlsx"), "neu.xlsx").status_code == 302
    assert b"".join(client.get("/datei/edu-antrag/")) == office("xlsx")
    page = client.get("/faq/stornierung/")
    assert "Antrag (Excel, " in page.content.decode()
    assert page.headers["ETag"] != revision
    found = Attachment.objects.get()
    change_page = admin_client.get(reverse("admin:faq_attachment_change", args=[found.pk])).content.decode()
    first = Version.objects.filter(path="_dateien/_dateien.yaml#edu-antrag").last()
    address = f"{reverse('admin:faq_attachment_file', args=[found.pk])}?fassung={first.pk}"
    assert address in change_page
    assert b"".join(admin_client.get(address)) == pdf("alt")


def test_the_same_file_again_is_kept_once(admin_client, uploads):
    upload(admin_client, pdf())
    upload(admin_client, pdf(), slug="zweite", title="Noch einmal")
    assert Attachment.objects.count() == 2
    assert len(names(uploads)) == 1


def test_a_file_in_use_is_not_deleted_and_the_places_are_named(admin_client, seed):
    upload(admin_client, pdf())
    link_to_it(admin_client)
    url = reverse("admin:faq_attachment_delete", args=[Attachment.objects.get().pk])
    assert "Wie kann ich falsche Bestellungen stornieren?" in admin_client.post(url, {"post": "yes"}).content.decode()
    assert Attachment.objects.exists()
    link_to_it(admin_client, text="Ohne.")
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Attachment.objects.exists()
    assert Version.objects.filter(path="_dateien/_dateien.yaml#edu-antrag").count() == 2


def test_a_file_uploaded_by_mistake_is_deleted_for_good_with_its_bytes(admin_client, client, uploads):
    upload(admin_client, pdf("alt"))
    replace(admin_client, pdf("neu"))
    upload(admin_client, pdf("neu"), slug="zweite", title="Noch einmal")
    first = Attachment.objects.get(slug="edu-antrag")
    url = reverse("admin:faq_attachment_delete", args=[first.pk])
    assert "Die Dateien selbst, in allen Fassungen." in admin_client.get(url).content.decode()
    kept = Attachment.objects.get(slug="zweite").stored.file.name
    assert len(names(uploads)) == 2
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert names(uploads) == [kept]  # another one has it
    assert client.get("/datei/edu-antrag/").status_code == 404
    upload(admin_client, pdf("wieder"))  # at the same address: what is gone stays gone
    again = reverse("admin:faq_attachment_change", args=[Attachment.objects.get(slug="edu-antrag").pk])
    assert "(gelöscht)" in admin_client.get(again).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [a.pk for a in Attachment.objects.all()], "post": "yes"}
    admin_client.post(reverse("admin:faq_attachment_changelist"), chosen)
    assert names(uploads) == []


def test_a_former_file_uploaded_by_mistake_is_deleted_for_good_while_the_present_one_stays(
    admin_client, client, uploads
):
    upload(admin_client, pdf("geheim"))
    publish()
    replace(admin_client, pdf("richtig"))
    key = Attachment.objects.get().pk
    page, erase, file = (reverse(f"admin:faq_attachment_{name}", args=[key]) for name in ("change", "erase", "file"))
    assert f'href="{erase}"' in admin_client.get(page).content.decode()
    assert "edu-antrag.pdf (PDF" in admin_client.get(erase).content.decode()
    assert admin_client.post(erase).status_code == 302
    assert len(names(uploads)) == 1
    assert b"".join(client.get("/datei/edu-antrag/")) == pdf("richtig")
    first = Version.objects.filter(path="_dateien/_dateien.yaml#edu-antrag").last()
    assert admin_client.get(f"{file}?fassung={first.pk}").status_code == 404
    assert "(gelöscht)" in admin_client.get(page).content.decode()
    assert "Es gibt keine frühere Datei." in admin_client.get(erase).content.decode()
    admin_client.post(erase)  # and again: what readers have stays
    assert len(names(uploads)) == 1


def test_a_file_refused_by_the_form_for_another_reason_leaves_nothing(admin_client, uploads):
    assert upload(admin_client, pdf(), title="").status_code == 200
    assert names(uploads) == []


def test_a_file_of_a_save_that_is_rolled_back_is_removed(uploads):
    with storing.no_orphans(), transaction.atomic(), door_open():
        stored = storing.store("a.pdf", pdf())
        Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored)
        assert len(names(uploads)) == 1
        transaction.set_rollback(True)
    assert names(uploads) == []


def test_two_files_cannot_have_the_same_name_in_the_folder(db):
    with storing.no_orphans(), door_open():
        stored = storing.store("a.pdf", pdf())
        Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored)
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.create(slug="b", title="B", name="A.pdf", stored=stored)


def test_a_reference_leads_to_what_its_kind_says(db, seed):
    with storing.no_orphans(), door_open():
        stored = storing.store("a.pdf", pdf())
        found = Attachment.objects.create(slug="a", title="A", name="a.pdf", stored=stored)
        for kind in ("faq", "kontakt", "offen"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Reference.objects.create(entry=Entry.objects.first(), kind=kind, slug="a", attachment=found)


def test_a_gap_is_closed_with_a_file(admin_client, client, seed):
    upload(admin_client, pdf())
    gap = Gap.objects.open().first()
    entry = gap.references.first().entry
    url = reverse("admin:faq_gap_close", args=[gap.pk])
    assert errors(admin_client.post(url, {"target": "https://x.de", "attachment": Attachment.objects.get().pk}))
    admin_client.post(url, {"attachment": Attachment.objects.get().pk})
    assert 'href="/datei/edu-antrag/"' in client.get(entry.get_absolute_url()).content.decode()
    assert not gap.references.exists()


# The exchange format


LIST = "- slug: edu-antrag\n  title: Antrag für Schulen\n  file: EDU-Antrag.pdf\n"


@pytest.fixture
def folder(tmp_path):
    """A content folder with one attachment and a link to it."""
    root = tmp_path / "content"
    write(root, "_dateien/_dateien.yaml", LIST)
    write(root, "_dateien/EDU-Antrag.pdf", pdf("alt"))
    write(root, "allgemein/_category.md", "---\ntitle: Allgemein\n---\n")
    write(root, "allgemein/edu.md", "---\ntitle: Wie?\n---\n\nSo: [Antrag](datei:edu-antrag)\n")
    return root


def write(root, name, content):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def read_all(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_an_export_gives_back_the_same_bytes(folder, tmp_path, client):
    call_command("import_content", folder)
    assert 'href="/datei/edu-antrag/"' in client.get("/faq/edu/").content.decode()
    call_command("export_content", tmp_path / "out")
    assert read_all(tmp_path / "out") == read_all(folder)
    call_command("import_content", folder, check=True)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("EDU-Antrag (2).pdf", 'attachment; filename="EDU-Antrag (2).pdf"'),
        (
            "Größe für Ämter.pdf",
            "attachment; filename=\"Groesse fuer Aemter.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20f%C3%BCr%20%C3%84mter.pdf",
        ),
    ],
)
def test_a_file_has_a_name_that_every_program_understands(folder, client, name, header):
    (folder / "_dateien" / "EDU-Antrag.pdf").rename(folder / "_dateien" / name)
    write(
        folder,
        "_dateien/_dateien.yaml",
        read_all(folder)["_dateien/_dateien.yaml"].replace(b"EDU-Antrag.pdf", name.encode()),
    )
    call_command("import_content", folder)
    answer = client.get("/datei/edu-antrag/")
    assert answer.headers["Content-Disposition"] == header
    answer.close()


def test_a_replaced_file_in_the_folder_is_imported_and_one_in_the_admin_is_kept(folder, admin_client, client, capsys):
    call_command("import_content", folder)
    write(folder, "_dateien/EDU-Antrag.pdf", pdf("zwei"))
    with pytest.raises(CommandError):
        call_command("import_content", folder, check=True)
    call_command("import_content", folder)
    assert b"".join(client.get("/datei/edu-antrag/")) == pdf("zwei")
    replace(admin_client, pdf("aus der Verwaltung"))
    call_command("import_content", folder)
    assert "Dateien: 1 behalten" in capsys.readouterr().out
    write(folder, "_dateien/EDU-Antrag.pdf", pdf("drei"))
    with pytest.raises(CommandError, match="1 in Konflikt"):
        call_command("import_content", folder)
    assert b"".join(client.get("/datei/edu-antrag/")) == pdf("aus der Verwaltung")


def test_a_file_that_is_gone_from_the_folder_is_pruned_where_nothing_needs_it(folder):
    call_command("import_content", folder)
    for name in ("EDU-Antrag.pdf", "_dateien.yaml"):
        (folder / "_dateien" / name).unlink()
    with pytest.raises(CommandError):
        call_command("import_content", folder, prune=True)
    write(folder, "allgemein/edu.md", "---\ntitle: Wie?\n---\n\nSo.\n")
    call_command("import_content", folder)
    call_command("import_content", folder, prune=True)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"_dateien/_dateien.yaml": ""}, "_dateien/EDU-Antrag.pdf:1: Diese Datei steht nicht in _dateien.yaml."),
        ({"_dateien/mehr.pdf": pdf()}, "_dateien/mehr.pdf:1: Diese Datei steht nicht in _dateien.yaml."),
        (
            {"_dateien/_dateien.yaml": LIST.replace("EDU-Antrag.pdf", "fehlt.pdf")},
            "_dateien/_dateien.yaml:3: Die Datei „fehlt.pdf“ gibt es nicht.",
        ),
        ({"_dateien/EDU-Antrag.pdf": SVG}, "_dateien/_dateien.yaml:3: „EDU-Antrag.pdf“: Der Inhalt ist kein PDF."),
        ({"_dateien/_dateien.yaml": LIST.replace("EDU-", "../")}, "_dateien/_dateien.yaml:3: „../Antrag.pdf“ ist kein"),
        (
            {"_dateien/_dateien.yaml": LIST.replace(".pdf", ".svg")},
            "_dateien/_dateien.yaml:3: „EDU-Antrag.svg“ ist kein",
        ),
        ({"_dateien/_dateien.yaml": LIST + "  sha256: abc\n"}, "_dateien/_dateien.yaml:3: Die Prüfsumme (sha256)"),
        (
            {"_dateien/_dateien.yaml": LIST + LIST.replace("edu-", "gov-")},
            ":6: Die Datei „EDU-Antrag.pdf“ steht hier zweimal",
        ),
        (
            {"allgemein/edu.md": "---\ntitle: Wie?\n---\n\n[x](datei:fehlt)\n"},
            "edu.md:5: Unbekanntes Ziel „datei:fehlt“.",
        ),
        ({"_dateien/tiefer/x.pdf": pdf()}, "_dateien/tiefer:1: Diese Datei steht nicht"),
    ],
)
def test_a_faulty_list_is_refused_with_file_and_line_and_nothing_is_imported(folder, uploads, files, message):
    for name, content in files.items():
        write(folder, name, content)
    with pytest.raises(CommandError) as refused:
        call_command("import_content", folder)
    assert message in str(refused.value)
    assert not Entry.objects.exists()
    assert names(uploads) == []


def test_a_link_out_of_the_folder_is_no_attachment(folder, tmp_path):
    secret = tmp_path / "geheim.pdf"
    secret.write_bytes(pdf())
    Path(folder, "_dateien/EDU-Antrag.pdf").unlink()
    Path(folder, "_dateien/EDU-Antrag.pdf").symlink_to(secret)
    with pytest.raises(CommandError, match="gibt es nicht"):
        call_command("import_content", folder)


def test_the_zip_of_the_admin_holds_the_files_and_brings_them_back(folder, admin_client, uploads):
    call_command("import_content", folder)
    data = admin_client.get(reverse("admin:exchange_download")).getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == read_all(folder)
        files = {name: archive.read(name) for name in archive.namelist()}
    before = names(uploads)
    changed = zipped(files | {"_dateien/EDU-Antrag.pdf": pdf("neu")})
    page = admin_client.post(reverse("admin:exchange"), {"file": SimpleUploadedFile("x.zip", changed)})
    assert "_dateien/_dateien.yaml#edu-antrag: geändert" in page.content.decode()
    assert names(uploads) == before
    token = page.content.decode().partition('name="upload" value="')[2].partition('"')[0]
    admin_client.post(reverse("admin:exchange_confirm"), {"upload": token})
    assert Path(Attachment.objects.get().stored.file.path).read_bytes() == pdf("neu")
