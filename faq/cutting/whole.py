"""Whether all that a document says stands in what was cut of it: its text is taken from the HTML by itself, not by what cuts it."""

import re
import unicodedata
from html import unescape

from faq.cutting.proposals import said

MOST = 100  # sentences that are named
# Comments, tags, what stands between; whatever nobody closed ends with the next one.
_PIECE = re.compile(r"<!--|-->|<(/?)([a-zA-Z][\w:]*)[^<>]*>|<[!?][^<>]*>|[^<-]+|[<-]")
_HIDDEN = {"style", "script", "title", "xml"}
_LABEL = re.compile(r"(?:(?:Lfd\.\s*)?Nr\.?|Fragen?|Antwort(?:en)?)\W*", re.I)  # over a column
_BLOCKS = set("p li ul ol dt dd table tr td th div blockquote pre br h1 h2 h3 h4 h5 h6".split())
_TYPED = re.compile(
    r"\A\s*(?:[o·]\s+|[a-z]\)\s*|\[\w{1,4}\]\s*)"
)  # before an item or a note, as Word writes it into its HTML


def lost(html, proposals):
    """The sentences of a document that stand in none of its proposals. Numbers and signs make no difference: notes and lists have their own."""
    whole = "".join(_letters(proposal.words) for proposal in proposals)
    found, at = [], 0
    for sentence in said(_text(html)):
        if _LABEL.fullmatch(sentence.strip()):
            continue
        letters = _letters(_TYPED.sub("", sentence))
        place = whole.find(letters, at)
        if place < 0:
            place = whole.find(letters)
        if place < 0:
            found.append(" ".join(sentence.split()))
        else:
            at = place
        if len(found) == MOST:
            break
    return tuple(found)


def _text(html):
    """A line for each block."""
    found, hidden_until = [], ""
    for piece in _PIECE.finditer(html):
        name = (piece[2] or "").lower()
        if hidden_until:
            if hidden_until in (piece[0], piece[1] and name):
                hidden_until = ""
        elif piece[0] == "<!--" or (name in _HIDDEN and not piece[1]):
            hidden_until = name or "-->"
        elif name in _BLOCKS:
            found.append("\n")
        elif not name and not piece[0].startswith(("<!", "<?")):
            found.append(re.sub(r"\s+", " ", piece[0]))
    return unescape("".join(found))


def _letters(text):
    return "".join(re.findall(r"[^\W\d_]", unicodedata.normalize("NFKC", text).casefold()))
