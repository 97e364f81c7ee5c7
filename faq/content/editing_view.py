"""A Markdown text as one edits it by sight, and back: block by block, so that a block which nobody touched keeps its bytes.

What is shown of a block is its HTML; of one that is refused its source. Who edits sends the blocks back in their order: those that are
as they were by number, the others as HTML. Of a block that was changed, too, what was not changed stays as it was written: the change is
found between two conversions, of the block before and after, and carried over into the source. What came out is rendered, and held
against what was sent; where both differ the block is written anew.
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from faq import markup
from faq.content.from_html import NotWritten
from faq.content.html_markdown import from_tree
from faq.content.html_shape import shape
from faq.content.html_tree import Tree, parsed
from faq.dialect import inline
from faq.dialect.blocks import Blocks

_OTHER = "Der Text passt nicht zu dem, was gezeigt wurde. Bitte laden Sie die Seite neu."
_TOKENS = re.compile(r"[^\W_]+|\s+|[^\w\s]|_")


@dataclass(frozen=True)
class Block:
    """A block of a text: its Markdown, what stands between it and the next, and its HTML; None where it is refused."""

    source: str
    after: str
    html: str | None


@dataclass(frozen=True)
class Part:
    """A block as it comes back: the number of the one that it was (None: a new one), and what it has become; None: the same as before."""

    block: int | None = None
    html: str | None = None
    source: str | None = None


def shown_of(text):
    """The blocks of a text as the view gets them: HTML (None of one that is refused), Markdown, and first line of each."""
    before, blocks = shown(text)
    line, found = 1 + before.count("\n"), []
    for block in blocks:
        found.append({"html": block.html, "source": block.source, "line": line})
        line += (block.source + block.after).count("\n")
    return found


def written_of(text, parts):
    """The Markdown of a text whose blocks have become `parts`, as the view sends them, and the first line of each. Raises NotWritten."""
    try:
        parts = [Part(**part) for part in parts]
        whole = all(
            isinstance(part.block, int | None) and isinstance(part.html or part.source or "", str) for part in parts
        )
    except TypeError:
        whole = False
    if not whole:
        raise NotWritten(_OTHER)
    result = written(text, parts)
    return result, [block["line"] for block in shown_of(result)]


def shown(text):
    """What stands before the first block of a text, mostly nothing, and its blocks."""
    lines = text.split("\n")
    found = Blocks(text).top
    if not found:
        return text, []
    htmls = _htmls(lines, found)
    if htmls is None:
        return "", [Block(text, "", None)]
    blocks = []
    for place, ((first, last), html) in enumerate(zip(found, htmls, strict=True)):
        end = found[place + 1][0] if place + 1 < len(found) else len(lines) + 1
        source = "\n".join(lines[first - 1 : last])
        between = "\n" + "\n".join([*lines[last : end - 1], ""] if end <= len(lines) else lines[last:])
        blocks.append(Block(source, between if last < len(lines) else "", html))
    return "\n".join([*lines[: found[0][0] - 1], ""]), blocks


def _htmls(lines, found):
    """The HTML of each block, None of those with something wrong; None where what is wrong is in no block."""
    bad = set()
    while True:
        text = "\n".join("" if _within(number, bad) else line for number, line in enumerate(lines, 1))
        try:
            parts = iter(_elements(markup.render_at_once(text)))
            htmls = [None if block in bad else str(next(parts)) for block in found]
            return htmls if next(parts, None) is None else None
        except markup.MarkupError as error:
            wrong = {block for block in found for problem in error.problems if _within(problem.line, [block])}
            if not wrong - bad:
                return None
            bad |= wrong
        except StopIteration:
            return None


def _within(number, blocks):
    return any(first <= number <= last for first, last in blocks)


def _elements(html):
    return [element for element in parsed(html).contents if element.name]


def written(text, parts):
    """The Markdown of a text whose blocks have become `parts`. Raises NotWritten."""
    before, blocks = shown(text)
    if any(part.block is not None and not 0 <= part.block < len(blocks) for part in parts):
        raise NotWritten(_OTHER)
    pieces = [piece for part in parts if (piece := _Piece(part, blocks)).text.strip()]
    while True:
        for apart in (False, True):
            result = _joined(before, blocks, pieces, apart)
            if (wrong := _first_wrong(result, pieces)) is None:
                return result
        if not any(piece.another_way() for piece in reversed(pieces[max(wrong - 1, 0) : wrong + 2])):
            break
    where = " ".join(pieces[min(wrong, len(pieces) - 1)].text.split()[:8])
    raise NotWritten(
        f"Dieser Absatz lässt sich nicht als Markdown schreiben: „{where}…“. Bitte schreiben Sie ihn anders."
    )


class _Piece:
    """A block that comes back, with the ways to write it, from the most faithful one on; `meant` is how it looks, None of a source."""

    def __init__(self, part, blocks):
        self.block = part.block
        stored = blocks[part.block] if part.block is not None else None
        html = part.html if part.html is not None else stored and stored.html
        if part.source is not None or html is None:
            self.meant, self._ways = None, iter([stored.source if part.source is None else part.source])
        else:
            is_kept = part.html is None
            tree = None if is_kept else _tree(html, linked=True, plain=(stored and stored.html) or "")
            self.meant, self._ways = shape(parsed(html) if is_kept else tree.root), _ways(tree, stored)
        self.text = next(self._ways)

    def another_way(self):
        """Take the next way; whether there was one."""
        before = self.text
        self.text = next((way for way in self._ways if way != before), before)
        return self.text != before


def _tree(html, *, linked=False, plain=""):
    """HTML in the forms of our Markdown; where lines were broken is of the source alone.

    `linked`: addresses that were typed become links, as they do in Markdown; not those that stand in the HTML `plain` without being one.
    """
    soup = parsed(html)
    stays = "\n".join(words for words in parsed(plain).find_all(string=True) if not words.find_parent("a"))
    for words in soup.find_all(string=True):
        if words.find_parent("pre"):
            continue
        text = re.sub(r"[ \t\n]+", " ", words)
        pieces = [text]
        for place, address, href in (
            () if not linked or words.find_parent(("a", "code")) else inline.bare_addresses(text)
        ):
            if address not in stays:
                place -= len(text) - len(pieces[-1])
                link = soup.new_tag("a", attrs={"href": href})
                link.string = address
                pieces[-1:] = [pieces[-1][:place], link, pieces[-1][place + len(address) :]]
        words.replace_with(*pieces)
    return Tree(soup)


def _ways(tree, stored):
    """`tree`: what a block has become; None of one that was kept, which is converted only if its source won't do."""
    if tree is None:
        yield stored.source
    anew, _ = from_tree(tree or _tree(stored.html))
    if tree and stored and stored.html:
        before, _ = from_tree(_tree(stored.html))
        for sign in dict.fromkeys([*re.findall(r"^[*+-](?= )", stored.source, re.M)[:1], "-"]):
            if result := carried(stored.source, _with_sign(before, sign), _with_sign(anew, sign)):
                yield result
    yield anew
    yield _with_sign(anew, "*")
    yield re.sub(r"^(\d+)\. ", r"\1) ", anew, flags=re.M)


def _with_sign(text, sign):
    """Markdown with lists that begin with another sign than ours do."""
    return re.sub(r"^( *)- ", rf"\1{sign} ", text, flags=re.M)


def _joined(before, blocks, pieces, apart):
    """The text of all these; between two that followed each other stands what stood there."""
    result, left = before if pieces and pieces[0].block == 0 else before.lstrip("\n"), dict(enumerate(blocks))
    for place, piece in enumerate(pieces):
        following = pieces[place + 1].block if place + 1 < len(pieces) else None
        after = left.pop(piece.block).after if piece.block in left else ""
        result += piece.text
        if place + 1 == len(pieces):
            result += after if piece.block == len(blocks) - 1 else _definitions(after)
        elif piece.block is not None and following == piece.block + 1 and not (apart and not after.strip()):
            result += after
        else:
            result += _definitions(after) + "\n\n"
    return result + "".join(_definitions(block.after) for block in left.values())


def _definitions(after):
    """What of the lines behind a block says something: the addresses of references."""
    return f"\n\n{said}" if (said := after.strip("\n")) else ""


def _first_wrong(text, pieces):
    """The place of the first of these that the text, rendered, shows otherwise; None where there is none."""
    _, blocks = shown(text)
    if any(piece.meant is None for piece in pieces):  # a source says itself what it becomes, one block or more
        return None if _matches(blocks, pieces) else 0
    for place, piece in enumerate(pieces):
        if place >= len(blocks) or _shape_of(blocks[place]) != piece.meant:
            return place
    return None if len(blocks) == len(pieces) else len(pieces) - 1


def _matches(blocks, pieces):
    """Whether the blocks that were sent as HTML are among these, in their order."""
    there = iter(list(map(_shape_of, blocks)))
    return all(piece.meant in there for piece in pieces if piece.meant is not None)


def _shape_of(block):
    return shape(parsed(block.html)) if block.html is not None else None


def carried(source, before, after):
    """`source`, which says the same as `before`, with what was changed from `before` to `after`; None where that can't be said."""
    tokens, old, new = (_TOKENS.findall(text) for text in (source, before, after))
    place = _places(old, tokens)
    for kind, i1, i2, j1, j2 in reversed(list(Levenshtein.opcodes(list(map(_key, old)), list(map(_key, new))))):
        if kind == "equal":
            continue
        if i1 == i2:
            start = place[i1 - 1] + 1 if i1 - 1 in place else place.get(i1, 0 if not i1 else None)
            end = start
        else:
            start, end = place.get(i1), place.get(i2 - 1, -2) + 1
        if start is None or end - start != i2 - i1:
            return None
        tokens[start:end] = new[j1:j2]
    return "".join(tokens)


def _places(old, tokens):
    """Where tokens of `old` stand among those of the source, by their place: words first, and the spaces between them."""
    words, source = ([i for i, token in enumerate(some) if not token.isspace()] for some in (old, tokens))
    place = {}
    for kind, i1, i2, j1, _ in Indel.opcodes([old[i] for i in words], [tokens[i] for i in source]):
        if kind == "equal":
            place |= {words[i]: source[j1 + i - i1] for i in range(i1, i2)}
    for i, token in enumerate(old):
        for there in (place.get(i - 1, -2) + 1, place.get(i + 1, -1) - 1) if token.isspace() else ():
            if 0 <= there < len(tokens) and _key(tokens[there]) == _key(token):
                place.setdefault(i, there)
    return place


def _key(token):
    """What a line break is to the reader: a space, or the end of a paragraph."""
    return token if not token.isspace() else "\n\n" if token.count("\n") > 1 else " "
