"""What is a title, a step, a gap: by kinds, in as few lines as show each."""

import pytest

from faq import sources
from tests.sources.test_reading import cut

pytestmark = pytest.mark.django_db
KINDS = {
    "lines without empty ones between": (
        "txt",
        "Bestellung\nWie bestelle ich?\nPer Telefon.\nSupport\nWo ist Hilfe?\nIm Portal.",
        "Kategorie: Bestellung|Frage: Wie bestelle ich?|Kategorie: Support|Frage: Wo ist Hilfe?",
    ),
    "the first category nearer than the others": (
        "txt",
        "Hilfe\n\nKonto\n\nWie geht das?\n\nSo.\n\nIhr Team\n\nUnd dann?\n\nx\n\n\nTechnik\n\nWas nun?\n\nx",
        "Rest: Hilfe|Kategorie: Konto|Frage: Wie geht das?|Frage: Und dann?|Kategorie: Technik|Frage: Was nun?",
    ),
    "no question marks": (
        "txt",
        "Wie bestelle ich\n\nSo.\n\nKann ich später erweitern\n\nJa.\n\nWie oben beschrieben, dauert es.",
        "Kategorie:|Frage: Wie bestelle ich|Frage: Kann ich später erweitern",
    ),
    "capitals, and bold as in Markdown": (
        "txt",
        "WELCHE ARTEN GIBT ES\n\nx\n\n**Was kostet das**\nNichts.\n",
        "Kategorie:|Frage: WELCHE ARTEN GIBT ES|Frage: Was kostet das",
    ),
    "titles and steps whose first words are bold": (
        "html",
        "<h2>Wie geht das?</h2><p>Schritt 1: <b>Anmelden.</b> Im Portal.</p><p><b>Schritt 2: Wählen.</b> So.</p><h2>Wie läuft das?</h2>"
        "<ol><li><b>Anrufen</b><br>Uns.</li><li><b>Warten</b> – lange.</li></ol>",
        "Kategorie:|Ablauf: Wie geht das?|Schritt: Anmelden|Schritt: Wählen|Ablauf: Wie läuft das?|Schritt: Anrufen|Schritt: Warten",
    ),
    "definitions, and summaries with details": (
        "html",
        "<dl><dt>Wie geht das?</dt><dd>So.</dd></dl><details><summary>Was ist das?</summary><p>Das.</p></details>",
        "Kategorie:|Frage: Wie geht das?|Frage: Was ist das?",
    ),
    "labels": (
        "txt",
        "F: Wie bestelle ich?\nA: So.\n\nFrage 3: Laufzeit der Verträge\nAntwort: Drei Jahre.",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Laufzeit der Verträge",
    ),
    "numbers before all": (
        "txt",
        "1. Allgemeines\n\n1.1 Wie bestelle ich?\n\nSo.\n\n2. Technik\n\n2.1 Reichen 5 Lizenzen?\n\nJa.",
        "Kategorie: Allgemeines|Frage: Wie bestelle ich?|Kategorie: Technik|Frage: Reichen 5 Lizenzen?",
    ),
    "a number of the same depth as those of questions": (
        "txt",
        "1. Angebote\n\n1.1 Wie geht das?\n\nSo.\n\n1.2 Ändern eines Angebots\n\nx\n\n2. Lieferung\n\n2.1 Wann?\n\nx",
        "Kategorie: Angebote|Frage: Wie geht das?|Frage: Ändern eines Angebots|Kategorie: Lieferung|Frage: Wann?",
    ),
    "headings that count": (
        "html",
        "<h1>1 Einführung</h1><p>x</p><h1>2 Störungen</h1><h2>2.1 Was tun bei Rauch?</h2><ol><li>Ruhe</li><li>Hilfe</li></ol><h2>2.2 Netz</h2>"
        "<h3>Kein LAN</h3><p>x</p><h1>3 Kontakt</h1><p>x</p>",
        "Kategorie:|Frage: Einführung|Kategorie: Störungen|Ablauf: Was tun bei Rauch?|Schritt: Ruhe|Schritt: Hilfe|Kategorie: Störungen – Netz|"
        "Frage: Kein LAN|Kategorie:|Frage: Kontakt",
    ),
    "underlined titles": (
        "txt",
        "Hilfe\n=====\n\nBestellung\n----------\nWie geht das?\nSo.",
        "Rest: Hilfe|Kategorie: Bestellung|Frage: Wie geht das?",
    ),
    "contents typed by hand": (
        "txt",
        "Inhalt\nWie geht a?\nWie geht b?\nWie geht c?\n\nWie geht a?\n\nSo.\n\nWie geht b?\n\nSo.\n\nWie geht c?\n\nSo.",
        "Rest: Inhalt|Kategorie:|Frage: Wie geht a?|Frage: Wie geht b?|Frage: Wie geht c?",
    ),
    "contents by Word": (
        "html",
        "<p class=MsoToc1>Bestellung\t1</p><p class=MsoToc2>Wie geht das?\t1</p><h1>Bestellung</h1><h2>Wie geht das?</h2><p>So.</p>",
        "Rest: Bestellung 1|Kategorie: Bestellung|Frage: Wie geht das?",
    ),
    "contents as a list, and a list that is none": (
        "html",
        "<h2>Übersicht</h2><ul><li>Wie geht a?</li><li>Wie geht b?</li><li>Umfang</li></ul><h2>Wie geht a?</h2><p>x</p><h2>Wie geht b?</h2><p>x</p>"
        "<h2>Umfang</h2><ul><li>eins</li><li>zwei</li><li>drei</li></ul>",
        "Rest: Übersicht|Kategorie:|Frage: Wie geht a?|Frage: Wie geht b?|Frage: Umfang",
    ),
    "contents by LibreOffice": (
        "html",
        "<p>Verzeichnis</p><p><a href='#a'>Bestellung\t1</a></p><p><a href='#b'>Wie geht das?......1</a></p><h1>Bestellung</h1><h2>Wie geht das?</h2><p>Preis:\t25</p><p>OLP\t30</p>",
        "Rest: Verzeichnis|Kategorie: Bestellung|Frage: Wie geht das?",
    ),
    "a dash behind the number of a step": (
        "txt",
        "Wie läuft das?\n\nSchritt 1 – Anmelden\nIm Portal.\nSchritt 2 – Fertig",
        "Kategorie:|Ablauf: Wie läuft das?|Schritt: Anmelden|Schritt: Fertig",
    ),
    "a line below each step": (
        "html",
        "<p>Wie läuft das?</p><p>Schritt 1: Anmelden</p><p>Im Portal</p><p>Schritt 2: Wählen</p><p>In der Liste</p><p>Schritt 3: Ende</p>",
        "Kategorie:|Ablauf: Wie läuft das?|Schritt: Anmelden|Schritt: Wählen|Schritt: Ende",
    ),
    "steps under a title without a question": (
        "txt",
        "Ablauf der Bestellung\n\n1. Schritt: Anfragen\n2. Schritt: Bestellen\n\nNur bei Schulen\n\n3. Schritt: Nachweis senden (s. dazu Link)",
        "Kategorie:|Ablauf: Ablauf der Bestellung|Schritt: Anfragen|Schritt: Bestellen|Abschnitt: Nur bei Schulen|Schritt: Nachweis senden|Offen: Nachweis",
    ),
    "steps as headings": (
        "html",
        "<h2>Wie aktiviere ich?</h2><h3>Schritt 1: Anmelden</h3><p>x</p><h3>Schritt 2: Eingeben</h3><h2>Wie storniere ich?</h2><h3>1. Ticket</h3><h3>2. Warten</h3>",
        "Kategorie:|Ablauf: Wie aktiviere ich?|Schritt: Anmelden|Schritt: Eingeben|Ablauf: Wie storniere ich?|Schritt: Ticket|Schritt: Warten",
    ),
    "numbers that are no steps": (
        "html",
        "<h2>Welche Arten gibt es?</h2><ol><li>OLP</li><li>Open Value</li></ol><h2>Wie viele Arten gibt es?</h2><ol><li>eine</li><li>zwei</li></ol>",
        "Kategorie:|Frage: Welche Arten gibt es?|Frage: Wie viele Arten gibt es?",
    ),
    "two levels over a question": (
        "html",
        "<h1>A</h1><h2>Allgemeines</h2><h3>Wie geht das?</h3><p>So.</p><h1>B</h1><h2>Allgemeines</h2><h3>Was ist das?</h3><p>x</p>",
        "Kategorie: A – Allgemeines|Frage: Wie geht das?|Kategorie: B – Allgemeines|Frage: Was ist das?",
    ),
    "headings within an answer": (
        "html",
        "<h1>Hilfe</h1><h2>Bestellung</h2><h3>Wie geht das?</h3><h4>Per Telefon</h4><p>x</p><h2>Technik</h2><h3>Was nun?</h3><p>x</p>",
        "Rest: Hilfe|Kategorie: Bestellung|Frage: Wie geht das?|Kategorie: Technik|Frage: Was nun?",
    ),
    "a question in bold at the start of its answer": (
        "html",
        "<p><b>Wie bestelle ich?</b> Per Telefon.</p><p><b>Was kostet das?</b><br>Nichts.</p>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?",
    ),
    "questions with automatic numbers": (
        "html",
        "<ol><li>Wie bestelle ich?</li></ol><p>So.</p><ol><li>Was kostet das?</li></ol><p>Nichts.</p>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?",
    ),
    "a table of questions": (
        "html",
        "<table><tr><td>Frage</td><td>Antwort</td></tr><tr><td>Wie bestelle ich?</td><td>So.</td></tr><tr><td>Was kostet das?</td><td>Nichts.</td></tr></table>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?",
    ),
    "a table of questions with a number each": (
        "html",
        "<table><tr><td>1</td><td>Wie bestelle ich?</td><td>So.</td></tr><tr><td>2</td><td>Was kostet das?</td><td>Nichts.</td></tr></table>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?",
    ),
    "a heading on the level of questions": (
        "html",
        "<h1>A</h1><h2>Wie geht das?</h2><p>So.</p><h2>Stornierung</h2><p>Geht.</p><h3>Fristen</h3><p>Keine.</p><h1>B</h1><h2>Was ist das?</h2><p>x</p>",
        "Kategorie: A|Frage: Wie geht das?|Frage: Stornierung|Kategorie: B|Frage: Was ist das?",
    ),
    "headings that all ask nothing": (
        "html",
        "<h1>A</h1><h2>OLP</h2><h3>Laufzeit</h3><p>x</p><h3>Preis</h3><p>x</p><h1>B</h1><h2>Select</h2><h3>Laufzeit</h3><p>x</p>",
        "Kategorie: A – OLP|Frage: Laufzeit|Frage: Preis|Kategorie: B – Select|Frage: Laufzeit",
    ),
    "a heading over nothing": (
        "html",
        "<h1>Leer</h1><h1>Technik</h1><h2>Wer hilft?</h2><p>Wir.</p>",
        "Rest: Leer|Kategorie: Technik|Frage: Wer hilft?",
    ),
    "a mail without paragraphs": (
        "html",
        "<div>Hallo,<br><br><b>Wie bestelle ich?</b><br>So.<br><br>Was kostet das?<br>Nichts.<div><br></div><div>Viele Grüße</div></div>",
        "Rest: Hallo,|Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?|Rest: Viele Grüße",
    ),
    "a plain text that a program wrapped": (
        "html",
        "<html><body><pre>Wie bestelle ich?\n\nSo &amp; so.\n\nWas kostet das?\n\nNichts.</pre>\n</body></html>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Was kostet das?",
    ),
    "labels in bold": (
        "html",
        "<p><b>Frage:</b> Wie bestelle ich?</p><p><b>Antwort:</b> So.</p><p><b>Frage:</b> Bonus beantragen</p><p><b>Antwort:</b></p><ul><li>eins</li></ul>",
        "Kategorie:|Frage: Wie bestelle ich?|Frage: Bonus beantragen",
    ),
    "bold lines that count": (
        "html",
        "<p><b>1 Postfach</b></p><p><b>1.1 Wie groß ist es?</b></p><p>50 GB.</p><p><b>2 Spam</b></p><p><b>2.1 Was tun?</b></p><p>3 Mails melden</p>",
        "Kategorie: Postfach|Frage: Wie groß ist es?|Kategorie: Spam|Frage: Was tun?",
    ),
    "plain lines that count": (
        "txt",
        "1 Postfach\n\n1.1 Wie groß ist es?\n\n50 GB.\n\n2 Spam\n\n2.1 Was nun?\n\nx",
        "Kategorie: Postfach|Frage: Wie groß ist es?|Kategorie: Spam|Frage: Was nun?",
    ),
    "tasks set as the questions are": (
        "html",
        "<h1>Konto</h1><p><b>Telefon registrieren</b></p><p>Bei uns.</p><p><b>Was ist das?</b></p><p>Das.</p><p><b>Bitte beachten</b></p><p>x</p>"
        "<p><b>Kennwort zurücksetzen</b></p><p>Das geht so:</p><ol><li>Öffnen Sie das Portal.</li><li>Kennwort eingeben</li></ol>"
        "<p>Fertig.</p><p><b>Vertrag übertragen</b></p><p>Nur bei:</p><ol><li>Verkauf</li><li>Umzug</li></ol>",
        "Kategorie: Konto|Frage: Telefon registrieren|Frage: Was ist das?|Ablauf: Kennwort zurücksetzen|Schritt: Öffnen Sie das Portal|"
        "Schritt: Kennwort eingeben|Frage: Vertrag übertragen",
    ),
    "tasks that divide an answer": (
        "html",
        "<p><b>Wie wechsle ich?</b></p><p><b>Daten sichern</b></p><p>x</p><p><b>Altes Gerät abgeben</b></p><p>y</p>",
        "Kategorie:|Frage: Wie wechsle ich?",
    ),
    "tasks under headings": (
        "html",
        "<h2>Wie wechsle ich?</h2><p>So.</p><p><b>Daten sichern</b></p><p>x</p>",
        "Kategorie:|Frage: Wie wechsle ich?",
    ),
    "titles without a question mark right over their text": (
        "txt",
        "Wie lange gilt das?\nEin Jahr.\n\nGarantie verlängern\nSie kostet 49 €.\n\nBekomme ich ein Leihgerät\nNur mit Vertrag.",
        "Kategorie:|Frage: Wie lange gilt das?|Frage: Garantie verlängern|Frage: Bekomme ich ein Leihgerät",
    ),
    "a section right over its steps": (
        "txt",
        "Wie läuft das?\n\nSchritt 1: Melden\nSchritt 2: Packen\n\nBei Großgeräten\nSchritt 3: Termin",
        "Kategorie:|Ablauf: Wie läuft das?|Schritt: Melden|Schritt: Packen|Abschnitt: Bei Großgeräten|Schritt: Termin",
    ),
    "a table of questions with rows over them": (
        "html",
        "<table><tr><th>Frage</th><th>Antwort</th></tr><tr><td colspan=2>Kauf</td></tr><tr><td>Wie bestelle ich?</td><td>So.</td></tr>"
        "<tr><td colspan=2>Technik</td></tr><tr><td>Was ist das?</td><td>Das.</td></tr></table>",
        "Kategorie: Kauf|Frage: Wie bestelle ich?|Kategorie: Technik|Frage: Was ist das?",
    ),
    "promises of things by other names": (
        "txt",
        "Was fehlt?\n\nAlles (Preisliste folgt) (Muster: siehe Link) (siehe Merkblatt 2FA, Datei folgt) (siehe Preisliste).",
        "Kategorie:|Frage: Was fehlt?|Offen: Preisliste|Offen: Muster|Offen: Merkblatt 2FA",
    ),
    "steps in the Markdown of other programs": (
        "md",
        "# Wie geht das?\n\n[Anfang](#oben)\n\n1. Öffnen\n    - links\n2. **Wählen**\n   - eins\n   - zwei\n3. Fertig\n",
        "Kategorie:|Ablauf: Wie geht das?|Schritt: Öffnen|Schritt: Wählen|Schritt: Fertig",
    ),
    "a task as an answer": (
        "txt",
        "Was tun?\n\nKabel tauschen\n\nSonst ein Ticket.\n\nUrlaub beantragen\n\nIm Portal.\n\nWas nun?\n\nx",
        "Kategorie:|Frage: Was tun?|Frage: Urlaub beantragen|Frage: Was nun?",
    ),
    "one empty line in a text without others": (
        "txt",
        "Regeln\n\n1. Kauf\n1.1 Wer darf?\nAlle.\n1.2 Gibt es Rabatt\nJa.\n2. Rückgabe\n2.1 Wie oft?\nNie.\n2.2 Lizenz zurückgeben\nBei uns.",
        "Rest: Regeln|Kategorie: Kauf|Frage: Wer darf?|Frage: Gibt es Rabatt|Kategorie: Rückgabe|Frage: Wie oft?|Frage: Lizenz zurückgeben",
    ),
    "steps between pictures": (
        "html",
        "<p>Wie geht das?</p><ol><li>Kabel einstecken</li></ol><p>Siehe oben.</p><ol><li>Neu anmelden</li></ol><p>Was nun?</p><p>x</p>",
        "Kategorie:|Ablauf: Wie geht das?|Schritt: Kabel einstecken|Schritt: Neu anmelden|Frage: Was nun?",
    ),
    "promises": (
        "txt",
        "Was fehlt?\n\nDie Preise [Link einfügen] und das Formular (siehe Packanleitung, Link folgt). Alles (siehe Seite 5) steht in der Mappe "
        "(Text kopieren und einfügen).",
        "Kategorie:|Frage: Was fehlt?|Offen: Preise|Offen: Packanleitung",
    ),
    "a promise behind another paragraph, and in a list": (
        "html",
        "<h2>Wie kündige ich?</h2><p>Zum Ende der Laufzeit.</p><p>Das Formular liegt hier: (Link einfügen).</p>"
        "<ul><li>Nur in der Laufzeit.</li><li>Die Preisliste steht hier (Link einfügen).</li></ul>",
        "Kategorie:|Frage: Wie kündige ich?|Offen: Formular|Offen: Preisliste",
    ),
    "a promise beside an amount": (
        "txt",
        "Was kostet es?\n\nSonst 5,90 Euro (s. Link).",
        "Kategorie:|Frage: Was kostet es?|Offen: Offene Stelle",
    ),
    "questions that Word numbers, two of them in one": (
        "html",
        "<ol><li>Was ist A?</li></ol><p>x</p><ol><li>Kann ein Kunde A haben?</li></ol><p>x</p><ol><li>Gibt es B noch? Und was dann?</li></ol><p>x</p>",
        "Kategorie:|Frage: Was ist A?|Frage: Kann ein Kunde A haben?|Frage: Gibt es B noch? Und was dann?",
    ),
    "a table of questions, two of them in one": (
        "html",
        "<table><tr><td>Geht das? Und bis wann?</td><td>Ja, bis 16 Uhr.</td></tr><tr><td>Was ist das?</td><td>Das.</td></tr></table>",
        "Kategorie:|Frage: Geht das? Und bis wann?|Frage: Was ist das?",
    ),
    "letters before steps": (
        "html",
        "<h2>Wie bestelle ich?</h2><p>a) Nummer suchen</p><p>b) Menge nennen</p><p>c) Warten</p><h2>Wo?</h2><p>a) Hier.</p>",
        "Kategorie:|Ablauf: Wie bestelle ich?|Schritt: Nummer suchen|Schritt: Menge nennen|Schritt: Warten|Frage: Wo?",
    ),
    "steps that are further in": (
        "html",
        "<h2>Wie läuft das?</h2><h3>Vorher</h3><ol><li>Klären</li></ol><h3>Nachher</h3><ul><li><ol><li>Prüfen</li><li>Erfassen</li></ol></li></ul>",
        "Kategorie:|Ablauf: Wie läuft das?|Abschnitt: Vorher|Schritt: Klären|Abschnitt: Nachher|Schritt: Prüfen|Schritt: Erfassen",
    ),
    "what to do": (
        "txt",
        "Alles belegt – was nun?\n\n1. Ansehen\n2. Trennen\n\nWas mache ich bei einem Schaden?\n\n1. Fotos machen\n2. Melden",
        "Kategorie:|Ablauf: Alles belegt – was nun?|Schritt: Ansehen|Schritt: Trennen|Ablauf: Was mache ich bei einem Schaden?|Schritt: Fotos machen|"
        "Schritt: Melden",
    ),
    "titles underlined by a sign of their own": (
        "txt",
        "*****\nHILFE\n*****\n\nStand 11/2025\n\nKONTO\n=====\n\nWer hilft?\n----------\nWir.\n\nKAUF\n====\n\nWas nun?\n--------\nx",
        "Rest: HILFE|Kategorie: KONTO|Frage: Wer hilft?|Kategorie: KAUF|Frage: Was nun?",
    ),
    "names that only stand apart as the questions do": (
        "html",
        "<p><b>Technik</b></p><br><p><b>Was ist das?</b></p><p>Das.</p><br><p><b>Programm startet nicht</b></p><p>Neu anmelden.</p><p><b>Hinweis</b></p>"
        "<p>x</p><br><p><b>Und dann?</b></p><p>x</p>",
        "Kategorie: Technik|Frage: Was ist das?|Frage: Programm startet nicht|Frage: Und dann?",
    ),
    "names in an answer, where all stands apart": (
        "html",
        "<p><b>Was ist das?</b></p><br><p>Das.</p><br><p><b>Hinweis</b></p><br><p>x</p><br><p><b>Und dann?</b></p><br><p>x</p>",
        "Kategorie:|Frage: Was ist das?|Frage: Und dann?",
    ),
    "a question that somebody asks in an answer": (
        "html",
        "<p>Bis wann?</p><p></p><p>In vier Wochen. Es heißt: „Wo bleibt das?“</p><p></p><p>Was heißt „Wirklich löschen?“</p><p></p><p>Weg. So.</p>",
        "Kategorie:|Frage: Bis wann?|Frage: Was heißt „Wirklich löschen?“",
    ),
    "framed titles": (
        "txt",
        "Hilfe\n~~~~~\n\n*** Zugang ***\n\nFrage: Wer darf?\nAntwort: Alle.\n\n*** Kauf ***\n\nFrage: Was kostet es?\nAntwort: Nichts.",
        "Rest: Hilfe|Kategorie: Zugang|Frage: Wer darf?|Kategorie: Kauf|Frage: Was kostet es?",
    ),
    "lines of Markdown without empty ones between": (
        "md",
        "# Wie melde ich es?\na) Notieren\nb) Warten\n\n# Wie geht das?\nSo\nweiter:\n**Schritt 1:** Öffnen\nSchritt 2: Wählen\n\nF: Was nun?\nA: Nichts.",
        "Kategorie:|Ablauf: Wie melde ich es?|Schritt: Notieren|Schritt: Warten|Ablauf: Wie geht das?|Schritt: Öffnen|Schritt: Wählen|Frage: Was nun?",
    ),
    "words that lead to the steps": (
        "html",
        "<p>Wie geht das?</p><p></p><p>Gehen Sie so vor:</p><p></p><p>Schritt 1: Öffnen</p><p>Schritt 2: Wählen</p><p></p><p>Und dann?</p><p></p>"
        "<p>Erst das Netz.</p><p></p><p>Danach so:</p><p></p><p>Schritt 1: Anmelden</p><p>Schritt 2: Warten</p>",
        "Kategorie:|Ablauf: Wie geht das?|Schritt: Öffnen|Schritt: Wählen|Ablauf: Und dann?|Schritt: Anmelden|Schritt: Warten",
    ),
    "the edge of a page": (
        "html",
        "<nav><p>Start</p></nav><h2>Was ist das?</h2><p>Das.</p><div role=contentinfo><p>Gedruckt am 1. Mai</p></div>",
        "Rest: Start|Kategorie:|Frage: Was ist das?|Rest: Gedruckt am 1. Mai",
    ),
    "promises in a word": (
        "txt",
        "Wie melde ich es?\n\n1. Schritt: Etikett schicken (Screenshot)\n2. Schritt: Anrufen (Nummer: xxx)\n\nWer hilft?\n\nTelefon xxx. Nicht 05744-xxx1, "
        "nicht 4711. Anleitung (Link einfügen)",
        "Kategorie:|Ablauf: Wie melde ich es?|Schritt: Etikett schicken|Schritt: Anrufen|Frage: Wer hilft?|Offen: Etikett|Offen: Nummer|"
        "Offen: Telefon|Offen: Anleitung",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "expected"), KINDS.values(), ids=KINDS)
def test_titles_steps_and_gaps_are_found(kind, text, expected):
    assert cut(sources.read(f"text.{kind}", text.encode())) == expected.split("|")


def test_the_words_before_a_promise_are_those_of_its_link():
    (proposal,) = sources.read(
        "a.txt", "Was kostet das?\n\nDas steht in der Preisliste (Datei einfügen).".encode()
    ).proposals
    assert proposal.body == "Das steht in der [Preisliste](offen:preisliste)."


def test_words_in_quotes_before_a_promise_are_those_of_its_link():
    (proposal,) = sources.read(
        "a.txt", "Was kostet das?\n\nSiehe Formular „Storno“ (Link einfügen).".encode()
    ).proposals
    assert proposal.body == "Siehe [Formular „Storno“](offen:formular-storno)."


def test_in_a_table_of_questions_answers_keep_their_lists_and_columns_their_names():
    source = sources.read_html(
        "<table><tr><td>Nr.</td><td>Frage</td><td>Antwort</td><td>Team</td></tr>"
        "<tr><td>1</td><td>Wie bestelle ich?</td><td><p>So:</p><ul><li>eins</li><li>zwei</li></ul></td><td><p>Vertrieb</p></td></tr>"
        "<tr><td>2</td><td>Was ist das?</td><td>Das.</td><td></td></tr></table>"
    )
    assert [proposal.body for proposal in source.proposals] == ["So:\n\n- eins\n- zwei\n\nTeam: Vertrieb", "Das."]
    assert source.lost == ()


def test_lists_of_a_page_that_word_saved_filtered_stay_in_each_other():
    item = (
        "<p class=MsoListParagraphCxSpMiddle style='margin-left:{}pt;text-indent:-18.0pt'><span style='font-family:Symbol'>{}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span>{}</p>"
    )
    items = "".join(
        item.format(*each) for each in ((36, "·", "App"), (72, "o", "Android"), (72, "o", "iOS"), (36, "·", "Token"))
    )
    (proposal,) = sources.read_html(f"<h1>Was gibt es?</h1>{items}").proposals
    assert proposal.body == "- App\n  - Android\n  - iOS\n- Token"


@pytest.mark.parametrize(
    "note",
    [
        '<a href="#footnote-1" id="footnote-ref-1">[1]</a>.</p><ol><li id="footnote-1"><p>Außer Porto. <a href="#footnote-ref-1">↑</a></p></li></ol>',
        '<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a>.</p><div id=ftn1><p><a href="#_ftnref1" name="_ftn1">[1]</a> Außer Porto.</p></div>',
    ],
    ids=["mammoth", "Word"],
)
def test_a_footnote_stands_where_it_belongs(note):
    (proposal,) = sources.read_html(f"<h1>Was kostet das?</h1><p>Nichts{note}").proposals
    assert proposal.body == "Nichts (Außer Porto.)."


def test_two_proposals_become_one_and_lose_nothing():
    text = (
        "Was ist A?\n\nEins.\n\nWie läuft B?\n\nVorab.\n\n1. Schritt: Zwei.\n2. Schritt: Drei.\n\nWas ist C?\n\nVier."
    )
    first, second, third = sources.read("a.txt", text.encode()).proposals
    joined = sources.join(sources.join(first, second), third)
    assert (joined.kind, joined.title, joined.place) == ("walkthrough", "Was ist A?", "Absatz 1 bis 8")
    assert joined.body == "Eins.\n\n**Wie läuft B?**\n\nVorab."
    assert [(step.title, step.body) for step in joined.steps] == [("Zwei", ""), ("Drei", ""), ("Was ist C?", "Vier.")]
    assert sources.missing(text, [joined.words]) == []


def test_a_preface_that_is_joined_with_a_question_becomes_its_answer():
    rest, question = sources.read_html("<p>Vorwort.</p><h1>Was ist A?</h1><p>Eins.</p>").proposals
    joined = sources.join(rest, question)
    assert (joined.kind, joined.title, joined.body) == ("question", "Was ist A?", "Vorwort.\n\nEins.")


def test_a_heading_within_an_answer_that_becomes_a_step_stays_one_that_a_step_may_have():
    text = "# Wie läuft B?\n\n1. Zwei\n2. Drei\n\n# Was ist C?\n\nVier.\n\n## Genauer\n\nFünf."
    joined = sources.join(*sources.read("a.md", text.encode()).proposals)
    assert joined.steps[-1].body == "Vier.\n\n#### Genauer\n\nFünf."
