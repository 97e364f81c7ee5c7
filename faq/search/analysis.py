"""From text to words, the same for what is indexed and what is typed. Pure functions, no database."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from faq.search.stemming import stem

LONGEST = 64  # characters of a word that count

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width characters
_WORD = rf"(?:[^\W_]|[\u0300-\u036f{_INVISIBLE}])+"
# A word, or words joined by hyphens.
_CHUNK = re.compile(rf"{_WORD}(?:[-\u2010\u2011]{_WORD})*")
_PART = re.compile(_WORD)
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)[\d \t\u00a0()/.\-\u2010-\u2013]*\d")
# office365 are two words, o365 is one: three letters or more stand for themselves.
_MIXED = re.compile(r"[^\W\d_]{3,}|[^\W_]+?(?=[^\W\d_]{3}|$)")
_UMLAUT = str.maketrans("äöü", "aou")
_UMLAUT_SPELT = re.compile(r"ae|oe|(?<![qae])ue")
_COUNTRY = re.compile(r"^(?:\+|00)\s*49[\s\-/.]*(?:\(0\))?[\s\-/.]*0?")


class Word(NamedTuple):
    """A word of a text: how it is compared, and where it stands (characters, end excluded).

    `compound` marks a reading that overlaps its parts: Lizenz-Spezialist also reads lizenzspezialist, and a phone
    number also reads as its groups run together.
    """

    form: str
    stem: str
    start: int
    end: int
    compound: bool = False


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """A word as it is compared: lower-case letters and digits, ä/ae → a, ö/oe → o, ü/ue → u, ß → ss, no accents."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFC", text).translate(_UMLAUT)
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())
    return _UMLAUT_SPELT.sub(lambda match: match[0][0], text)[:LONGEST]


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order, each followed by its compound readings."""
    phones = list(_phones(text))
    for chunk in _CHUNK.finditer(text):
        start, end = chunk.span()
        numbered = bool(phones) and phones[0][0] <= start < phones[0][1]
        for form, root, first, last, compound in _read(chunk[0]):
            if not (compound and numbered):
                yield Word(form, root, start + first, start + last, compound)
        while phones and end >= phones[0][1]:
            first, last, groups = phones.pop(0)
            for run in _runs(groups):
                yield Word(run, run, first, last, compound=True)


def phone_number(text: str) -> str | None:
    """The digits of a text that is nothing but a phone number: "+49 (0) 5744/944194" → "05744944194"."""
    found = list(_phones(text.strip()))
    if len(found) == 1 and found[0][:2] == (0, len(text.strip())):
        return "".join(found[0][2])
    return None


@lru_cache(maxsize=20_000)
def _read(chunk):
    """Form, stem, start, end of each word of a chunk, and whether it is the compound reading of all."""
    forms = [
        (form, match.start(), match.end()) for match in _PART.finditer(chunk) for form in _split(fold(match[0])) if form
    ]
    if len(forms) > 1:
        forms.append(("".join(form for form, _, _ in forms)[:LONGEST], 0, len(chunk)))
    return [(form, stem(form), start, end, 0 < i == len(forms) - 1 > 1) for i, (form, start, end) in enumerate(forms)]


def _split(form):
    """office365 are the two words that Office 365 is."""
    return [form] if form.isalpha() else _MIXED.findall(form)


def _phones(text):
    """Start, end and groups of digits of each phone number; the groups begin with the 0 of the area code."""
    for match in _PHONE.finditer(text):
        groups = re.findall(r"\d+", _COUNTRY.sub("0", match[0]))
        if groups[0] == "0":
            groups[:2] = ["".join(groups[:2])]
        if sum(map(len, groups)) >= 6:
            yield match.start(), match.end(), groups


def _runs(groups):
    """Every run of neighbouring groups as one number, the whole also without its 0; at most eight groups."""
    groups = groups[:8]
    ends = [(i, j) for i in range(len(groups)) for j in range(i + 1, len(groups) + 1)]
    runs = ["".join(groups[i:j]) for i, j in ends]
    return dict.fromkeys([*runs, runs[len(groups) - 1].removeprefix("0")])


def single_words(text: str) -> list[Word]:
    """The words as they stand, without those that cover several of them."""
    return [word for word in words(text) if not word.compound]
