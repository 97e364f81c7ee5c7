"""What programs put on the clipboard, as HTML that says what it looks like: Word's paragraphs become lists, styles become emphasis."""

import re
from collections import Counter

from bs4 import NavigableString

from faq.content import flat_lists, pasted_links
from faq.content.html_markdown import from_tree
from faq.content.html_tree import HEADINGS, Tree, parsed

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\w*\.([\w-]+)")
_STRUCTURE = set("table thead tbody tfoot tr ul ol col colgroup html body".split())
_EMPHASIS = {"strong": ("b", "strong"), "em": ("i", "em"), "del": ("s", "strike", "del")}
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]")
_WIDE_SPACE = re.compile("[\u00a0\u2007\u202f]")
_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_NOTE = re.compile(r"#(?:_?(?:ftn|edn|ftnt)|sd(?:foot|end)note|cite_note|fn[:-]?\d)")
_NOTES = re.compile(r"(?:sd(?:foot|end)note|ftnt|_?ftn|_?edn)\d+|footnotes")


def pasted(html, origin, top):
    """Markdown for the HTML of a clipboard, and what is left out: what `from_html` asks the helper for.

    Its highest heading stands at level `top` or below. Links to pages of the portal at `origin` become `faq:…`, whether they are there or not.
    """
    tree = tree_of(parsed(html), origin)
    level(tree.root, top)
    return from_tree(tree)


def tree_of(soup, origin):
    """The Tree of what a program wrote as HTML."""
    left_out, style_of = Counter(), _styles(soup)
    _drop_unseen(soup, style_of, left_out)
    _drop_notes(soup, style_of, left_out)
    _pictured_words(soup)
    flat_lists.nest(soup)
    _emphasise(soup, style_of)
    _plain_characters(soup)
    pasted_links.clean(soup, origin)
    _arrange_tables(soup, style_of)
    tree = Tree(soup, compact=True)
    tree.left_out.update(left_out)
    return tree


def _styles(soup):
    """A function for the style of an element: what its classes say (Excel), and what it says itself."""
    of_class = {}
    for sheet in soup.find_all("style"):
        for selectors, declared in _RULE.findall(sheet.get_text()):
            for name in _CLASS.findall(selectors):
                of_class.setdefault(name, {}).update(_declared(declared))

    def style_of(tag):
        style = {}
        for name in tag.get_attribute_list("class"):
            style |= of_class.get(name, {})
        return style | _declared(tag.get("style") or "")

    return style_of


def _declared(style):
    pairs = (part.partition(":") for part in style.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _all(soup):
    """Its elements, without those that go meanwhile."""
    return (tag for tag in soup.find_all(True) if not tag.decomposed)


def _drop_unseen(soup, style_of, left_out):
    for tag in _all(soup):
        style = style_of(tag)
        if (
            style.get("display") == "none" or style.get("visibility") == "hidden" or style.get("mso-hide") == "all"
            or tag.has_attr("hidden") or tag.get("aria-hidden") == "true"
            or "moz-txt-tag" in tag.get_attribute_list("class")  # the stars of plain text, beside the <b>
        ):  # fmt: skip
            tag.decompose()
        elif tag.name == "del" and (tag.has_attr("datetime") or tag.has_attr("cite")):  # a change that Word tracks
            tag.decompose()
            left_out["deleted"] += 1


def _drop_notes(soup, style_of, left_out):
    """Footnotes and comments, with the signs in the text that lead to them."""
    for tag in _all(soup):
        style = style_of(tag)
        if style.get("mso-element") in ("footnote-list", "endnote-list", "comment-list") or (
            tag.name in ("div", "section") and _NOTES.match(tag.get("id") or "")
        ):
            tag.decompose()
        elif tag.name == "a" and (
            "mso-footnote-id" in style or "mso-endnote-id" in style or _NOTE.search(tag.get("href") or "")
        ):
            around = tag.parent if tag.parent.name == "sup" else tag
            around.decompose()
            left_out["footnote"] += 1
        elif (
            "MsoCommentReference" in tag.get_attribute_list("class") or style.get("mso-special-character") == "comment"
        ):
            tag.decompose()
            left_out["comment"] += 1


def _pictured_words(soup):
    """Pictures that stand for a sign, and those that only tell the sender that somebody reads."""
    for picture in soup.find_all("img"):
        sign = picture.get("alt") or ""
        if 0 < len(sign) <= 8 and not re.search(r"[\w\s]", sign, re.A):
            picture.replace_with(sign)
        elif picture.get("width") in ("0", "1") or picture.get("height") in ("0", "1"):
            picture.decompose()
    for tag in soup.find_all(["sup", "sub"]):
        signs = tag.get_text()
        moved = signs.translate(_RAISED if tag.name == "sup" else _LOWERED)
        if signs and not set(moved) & set(signs):
            tag.replace_with(moved)
    for quotation in soup.find_all("q"):
        quotation.insert(0, "„")
        quotation.append("“")


def _emphasise(soup, style_of):
    """Elements for what styles say; none around signs alone, nor in headings, which are bold anyway."""
    for tag in _all(soup):
        style = style_of(tag)
        said = {}
        if weight := style.get("font-weight"):
            said["strong"] = bool(re.fullmatch("bold|bolder|[6-9]00", weight))
        if slant := style.get("font-style"):
            said["em"] = slant in ("italic", "oblique")
        if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
            said["del"] = True
        for name, is_so in said.items():
            if tag.name not in _STRUCTURE and tag.name not in HEADINGS:
                _say(soup, tag, name, is_so)
    for heading in soup.find_all([*HEADINGS]):
        for bold in heading.find_all(["b", "strong"]):
            bold.unwrap()
    for tag in soup.find_all([name for names in _EMPHASIS.values() for name in names]):
        if not re.search(r"\w", tag.get_text()):
            tag.unwrap()
    for title in soup.find_all("p", class_="MsoTitle"):
        title.name = "h1"


def _say(soup, tag, name, is_so):
    if tag.name in _EMPHASIS[name]:
        tag.name = tag.name if is_so else "span"
    elif tag.contents:
        around = soup.new_tag(name if is_so else f"no-{name}")
        around.extend(list(tag.contents))
        tag.append(around)


def _plain_characters(soup):
    for text in soup.find_all(string=True):
        if type(text) is NavigableString and (_WIDE_SPACE.search(text) or _INVISIBLE.search(text) or "\n" in text):
            plain = _INVISIBLE.sub("", _WIDE_SPACE.sub(" ", text))
            text.replace_with(plain if text.find_parent("pre") else re.sub(r"\s*\n\s*", " ", plain))


def _arrange_tables(soup, style_of):
    """Tables that arrange a page are none; of the others the first row is the head, with a title before it where it has one."""
    for table in reversed(soup.find_all("table")):
        cells = table.find_all(["td", "th"])
        if len(cells) == 1 or table.find("table") or table.find(HEADINGS) or table.get("role") == "presentation":
            for part in [table, *table.find_all(["tbody", "thead", "tr", "td", "th"])]:  # it arranges a page
                part.name = "div"
            continue
        for cell in cells:
            align = style_of(cell).get("text-align") or cell.get("align") or ""
            cell["align"] = align if align in ("right", "center") else ""
        if _is_title(row := table.find("tr"), table):
            title = row.find(["td", "th"])
            title.name = "p"
            table.insert_before(title)
            row.decompose()
        _plain_head(table)


def _plain_head(table):
    row = table.find("tr")
    for cell in row.find_all(["td", "th"]) if row else ():
        bold = cell.find_all(["b", "strong"])
        if "".join(part.get_text() for part in bold).split() == cell.get_text().split():
            for part in bold:
                part.unwrap()


def _is_title(row, table):
    """Whether a row is nothing but one cell across the whole table."""
    cells = row.find_all(["td", "th"]) if row else []
    return len(cells) == 1 and cells[0].has_attr("colspan") and len(table.find_all("tr")) > 2


def level(root, top):
    """Headings keep their distance to each other; the highest comes down to `top`."""
    headings = root.find_all([*HEADINGS])
    highest = min((int(heading.name[1]) for heading in headings), default=top)
    for heading in headings:
        heading.name = f"h{min(6, int(heading.name[1]) + max(0, top - highest))}"
