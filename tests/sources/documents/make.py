"""The documents of this folder that programs wrote: `python make.py` with python-docx and LibreOffice. Their cuts were written before."""

import io
import subprocess
import tempfile
from pathlib import Path

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image

HERE = Path(__file__).parent


def text(document, said, style=None):
    """A paragraph whose words between ** are bold."""
    paragraph = document.add_paragraph(style=style)
    for place, part in enumerate(said.split("**")):
        paragraph.add_run(part).bold = place % 2 == 1 or None
    return paragraph


def link(paragraph, words, address):
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    element.append(paragraph.add_run(words).element)
    paragraph.paragraph_format.element.append(element)


def word_headings():
    document = Document()
    document.add_heading("Handbuch Volumenlizenzen", 0)
    document.add_heading("Verträge", 1)
    text(document, "Dieses Kapitel beschreibt die Vertragsarten.")
    document.add_heading("Welche Vertragsarten gibt es?", 2)
    text(document, "Es gibt **drei** Arten:")
    text(document, "Open Value", "List Bullet")
    text(document, "jährliche Zahlung", "List Bullet 2")
    text(document, "Zahlung auf einmal", "List Bullet 2")
    text(document, "Select Plus", "List Bullet")
    document.add_heading("Für Behörden", 3)
    text(document, "Behörden schließen einen Beitritt ab.")
    document.add_heading("Laufzeit und Verlängerung", 2)
    table = document.add_table(3, 2)
    for row, cells in zip(
        table.rows, (("Vertrag", "Laufzeit"), ("Open Value", "drei Jahre"), ("OLP", "zwei Jahre")), strict=True
    ):
        for cell, said in zip(row.cells, cells, strict=True):
            cell.text = said
    text(document, "Danach verlängert sich nichts von selbst.")
    document.add_heading("Was kostet eine Umstellung", 2)
    paragraph = text(document, "Nichts. Die Preise stehen im ")
    link(paragraph, "Portal", "https://example.com/preise")
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(picture, "PNG")
    document.add_picture(picture)
    document.add_heading("Bestellung", 1)
    document.add_heading("Wie viele Lizenzen muss ich mindestens bestellen?", 2)
    text(document, "Mindestens fünf. Rufen Sie uns unter 05744 944-194 an.")
    document.add_heading("Wie bestelle ich Lizenzen für eine Schule?", 2)
    text(document, "Schulen bestellen zu eigenen Preisen.")
    text(
        document,
        "**Berechtigung prüfen:** Der Kunde braucht einen Berechtigungsnachweis (Link einfügen).",
        "List Number",
    )
    text(document, "Angebot anfordern", "List Number")
    text(document, "Bestellung absenden", "List Number")
    text(document, "Sie erhalten eine Bestätigung.")
    document.save(HERE / "word-headings.docx")


def word_bold():
    document = Document()
    for said in (
        "**Fragen und Antworten für Fachhändler**", "", "", "**Portal und Zugang**", "", "**Wo finde ich meine Lizenzschlüssel?**",
        "Im Portal unter „Lizenzen“. Die Preise stehen in der Preisliste (Datei einfügen).", "",
        "**Ich habe mein Kennwort vergessen, was nun?**", "Fordern Sie ein neues an. **Wichtig:** Der Link gilt nur eine Stunde.", "",
        "**Wie richte ich einen neuen Benutzer ein?**", "Sie brauchen dafür die Rolle „Verwaltung“.",
        "#Melden Sie sich im Portal an.", "#Öffnen Sie „Benutzer“.", "#Klicken Sie auf „Neu“ und füllen Sie das Formular aus.",
        "**Zusätzlich bei Administratoren**", "#Setzen Sie den Haken bei „Verwaltung“.", "#Bestätigen Sie mit dem zweiten Faktor.", "",
        "", "**Rechnung**", "", "**Wann bekomme ich die Rechnung?**", "Am Ersten des Folgemonats.", "",
        "**Kann ich die Rechnung teilen**", "Ja, auf Anfrage.",
    ):  # fmt: skip
        text(document, said.removeprefix("#"), "List Number" if said.startswith("#") else None)
    document.save(HERE / "word-bold.docx")


def word_plain():
    document = Document()
    for said in (
        "Hilfe zum Rücksendeverfahren", "", "", "Allgemeines", "", "Wer ist für Rücksendungen zuständig?", "",
        "Das Service-Center in Hüllhorst. Es ist werktags von 8 bis 17 Uhr besetzt.", "",
        "Muss ich die Originalverpackung aufheben?", "", "Nein. Eine stabile Verpackung genügt (siehe Packanleitung, Link folgt).", "",
        "", "Abwicklung", "", "Wie läuft eine Rücksendung ab?", "", "Eine Rücksendung dauert etwa eine Woche.", "",
        "1. Schritt: RMA-Nummer beantragen (online oder per Telefon)",
        "2. Schritt: Paket packen und die RMA-Nummer außen anbringen (s. dazu Formular RMA einfügen)",
        "3. Schritt: Paket an das Service-Center senden", "", "Nur bei Geräten mit Datenträger", "",
        "4. Schritt: Daten sichern und Datenträger löschen", "", "Welche Fristen gelten.", "",
        "Für Rücksendungen gelten 14 Tage ab Erhalt der RMA-Nummer.",
    ):  # fmt: skip
        text(document, said)
    document.save(HERE / "word-plain.docx")


def libreoffice():
    written = (
        "<html><head><meta charset=utf-8></head><body><p class=title>Leitfaden Windows Server</p><p><br></p><h1>Lizenzierung</h1>"
        "<h2>Wie werden Kerne gezählt?</h2><p>Mindestens <b>16 Kerne</b> je Server.<br>Auch virtuelle Maschinen zählen.</p>"
        "<table><tr><td>Kerne</td><td>Pakete</td></tr><tr><td>16</td><td>8</td></tr></table>"
        "<h2>Brauche ich Zugriffslizenzen (CAL)?</h2><ul><li>je Gerät<ul><li>auch Telefone</li></ul></li><li>je Benutzer</li></ul>"
        "<h1>Aktivierung</h1><h2>Wie aktiviere ich Windows Server?</h2><ol><li>Eingabeaufforderung als Administrator öffnen</li>"
        "<li>Schlüssel eingeben</li><li>Aktivierung starten</li></ol><h2>Was tun, wenn die Aktivierung fehlschlägt?</h2>"
        "<p>Rufen Sie uns an.</p></body></html>"
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(written)
        office = ["soffice", "--headless", "--convert-to"]
        subprocess.run([*office, "odt:writer8", "--outdir", folder, page], check=True)
        for kind in ("docx:MS Word 2007 XML", "html:HTML (StarWriter)"):
            subprocess.run([*office, kind, "--outdir", folder, page.with_suffix(".odt")], check=True)
        for ending in (".docx", ".html"):
            HERE.joinpath(f"libreoffice{ending}").write_bytes(page.with_suffix(ending).read_bytes())


if __name__ == "__main__":
    word_headings()
    word_bold()
    word_plain()
    libreoffice()
