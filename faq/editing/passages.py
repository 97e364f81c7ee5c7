"""The passages of a text that somebody comments on: the blocks it consists of, and where a stored passage stands by now.

Knows HTML as pages have it, made by `markup` and filled in, and no database.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import groupby, takewhile
from time import monotonic
from typing import NamedTuple

from django.utils.safestring import mark_safe
from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

LONGEST = 500  # characters of a quote: of a longer block its beginning
AROUND = 60  # characters that are kept of what stands before and behind it
# How many characters a quote and the words around it have in common with where it is found: where it stood, and elsewhere, where
# the same few words are often others' ("Wer: Reseller").
ENOUGH, ENOUGH_ELSEWHERE = 12, 24
# How alike words are that count as the same, reworded, by rapidfuzz's `ratio`: 100 less the share of signs put in or taken out.
# "ca. 5 Stunden" that became "in der Regel fünf Stunden" in a sentence leaves 77, half a sentence written anew 63, two sentences
# about the same 30 to 45.
ALIKE = 75
SECONDS = 1.0  # after which a page looks for passages only where they stood
MOST = 1000  # places at which the same words stand

_TOKENS = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_SIGN = re.compile(r"&#?\w+;|.", re.S)
_END_OF_ROW = re.compile(r"\s*</t[dh]>\s*</tr>$")
_ALT = re.compile(r'alt="([^"]*)"')
_WHOLE = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure", "tr"}
_AROUND = {"ul", "ol", "li", "table", "thead", "tbody", "div", "blockquote", "hr"}


@dataclass(eq=False)
class Block:
    """What one comments on, the smallest: a paragraph, an item's own text, a row, a heading, code. `number`: within its place."""

    html: str
    place: str = ""
    number: int = 1
    found: list = field(default_factory=list)  # what stands in it, each a Found
    chosen: "Found | None" = None  # what of it somebody is about to comment on

    @cached_property
    def words(self):
        """As readers see it, in one line."""
        return " ".join("".join(said for _, said in _signs(self.html)).split())

    @property
    def marked(self):
        """Its HTML, with what was found in it in <mark>; of a row without what ends it."""
        spans = [(each.start, each.end) for each in (*self.found, *filter(None, [self.chosen]))]
        html = _marked(self.html, spans) if spans else self.html
        return mark_safe(html.removesuffix(self.end))  # noqa: S308  cleaned HTML, and <mark>

    @property
    def end(self):
        """What ends the last cell of a row, and the row."""
        end = _END_OF_ROW.search(self.html)
        return mark_safe(end[0]) if end else ""  # noqa: S308  two tags


@dataclass
class Table:
    """A table with what is around it: pieces, among them its rows."""

    pieces: list = field(default_factory=list)

    @property
    def found(self):
        return [found for row in blocks(self.pieces) for found in row.found]

    @property
    def chosen(self):
        return next((row.chosen for row in blocks(self.pieces) if row.chosen), None)


class Passage(NamedTuple):
    """Words of a block, with what stands before and behind them in the same place: the name of a step, or "" for the text itself."""

    place: str = ""
    quote: str = ""
    ahead: str = ""
    behind: str = ""


class Found(NamedTuple):
    """A Passage in a Block, from `start` to `end` of its words; an empty stretch where they are only alike."""

    passage: Passage
    block: Block
    start: int
    end: int

    @property
    def is_reworded(self):
        return self.start == self.end

    @property
    def is_whole(self):
        """Whether it is all that the block says."""
        return self.end - self.start == min(len(self.block.words), LONGEST)


def pieces(html, place="", number=1):
    """HTML as a list, in order: Blocks, Tables, and as text what stands around them. `number`: that of the first block."""
    found, own, whole, table = [], [], "", None

    def add(piece):
        piece = mark_safe(piece) if isinstance(piece, str) else piece  # noqa: S308  a part of HTML that is safe
        (found if table is None else table.pieces).append(piece)

    def close():
        nonlocal own, number
        if own:
            block, own = Block("".join(own), place, number), []
            add(block if block.words else block.html)
            number += 1

    for token in _TOKENS.findall(html):
        tag = _TAG.match(token)
        closes, name = (bool(tag[1]), tag[2]) if tag else (False, "")
        if whole:
            own.append(token)
            if closes and name == whole:
                whole = ""
                close()
        elif name in _WHOLE and not closes:
            close()
            whole, own = name, [token]
        elif name in _AROUND:
            close()
            if token.startswith('<div class="scroll"'):
                table = Table()
            add(token)
            if table and token.startswith("</div"):
                found.append(table)
                table = None
        elif own or not token.isspace():
            own.append(token)
        else:
            add(token)
    close()
    return found


def blocks(pieces):
    """The Blocks among pieces, those of tables too."""
    for piece in pieces:
        if isinstance(piece, Block):
            yield piece
        elif isinstance(piece, Table):
            yield from blocks(piece.pieces)


class Text:
    """The blocks of a text, in which passages are looked for."""

    def __init__(self, blocks):
        self._places = {name: _Place(list(own)) for name, own in groupby(blocks, key=lambda block: block.place)}
        self._ends = monotonic() + SECONDS

    def passage(self, place, number, words="", ahead=""):
        """The Passage that is a block, or `words` of it, those behind `ahead` where they stand there several times; None for no block."""
        stretch = self._places.get(place)
        block = next((block for block in stretch.blocks if block.number == number), None) if stretch else None
        if block is None:
            return None
        start = stretch.starts[stretch.blocks.index(block)]
        quote, from_ = " ".join(words.split())[:LONGEST], 0
        if quote:
            before = _places_of(quote, block.words)
            tail = " ".join(ahead.split())
            from_ = max(before, key=lambda at: _in_common(block.words[:at].rstrip()[::-1], tail[::-1]), default=0)
            quote = quote if before else ""
        quote = quote or block.words[:LONGEST]
        start += from_
        end = start + len(quote)
        return Passage(place, quote, stretch.words[max(0, start - AROUND) : start], stretch.words[end : end + AROUND])

    def find(self, passage):
        """Where a Passage stands by now, a Found: the same words in the same place, else elsewhere; else words like them. None where it is gone."""
        if not passage.quote:
            return None
        own = self._places.get(passage.place)
        if own and (found := own.exactly(passage)):
            return found
        others = [stretch for stretch in self._places.values() if stretch is not own]
        ways = [stretch.exactly for stretch in others]
        ways += [stretch.nearly for stretch in ([own, *others] if own else others)]
        ways += [own.around] if own else []
        in_time = takewhile(lambda way: monotonic() < self._ends, ways)
        return next(filter(None, (way(passage) for way in in_time)), None)


class _Place:
    """The blocks of one step, or of the text itself, and their words in a line."""

    def __init__(self, blocks):
        self.blocks, self.starts, at = blocks, [], 0
        for block in blocks:
            self.starts.append(at)
            at += len(block.words) + 1
        self.words = " ".join(block.words for block in blocks)

    def exactly(self, passage):
        """The Found of the very words, where most of what stood around them does, and no chance brought them there; or None."""
        found = []
        for at in _places_of(passage.quote, self.words):
            block, start = self._at(at)
            if start + len(passage.quote) <= len(block.words):
                found.append((self._support(passage, at), Found(passage, block, start, start + len(passage.quote))))
        if not found:
            return None
        support, best = max(found, key=lambda pair: pair[0])
        is_at_home = passage.place == best.block.place
        is_only_one = is_at_home and len(found) == 1 and _are_words(best.block.words, best.start, best.end)
        return best if is_only_one or support >= self._needed(passage) else None

    def nearly(self, passage):
        """The Found of words that are like those of the passage; None where there are none."""
        best = None
        for block in self.blocks:
            if len(block.words) < len(passage.quote):
                score, start = fuzz.ratio(passage.quote, block.words, score_cutoff=ALIKE), 0
                end = len(block.words)
            else:
                alike = fuzz.partial_ratio_alignment(passage.quote, block.words, score_cutoff=ALIKE)
                score, start, end = (alike.score, alike.dest_start, alike.dest_end) if alike else (0, 0, 0)
            if score and (best is None or score > best[0]):
                at = self.starts[self.blocks.index(block)]
                if self._support(passage, at + start, at + end) >= self._needed(passage):
                    best = score, Found(passage, block, 0, 0)
        return best and best[1]

    def around(self, passage):
        """The Found of the block in which what stood around the words still stands, though they themselves are others."""
        whole = Passage(passage.place, f"{passage.ahead}{passage.quote}{passage.behind}", "", "")
        found = self.nearly(whole)
        return found and Found(passage, found.block, 0, 0)

    def _at(self, at):
        """The block at a place of the words, and the place in it."""
        index = bisect_right(self.starts, at) - 1
        return self.blocks[index], at - self.starts[index]

    def _needed(self, passage):
        """How many characters have to agree; where it stood all, if there are but few."""
        if passage.place != self.blocks[0].place:
            return ENOUGH_ELSEWHERE
        return min(ENOUGH, len(passage.quote) + len(passage.ahead) + len(passage.behind))

    def _support(self, passage, start, end=None):
        end = start + len(passage.quote) if end is None else end
        ahead, behind = self.words[max(0, start - AROUND) : start], self.words[end : end + AROUND]
        return end - start + _in_common(ahead[::-1], passage.ahead[::-1]) + _in_common(behind, passage.behind)


def _in_common(one, other):
    return Prefix.similarity(one, other)


def _are_words(text, start, end):
    """Whether a stretch neither begins nor ends within a word."""
    return not any(text[at - 1 : at].isalnum() and text[at : at + 1].isalnum() for at in (start, end))


def _places_of(quote, text):
    found, at = [], text.find(quote)
    while at >= 0 and len(found) < MOST:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _signs(html):
    """Pairs of what is written, a sign or a tag, and what it adds to the words that readers see."""
    for token in _TOKENS.findall(html):
        if tag := _TAG.match(token):
            alt = _ALT.search(token) if tag[2] == "img" else None
            yield token, f" {unescape(alt[1])} " if alt else " " if tag[2] in ("br", "td", "th", "figcaption") else ""
        else:
            yield from ((sign, unescape(sign)) for sign in _SIGN.findall(token))


def _marked(html, spans):
    """HTML with the words from each start to its end in <mark>, within the tags around them."""
    signs, at, is_apart = [], 0, False
    covered = {place for span in spans for place in range(*span)}
    for written, said in _signs(html):
        start = at
        for sign in said:
            if not sign.isspace():
                at += 1 + (is_apart and at > 0)
                start = at - 1
            is_apart = sign.isspace()
        is_text = not _TAG.match(written)
        signs.append((written, is_text and start in covered))
    parts = []
    for is_in, run in groupby(signs, key=lambda pair: pair[1]):
        text = "".join(written for written, _ in run)
        parts.append(f"<mark>{text}</mark>" if is_in and not text.isspace() else text)
    return "".join(parts)
