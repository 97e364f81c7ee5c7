"""Two texts side by side: what was taken out and what came in, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Line:
    """A line of a comparison: its pieces, each with whether it is "same", "out" (only in the old) or "in" (only in the new)."""

    kind: str
    pieces: tuple


class Effort:
    """How many steps comparisons may take together: a second's worth. Once they are spent, what differs is shown as a whole."""

    def __init__(self, steps=12_000_000):
        self.left = steps


class Matcher(SequenceMatcher):
    """One that gives up once the effort is spent: what it has not looked at counts as different."""

    def __init__(self, old, new, effort=None):
        super().__init__(None, old, new, autojunk=False)
        self._effort = effort or Effort()

    def find_longest_match(self, alo, ahi, blo, bhi):
        self._effort.left -= ahi - alo + sum(len(self.b2j.get(item, ())) for item in self.a[alo:ahi])
        if self._effort.left < 0:
            return super().find_longest_match(alo, alo, blo, blo)  # nothing at all
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare(old, new, effort=None):
    """The lines of both texts in order; long stretches that are the same are left out (a Line of kind "skipped")."""
    a, b, effort = old.splitlines(), new.splitlines(), effort or Effort()
    lines = []
    groups = list(Matcher(a, b, effort).get_grouped_opcodes(2))
    for place, group in enumerate(groups):
        if place or group[0][1] > 0:
            lines.append(Line("skipped", ()))
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                lines += [Line("same", (("same", text),)) for text in a[a1:a2]]
            else:
                lines += _changed(a[a1:a2], b[b1:b2], effort)
    if groups and groups[-1][-1][2] < len(a):
        lines.append(Line("skipped", ()))
    return lines


def _changed(old, new, effort):
    if len(old) == len(new):
        return [Line("changed", words(before, after, effort)) for before, after in zip(old, new, strict=True)]
    return [Line("out", (("out", text),)) for text in old] + [Line("in", (("in", text),)) for text in new]


def words(old, new, effort):
    """The pieces of a line that became another one."""
    a, b = WORDS.findall(old), WORDS.findall(new)
    pieces = []
    for tag, a1, a2, b1, b2 in Matcher(a, b, effort).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(("out", "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(("in", "".join(b[b1:b2])))
    return tuple(pieces)
