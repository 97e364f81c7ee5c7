"""Makers of small PDF, XLSX and DOCX files, harmless unless told otherwise."""

import io
import zipfile
import zlib

from pypdf import PdfWriter

OFFICE = "application/vnd.openxmlformats-officedocument."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = {
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml", "<workbook/>"),
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml", "<document/>"),
}


def pdf(text="", change=None):
    """A PDF of one page; `change(writer)` puts something into it."""
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.add_metadata({"/Title": text})
    if change:
        change(writer)
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


def office(kind, parts=(), *, types="", relations="", main=None):
    """An XLSX or DOCX file with further parts, content types and relations; `main` is the text of its main part."""
    name, content_type, text = MAIN[kind]
    return zipped(
        {
            "[Content_Types].xml": (
                f'<Types><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/{name}" ContentType="{content_type}"/>{types}</Types>'
            ),
            "_rels/.rels": f"<Relationships>{relation('officeDocument', name)}</Relationships>",
            name: main or text,
            f"{name.partition('/')[0]}/_rels/{name.partition('/')[2]}.rels": f"<Relationships>{relations}</Relationships>",
            **dict(parts),
        }
    )


def relation(kind, target, mode="Internal"):
    return f'<Relationship Id="r" Type="{RELATIONS}{kind}" Target="{target}" TargetMode="{mode}"/>'


def zipped(files):
    """A ZIP file of these files, by name; the same bytes whenever it is made."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def packed_pdf(hidden, another=b"null"):
    """A PDF of one page whose objects 4 and 7 stand in a compressed stream, as newer programs write it."""
    places_in_it = b"4 0 7 %d " % (len(hidden) + 1)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        None,
        _stream(f"/Type/ObjStm/N 2/First {len(places_in_it)}", places_in_it + hidden + b" " + another),
    ]
    data, places = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, text) if text else b""
    table = [b"\0\0\0\0", *(b"\1" + place.to_bytes(2, "big") + b"\0" for place in places), b"", b"\2\0\5\1"]
    table[4], table[6] = b"\2\0\5\0", b"\1" + len(data).to_bytes(2, "big") + b"\0"
    xref = _stream("/Type/XRef/Size 8/W[1 2 1]/Root 1 0 R", b"".join(table))
    return data + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(data))


def _stream(entries, content):
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries.encode(), len(packed), packed)
