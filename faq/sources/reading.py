"""A file, or what was pasted, as proposals."""

import re
from html import escape
from pathlib import PurePosixPath

from faq.sources.proposals import Proposal, Source, Step, Unreadable, place

_STEP = re.compile(r"(?:(\d+)\. ?Schritt|Schritt (\d+)) ?[:–-] ?(.*)")


def read(name, data):
    """The Source for a file of this name. Raises Unreadable."""
    if PurePosixPath(name).suffix.lower() != ".txt":
        raise Unreadable(f"„{name}“ wird noch nicht gelesen.")
    return _cut([line.strip() for line in data.decode("utf-8-sig").split("\n")])


def read_html(html, name=""):
    raise Unreadable("Eingefügtes wird noch nicht gelesen.")


def _cut(lines):
    """A first, simple cut of plain text: lines that ask, "1. Schritt:" below them."""
    lines, found, category = [line for line in lines if line], [], ""
    for number, line in enumerate(lines, 1):
        following = lines[number] if number < len(lines) else ""
        if _asks(line):
            found.append(("question", category, line, [], [number]))
        elif len(line) < 80 and _asks(following):
            category = line
        elif found:
            found[-1][3].append(line)
            found[-1][4].append(number)
        else:
            found.append(("rest", "", "", [line], [number]))
    return Source(tuple(_proposal(*each) for each in found))


def _asks(line):
    return len(line) < 160 and bool(
        re.match(r"(?:An wen|Wie|Was|Wann|Wo|Wer|Warum|Welche|Gibt es|Kann|Muss)\b[^.]*[?.]$", line)
    )


def _proposal(kind, category, title, lines, numbers):
    steps, body, section = [], [], ""
    for line in lines:
        if match := _STEP.match(line):
            steps.append(Step(match[3][:120], match[3] if len(match[3]) > 120 else "", section))
        elif steps:
            section = line
        else:
            body.append(line)
    words = "\n".join([title, *lines] if title else lines)
    passage = "".join(f"<p>{escape(line, quote=False)}</p>" for line in words.split("\n"))
    kind = "walkthrough" if steps else kind
    return Proposal(kind, title, "\n\n".join(body), category, tuple(steps), passage, words, place(*numbers))
