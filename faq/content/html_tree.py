"""HTML of any make, brought into the few forms that Markdown has: what is text, what is a block, what is left out."""

import re
from collections import Counter
from itertools import pairwise
from operator import itemgetter
from urllib.parse import quote

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from faq.content import line_runs
from faq.content.line_runs import BREAK
from faq.dialect.blocks import CALLOUTS, MAX_DEPTH
from faq.markup import CONTROL, MAX_ADDRESS, SCHEMES

PORTAL_LINK = re.compile(r"(?:faq|kontakt|offen|datei):[^\s#()<>]+(?:#[^\s()<>]*)?")
_PICTURE = re.compile(r"bild:[^\s#()<>]+")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARKS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "s": "del", "strike": "del", "del": "del", "code": "code", "kbd": "code",
    "samp": "code", "tt": "code", "no-strong": "no-strong", "no-em": "no-em", "no-del": "no-del",
}  # fmt: skip
_PARAGRAPHS = set(
    "address article aside body caption center dd details div dl dt fieldset figcaption figure footer form header html legend main nav p "
    "section summary title".split()
)
_BLOCKS = _PARAGRAPHS | {*HEADINGS, "ul", "ol", "li", "blockquote", "pre", "hr", "table"}
_SAID = {"a": ("href", "title"), "img": ("src", "alt", "title")}  # what a mark holds behind its name
_UNSEEN = set("script style head meta link template noscript colgroup col xml".split())
# What Markdown has not: one of it, several.
_NOT_KEPT = {
    "img": ("Bild", "Bilder"),
    "object": ("eingebettetes Objekt", "eingebettete Objekte"),
    "field": ("Formularfeld", "Formularfelder"),
    "link": ("hier nicht möglicher Link", "hier nicht mögliche Links"),
    "cell": ("verbundene Zelle", "verbundene Zellen"),
    "nested": ("Liste oder Tabelle in einer Tabelle", "Listen oder Tabellen in einer Tabelle"),
    "footnote": ("Fußnote", "Fußnoten"),
    "comment": ("Kommentar", "Kommentare"),
    "deleted": ("gelöschte Stelle", "gelöschte Stellen"),
    "look": ("Absatz ohne seine Hervorhebungen", "Absätze ohne ihre Hervorhebungen"),
    "form": ("Absatz ohne seine Form", "Absätze ohne ihre Form"),
}
_KIND = {
    "img": "img", "svg": "img", "picture": "img", "v:shape": "img", "v:imagedata": "img", "object": "object", "iframe": "object",
    "embed": "object", "video": "object", "audio": "object", "canvas": "object", "math": "object", "input": "field", "select": "field",
    "textarea": "field", "button": "field", "comment": "comment",
}  # fmt: skip


class Tree:
    """HTML in these forms: `root` holds blocks, and they hold blocks or text; `left_out` counts what is not there."""

    def __init__(self, soup, *, compact=False):
        """`compact`, for what is pasted: no list with empty lines, no empty rows and columns, which spreadsheets copy along, and two
        line breaks end a paragraph."""
        self.compact = compact
        self._soup, self.left_out = BeautifulSoup("", "html.parser"), Counter()
        self.root = self._soup.new_tag("div")
        filling = _Filling(self, self.root)
        filling.take(soup)
        filling.done()

    def tag(self, name, **attributes):
        return self._soup.new_tag(name, attrs={key: value for key, value in attributes.items() if value})


def parsed(html):
    # Of a mere address Beautiful Soup says that it is one; of one behind a comment it does not.
    return BeautifulSoup(f"<!---->{CONTROL.sub('', html)}", "html.parser")


def in_german(left_out):
    """A Counter of what was left out, in words."""
    return ", ".join(f"{number} {_NOT_KEPT[kind][number > 1]}" for kind, number in left_out.items())


class _Filling:
    """A block that is being filled: what stands in a line gathers until a block begins or ends it."""

    def __init__(self, tree, block, depth=0):
        self._tree, self._block, self._depth = tree, block, depth
        self._runs = []

    def take(self, source, marks=()):
        """All that an element holds; `marks` are those of the elements around it."""
        for child in list(source.children):
            if isinstance(child, Tag):
                self.take_tag(child, marks)
            elif not isinstance(child, PreformattedString):
                self._runs.append((str(child), marks))

    def take_tag(self, tag, marks=()):
        name = tag.name.lower()
        if name == "br":
            self._take_break(marks)
        elif name in _UNSEEN:
            return
        elif name == "img" and _PICTURE.fullmatch(tag.get("src", "")):
            words = (" ".join(tag.get(said, "").split()) for said in ("alt", "title"))
            self._runs.append(("", (*marks, ("img", tag["src"], *words, len(self._runs)))))  # twice the same is two
        elif name in _KIND:
            if tag.get("type") != "hidden":
                self._tree.left_out[_KIND[name]] += 1
        elif name == "a":
            self._take_link(tag, marks)
        elif name in _BLOCKS:
            self.end_text()
            self._take_block(tag, name, marks)
            self.end_text()
        else:
            self.take(tag, (*marks, (_MARKS[name],)) if name in _MARKS else marks)

    def _take_break(self, marks):
        """A line ends; in what was pasted a second time means that a paragraph does."""
        said = next((place for place in reversed(range(len(self._runs))) if self._runs[place][0].strip(" ")), None)
        if self._tree.compact and said is not None and self._runs[said][0] == BREAK:
            self.end_text()
        else:
            self._runs.append((BREAK, marks))

    def end_text(self):
        """What has gathered becomes a paragraph."""
        paragraph = self._tree.tag("p")
        self.end_line(paragraph)
        if paragraph.contents:
            self._block.append(paragraph)

    def end_line(self, element):
        """What has gathered becomes the text of this element."""
        runs, self._runs = line_runs.tidied([(text, line_runs.in_order(marks)) for text, marks in self._runs]), []
        self._nest(element, runs, ())

    def done(self):
        self.end_text()
        _separate_lists(self._block)

    def _take_link(self, tag, marks):
        href = _quoted((tag.get("href") or "").strip())
        portal = PORTAL_LINK.fullmatch(href)
        if not (portal or _leads_somewhere(href)):
            if href and not href.startswith("#"):
                self._tree.left_out["link"] += 1
            self.take(tag, marks)
            return
        link = ("a", href, " ".join((tag.get("title") or "").split()))
        if portal and not tag.get_text().strip():
            self._runs.append(("", (*marks, link)))  # takes its words from what it leads to
        else:
            self.take(tag, (*marks, link))

    def _take_block(self, tag, name, marks):
        callout = name == "div" and next((kind for kind in CALLOUTS if kind in tag.get_attribute_list("class")), None)
        if name in HEADINGS:
            self._block.append(heading := self._tree.tag(name))
            self._fill_line(heading, tag, marks)
            if not heading.contents:
                heading.extract()
        elif name == "pre":
            self._block.append(code := self._tree.tag("pre"))
            code.append(_code(tag))
        elif name == "hr":
            self._block.append(self._tree.tag("hr"))
        elif name == "table":
            self._take_table(tag, marks)
        elif "admonition-title" in tag.get_attribute_list("class"):
            self.take(tag, (("strong",),))
        elif self._depth >= MAX_DEPTH or (name not in ("ul", "ol", "blockquote") and not callout):
            self.take(tag, marks)
        elif name in ("ul", "ol"):
            self._take_list(tag, name, marks)
        else:
            inner = self._tree.tag(name, callout=callout)
            self._fill(inner, tag, marks)
            if inner.contents:
                self._block.append(inner)

    def _fill(self, block, source, marks):
        filling = _Filling(self._tree, block, self._depth + 1)
        filling.take(source, marks)
        filling.done()

    def _fill_line(self, element, source, marks):
        """Fill an element that has a single line of text: blocks in it are words of that."""
        for block in source.find_all(lambda tag: tag.name in _BLOCKS or tag.name in ("tr", "td", "th", "br")):
            block.insert_before(" ")
            block.insert_after(" ")
            block.unwrap()
        filling = _Filling(self._tree, element)
        filling.take(source, marks)
        filling.end_line(element)

    def _nest(self, parent, runs, opened):
        """The runs as elements in each other: what goes on longest stands outside."""
        while runs:
            text, marks = runs[0]
            begun = [mark for mark in marks if mark not in opened]
            if not begun:
                parent.append(NavigableString(text))
                runs = runs[1:]
                continue
            behind, mark = max(((line_runs.reach(runs, mark), mark) for mark in begun), key=itemgetter(0))
            name, *said = mark
            element = self._tree.tag(name, **dict(zip(_SAID.get(name, ()), said, strict=False)))
            parent.append(element)
            self._nest(element, runs[:behind], (*opened, mark))
            runs = runs[behind:]

    # Lists

    def _take_list(self, tag, name, marks):
        made = self._tree.tag(name, start=_start(tag) if name == "ol" else None)
        for child in tag.find_all(recursive=False):
            if child.name == "li" or not made.contents:
                made.append(self._tree.tag("li"))
            filling = _Filling(self._tree, made.contents[-1], self._depth + 1)
            if child.name == "li":
                filling.take(child, marks)
            else:  # a list without an item around it belongs to the item before
                filling.take_tag(child, marks)
            filling.done()
        if made.contents:
            has_paragraphs = any(item.find("p", recursive=False) for item in tag.find_all("li", recursive=False))
            if (has_paragraphs and not tag.has_attr("data-tight") and not self._tree.compact) or any(
                map(_must_be_loose, made.contents)
            ):
                made["loose"] = "yes"
            self._block.append(made)

    # Tables

    def _take_table(self, tag, marks):
        if caption := tag.find("caption", recursive=False):
            self.take(caption.extract(), marks)
            self.end_text()
        rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
        table, covered = self._tree.tag("table"), set()
        for place, row in enumerate(rows):
            table.append(made := self._tree.tag("tr"))
            self._fill_row(made, row, place, covered, marks)
        width = max((len(row.contents) for row in table.contents), default=0)
        for row in table.contents:
            row.extend(self._tree.tag("td") for _ in range(width - len(row.contents)))
        if self._tree.compact:
            _drop_empty(table.contents)
            _drop_empty([[row.contents[column] for row in table.contents] for column in range(width)])
            _align(table)
        if table.contents:
            self._block.append(table)

    def _fill_row(self, made, row, place, covered, marks):
        """`covered` are the places, row and column, that cells of rows above reach down to."""
        for cell in row.find_all(["td", "th"], recursive=False):
            while (place, len(made.contents)) in covered:
                made.append(self._tree.tag("td"))
            wide, high, column = _span(cell, "colspan"), _span(cell, "rowspan"), len(made.contents)
            if cell.find(["ul", "ol", "table"]):
                self._tree.left_out["nested"] += 1
            align = cell.get("align", "").lower()
            made.append(line := self._tree.tag("td", align=align if align in ("left", "right", "center") else None))
            self._fill_line(line, cell, marks)
            if (wide > 1 or high > 1) and line.contents:
                self._tree.left_out["cell"] += 1
            made.extend(self._tree.tag("td") for _ in range(wide - 1))
            covered |= {(place + down, column + right) for down in range(1, high) for right in range(wide)}


def _leads_somewhere(href):
    """Whether an address is one that texts may link to."""
    scheme, colon, rest = href.partition(":")
    if not colon or scheme.lower() not in SCHEMES or len(href) > MAX_ADDRESS:
        return False
    return bool(re.match(r"//[^\s/?#:%]+(?:[/?#:]|$)", rest) if scheme.lower().startswith("http") else rest)


def _quoted(address):
    """An address without the signs that none has."""
    return re.sub(r"[\s\\<>]", lambda match: quote(match[0]), address)


def _start(tag):
    start = tag.get("start", "")
    return start if re.fullmatch(r"\d{1,8}", start, re.A) and start != "1" else None


def _span(cell, name):
    value = cell.get(name, "")
    return min(int(value), 100) if re.fullmatch(r"\d{1,6}", value, re.A) and value.strip("0") else 1


def _code(tag):
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    text = tag.get_text()
    return (text if tag.find("code") else text.removeprefix("\n")).rstrip()  # browsers leave out the one behind <pre>


def _drop_empty(lines):
    """Take the rows, or columns, out of a table whose cells are all empty."""
    for line in list(lines):
        if not any(cell.contents for cell in line):
            for part in [line] if isinstance(line, Tag) else line:
                part.extract()


def _align(table):
    """Columns are aligned as all their cells are that say something, the head's aside: spreadsheets align each by what it holds."""
    for cells in zip(*(row.contents for row in table.contents), strict=True):
        found = {cell.get("align") for cell in cells[1:] if cell.contents}
        for cell in cells:
            del cell["align"]
            if len(found) == 1 and (align := next(iter(found))):
                cell["align"] = align


def _must_be_loose(item):
    """Whether an item holds blocks that only an empty line tells apart."""
    return any(
        (after.name == "p" and before.name in ("p", "ul", "ol", "blockquote", "table"))
        or (before.name == "p" and after.name == "ol" and after.get("start"))
        or before.name == after.name == "blockquote"
        for before, after in pairwise(item.contents)
    )  # fmt: skip


def _separate_lists(block):
    """Two lists of a kind with nothing between them have another sign each."""
    for before, after in pairwise(block.contents):
        if before.name == after.name and after.name in ("ul", "ol"):
            after["other"] = "" if before.get("other") else "yes"
