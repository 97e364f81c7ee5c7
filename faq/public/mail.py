"""Mails that a link opens in the reader's mail program, without a script."""

import re
from urllib.parse import quote

from faq.public.rendering import shortened

# Windows hands the address to the mail program in a buffer of INTERNET_MAX_URL_LENGTH, 2,083 characters
# (https://support.microsoft.com/kb/263909): what is longer is cut off, or opens nothing.
LONGEST = 1_900
MORE = "… (weiter unter der Adresse)"
_TAG = re.compile(r"(<(?:/?[uo]l|li)\b[^>]*>|</(?:p|h[1-6]|tr|table|pre|blockquote|div)>)")
_SENTENCE = re.compile(r".+?(?:(?<!\d)[.!?]\s+|\n+|$)", re.S)


def answer_mail(entry, links, address):
    """The link to a mail with an answer, of a walkthrough with its steps' titles."""
    steps = [f"{step.number}. {step.title}{step.actors and f' ({step.actors})'}\n" for step in entry.steps.all()]
    return _mailto("", entry.title, f"{entry.title}\n\n{_text(links, entry.body_html)}{''.join(steps)}", address)


def question_mail(entry, address, to):
    """The link to a mail that asks about an answer."""
    return _mailto(quote(to, safe="@"), f"Frage: {entry.title}", f"Meine Frage zu „{entry.title}“:\n\n\n", address)


def _mailto(to, subject, text, address):
    """Of a text too long for mail programs as many whole sentences as fit; the address is always there."""
    start, end = f"mailto:{to}?subject={_quoted(shortened(subject))}&body=", _quoted(f"\n\n{address}\n")
    room = LONGEST - len(start) - len(end)
    if len(_quoted(text := text.rstrip())) > room:
        fitting, room = "", room - len(_quoted(f"\n{MORE}"))
        for sentence in _SENTENCE.findall(text):
            if len(_quoted(fitting + sentence)) > room:
                break
            fitting += sentence
        text = f"{fitting.rstrip()}\n{MORE}"
    return start + _quoted(text) + end


def _text(links, html):
    """Stored HTML as plain text: items behind a dash or their number, the cells of a row with strokes between them."""
    text, mark, counts = "", "", []  # counts: for each list that is open its next number, None without numbers
    for piece in _TAG.split(re.sub(r"</t[dh]>\s*<t[dh]\b", " | <td", html)):
        if re.match("<[uo]l", piece):
            start = re.search(r"\d+", piece)
            counts.append(int(start[0] if start else 1) if piece.startswith("<ol") else None)
        elif re.match("</[uo]l", piece):
            counts.pop()
            text += "" if counts else "\n"
        elif piece == "<li>":
            mark = f"{counts[-1]}. " if counts[-1] else "- "
            counts[-1] = counts[-1] and counts[-1] + 1
        elif re.match("</(?!tr)", piece):
            text += "" if counts else "\n"
        elif words := links.plain(piece):
            text += f"{'  ' * (len(counts) - 1)}{mark}{words}\n"
            mark = ""
    return re.sub(r"\n{3,}", "\n\n", text)


def _quoted(text):
    """As a part of a `mailto:` address: there a space is %20, and a line break %0D%0A."""
    return quote(text.replace("\n", "\r\n"), safe="")
