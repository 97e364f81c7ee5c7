"""Makers of small PDF, XLSX and DOCX files, harmless unless told otherwise."""

import io
import zipfile

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
    """A ZIP file of these files, by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()
