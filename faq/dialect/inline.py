"""What python-markdown's patterns for the inside of a line lack, or read otherwise than GitHub."""

import re
import string
from xml.etree.ElementTree import Element, ElementTree

from markdown.extensions import Extension
from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor, InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

_IN_ANGLES = r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>"
# What follows a letter, a slash or the like is a part of something else.
BARE = (
    r"(?<![^\W_])(?:(?:https?://|www\.)[^\s<>\x02\x03]+"
    r"|(?<![/.@+-])[\w+-]+(?:\.[\w+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w@]))"
)
_IS_ADDRESS = re.compile(r"(?:https?://|www\.)\w|[^/:]+@")
# What ends a sentence or a bracket, and no address.
AFTER_ADDRESS = "?!.,:;*_~'\"“”„‘’‚«»›‹…)]}|"
_CLOSING = {")": "(", "]": "[", "}": "{"}


def _boundary(sign):
    """What `sign`s in a row can be, by CommonMark's rules: python-markdown asks less of them, and joins others."""
    signs = rf"{sign}++"
    opens = rf"(?={signs}[^\W_]|(?<![^\W_]){signs}\S)"  # before a letter, or else not behind one
    closes = rf"(?=(?<=[^\W_]){signs}|(?<=\S){signs}(?![^\W_]))"
    if sign == "_":  # not within a word
        opens, closes = (
            rf"{opens}(?:(?!{closes})|(?<=[^\w\s]))",
            rf"{closes}(?:(?!{opens})|(?={signs}[^\w\s]))",
        )
    alone = rf"(?<!{sign})"
    return re.compile(
        rf"(?P<ambiguous>{alone}{opens}{closes}{signs})|(?P<end>{alone}{closes}{signs})|(?P<start>{alone}{opens}{signs})"
    )


class AsBefore(Extension):
    """Raw HTML is shown as text."""

    def extendMarkdown(self, md):
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # Before "inline", which still parses the Markdown in a title.
        md.treeprocessors.register(PlainCalloutTitles(md), "callout-titles", 30)


class Dialect(AsBefore):
    """The tree of `blocks`, and these patterns."""

    def __init__(self, blocks):
        super().__init__()
        self._blocks = blocks

    def extendMarkdown(self, md):
        super().extendMarkdown(md)
        md.parser = _Given(md, self._blocks)
        for name in ("reference", "image_reference"):  # no space between label and reference
            md.inlinePatterns[name].RE_LINK = re.compile(r"\[([^\]]*)\]", re.S)
        md.ESCAPED_CHARS = [*string.punctuation]
        md.inlinePatterns.register(_Code(BACKTICK_RE), "backtick", 190)
        md.delimiters.add("~", "del", double=True)
        for sign, delimiter in md.delimiters.delimiters.items():
            delimiter.boundary = _boundary(re.escape(sign))
        md.inlinePatterns.register(_AddressInAngles(_IN_ANGLES, md), "autolink", 120)
        md.inlinePatterns.deregister("automail")
        md.inlinePatterns.register(_BareAddress(BARE, md), "bare address", 105)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"(?:  |\\)\n", "br"), "linebreak", 100)


class _Given:
    """In place of python-markdown's reader of blocks: they are read already."""

    def __init__(self, md, blocks):
        self._md, self._blocks = md, blocks

    def parseDocument(self, lines):
        for key, (address, title, _) in self._blocks.definitions.items():
            self._md.references[key] = (address, title)
        return ElementTree(self._blocks.root)


class PlainCalloutTitles(Treeprocessor):
    """The allow-list keeps no class on a callout's title: a <strong> says what it is."""

    def run(self, root):
        for title in root.iter("p"):
            if title.get("class") == "admonition-title":
                strong = title.makeelement("strong", {})
                strong.text, title.text = title.text, None
                title.append(strong)


class _Code(BacktickInlineProcessor):
    """Code ends where as many ticks stand as at its beginning, not where fewer do."""

    def find_code_spans(self, start, text):
        begin = start + len(text[start:]) - len(text[start:].lstrip("`"))
        ticks = begin - start
        end = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(text, begin)
        return begin, end and end.start()


class _AddressInAngles(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m, data):
        address = self.unescape(m[1])
        return _link(address, m[1]), m.start(), m.end()


class _BareAddress(InlineProcessor):
    """An address that stands in the text by itself, without the signs of the sentence that follow it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m, data):
        address = bare_address(m[0])
        if not _IS_ADDRESS.match(address):
            return None, None, None
        return _link(self.unescape(address), address), m.start(), m.start() + len(address)


def bare_addresses(text):
    """The addresses that stand in a plain text by themselves, each with its place and where a link to it leads."""
    for match in re.finditer(BARE, text):
        address = bare_address(match[0])
        if _IS_ADDRESS.match(address):
            yield match.start(), address, _link(address, address).get("href")


def bare_address(text):
    """What of a text that begins with an address belongs to it."""
    while text and text[-1] in AFTER_ADDRESS:
        opening = _CLOSING.get(text[-1])
        if opening and text.count(opening) >= text.count(text[-1]):
            break
        text = text[:-1]
    return text


def _link(address, label):
    if "@" in address and ":" not in address:
        address = f"mailto:{address}"
    elif address.startswith("www."):
        address = f"http://{address}"
    element = Element("a", {"href": address})
    element.text = AtomicString(label.removeprefix("mailto:") if address.startswith("mailto:") else label)
    return element
