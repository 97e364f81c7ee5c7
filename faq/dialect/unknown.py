"""What others' Markdown has and this one has not: named, with what to write instead."""

import re

from faq.dialect.code import without_code
from faq.dialect.problems import Problem

IMAGE = "Bilder von anderswo sind hier nicht möglich. Bitte laden Sie das Bild hoch und schreiben Sie ![Was man darauf sieht](bild:kürzel)."
_FOOTNOTE = "Fußnoten gibt es hier nicht. Bitte schreiben Sie die Anmerkung in den Text, etwa in Klammern."
_FOLD = "Aufklappbares gibt es hier nicht. Bitte schreiben Sie eine Überschrift und darunter den Text."
_BOX = "Kästen dieser Art gibt es hier nicht. Bitte schreiben Sie „!!! hinweis“ und darunter, um vier Leerzeichen eingerückt, den Text."
_TASK = "Aufgabenlisten gibt es hier nicht. Bitte schreiben Sie eine einfache Liste: „- Punkt“."
_NOT_BOLD = "Fett wird das so nicht: Hinter „**“ fehlt ein Leerzeichen, oder das Satzzeichen gehört dahinter: „**Frist**: Text“."
_COMMENT = (
    "Kommentare („<!--“) gibt es hier nicht: Leser sähen sie. Bitte löschen Sie ihn; Internes gehört in die Notiz."
)

# How a line begins.
_STARTS = (
    (re.compile(r'===[!+]* *"'), "Reiter („===“) gibt es hier nicht. Bitte schreiben Sie für jeden eine Überschrift."),
    (re.compile(r"\?\?\?"), _FOLD),
    (re.compile(r":::"), _BOX),
    (re.compile(r"\[(?:TOC|\[_?TOC_?\])\] *$", re.I), "Ein Inhaltsverzeichnis gibt es hier nicht. Bitte löschen Sie die Zeile."),
    (re.compile(r"\*\[[^\]]*\]:"), "Abkürzungen erklärt hier das Glossar. Bitte löschen Sie die Zeile und legen Sie einen Begriff an."),
    (re.compile(r": +\S"), "Definitionslisten gibt es hier nicht. Bitte schreiben Sie „**Begriff**: Erklärung“, jede als Punkt einer Liste."),
)  # fmt: skip
# What stands in a line, outside of code.
_SUSPECT = re.compile(r"[^\w\s*]\*\*\w|\[\^|\^\[|<!--|!\[|\]\[|<(?:faq|kontakt|offen|datei|bild):")
_INSIDE = (
    (re.compile(r"\[\^[^\]\s]+\]|\^\["), _FOOTNOTE),
    (re.compile(r"<!--"), _COMMENT),
    (re.compile(r"(?<![*\w])\*\*(?=[^\s*])[^*]*[^\w\s*]\*\*(?=[^\W_])"), _NOT_BOLD),
    (re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\](?=\((?! *<?bild:)|\[)"), IMAGE),
    (
        re.compile(r"(?<!\()(?<!\( )<(?:faq|kontakt|offen|datei|bild):[^\s<>]*>"),
        "Ein Link im Portal hat runde Klammern: [Text](faq:anker).",
    ),
)
_REFERENCE = re.compile(r"(?<!!)\[((?!\^)[^\[\]]+)\]\[([^\[\]]*)\]")
_NOWHERE = "Der Link „[{key}]“ führt nirgendwohin: Es fehlt die Zeile „[{key}]: https://…“. Einfacher ist [{label}](https://…)."
_ALERT = re.compile(r"\[!\w+\]")
_TASK_BOX = re.compile(r"\[[ xX]\](?: |$)")


def at_start(text):
    """Why a line can't begin so, or None."""
    return next((message for pattern, message in _STARTS if pattern.match(text)), None)


def in_quote(text):
    """The same of a line in a quote."""
    return _BOX if _ALERT.match(text) else None


def in_item(text):
    """The same of an item's first line."""
    return _TASK if _TASK_BOX.match(text.lstrip(" ")) else None


def reference_key(label):
    """What is the same in a reference and the line that has its address."""
    return " ".join(label.split()).lower()


def inside(blocks):
    """What is wrong inside of the lines of a text, outside of code: a list of Problems."""
    problems = []
    for text in blocks.texts:
        whole = str(text)
        if not _SUSPECT.search(whole):
            continue
        plain = without_code(whole)
        found = [(match.start(), message) for pattern, message in _INSIDE for match in pattern.finditer(plain)]
        for match in _REFERENCE.finditer(plain):
            label, key = (whole[slice(*match.span(group))] for group in (1, 2))
            if reference_key(key or label) not in blocks.definitions:
                found.append((match.start(), _NOWHERE.format(key=key or label, label=label)))
        problems += [Problem(text.number(place), message) for place, message in found]
    return problems
