"""What do office programs keep of a copied answer, walkthrough and step? LibreOffice Writer reads their HTML and writes it as .odt and .docx.

Without LibreOffice (on Debian: apt install libreoffice-writer) there is nothing to say.
"""

import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.portal import print_table, served_portal
from tests.browser.conftest import CHROMIUM, FLAGS

COPIED = {
    "answer": ("/faq/alles-drin/", ".tools [data-copy-text]"),
    "walkthrough": ("/faq/alles-drin-schritte/", ".tools [data-copy-text]"),
    "step": ("/faq/alles-drin-schritte/", "#schritt-2 [data-copy-text]"),
}
CLIPBOARD = "async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()"
# What there is of each structure, as text with where it stands.
STRUCTURE = """html => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const all = selector => [...page.querySelectorAll(selector)];
    const words = node => node.textContent.replace(/\\s+/g, " ").trim();
    const own = item => [...item.childNodes].filter(node => !/^[OU]L$|^P$/.test(node.nodeName)).map(words).join(" ").trim();
    const depth = node => node ? 1 + depth(node.parentElement.closest("ul, ol")) : 0;
    return {
        headings: all("h1, h2, h3, h4, h5, h6").map(node => `${node.localName[1]} ${words(node)}`),
        "items, at their depth": all("li").map(node => `${depth(node.parentElement)} ${own(node)}`),
        "cells of tables": all("td, th").map(words),
        bold: all("strong").map(words),
        links: all("a").map(node => `${node.href} ${words(node)}`),
    };
}"""
ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, STYLE, FO = (ODF % name for name in ("text", "table", "style", "xsl-fo-compatible"))
XLINK = "{http://www.w3.org/1999/xlink}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def words(element):
    return " ".join("".join(element.itertext()).split())


def in_odt(file):
    with zipfile.ZipFile(file) as archive:
        root = ET.fromstring(archive.read("content.xml"))
    bold = {"Strong_20_Emphasis"}
    for style in root.iter(f"{STYLE}style"):
        if any(each.get(f"{FO}font-weight") == "bold" for each in style):
            bold.add(style.get(f"{STYLE}name"))
    items = []

    def walk(element, depth):
        for child in element:
            if child.tag == f"{TEXT}list-item":
                items.append(f"{depth} {words(first) if (first := child.find(f'{TEXT}p')) is not None else ''}")
            walk(child, depth + (child.tag == f"{TEXT}list"))

    walk(root, 0)
    return {
        "headings": [f"{each.get(f'{TEXT}outline-level')} {words(each)}" for each in root.iter(f"{TEXT}h")],
        "items, at their depth": items,
        "cells of tables": [" ".join(map(words, cell)) for cell in root.iter(f"{TABLE}table-cell")],
        "bold": [words(each) for each in root.iter(f"{TEXT}span") if each.get(f"{TEXT}style-name") in bold],
        "links": [f"{each.get(f'{XLINK}href')} {words(each)}" for each in root.iter(f"{TEXT}a")],
    }


def fields(root):
    """Links to a place on a page, which Writer writes as fields of two parts: address and words of each."""
    url = ""
    for run in root.iter(f"{W}r"):
        if field := re.search(r'HYPERLINK "([^"]*)" \\l "([^"]*)"', "".join(run.itertext())):
            url = "#".join(field.groups())
        elif url and words(run):
            yield url, words(run)
            url = ""


def in_docx(file):
    with zipfile.ZipFile(file) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))
        targets = {
            each.get("Id"): each.get("Target") for each in ET.fromstring(archive.read("word/_rels/document.xml.rels"))
        }
    found = {"headings": [], "items, at their depth": [], "bold": []}
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val")
        if name.startswith("Heading"):
            found["headings"].append(f"{name[-1]} {words(paragraph)}")
        elif (level := paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl")) is not None:
            found["items, at their depth"].append(f"{int(level.get(f'{W}val')) + 1} {words(paragraph)}")
    for run in root.iter(f"{W}r"):
        style = run.find(f"{W}rPr/{W}rStyle")
        if run.find(f"{W}rPr/{W}b") is not None or (style is not None and style.get(f"{W}val").startswith("Strong")):
            found["bold"].append(words(run))
    return found | {
        "cells of tables": [" ".join(map(words, cell.iter(f"{W}p"))) for cell in root.iter(f"{W}tc")],
        "links": [f"{targets[each.get(f'{REL}id')]} {words(each)}" for each in root.iter(f"{W}hyperlink")]
        + [" ".join(field) for field in fields(root)],
    }


def converted(folder, html, kind):
    """A file of this kind that Writer made of the HTML."""
    source = Path(folder, "copied.html")
    source.write_text(f'<!doctype html><html><head><meta charset="utf-8"></head><body>{html}</body></html>')
    command = [
        "soffice",
        "--headless",
        "--infilter=HTML (StarWriter)",
        "--convert-to",
        kind,
        "--outdir",
        folder,
        source,
    ]
    subprocess.run(command, env=os.environ | {"HOME": folder}, check=True, capture_output=True)
    return source.with_suffix(f".{kind}")


def kept(wanted, found):
    """How many are there, and the first that is not."""
    missing = Counter(wanted) - Counter(found)
    return f"{len(wanted) - missing.total()} of {len(wanted)}" + "".join(f" (not: {one})" for one in list(missing)[:1])


def main():
    if not shutil.which("soffice"):
        print("no LibreOffice here: left out")
        return
    rows = []
    with served_portal() as portal, sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        portal.edit("from tests.everything import make; make()")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        for name, (path, button) in COPIED.items():
            page.goto(f"http://127.0.0.1:{portal.port}{path}")
            page.locator(button).first.click()
            page.locator(".copied").wait_for()
            html = page.evaluate(CLIPBOARD)
            odt, docx = in_odt(converted(folder, html, "odt")), in_docx(converted(folder, html, "docx"))
            rows += [
                [f"{name}: {what}", kept(wanted, odt[what]), kept(wanted, docx[what])]
                for what, wanted in page.evaluate(STRUCTURE, html).items()
            ]
        browser.close()
    print_table(["copied", ".odt", ".docx"], rows)


if __name__ == "__main__":
    main()
