"""What a text promises becomes a gap (`offen:`), the number of a known contact a link to it (`kontakt:`)."""

import re

from bs4 import BeautifulSoup, NavigableString

from faq import slugs
from faq.cutting.proposals import PROMISE, in_sentences

_SEE = re.compile(r"((?:s\.|siehe|vgl\.)\s*(?:dazu|hierzu|auch|unter)?)\s*", re.I)
_SIGNALS = re.compile(
    r"\b(?:Link|Hyperlink|URL|einfügen|einsetzen|einbauen|ergänzen|nachtragen|anhängen|verlinken|hinterlegen|hochladen|einzufügen|eingefügt|"
    r"folgt|folgen|fehlt|fehlen|ergänzt|nachgereicht|kommt|offen|noch|bitte|hier|zum|zur|wird|werden|unten|TODO|TBD|[xX]{3,})\b|→|\?\?\?",
    re.I,
)
_LEADING = re.compile(r"(?:(?:zu|auf|von|zum|zur|der|die|das|den|dem)\s+)+")
_ANY = re.compile(
    r"(?:Datei(?:en)?|Screenshots?|Bild(?:er)?|Grafik|Anhang|Anlage|Dokumente?|PDF|Tabelle|Video|Beschreibung|Anleitung)?",
    re.I,
)
# „…, Datei“ and „…: siehe“, of which the words before are the name.
_BEHIND = re.compile(rf"\s*[,;–-]\s*{_ANY.pattern[:-1]}$|\W+(?:s|siehe|vgl)\.?(?: (?:dazu|hierzu|auch|unter))?$", re.I)
_BEFORE_A_NAME = set(
    "der die das den dem des ein eine einen einem einer eines im am zum zur vom beim ans ins in an zu von bei mit für auf aus über unter nach "
    "und oder sowie als ist sind unser unsere unserem unseren unserer ihr ihre ihrem ihren ihrer ihres sie sich folgendem folgender folgenden "
    "diesem dieser diesen siehe hier ich wir man er es wie was wo wer wen wem wann warum wofür welche welcher welches welchen kann darf muss gibt".split()
)  # fmt: skip
_PHONE = re.compile(r"(?<![\w+/.-])(?:\+\d|\(0\d{1,6}\)|0)(?:[ /.–-]{0,3}(?:\(0\) ?)?\d)+")
_LED_TO_PHONE = re.compile(
    rf"[\s(,:–-]{{0,5}}(?:\b(?:unter|der|Nummer|Nr|Tel|Telefon|Durchwahl)\b[\s.:]{{0,3}}){{0,4}}({_PHONE.pattern})\)?"
)
_QUOTES = r"[\s„“”\"»«]+"  # between the words of a name
_LONGEST = 60
_APART = ["p", "li", "td", "th"]  # what stands in two of them is no word


def put_in(tag, contacts, before=""):
    """Put both into an element; `before` is what stood in front of its text. `contacts`: slugs by number (+49…) or mail address."""
    for link in tag.find_all("a"):
        scheme, _, address = link.get("href", "").partition(":")
        known = contacts.get(
            _international(address) if scheme == "tel" else address.lower() if scheme == "mailto" else ""
        )
        if known:
            link["href"] = f"kontakt:{known}"
            link.clear()
    last = None
    for text in tag.find_all(string=True):
        around = text.find_parent(_APART)
        if around is not last:
            before, last = f"{before} ", around
        if not text.find_parent(["a", "code", "pre"]):
            _put(text, contacts, before)
        before += str(text)


def without_numbers(text, contacts):
    """A text without the numbers of known contacts, and the words that lead to them."""
    return _LED_TO_PHONE.sub(lambda match: "" if _international(match[1]) in contacts else match[0], text)


def _put(text, contacts, before):
    parts, behind, said = [], 0, str(text)
    found = [(match, _gap(match[0], before + said[: match.start()])) for match in PROMISE.finditer(said)]
    found += [
        (match, ["", (f"kontakt:{known}", ""), ""])
        for match in _PHONE.finditer(said)
        if (known := contacts.get(_international(match[0])))
    ]
    for match, (opened, (href, label), closed) in sorted(found, key=lambda pair: pair[0].start()):
        if match.start() < behind:
            continue
        link = BeautifulSoup("", "html.parser").new_tag("a", attrs={"href": href})
        link.string = label
        between = said[behind : match.start()]
        beside = re.compile(rf"[„“\"»«]?{_QUOTES.join(map(re.escape, label.split()))}[“”\"»«]?\s*$").search(between)
        if label and not opened and beside:  # the words beside are those of the link
            between, link.string = between[: beside.start()], beside[0].rstrip()
        parts += [between + opened, link, closed]
        behind = match.end()
    if parts:
        for part in [*parts, said[behind:]]:
            if part:
                text.insert_before(NavigableString(part) if isinstance(part, str) else part)
        text.extract()


def _gap(promise, before):
    """What stands for a promise: text before the link, its address and words, text behind it."""
    inside = promise.strip("()[]<>{} ")
    see = _SEE.match(inside)
    rest = inside[see.end() :] if see else inside
    label = " ".join(_SIGNALS.sub(" ", rest).split()).strip(" ,;:/–-.!")
    label = _LEADING.sub("", _BEHIND.sub("", label))
    if _ANY.fullmatch(label):
        label = _beside(before) or _beside(in_sentences(before)[0]) or label or "Offene Stelle"
    label = label[:_LONGEST].strip()
    slug = slugs.slugify(label)[:_LONGEST].strip("-") or "offene-stelle"
    return (f"({see[1]} " if see else "", (f"offen:{slug}", label), ")" if see else "")


def _beside(before):
    """The name that stands last in a text: „0365 Setup Dashboard“ of „… im 0365 Setup Dashboard aktiviert werden“."""
    sentence = in_sentences(before.strip(" :–-("))[-1]
    words = re.findall(r"\d+,\d+|[\w/&.+-]*\w|[,;:()?!–]", sentence)
    while words and (words[-1].lower() in _BEFORE_A_NAME or not re.match(r"[A-ZÄÖÜ\d]", words[-1])):
        words.pop()
    name = []
    while words and len(name) < 5 and re.match(r"\w", words[-1]) and words[-1].lower() not in _BEFORE_A_NAME:
        name.insert(0, words.pop())
    is_amount = len(name) > 1 and re.fullmatch(r"[\d.,]+", name[-2])
    is_phone_number = sum(word.isdecimal() and len(word) > 2 for word in name) > 1
    return "" if is_amount or is_phone_number else " ".join(name)


def _international(number):
    number = re.sub(r"\(0\)|[^\d+]", "", number)
    if number.startswith("00"):
        return "+" + number[2:]
    return "+49" + number[1:] if number.startswith("0") else number
