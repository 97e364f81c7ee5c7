"""Takes out of a reader's text what could say who they are."""

import re

_MAIL = re.compile(r"[^\s@<>()„“\"']+@[^\s@<>()„“\"']+\.[^\s@<>()„“\"']+")
# A date stays: „Stand 01.07.2026“ says something about an answer.
_DATE = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"(?<![\w.])\+?[(\d][\d\s()/.–-]{5,}\d")


def redacted(text):
    """The text with mail addresses as „[E-Mail]“ and numbers of seven or more digits as „[Nummer]“."""

    def number(match):
        is_date = _DATE.fullmatch(match[0].strip())
        return match[0] if is_date or sum(c.isdigit() for c in match[0]) < 7 else "[Nummer]"

    return _NUMBER.sub(number, _MAIL.sub("[E-Mail]", text))
