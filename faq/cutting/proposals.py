"""What a document is cut into, and how two proposals become one."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from faq import markup

# What stands before a sentence or in it and only says what it is: "1. Schritt:", "Frage:", "1.2", "(LINK einfügen)".
_LABEL = re.compile(
    r"(?:(?:\d+\.\s*)?Schritt(?:\s*\d+)?|Frage|Antwort|[FAQ])(?:\s*\d+)?\s*[:.)–-]+\s+(?:\d+[.)]\s+)?|\d+(?:\.\d+)*[.)]?\s+|[•·▪◦‣●○■–-]\s+",
    re.I,
)
# „(LINK einfügen)“, „(s. dazu Link)“, „(GOV/EDU Dateien einfügen)“: what a text promises, and does not have.
_THING = (
    r"\w*(?i:link|url|datei(?:en)?|screenshots?|bild(?:er)?|grafik|anhang|anlage|dokumente?|formulare?|pdf|tabelle|video|beschreibung|anleitung|liste|"
    r"vorlage|übersicht|merkblatt|muster)"
)
_ADDED = r"(?:einfügen|einsetzen|einbauen|ergänzen|nachtragen|anhängen|verlinken|hinterlegen|hochladen|EINFÜGEN|einzufügen|eingefügt)"
_SEE = r"(?:s\.|S\.|[Ss]iehe|vgl\.)\s*(?:dazu|hierzu|auch|unter)?\s*"
_INSIDE = (
    rf"(?![^()\[\]]*\b(?:Strg|kopier\w*|Zwischenablage|mit|durch)\b)[^()\[\]<>{{}}]{{0,100}}?(?:\b{_ADDED}\b|\b{_THING}\b[^()\[\]]{{0,20}}\b(?:folgt|folgen|fehlt|fehlen|ergänzt|kommt|offen)\b)[^()\[\]<>{{}}]{{0,60}}"
    rf"|(?:{_SEE}|hier\s|zum\s|→\s*)?(?:Link|LINK|Hyperlink|URL)\b[^()\[\]<>{{}}]{{0,100}}|{_SEE}(?:Anhang|Anlage|Datei|Dokument|Screenshot)\b[^()\[\]<>{{}}]{{0,60}}|Screenshot|Bild|Anhang|Anlage"
    rf"|[^()\[\]<>{{}}]{{1,60}}?[\s,:–-]{_SEE}(?:Link|LINK|Hyperlink|URL)\b[^()\[\]<>{{}}]{{0,60}}"
    r"|(?:wird |werden )?(?:noch )?(?:folgt|folgen|ergänzt|nachgereicht|eingefügt)(?: noch)?|TODO|TBD|[^()\[\]<>{}]{0,60}?\b[xX]{3,}|\?\?\?"
)
PROMISE = re.compile(
    rf"[(\[<{{]\s*(?:{_INSIDE})\s*[)\]>}}]|\b(?:LINK|Link) (?:einfügen|EINFÜGEN|folgt)\b|(?<![\w/.@-])[xX]{{3,}}(?![\w/.@-]*\w)"
)
_SHORTENED = re.compile(
    r"(?:\b(?:[A-Za-zÄÖÜäöü]|ca|bzw|inkl|exkl|zzgl|Nr|Tel|evtl|ggf|usw|vgl|Abs|max|min|Dr|gem|sog|St|Str)|\b\d{1,2})\.$"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”’‘)\]]*\s+(?=[\"„‚(\[]*[A-ZÄÖÜ0-9])")


@dataclass(frozen=True)
class Step:
    """A step of a walkthrough: its title as plain text, its body as Markdown, the section it stands in ("" for none)."""

    title: str
    body: str = ""
    section: str = ""


@dataclass(frozen=True)
class Proposal:
    """What may become an entry; `kind` "rest" is what stands under no question.

    `category` is its name, "" for none; `body` is Markdown, a walkthrough's introduction. `passage` is what stands in the source for it,
    as safe HTML, `words` the same as plain text, a line for each block, `place` where that is found ("Absatz 12 bis 18").
    """

    kind: Literal["question", "walkthrough", "rest"]
    title: str = ""
    body: str = ""
    category: str = ""
    steps: tuple[Step, ...] = ()
    passage: str = ""
    words: str = ""
    place: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of the source: the name of a file for it, its bytes, and what it says to those who do not see it, or that this is missing."""

    name: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Source:
    """A document, cut: proposals in its order, pictures by the slugs that bodies name (`bild:slug`).

    `left_out` says in German what could not be taken ("2 Fußnoten"), "" where nothing; `lost` are sentences that stand in no proposal.
    """

    proposals: tuple[Proposal, ...]
    pictures: dict[str, Picture] = field(default_factory=dict)
    left_out: str = ""
    lost: tuple[str, ...] = ()


class Unreadable(ValueError):
    """A document that is not taken; the message says why, and where, in German."""


def join(first, second):
    """Both as one proposal: what the second says goes to the end of the first, or becomes a step of it."""
    named = first if first.title else second  # what stood before a question becomes the beginning of its answer
    heading = f"**{_escaped(second.title)}**" if second.title and named is first else ""
    body, steps = first.body, first.steps
    if not steps:
        body = _under(body, heading, second.body)
    elif second.title:
        steps += (Step(second.title, second.body, steps[-1].section),)
    else:
        steps = (*steps[:-1], replace(steps[-1], body=_under(steps[-1].body, second.body)))
    if first.steps:
        steps += tuple(replace(step, section=step.section or second.title) for step in second.steps)
    else:
        steps = second.steps
    if steps:
        body, steps = _lowered(body), tuple(replace(step, body=_lowered(step.body)) for step in steps)
    return replace(
        first,
        kind="walkthrough" if steps else named.kind,
        title=named.title,
        body=body,
        category=first.category or second.category,
        steps=steps,
        passage=first.passage + second.passage,
        words=_under(first.words, second.words, by="\n"),
        place=place(*_numbers(first.place), *_numbers(second.place)),
    )


def _lowered(text):
    """A text of a walkthrough, in which headings begin at the fourth level."""
    lines = text.split("\n")
    inside, _ = markup.code_lines(lines)
    headings = [at for at, line in enumerate(lines) if not inside[at] and re.match(r" {0,3}#{1,6} ", line)]
    signs = {at: re.match(r" *(#+)", lines[at])[1] for at in headings}
    more = max(0, 4 - min(map(len, signs.values()), default=4))
    for at, sign in signs.items():
        lines[at] = lines[at].replace(sign, "#" * min(6, len(sign) + more), 1)
    return "\n".join(lines)


def place(*numbers):
    """Where paragraphs of these numbers stand, in German."""
    if not numbers:
        return ""
    return f"Absatz {min(numbers)}" + (f" bis {max(numbers)}" if max(numbers) > min(numbers) else "")


def sentences(text):
    """The sentences of plain text, each as its words alone: without signs, and labels by which two copies of it may differ."""
    return [words for each in said(text) if (words := _words(each))]


def in_sentences(line):
    """A line of plain text as its sentences, as they stand there."""
    found, begin = [], 0
    for end in _SENTENCE_END.finditer(line):
        if not _SHORTENED.search(line[max(begin, end.start() - 10) : end.start()]):
            found.append(line[begin : end.end()].strip())
            begin = end.end()
    return [*found, line[begin:].strip()]


def missing(source, texts):
    """The sentences of the plain text `source` that stand in none of these `texts`, in their order; what only promises may be said otherwise."""
    there = "\n".join(f" {_words(text)} " for text in texts)
    parts = ((each, [_words(part) for part in PROMISE.split(each)]) for each in said(source))
    return [" ".join(each.split()) for each, some in parts if any(part and f" {part} " not in there for part in some)]


def said(text):
    """The sentences of plain text as they stand there, without labels."""
    found = (each for line in text.split("\n") for each in in_sentences(line))
    return [each[label.end() :] if (label := _LABEL.match(each)) else each for each in found]


def _words(text):
    return " ".join(re.findall(r"\w+", text.casefold()))


def _under(*texts, by="\n\n"):
    return by.join(text for text in texts if text)


def _numbers(said):
    return [int(number) for number in re.findall(r"\d+", said)]


def _escaped(title):
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", title)
