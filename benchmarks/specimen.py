"""German-looking entries and queries in any number, the same for the same seed: something to measure the search on.

The words are compounds and inflections of common nouns, verbs and adjectives, drawn so that few are frequent and most
are rare, as in real text; the vocabulary grows with the number of entries.
"""

import random
from collections.abc import Iterator

from faq.search import Document

_NOUNS = """
abfrage ablauf abteilung adresse aktion anbieter anfrage angabe anlage anleitung antrag antwort anzahl arbeit
artikel aufgabe auftrag ausgabe ausnahme auswahl beleg benutzer bereich bericht bescheid beschluss bestand
bestellung betrag betrieb bild blatt brief buch dienst dokument druck eingabe einheit eintrag empfang ende ergebnis
fach fall farbe fehler feld fenster figur firma folge form format formular frage freigabe frist funktion gebiet
gebühr gerät geschäft gewicht gruppe gut halle handel haus heft hilfe hinweis inhalt kanal karte kasse kauf kette
klasse konto kontrolle kopie kosten kraft kreis kunde kurs lager land last lauf leistung leitung liste lizenz lohn
maschine maß material meldung menge merkmal miete mittel modell monat muster nachricht name netz nummer objekt
ordnung ort paket partner person plan platz portal position post preis probe produkt programm projekt prozess
prüfung punkt quelle rahmen raum rechnung recht regel reihe reise rest rolle rückgabe satz schalter schein schlüssel
schritt schrift schule schutz seite sendung signal sitz software spalte speicher sprache stadt stand stelle steuer
stoff straße stufe stunde suche tabelle tag tasche technik teil telefon text titel ton träger typ umfang unterlage
verfahren verkauf verlag versand vertrag verwaltung vorgang vorlage waren weg werk wert wirkung wissen zahl zahlung
zeichen zeile zeit zentrum zettel zone zugang zusatz zweck
""".split()
_VERBS = """
ändern anlegen bearbeiten bestätigen buchen drucken einrichten erfassen ergänzen erneuern freigeben kopieren löschen
melden öffnen prüfen registrieren schließen senden sichern speichern starten stornieren suchen übertragen verlängern
verschieben verwalten wählen zuordnen
""".split()
_ADJECTIVES = """
aktuell allgemein besonder einfach elektronisch endgültig fehlend fertig frei früh gemeinsam gültig jährlich klein
möglich neu offen persönlich richtig schnell sicher spät täglich technisch vollständig weiter wichtig zentral
zusätzlich
""".split()
_TITLES = (
    "Wie kann ich {a} {n} {v}?",
    "Wo finde ich {n} für {m}?",
    "Was tun, wenn {n} nicht {v} lässt?",
    "Wann ist {n} für {m} {a}?",
    "{n} {v}: was ist zu beachten?",
)
_SENTENCES = (
    "Um {n} zu {v}, brauchen Sie {m} und {a} {o}.",
    "Die {n} steht in der {m}, sobald {a} {o} vorliegt.",
    "Bitte {v} Sie {n} innerhalb von {d} Tagen bei der {m}.",
    "Sollte {n} fehlen, hilft die {m} bei {o} weiter.",
    "Danach erhalten Sie {n} mit der {m} und können {o} {v}.",
)


class Specimens:
    def __init__(self, seed: int = 1):
        self._random = random.Random(seed)

    def document(self, entry_id: int) -> Document:
        """An entry of about ninety words."""
        sentences = " ".join(self._fill(self._random.choice(_SENTENCES)) for _ in range(8))
        tags = tuple(self._noun().capitalize() for _ in range(3))
        category = f"Bereich {self._random.choice(_NOUNS)}"
        return Document(entry_id, self._fill(self._random.choice(_TITLES)), tags, category, sentences)

    def queries(self, documents: list[Document]) -> Iterator[str]:
        """What readers of these entries may type: words, questions, beginnings, slips, compounds, numbers; endless."""
        kinds = (self._words, self._question, self._beginning, self._slip, self._compound, self._number)
        while True:
            yield self._random.choice(kinds)(self._random.choice(documents))

    def _words(self, document):
        words = (document.title + " " + document.text).split()
        return " ".join(self._random.choice(words).strip(".,:?") for _ in range(self._random.randint(1, 4)))

    def _question(self, document):
        return document.title

    def _beginning(self, document):
        word = max(document.title.split(), key=len)
        return word[: self._random.randint(2, max(3, len(word) - 2))]

    def _slip(self, document):
        word = max(document.title.split(), key=len).strip("?:,")
        place = self._random.randrange(1, max(2, len(word) - 2))
        return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]

    def _compound(self, document):
        return self._random.choice(_NOUNS).capitalize() + self._random.choice(_NOUNS)

    def _number(self, document):
        return f"0{self._random.randint(100, 9999)} {self._random.randint(1000, 999_999)}"

    def _fill(self, pattern):
        filled = pattern.format(
            a=self._random.choice(_ADJECTIVES) + self._random.choice(["e", "en", "er", "es"]),
            v=self._random.choice(_VERBS),
            n=self._noun().capitalize(),
            m=self._noun().capitalize(),
            o=self._noun().capitalize(),
            d=self._random.randint(2, 400),
        )
        return filled[0].upper() + filled[1:]

    def _noun(self):
        """A noun, often a compound of two; the lists' first words come most. 50,000 entries have 130,000 words."""
        parts = [
            _NOUNS[int(len(_NOUNS) * self._random.random() ** 3)] for _ in range(self._random.choice([1, 1, 1, 2, 2]))
        ]
        return self._random.choice(["", "", "s"]).join(parts) + self._random.choice(["", "", "", "en", "s"])
