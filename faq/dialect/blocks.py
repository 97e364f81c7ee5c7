"""The blocks of a Markdown text, read line by line as CommonMark does, with tables and callouts; in time that grows with its length."""

from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString, code_escape

from faq.dialect import lines, unknown
from faq.dialect.code import code_spans
from faq.dialect.problems import Problem
from faq.words import counted

MAX_DEPTH = 20  # lists and quotes in each other
CALLOUTS = ("hinweis", "achtung")


@dataclass(slots=True)
class Text:
    """What an element holds in its lines: their numbers, and what each says."""

    element: Element
    numbers: list[int]
    lines: list[str]

    def __str__(self):
        return "\n".join(self.lines)

    def number(self, position):
        """The line on which a place in the text stands."""
        return self.numbers[str(self).count("\n", 0, position)]


@dataclass(slots=True, eq=False)
class _Block:
    """A block with its first and last line. `offset` is how far the text of an item or callout is indented, `marker` what begins an item."""

    kind: str
    element: Element
    start: int
    end: int
    offset: int = 0
    marker: str = ""
    children: list = field(default_factory=list)
    text: Text | None = None
    code: list[str] | None = None
    columns: list = ()  # of a table: how each is aligned

    @property
    def last_line(self):
        return self.children[-1].end if self.kind == "list" else self.end

    def rest_of(self, line):
        """What a line says in this block, which it goes on with; None where it does not."""
        indent = lines.indentation(line)
        if self.kind == "quote":
            return line[indent + 1 :].removeprefix(" ") if indent < 4 and line[indent : indent + 1] == ">" else None
        if indent == len(line):
            return "" if self.children or self.kind == "callout" else None  # an item may begin with one empty line
        return line[self.offset :] if indent >= self.offset else None


class Blocks:
    """The blocks of a text: `root`, the tree for python-markdown; `texts`, what it will look at; what is wrong; which lines are code.

    `definitions` has for each label of a reference its address, title and line.
    """

    def __init__(self, text):
        self.root, self.texts, self.problems, self.definitions = Element("div"), [], [], {}
        self.code = set()
        self.unclosed = None  # the line of the first fence that is
        self._open, self._leaf = [_Block("document", self.root, 1, 0)], None
        self._lists, self._callouts = [], []
        self._fence = ""
        written = text.split("\n")
        for number, self._written in enumerate(written, 1):
            self._read(number, self._written.expandtabs(4))
        self._close(0)
        for block in self._callouts:
            if not block.children and "".join(written[block.start : block.start + 1]).strip(" >"):
                self._refuse(block.start, "Der Text eines Kastens steht darunter, um vier Leerzeichen eingerückt.")
        for block in self._lists:
            _tighten(block)

    @property
    def top(self):
        """First and last line of each block that stands in no other and is to be seen."""
        there = set(map(id, self.root))
        return [(block.start, block.last_line) for block in self._open[0].children if id(block.element) in there]

    def _read(self, number, line):
        rest, going_on, said = line, 1, 1
        for block in self._open[1:]:
            inner = block.rest_of(rest)
            if inner is None:
                break
            rest, going_on = inner, going_on + 1
            said = going_on if block.kind == "quote" or inner.strip() else said
        for block in self._open[:said]:
            block.end = number
        direct = going_on == len(self._open)
        if direct and self._leaf and self._leaf.kind == "fence":
            self._read_in_fence(number, rest)
            return
        if not rest.strip():
            self._read_blank(rest, going_on, direct)
            return
        while (indent := lines.indentation(rest)) < 4:
            inner = self._begun(number, rest[indent:], indent, going_on, direct)
            if inner is None:
                break
            if not inner.strip():
                return
            rest, going_on, direct = inner, len(self._open), True
        if indent >= 4 and (self._leaf is None or self._leaf.kind != "paragraph"):
            self._read_code(number, rest, going_on)
        else:
            self._read_text(number, rest.lstrip(" "), going_on, direct)

    def _read_blank(self, rest, going_on, direct):
        if direct and self._leaf and self._leaf.kind == "code":
            self._leaf.code.append(rest[4:])
        elif not direct or self._leaf:
            self._close(going_on)

    def _read_text(self, number, line, going_on, direct):
        leaf = self._leaf
        # A line goes on with a paragraph though it lacks the marks of what that stands in; not in a callout, whose end it is.
        goes_on = direct or all(block.kind != "callout" for block in self._open[going_on:])
        if goes_on and leaf and leaf.kind == "paragraph":
            for block in [*self._open, leaf]:
                block.end = number
            leaf.text.numbers.append(number)
            leaf.text.lines.append(line)
            return
        if direct and leaf and leaf.kind == "table":
            self._add_row(number, line)
            return
        self._begin(number, "paragraph", Element("p"), going_on)
        self._leaf.text = Text(self._leaf.element, [number], [line])

    # What a line may begin

    def _begun(self, number, text, indent, going_on, direct):
        """What is left of a line once a block was begun, or all was said; None where it begins none."""
        paragraph = self._leaf if direct and self._leaf and self._leaf.kind == "paragraph" else None
        if len(self._open) > MAX_DEPTH:
            self._refuse(number, "Der Text ist zu tief verschachtelt.")
            return None
        if text[0] == ">":
            self._begin(number, "quote", Element("blockquote"), going_on)
            inner = text[1:].removeprefix(" ")
            self._refuse_if(number, unknown.in_quote(inner))
            return inner
        if heading := lines.heading(text):
            level, title = heading
            self._begin(number, "heading", Element(f"h{level}"), going_on)
            self._leaf.text = Text(self._leaf.element, [number], [title])
            self._close(len(self._open))
            return ""
        if fence := lines.fence(text):
            self._begin(number, "fence", Element("pre"), going_on)
            self._fence = fence
            self._leaf.offset, self._leaf.code = indent, []
            self.code.add(number)
            return ""
        if callout := lines.callout(text):
            return self._begun_callout(number, *callout, going_on)
        if paragraph and (tag := lines.underline(text)):
            if self._underlined(number, tag):
                return ""
            paragraph = None
        if lines.is_rule(text):
            self._begin(number, "rule", Element("hr"), going_on)
            self._leaf = None
            return ""
        if item := lines.item(text, in_paragraph=bool(paragraph)):
            return self._begun_item(number, indent, *item, going_on)
        if paragraph and (aligned := lines.alignments(text)) and self._begun_table(number, aligned):
            return ""
        self._refuse_if(number, unknown.at_start(text))
        return None

    def _begun_item(self, number, indent, marker, first, width, rest, going_on):
        self._close(going_on)
        siblings = self._open[-1].children
        if not siblings or siblings[-1].kind != "list" or siblings[-1].marker != marker:
            element = SubElement(self._open[-1].element, "ul" if marker in "*+-" else "ol")
            if marker in ".)" and first != 1:
                element.set("start", str(first))
            self._lists.append(_Block("list", element, number, number, marker=marker))
            siblings.append(self._lists[-1])
        block = _Block("item", SubElement(siblings[-1].element, "li"), number, number, indent + width)
        siblings[-1].children.append(block)
        self._open.append(block)
        self._refuse_if(number, unknown.in_item(rest))
        return rest

    def _begun_callout(self, number, name, title, more, going_on):
        if name not in CALLOUTS or more:
            problem = f"Unbekannter Kasten „{name}“: Es gibt „!!! hinweis“ und „!!! achtung“."
            if name in CALLOUTS:
                problem = f'Hinter „!!! {name}“ steht nichts, oder ein Titel in Anführungszeichen: !!! {name} "Titel".'
            self._refuse(number, problem)
            return None
        self._begin(number, "callout", Element("div", {"class": f"admonition {name}"}), going_on)
        self._open[-1].offset = 4
        self._callouts.append(self._open[-1])
        if title != "":
            heading = SubElement(self._open[-1].element, "p", {"class": "admonition-title"})
            heading.text = title or name.capitalize()
            self.texts.append(Text(heading, [number], [heading.text]))
        return ""

    def _begun_table(self, number, aligned):
        """Whether the last line of the paragraph before is the head of a table."""
        said = self._leaf.text
        head = lines.cells(said.lines[-1])
        if len(aligned) != len(head) or "|" not in said.lines[-1]:
            self._refuse(
                said.numbers[-1],
                f"Diese Tabelle hat im Kopf {counted(len(head), 'Spalte', 'Spalten')}, in der Zeile mit den Strichen aber {len(aligned)}.",
            )
            return False
        start, line = said.numbers.pop(), said.lines.pop()
        self._leaf.end = start - 1
        if not said.lines:
            self._open[-1].element.remove(self._leaf.element)
            self._leaf = None
        self._begin(start, "table", Element("table"), len(self._open))
        SubElement(self._leaf.element, "thead")
        self._leaf.columns = aligned
        self._add_row(start, line, "th")
        self._leaf.end = number
        return True

    def _add_row(self, number, line, tag="td"):
        table, cells = self._leaf, lines.cells(line)
        table.end = number
        if tag == "td" and len(table.element) == 1:
            SubElement(table.element, "tbody")
        row = SubElement(table.element[-1], "tr")
        columns = len(table.columns)
        if len(cells) > columns:
            self._refuse(
                number,
                f"Diese Zeile hat {counted(len(cells), 'Zelle', 'Zellen')}, der Kopf der Tabelle aber {columns}. "
                "Ein Strich, der zum Text gehört, wird \\| geschrieben.",
            )
        elif any("|" in line[start:end].replace("\\|", "") for start, end in code_spans(line)):
            self._refuse(number, "In einer Tabelle trennt | auch in Code zwei Zellen. Bitte schreiben Sie \\| dafür.")
        for align, cell in zip(table.columns, cells + [""] * columns):  # noqa: B905  the rest is refused
            element = SubElement(row, tag, {"align": align} if align else {})
            element.text = cell.replace("\\|", "|")
            self.texts.append(Text(element, [number], [element.text]))

    def _underlined(self, number, tag):
        """Whether the paragraph before becomes a heading: there may be nothing left of it."""
        self._take_definitions(self._leaf.text)
        self._leaf.end = number
        self._leaf.element.tag = tag
        is_heading = bool(self._leaf.text.lines)
        self._close(len(self._open))
        return is_heading

    # Code

    def _read_in_fence(self, number, rest):
        leaf, indent = self._leaf, lines.indentation(rest)
        leaf.end = number
        for block in self._open:
            block.end = number
        self.code.add(number)
        closing = rest.strip(" ")
        if indent < 4 and closing.startswith(self._fence) and not closing.strip(self._fence[0]):
            self._fence = ""
            self._close(len(self._open))
        else:
            leaf.code.append(self._with_tabs(rest[min(indent, leaf.offset) :]))

    def _read_code(self, number, rest, going_on):
        if self._leaf is None or self._leaf.kind != "code" or going_on < len(self._open):
            self._begin(number, "code", Element("pre"), going_on)
            self._leaf.code = []
        self._leaf.end = number
        self.code.add(number)
        self._leaf.code.append(self._with_tabs(rest[4:]))

    def _with_tabs(self, rest):
        """The rest of this line with the tabs that were written in it."""
        if "\t" not in self._written:
            return rest
        column, wanted = 0, len(self._written.expandtabs(4)) - len(rest)
        for place, sign in enumerate(self._written):
            if column >= wanted:
                return " " * (column - wanted) + self._written[place:]
            column += 4 - column % 4 if sign == "\t" else 1
        return ""

    # Beginning and ending

    def _begin(self, number, kind, element, going_on):
        """Begin a block in the last one that goes on."""
        self._close(going_on)
        block, parent = _Block(kind, element, number, number), self._open[-1]
        parent.children.append(block)
        parent.element.append(element)
        if kind in ("quote", "callout"):
            self._open.append(block)
        else:
            self._leaf = block

    def _close(self, going_on):
        """End what stands open but for so many blocks."""
        if leaf := self._leaf:
            self._leaf = None
            if leaf.kind in ("fence", "code"):
                self._end_code(leaf)
            elif leaf.text:
                self._end_text(leaf)
        del self._open[max(going_on, 1) :]

    def _end_code(self, leaf):
        if leaf.kind == "fence" and self._fence:
            self._refuse(
                leaf.start, "Dieser Code-Block wird nicht geschlossen: Es fehlt eine Zeile mit demselben Zaun."
            )
            self.unclosed, self._fence = self.unclosed or leaf.start, ""
        code = SubElement(leaf.element, "code")
        if said := "\n".join(leaf.code).rstrip():
            code.text = AtomicString(code_escape(said) + "\n")

    def _end_text(self, leaf):
        text = leaf.text
        if leaf.kind == "paragraph":
            self._take_definitions(text)
            if not text.lines:
                self._open[-1].element.remove(leaf.element)
                return
            if len(text.lines) > 1 and all(line.startswith("|") and line.rstrip(" ")[-1] == "|" for line in text.lines):
                self._refuse(
                    text.numbers[0], "Dieser Tabelle fehlt unter ihrem Kopf die Zeile mit den Strichen: |---|---|."
                )
        text.lines[-1] = text.lines[-1].rstrip(" ")
        leaf.element.text = str(text)
        self.texts.append(text)

    def _take_definitions(self, text):
        """What is the address of a reference is no text."""
        taken = 0
        # One takes three lines at most, four with a label on two.
        while found := lines.definition(text.lines[taken : taken + 4]):
            label, address, title, number = found
            self.definitions.setdefault(unknown.reference_key(label), (address, title, text.numbers[taken]))
            taken += number
        del text.lines[:taken], text.numbers[:taken]

    def _refuse(self, number, message):
        self.problems.append(Problem(number, message))

    def _refuse_if(self, number, message):
        if message:
            self._refuse(number, message)


def _tighten(block):
    """Paragraphs in a list without empty lines between its items, and in them, have no element of their own."""
    if any(
        after.start - before.last_line > 1
        for blocks in (block.children, *(item.children for item in block.children))
        for before, after in pairwise(blocks)
    ):
        return
    for item in block.children:
        last = None
        for element in list(item.element):
            if element.tag != "p":
                last = element
                continue
            item.element.remove(element)
            if last is None:
                item.element.text = element.text
            else:
                last.tail = element.text
