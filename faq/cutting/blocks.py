"""HTML of a document as its blocks in a row, each with what tells a title from a text: its rank, empty lines around it."""

import copy
import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, NavigableString, Tag

from faq.content import clipboard
from faq.content.html_tree import HEADINGS, PORTAL_LINK
from faq.content.line_runs import BREAK
from faq.cutting import marks, titles
from faq.cutting.marks import BLANK, CONTENTS, TITLE

BOLD, PLAIN = 7, 8  # ranks below those of headings
_TYPED_NUMBER = re.compile(r"(\d{1,3}(?=[.)])|[a-z](?=\)))[.)]\s+(?!Schritt\b)")
_TYPED_BULLET = re.compile(r"[•·▪◦‣●○■–]\s+|-\s+")


@dataclass(eq=False)
class Block:
    """A block of the Tree: `tag`; `rank` of what could be a title (None: nothing); `first` and `last`, the paragraphs it is, counted."""

    tag: Tag
    rank: int | None = None
    first: int = 0
    last: int = 0
    blank_before: int = 0
    blank_after: int = 0
    mark: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self):
        return " ".join(self.lines)


def blocks_of(soup, origin, take_picture):
    """The Blocks of a document, and what was left out (a Counter); `take_picture(data, alt)` gives the slug for one, or None."""
    _unfold_questions(soup)
    marks.put(soup, take_picture)
    tree = clipboard.tree_of(soup, origin)
    return _numbered(_in_lines(list(tree.root.contents))), tree.left_out


def _in_lines(tags):
    """The same, with lines apart that are titles or steps, and lists that somebody typed as such."""
    made = []
    for place, tag in enumerate(tags):
        text = tag.get_text()
        if tag.name == "p" and (BREAK in text or BLANK in text):
            lines = _lines(tag)
            made += lines if BLANK in text or any(map(_stands_out, lines)) or _heads(lines) else [tag]
        elif tag.name in ("ul", "ol"):
            tag = _outermost(tag)
            following = next((other for other in tags[place + 1 :] if other.get_text().strip(f" {BLANK}")), None)
            made += [tag] if _goes_on(tags, place) else _unlisted(tag, following)
        else:
            made.append(tag)
    return _lists([part for tag in made for part in (_from_question(tag) if tag.name == "p" else [tag])])


def _outermost(listed):
    """A list, or the one that is all there is in it: that of items further in, which Word has without any around them."""
    while len(listed.contents) == 1 and [part.name in ("ul", "ol") for part in listed.contents[0].contents] == [True]:
        listed = listed.contents[0].contents[0]
    return listed


def _stands_out(line):
    text = line.get_text().strip()
    is_item = _TYPED_NUMBER.match(text) or _TYPED_BULLET.match(text)
    return bool(is_item) or titles.asks(text, alone=is_bold(line)) or titles.step_said(text) is not None


def _heads(lines):
    """Whether the first of these lines of a paragraph is the title of the others."""
    first, *others = (line.get_text().strip() for line in lines)
    return (
        bool(others)
        and not others[0][:1].islower()
        and len(first) <= titles.LONGEST_NAME
        and (titles.asks(first, alone=True) or titles.names_task(first))
    )


def is_bold(tag):
    """Whether all words of a block are bold."""
    bold = "".join(part.get_text() for part in tag.find_all("strong") if not part.find_parent("strong"))
    return bool(bold.strip()) and re.findall(r"\w+", bold) == re.findall(r"\w+", tag.get_text())


def _goes_on(tags, place):
    """Whether a numbered list of one goes on with the steps of an answer, between which pictures or lines stand."""
    said = tags[place].get_text()
    if tags[place].name != "ol" or len(tags[place].find_all("li")) > 1 or not titles.tells(said):
        return False
    for other in reversed(tags[:place]):
        if titles.has_question_mark(other.get_text().split(BREAK)[0]):
            return False
        if other.name == "ol":
            return True
    return False


def _unlisted(listed, following):
    """A list that is none: one of questions, each with its answer; a single one, as the number of a heading is often made."""
    if following is not None and len(listed.find_all("li")) == 1 and titles.is_name(listed.get_text()):
        heads_question = following.name in ("ol", "p", *HEADINGS) and titles.asks(
            following.get_text().split(BREAK)[0], alone=True
        )
        if heads_question:
            return [copy.copy(part) for part in listed.li.contents]
    items = listed.find_all("li", recursive=False)
    heads = [item.contents[0] for item in items if item.contents]
    asking = [head for head in heads if head.name == "p" and _stands_out_alone(head)]
    answered = all(len(item.contents) > 1 or BREAK in item.get_text() for item in items)
    if not heads or len(asking) < len(items) or (len(items) > 1 and not answered):
        return [listed]
    return _in_lines([copy.copy(part) for item in items for part in item.contents])


def _stands_out_alone(head):
    """Whether the first line of an item is a question."""
    first = head.get_text().split(BREAK)[0].strip()
    bold = head.contents[0].get_text().strip() if head.contents and head.contents[0].name == "strong" else ""
    return titles.asks(first, alone=False) or titles.asks(bold, alone=False)


def _unfold_questions(soup):
    """Tables of questions and answers as what stands in their cells; a row that is one cell is a line over the questions."""
    for table in soup.find_all("table"):
        rows = [
            row.find_all(["td", "th"], recursive=False)
            for row in table.find_all("tr")
            if row.find_parent("table") is table
        ]
        heads = [_said(cell) for cell in rows[0]] if rows else []
        if any(re.fullmatch(r"\W*Fragen?\W*", head) for head in heads):
            del rows[0]
        else:
            heads = []
        pairs = [row for row in rows if len(row) > 1]
        places = range(min(map(len, pairs), default=0))
        asking = next(
            (at for at in places if all(titles.asks(_said(row[at]), alone=False) for row in pairs)),
            None,
        )
        if asking is None or len(pairs) < 2:
            continue
        for row in rows:
            cells = _unfolded(row, asking, heads) if len(row) > 1 else row
            for cell in cells:
                cell.name, cell.attrs = "div", {}
                table.insert_before(cell.extract())
            cells[0].name = "p"
            cells[0].string = _said(cells[0])
            cells[0].string.wrap(soup.new_tag("strong"))  # which no line of an answer is over
        table.decompose()


def _said(cell):
    return " ".join(cell.get_text(" ").split())


def _unfolded(row, asking, heads):
    """The cells of a row: its question, its answer, and others by the names of their columns; not its number."""
    others = [
        (at, cell)
        for at, cell in enumerate(row)
        if at != asking and not (at < asking and re.fullmatch(r"[\d.)\s]*", _said(cell)))
    ]
    for at, cell in others[1:]:
        if at < len(heads) and heads[at] and _said(cell):
            (cell.find("p") or cell).insert(0, f"{heads[at]}: ")
    return [row[asking], *(cell for _, cell in others)]


def _from_question(paragraph):
    """A paragraph that begins with its question in bold, or with „Frage:“ and „Antwort:“ in one, as two."""
    first = paragraph.contents[0] if paragraph.contents else None
    text = paragraph.get_text()
    end = 0
    if isinstance(first, Tag) and first.name == "strong" and len(first.get_text()) < len(text.rstrip()):
        if titles.asks(first.get_text().strip(), alone=False):
            end = len(first.get_text())
    elif titles.is_labelled(text) and (answer := re.search(rf"\s(?={titles.ANSWER_LABEL.pattern})", text)):
        end = answer.start()
    if not end or not text[end:].strip():
        return [paragraph]
    question, answer = copy.copy(paragraph), paragraph
    cut(question, end, keep="before")
    cut(answer, end)
    return [question, answer]


def cut(tag, length, keep="behind"):
    """Take the first `length` characters of its text out of an element, or all but these."""
    place = 0
    for text in list(tag.find_all(string=True)):
        inside = max(0, min(len(text), length - place))
        place += len(text)
        text.replace_with(NavigableString(text[inside:] if keep == "behind" else text[:inside]))
    for part in tag.find_all(["strong", "em", "del", "a", "code"]):
        if not (part.decomposed or part.get_text() or part.find("img") or PORTAL_LINK.fullmatch(part.get("href", ""))):
            part.decompose()
    if keep == "behind" and (first := tag.find(string=re.compile(r"\S"))):
        first.replace_with(NavigableString(first.lstrip(f" \t{BREAK}")))


def _lists(tags):
    """Paragraphs one after the other that begin with a typed number or bullet as the items of a list."""
    made, opened = [], None
    for tag in tags:
        text = tag.get_text().lstrip() if tag.name == "p" else ""
        number, bullet = _TYPED_NUMBER.match(text), _TYPED_BULLET.match(text)
        if (number or bullet) and not titles.asks(text, alone=is_bold(tag)) and not text.startswith((BLANK, CONTENTS)):
            kind, sign = ("ol", number) if number else ("ul", bullet)
            counted = _count(number[1]) if number else 0
            follows = opened and opened[0] == kind and (bullet or counted == opened[1] + 1)
            if not follows:
                made.append([])
            opened = (kind, counted)
            made[-1].append((tag, sign.end()))
        else:
            opened = None
            made.append(tag)
    return [part for each in made for part in ([each] if isinstance(each, Tag) else _as_list(each))]


def _count(number):
    """A typed number, or a letter by its place."""
    return int(number) if number.isdecimal() else ord(number) - ord("a") + 1


def _as_list(items):
    """A list of these paragraphs; a single number makes none."""
    first = items[0][0].get_text().lstrip()
    number = _TYPED_NUMBER.match(first)
    if number and len(items) == 1:
        return [items[0][0]]
    begin = _count(number[1]) if number else 1
    soup = BeautifulSoup("", "html.parser")
    made = soup.new_tag("ol" if number else "ul", attrs={"start": str(begin)} if begin > 1 else {})
    for tag, sign in items:
        cut(tag, sign + len(tag.get_text()) - len(tag.get_text().lstrip()))
        item = soup.new_tag("li")
        item.append(tag)
        made.append(item)
    return [made]


def _numbered(tags):
    """These as Blocks, with the empty lines between them counted, and gone."""
    blocks, blanks, number = [], 0, 0
    for tag in tags:
        text = tag.get_text()
        if text.strip() == BLANK:
            blanks += 1
            continue
        mark = text[:1] if text[:1] in (CONTENTS, TITLE) else ""
        if mark:
            cut(tag, 1)
        block = Block(tag, _rank(tag), blank_before=blanks, mark=mark, lines=lines_of(tag))
        if not block.lines and not tag.find("img") and tag.name != "hr":
            continue
        number += 1
        block.first = number
        block.last = number = number + max(0, len(block.lines) - 1 if tag.name in ("ul", "ol") else 0)
        if blocks:
            blocks[-1].blank_after = blanks
        blocks.append(block)
        blanks = 0
    return blocks


def _rank(tag):
    if tag.name in HEADINGS:
        return int(tag.name[1])
    if tag.name != "p" or BREAK in tag.get_text().strip(BREAK) or tag.find("img"):
        return None
    return BOLD if is_bold(tag) else PLAIN


def lines_of(tag):
    """The lines of a block as plain text: paragraphs, items, cells."""
    leaves = [leaf for leaf in tag.find_all(["p", "td", "pre", *HEADINGS]) if not leaf.find("p")] or [tag]
    found = (
        " ".join(line.split())
        for leaf in leaves
        for line in re.split(f"[{BREAK}\n]" if leaf.name == "pre" else BREAK, leaf.get_text())
    )
    return [line for line in found if line]


def _lines(paragraph):
    """Its lines, each a paragraph."""
    made, lines = [], [copy.copy(paragraph)]
    lines[0].clear()
    _split(paragraph, [], lines)
    for line in lines:
        line.smooth()
        if line.get_text().strip() or line.find("img"):
            made.append(line)
    return made


def _split(node, path, lines):
    for child in list(node.children):
        if isinstance(child, Tag):
            _split(child, [*path, child], lines) if child.contents else _place(lines[-1], path).append(copy.copy(child))
            continue
        for place, part in enumerate(re.split(f"({BREAK}|{BLANK})", str(child))):
            if place % 2:
                blank = copy.copy(lines[0])
                blank.clear()
                if part == BLANK:
                    blank.append(BLANK)
                    lines.append(blank)
                    blank = copy.copy(blank)
                    blank.clear()
                lines.append(blank)
            elif part:
                _place(lines[-1], path).append(NavigableString(part))


def _place(line, path):
    """The innermost element of a line for text that stood in these elements, made where there is none."""
    for element in path:
        last = line.contents[-1] if line.contents else None
        if not (isinstance(last, Tag) and last.name == element.name and last.attrs == element.attrs):
            last = copy.copy(element)
            last.clear()
            line.append(last)
        line = last
    return line
