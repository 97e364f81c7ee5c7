"""What a line says by its words alone: whether it asks, whether it begins a step, whether it could be the name of what follows."""

import re

from faq.cutting.proposals import in_sentences

LONGEST_QUESTION, LONGEST_NAME = 200, 90
_INTERROGATIVE = (
    r"(?:(?:An|Mit|Von|Für|Bei|Zu|Aus|Auf|Nach|Ab|Bis|Seit|In|Über|Unter|Um|Durch|Gegen|Ohne) )?"
    r"(?:[Ww]ie\s?viele?[nr]?|[Ww]ie|[Ww]as|[Ww]ann|[Ww]oher|[Ww]ohin|[Ww]of[üu]r|[Ww]o(?:mit|zu|ran|rauf|rin|von|durch|bei|nach)|[Ww]o|[Ww]er|"
    r"[Ww]en|[Ww]em|[Ww]essen|[Ww]arum|[Ww]eshalb|[Ww]ieso|[Ww]elche[rsnm]?|[Ii]nwie(?:fern|weit))"
)
_SUBJECT = r"(?:ich|wir|man|es|sich|mein\w*|unser\w*|ein\w*|der|die|das|auch|Kunden|Endkunden|Reseller|Händler)"
_VERB_FIRST = (
    rf"(?:Gibt es|(?:Kann|Können|Darf|Dürfen|Muss|Müssen|Soll|Sollte|Sollten|Ist|Sind|Hat|Haben|Habe|Wird|Werden|Brauche|Brauchen|Braucht|"
    rf"Benötige|Benötigen|Benötigt|Bekomme|Bekommen|Erhalte|Erhalten|Gilt|Gelten|Lässt|Lassen|Besteht|Bestehen|Geht|Reicht|Funktioniert|Zahle) {_SUBJECT})"
)
_ASKS = re.compile(rf"(?:Und |Oder )?(?:{_INTERROGATIVE}|{_VERB_FIRST})\b(?!,)")
# With a full stop, which more often ends a sentence that begins like a question.
_ASKS_FOR_ME = re.compile(
    rf"(?:{_INTERROGATIVE}|{_VERB_FIRST})(?:\s\w+){{1,4}}\s(?:ich|wir|man|mein\w*|unser\w*)\b|(?:Gibt es|(?:Kann|Muss|Darf) ich)\b"
)
_QUESTION_MARK = re.compile(r"\?[!\"“”‘’»)*\s]*$")
_QUOTED_QUESTION = re.compile(r".+[„“\"»«][^„“”\"»«?]*\?[“”\"»«]\W*$")  # what somebody asks within a line
_QUESTION_LABEL = re.compile(r"(?:Frage(?:\s*\d+)?\s*[:.)–-]|[FQ]\s*\d*\s*[:.)](?=\s))\s*")
ANSWER_LABEL = re.compile(r"(?:Antwort(?:\s*\d+)?|A\s*\d*)\s*:\s*")
_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})+[.)]?|\d{1,2}[.)]|[A-Z][.)]|[IVX]{1,4}[.)])\s+(?=\S)")
_HOW = re.compile(
    r"Wie\s(?!viele?\b|hoch\b|lange?\b|oft\b|teuer\b|groß\b|alt\b|weit\b|schnell\b|heiß|laute[tn]\b|unterscheide|steht\b)|Auf welche|In welchen? (?:Schritt|Reihenfolge)|"
    r"Welche Schritte|(?:.*[,:–-]\s)?[Ww]as (?:nun|tun)\b|Was (?:mache|tue)n?\b|Was (?:muss|müssen|ist|sind|tun|mache|soll|kann)\b.*\b(?:tun|machen|unternehmen|zu tun|zu beachten)\b|So \w+ Sie|"
    r".*\b\w*(?:[Aa]blauf|[Aa]bläufe|[Aa]nleitung|[Vv]orgehen\w*|[Vv]organg|[Ss]chritt(?:e|en)?|[Aa]bwicklung|[Pp]rozess)\b"
)
_ORDINALS = (
    "Erster Zweiter Dritter Vierter Fünfter Sechster Siebter Siebenter Achter Neunter Zehnter Letzter Nächster".split()
)
_STEP = re.compile(
    rf"(?:(?:\d{{1,2}}\s*[.)]\s*|(?:{'|'.join(_ORDINALS)})\s)Schritt|Schritt\s+(?:\d{{1,2}}|[A-Z]\b|eins|zwei|drei|vier|fünf|sechs))(?:\s*[.)]?\s*[:–—-]+\s*|\s*[.)]\s+|\s*$|\s+(?=[A-ZÄÖÜ]))"
    r"|Schritt\s*:\s*"
)
_NUMBERED = re.compile(r"(\d{1,2})\s*[.)]\s+(?=\S)")
_NO_NAME = re.compile(
    r"[@€]|https?:|www\.|\d{4,}|^\W|\b(?:Tel|Fax|Grüße|Grüßen|Gruß|Hallo|Guten Tag|Danke|Sehr geehrte\w*|Liebe[rs]?)\b"
)
_INFINITIVE = r"[a-zäöüß]+(?:en|ern|eln)"
# „Lizenz verlängern“, „Neues Telefon registrieren“; not „Bitte beachten“, „Zusätzlich Rollen zuweisen“, which belong to what stands before.
_TASK = re.compile(
    r"(?!(?:Bitte|Nicht|Nie|Immer|Nur|Noch|Zu|Zum|Zur|Zusätzlich\w*|Optional|Unbedingt|Vorher|Zuerst|Zuletzt|Dann|Danach|Dazu|Dabei|Hier|Jetzt|"
    rf"Anschließend|Abschließend|Wenn|Falls|Bei|Für|Gut|Wichtig|Sie|Wir|Es|Diese|Alle)\b)[A-ZÄÖÜ„].{{1,60}}\s{_INFINITIVE}"
)
_TELLS = re.compile(rf".*(?:\bSie\b.*|\b{_INFINITIVE}\W*)", re.S)
CLOSING = re.compile(
    r"(?:Mit )?(?:freundliche[nr]?|viele[n]?|beste[n]?|herzliche[n]?|liebe|schöne)\s(?:Grüße[n]?|Gruß)\b|MfG\b|--$",
    re.I,
)


def plain(line):
    """A title without its number, and without „Frage:“."""
    line = " ".join(line.split())
    return re.sub(r"^\s*[:–-]\s*|:$", "", line[_label(line) :]).strip()


def _label(line):
    number = _NUMBER.match(line)
    begin = number.end() if number else 0
    label = _QUESTION_LABEL.match(line, begin)
    return label.end() if label else begin


def is_labelled(line):
    """Whether a line says itself that it is a question („Frage:“, „F:“)."""
    number = _NUMBER.match(line)
    return bool(_QUESTION_LABEL.match(line, number.end() if number else 0))


def depth(line):
    """Of how many numbers the one in front of a line is made: two for „1.2 Wie …“."""
    number = _NUMBER.match(" ".join(line.split()))
    return len(re.findall(r"\d+", number[0])) if number else 0


def asks(line, *, alone):
    """Whether a line is a question; one without a question mark only where it stands `alone`, as titles do."""
    labelled, named, line = is_labelled(line), line.rstrip().endswith(":"), plain(line)
    if labelled and 0 < len(line) <= LONGEST_QUESTION:
        return True
    if not line or named or len(line) > LONGEST_QUESTION:
        return False
    if _QUESTION_MARK.search(line) and not _QUOTED_QUESTION.match(line):
        first, *others = in_sentences(line)
        return not others or (len(others) == 1 and len(line) <= 140 and (alone or first.endswith("?")))
    begin = line.capitalize() if line.isupper() else line
    if not alone or not _ASKS.match(begin) or len(line) > 140 or len(in_sentences(line)) > 1:
        return False
    if line.endswith("."):
        return bool(_ASKS_FOR_ME.match(line)) or (
            "," not in line and len(line) <= 60 and bool(re.match("Welche", line))
        )
    return not re.search(r"[:;,!…]$", line)


def has_question_mark(line):
    return bool(_QUESTION_MARK.search(line))


def asks_how(line):
    """Whether a title asks how something runs."""
    return bool(_HOW.match(plain(line)))


def names_task(line):
    """Whether a line names what somebody wants to do („Lizenz verlängern“)."""
    return is_name(line) and bool(_TASK.fullmatch(plain(line)))


def tells(line):
    """Whether a line tells what to do („Öffnen Sie das Portal“, „Portal öffnen“)."""
    return bool(_TELLS.fullmatch(line))


def step_said(line):
    """What a line says behind „1. Schritt:“ or „Schritt 1 –“: where that begins; None where it is no step."""
    match = _STEP.match(line)
    return match.end() if match else None


def is_first_step(line):
    """Whether a line begins the first step."""
    return step_said(line) is not None and bool(re.match(r"(?:Schritt\s+)?1\b|Erster|Schritt (?:eins|A)\b", line))


def numbered(line):
    """The number that a line begins with and where the text behind it begins, or None."""
    match = _NUMBERED.match(line)
    return (int(match[1]), match.end()) if match else None


def is_name(line):
    """Whether a line could be what heads others: short, no sentence, no address."""
    line = plain(line)
    return (
        0 < len(line) <= LONGEST_NAME
        and not re.search(r"[.,;!?…]$", line)
        and bool(re.match(r"[A-ZÄÖÜ0-9„]", line))
        and bool(re.search(r"[A-Za-zÄÖÜäöü]{3}", line))
        and not _NO_NAME.search(line)
        and len(in_sentences(line)) == 1
    )
