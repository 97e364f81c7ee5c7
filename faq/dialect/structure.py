"""What readers see of HTML, told apart from what they don't: two texts that merely look alike to a parser."""

import re
from html import unescape
from itertools import zip_longest

_PIECES = re.compile(r"<(/?)([a-z0-9]+)[^>]*>|([^<]+)")
_BLOCKS = set("blockquote div h1 h2 h3 h4 h5 h6 hr li ol pre table tbody td th thead tr ul".split())


def first_difference(html, other):
    """The first words of `other` from where on it has other blocks, or words in them, than `html`; None where it has not.

    Whether an item's text is a paragraph shows in its distance alone, and a link is the same words.
    """
    pieces = _pieces(other)
    for place, (before, now) in enumerate(zip_longest(_pieces(html), pieces)):
        if before != now:
            place += bool(before and now and before.startswith(f"{now} "))  # so far it is the same
            return next((piece for piece in pieces[place:] if not piece.startswith("<")), "")
    return None


def _pieces(html):
    found, words = ["<>"], []
    for closing, tag, text in _PIECES.findall(html):
        if text:
            words.append(unescape(text))
            continue
        if tag not in _BLOCKS and tag != "p":
            continue
        if said := " ".join("".join(words).split()):
            found.append(said)
        words = []
        if tag != "p":
            found.append(f"<{closing}{tag}>")
        elif not closing and not found[-1].startswith("<"):
            found.append("<p>")  # another paragraph than the one before
    return [*found, " ".join("".join(words).split())]
