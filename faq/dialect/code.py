"""Where code stands in a line or a paragraph."""

import re
import string
from collections import defaultdict

_ESCAPED = re.compile(rf"\\[{re.escape(string.punctuation)}]")


def code_spans(text):
    """Where code stands in a line or paragraph: pairs of its first place and the one behind it, with its ticks."""
    runs = [(len(match[1]) % 2, *match.span(2)) for match in re.finditer(r"(\\*)(`+)", text)]
    places = defaultdict(list)
    for _, start, end in reversed(runs):
        places[end - start].append((start, end))
    found, behind = [], 0
    for escaped, start, end in runs:
        if start < behind:
            continue
        closing = places[end - start - escaped]
        while closing and closing[-1][0] < end:
            closing.pop()
        if closing:
            behind = closing[-1][1]
            found.append((start + escaped, behind))
    return found


def without_code(text, *, escaped=True):
    """The same with nothing but spaces where code and, unless told otherwise, escaped signs stand."""
    parts, behind = [], 0
    for start, end in code_spans(text):
        parts += [text[behind:start], re.sub("[^\n]", " ", text[start:end])]
        behind = end
    plain = "".join([*parts, text[behind:]])
    return _ESCAPED.sub("  ", plain) if escaped else plain
