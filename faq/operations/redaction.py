"""Takes out of a reader's text what could say who they are."""

import re
import unicodedata

MOST_DIGITS = 6  # that stay together; with more it is the number of somebody, or of something of theirs

_PART = r"[^\s@<>()\[\]{}„“\"',;:|]+"  # of an address
_LABEL = r"[^\s@<>()\[\]{}„“\"',;:|.!?]+"
_DOT = r"(?:\.|\s*[(\[{]\s*(?:dot|punkt|\.)\s*[)\]}]\s*|\s+(?:dot|punkt)\s+)"
_SIGN = r"(?:@|%40|&#0*64;|&#x0*40;|&commat;)"
_AT = rf"(?:\s*[(\[{{<|]\s*(?:at|ät|a|{_SIGN})\s*[)\]}}>|]\s*|\s+(?:at|ät)\s+|\s*{_SIGN}\s*)"
# Only at the beginning of a word: else each letter of a long one would be tried.
_MAIL = re.compile(
    rf"(?<![^\s@<>()\[\]{{}}„“\"',;:|])(?:{_PART}?{_SIGN}{_LABEL}(?:\.{_LABEL})*|{_PART}(?:{_DOT}{_LABEL})*?{_AT}{_LABEL}(?:{_DOT}{_LABEL})+)",
    re.IGNORECASE,
)
# How long an IBAN is, where payments are made in euros.
_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI NL", 19: "SI", 20: "AT BA EE LT LU XK", 21: "CH HR LI LV", 22: "BG DE GB GG IE IM JE ME RS", 24: "AD CZ ES MD RO SE SK",
    23: "GI", 25: "PT", 26: "IS", 27: "FR GR IT MC SM", 28: "AL CY HU PL", 29: "UA", 31: "MT",
}  # fmt: skip
_IBAN_LENGTH = {country: length for length, countries in _LENGTHS.items() for country in countries.split()}
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[\W_]{0,3}[A-Z0-9]){11,30}", re.ASCII | re.IGNORECASE)
# A date stays: „Stand 01.07.2026“ says something about an answer. So do years: „2019/2021“.
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATE = re.compile(rf"(?<![\d.])({_DAY}\.\s?{_MONTH}\.\s?(?:{_YEAR}|\d\d)|{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY})(?!\.?\d)")
_YEARS = re.compile(rf"{_YEAR}(?:\D+{_YEAR})*")
# From a digit to the last one before a letter, whatever stands between.
_NUMBER = re.compile(r"[+(]*\d[\W\d_]*\d")


def redacted(text):
    """The text with mail addresses as „[E-Mail]“, IBANs as „[IBAN]“, and numbers of more than six digits as „[Nummer]“."""
    plain = unicodedata.normalize("NFKC", text)  # a full-width @ is one, and so are such digits
    cleaned = _NUMBER.sub(_number, _IBAN.sub(_iban, _MAIL.sub("[E-Mail]", plain)))
    return text if cleaned == plain else cleaned


def _number(match):
    if _YEARS.fullmatch(match[0]):
        return match[0]
    pieces = _DATE.split(match[0])  # every other one is a date
    if sum(c.isdigit() for piece in pieces[::2] for c in piece) <= MOST_DIGITS:
        return match[0]
    pieces[::2] = [re.sub(r"[+(]*\d(?:.*\d)?", "[Nummer]", piece, flags=re.DOTALL) for piece in pieces[::2]]
    return "".join(pieces)


def _iban(match):
    """An IBAN is one by its length and its check digits; what follows it may look like a part of it."""
    places = [place for place, c in enumerate(match[0]) if c.isascii() and c.isalnum()]
    length = _IBAN_LENGTH.get(match[0][:2].upper(), 99)
    written = "".join(match[0][place] for place in places[:length])
    if len(written) < length or int("".join(str(int(c, 36)) for c in written[4:] + written[:4])) % 97 != 1:
        return match[0]
    return "[IBAN]" + match[0][places[length - 1] + 1 :]
