"""What is no harmless document is refused in German, and nothing is fetched."""

import base64
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from faq import sources

DOCUMENT = (Path(__file__).parent / "documents" / "word-headings.docx").read_bytes()
pytestmark = pytest.mark.django_db
EXTERNAL = (
    '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}" TargetMode="External"/></Relationships>'
)


def changed(**parts):
    """The document with other bytes for some of its parts, or with more of them."""
    target = io.BytesIO()
    parts = {name.replace("__", "/"): data for name, data in parts.items()}
    with zipfile.ZipFile(io.BytesIO(DOCUMENT)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            change = parts.pop(name, None)
            archive.writestr(name, data if change is None else change(data))
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def related(kind, target):
    return changed(**{
        "word/_rels/document.xml.rels": lambda data: data.replace(b"</Relationships>", EXTERNAL.format(kind, target).encode())
    })  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("alt.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "als .docx"),
        ("geheim.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "Kennwort"),
        ("bild.docx", b"\x89PNG\r\n\x1a\n" + bytes(600), "kein Word-Dokument"),
        ("makros.docm", DOCUMENT, "Makros"),
        ("makros.docx", changed(**{"word/vbaProject.bin": b"x"}), "Makros"),
        ("tabelle.xlsx", DOCUMENT, "Möglich sind"),
        ("text.odt", b"PK", "LibreOffice"),
        ("leer.txt", b" \n", "leer"),
        ("leer.html", b"<html><body><p> </p></body></html>", "keine Wörter"),
        ("binaer.txt", b"Was ist das?\0\0", "kein Text"),
        ("zu-gross.txt", b"a" * 2_000_001, "größer"),
        ("bombe.docx", changed(**{"word/media/gross.png": bytes(200_000_001)}), "zu groß"),
        ("bild-von-aussen.docx", related("image", "https://example.com/x.png"), "von außen"),
        ("vorlage.docx", related("attachedTemplate", "file:///vorlage.dotm"), "Makros"),
        ("dtd.docx", changed(**{"word/document.xml": lambda data: b'<!DOCTYPE a [<!ENTITY b "c">]>' + data[data.index(b"<w:doc"):]}), "DTD"),
        ("kaputt.docx", changed(**{"word/document.xml": lambda data: b"<x/>"}), "nicht lesbar"),
        ("verschachtelt.html", b"<ul><li>" * 3000, "Die Seite ist zu verschachtelt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_harmless_document_is_refused(name, data, said):
    with pytest.raises(sources.Unreadable, match=said):
        sources.read(name, data)


def test_a_drawing_that_word_keeps_beside_its_picture_does_no_harm():
    assert sources.read("a.docx", changed(**{"word/media/image9.svg": b"<svg onload='x()'/>"})).proposals


def test_pictures_that_a_page_only_names_are_left_out_and_counted():
    page = '<h1>Was ist das?</h1><p>Ein Bild. <img src="https://example.com/x.png"> <img src="file:///etc/passwd"></p>'
    source = sources.read_html(page)
    assert source.left_out == "2 Bilder"
    assert not source.pictures


def test_what_would_run_in_a_page_is_in_no_passage():
    page = "<h1>Was ist das?</h1><p onclick=x()>Ein <script>alert(1)</script><a href='javascript:x()'>Text</a></p>"
    (proposal,) = sources.read_html(page).proposals
    assert proposal.passage == "<h1>Was ist das?</h1><p>Ein Text</p>"
    assert proposal.body == "Ein Text"


def test_a_picture_of_another_kind_is_drawn_anew_and_one_that_is_none_left_out():
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(target, "GIF")
    encoded = [base64.b64encode(data).decode() for data in (target.getvalue(), b"%!PS-Adobe-3.0 EPSF-3.0\n")]
    page = "<h1>Was ist das?</h1>" + "".join(f'<p><img src="data:image/x;base64,{data}"></p>' for data in encoded)
    source = sources.read_html(page)
    ((slug, picture),) = source.pictures.items()
    assert picture.name == f"{slug}.png"
    assert source.proposals[0].body == f"![](bild:{slug})"
    assert source.left_out == "1 Bild"
