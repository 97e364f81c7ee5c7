"""Two texts side by side: what was taken out and what came in, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Line:
    """A line of a comparison: its pieces, each with whether it is "same", "out" (only in the old) or "in" (only in the new)."""

    kind: str
    pieces: tuple


def compare(old, new):
    """The lines of both texts in order; long stretches that are the same are left out (a Line of kind "skipped")."""
    a, b = old.splitlines(), new.splitlines()
    lines = []
    groups = list(SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(2))
    for place, group in enumerate(groups):
        if place or group[0][1] > 0:
            lines.append(Line("skipped", ()))
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                lines += [Line("same", (("same", text),)) for text in a[a1:a2]]
            else:
                lines += _changed(a[a1:a2], b[b1:b2])
    if groups and groups[-1][-1][2] < len(a):
        lines.append(Line("skipped", ()))
    return lines


def _changed(old, new):
    if len(old) == len(new):
        return [Line("changed", _words(before, after)) for before, after in zip(old, new, strict=True)]
    return [Line("out", (("out", text),)) for text in old] + [Line("in", (("in", text),)) for text in new]


def _words(old, new):
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    pieces = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(("out", "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(("in", "".join(b[b1:b2])))
    return tuple(pieces)
