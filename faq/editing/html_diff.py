"""Two HTML texts as one: what went in <del>, what came in <ins>, in the lists and tables in which it stands.

Both are what `markup` made, so they are well-formed and safe; nothing is added to them but these two tags, and where a changed link leads.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from faq.editing.diff import WORDS, Effort, Matcher

_TOKENS = re.compile(r'<(?:[^>"]|"[^"]*")*>|[^<]+')
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_WORD = re.compile(rf"&\w+;|&#\w+;|{WORDS.pattern}")
_HREF = re.compile(r'href="([^"]*)"')
_INLINE = {"a", "br", "code", "del", "em", "small", "span", "strong"}
_VOID = {"br", "hr"}
_WHOLE = ("<p", "<li", "<tr>", "<h", "<blockquote")  # what is another one where its words are others
ALIKE = 0.3  # share of words that two blocks have in common, from which on they are the same one, changed
MOST_PAIRS = 10_000  # of blocks that are held against each other


@dataclass
class Run:
    """Words that follow each other in a block: pairs of the word and the tags around it."""

    words: list = field(default_factory=list)
    tag = ""

    @cached_property
    def html(self):
        return _written(self.words)

    @cached_property
    def bag(self):
        return {word for word, _ in self.words if not word.isspace()}

    def marked(self, kind):
        return self.html if self.html.isspace() else _written(self.words, kind)


@dataclass
class Block:
    """A paragraph, a list, a row, a cell: its opening tag and what is in it."""

    tag: str
    children: list = field(default_factory=list)

    @property
    def end(self):
        name = _TAG.match(self.tag)[2] if self.tag else ""
        return "" if not name or name in _VOID else f"</{name}>"

    @cached_property
    def html(self):
        return self.tag + "".join(child.html for child in self.children) + self.end

    @cached_property
    def bag(self):
        return set().union(*(child.bag for child in self.children))

    def marked(self, kind):
        if self.tag and not self.end:
            return f"<{kind}>{self.tag}</{kind}>"
        return self.tag + "".join(child.marked(kind) for child in self.children) + self.end


def marked(old, new, effort=None):
    """The HTML of both texts in one. Once the effort is spent, what is left counts as different."""
    return _children(_read(old), _read(new), effort or Effort())


def _read(html):
    blocks, around = [Block("")], ()
    for token in _TOKENS.findall(html):
        tag = _TAG.match(token)
        if not tag and token.isspace() and not around and not _in_run(blocks):
            continue  # between blocks
        if not tag:
            _run(blocks).words += [(word, around) for word in _WORD.findall(token)]
        elif tag[2] in _VOID & _INLINE:
            _run(blocks).words.append((token, around))
        elif tag[2] in _INLINE:
            around = around[:-1] if tag[1] else (*around, token)
        elif tag[1]:
            blocks.pop()
        else:
            blocks[-1].children.append(block := Block(token))
            if tag[2] not in _VOID:
                blocks.append(block)
    return blocks[0]


def _in_run(blocks):
    return bool(blocks[-1].children) and isinstance(blocks[-1].children[-1], Run)


def _run(blocks):
    if not _in_run(blocks):
        blocks[-1].children.append(Run())
    return blocks[-1].children[-1]


def _written(words, kind="", addresses=False):
    """HTML of words with the tags around them; of a `kind` in its tag; `addresses`: with where each link leads."""
    parts, open_ = [], ()
    for word, around in [*words, ("", ())]:
        same = next((n for n, pair in enumerate(zip(open_, around, strict=False)) if pair[0] != pair[1]), None)
        same = min(len(open_), len(around)) if same is None else same
        for tag in reversed(open_[same:]):
            parts.append(f"</{_TAG.match(tag)[2]}>")
            if addresses and (address := _HREF.search(tag)):
                parts.append(f" <small>({address[1]})</small>")
        parts += [*around[same:], word]
        open_ = around
    return f"<{kind}>{''.join(parts)}</{kind}>" if kind else "".join(parts)


def _children(old, new, effort):
    parts = []
    before, now = [child.html for child in old.children], [child.html for child in new.children]
    for tag, a1, a2, b1, b2 in Matcher(before, now, effort).get_opcodes():
        if tag == "equal":
            parts += now[b1:b2]
            continue
        for one, other in _pairs(old.children[a1:a2], new.children[b1:b2], effort):
            if one is None or other is None:
                parts.append((one or other).marked("ins" if one is None else "del"))
            elif isinstance(one, Run):
                parts.append(_words(one.words, other.words, effort))
            else:
                parts.append(other.tag + _children(one, other, effort) + other.end)
    return "".join(parts)


def _words(old, new, effort):
    parts, out, came = [], [], []
    steps = Matcher(old, new, effort).get_opcodes()
    for place, (tag, a1, a2, b1, b2) in enumerate([*steps, ("equal", 0, 0, 0, 0)]):
        # A space alone between two changes is a part of them: one reads words, not signs.
        alone = 0 < place < len(steps) - 1 and all(word.isspace() for word, _ in new[b1:b2])
        if tag != "equal" or alone:
            out, came = out + old[a1:a2], came + new[b1:b2]
            continue
        parts += [
            _written(words, kind, addresses=bool(out and came))
            for words, kind in ((out, "del"), (came, "ins"))
            if words
        ]
        parts.append(_written(new[b1:b2]))
        out, came = [], []
    return "".join(parts)


def _pairs(old, new, effort):
    """Blocks in their order, each with the one that it became, or None: those that have most words in common belong together."""
    effort.left -= (cost := len(old) * len(new))
    if cost > MOST_PAIRS or effort.left < 0:
        return [*((one, None) for one in old), *((None, other) for other in new)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_alike(one, other) for other in new] for one in old]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            best[a][b] = max(best[a + 1][b], best[a][b + 1], alike[a][b] and alike[a][b] + best[a + 1][b + 1])
    a, b, pairs = 0, 0, []
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == alike[a][b] + best[a + 1][b + 1]:
            pairs.append((old[a], new[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            pairs.append((old[a], None))
            a += 1
        else:
            pairs.append((None, new[b]))
            b += 1
    return [*pairs, *((one, None) for one in old[a:]), *((None, other) for other in new[b:])]


def _alike(one, other):
    """How much two blocks of the same kind have in common; 0 for those that are two."""
    if one.tag != other.tag or (not one.tag and one.bag.isdisjoint(other.bag)):
        return 0
    least = 0 if one.tag.startswith(_WHOLE) else 0.01  # a table stays one, and a row keeps its columns
    share = len(one.bag & other.bag) / max(len(one.bag), len(other.bag), 1)
    return share if share >= ALIKE else least
