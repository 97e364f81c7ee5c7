"""Lists that came as items with a level each, one after the other: Word's paragraphs, and those of Word Online, Google Docs and Slack."""

import re
from dataclasses import dataclass, field

from bs4 import NavigableString, Tag

_WORD = re.compile(r"mso-list:\s*(l\d+)\s+level(\d+)", re.I)
_IGNORED = re.compile(r"mso-list:\s*ignore", re.I)
_NUMBER = re.compile(r"\(?(?:\d+\.)*?(\d+|[a-zA-Z]{1,5})[.)]+$")
_TYPED = re.compile(r"[•·▪◦‣●○■]\s*|-\s+")
_LEVELS = ("aria-level", "data-aria-level", "data-stringify-indent")


@dataclass
class _Item:
    level: int
    kind: str
    content: list
    number: int | None = None  # as it was written
    group: str = ""


@dataclass
class _Open:
    level: int
    group: str
    element: Tag
    following: int = field(default=1)


def nest(soup):
    """Put lists that are flat into each other."""
    _nest_paragraphs(soup)
    _nest_lists(soup)
    _nest_typed(soup)


def _nest_paragraphs(soup):
    done = set()
    for paragraph in soup.find_all(["p", "div"], style=_WORD):
        if id(paragraph) in done:
            continue
        items, last = [], paragraph
        for other in [paragraph, *paragraph.next_siblings]:
            if not isinstance(other, Tag):
                if isinstance(other, NavigableString) and type(other) is NavigableString and other.strip():
                    break
                continue
            if found := _WORD.search(other.get("style") or ""):
                items.append(_word_item(other, *found.groups()))
            elif items and any(name.startswith("MsoListParagraph") for name in other.get_attribute_list("class")):
                items[-1].content.append(other)  # goes on with the item
            else:
                break
            done.add(id(other))
            last = other
        last.insert_after(place := soup.new_tag("div"))
        _build(soup, place, items)
    for heading in soup.find_all(style=_IGNORED):  # the number of a heading is a part of it
        heading.string = heading.get_text().strip() + " "


def _word_item(paragraph, group, level):
    marker = ""
    for sign in paragraph.find_all(style=_IGNORED):
        marker = sign.get_text().strip()
        sign.decompose()
    number = _NUMBER.match(marker)
    return _Item(int(level), "ol" if number else "ul", [_unlisted(paragraph)], _digits(number), group)


def _unlisted(paragraph):
    """A paragraph that is the whole of an item, as words."""
    paragraph.name = "span"
    return paragraph


def _digits(number):
    return int(number[1]) if number and number[1].isdecimal() and len(number[1]) < 9 else None


def _nest_lists(soup):
    for first in soup.find_all(["ul", "ol"]):
        if first.decomposed or first.find_parent(["ul", "ol"]) or _level(first.find("li")) is None:
            continue
        lists = [first]
        while (
            (following := _next(lists[-1])) is not None
            and following.name in ("ul", "ol")
            and _level(following.find("li")) is not None
        ):
            lists.append(following)
        if (
            len(lists) == 1
            and not first.find(["ul", "ol"])
            and len({_level(item) for item in first.find_all("li")}) == 1
        ):
            continue
        lists[-1].insert_after(place := soup.new_tag("div"))
        items = [_list_item(item) for one in lists for item in one.find_all("li")]
        _build(soup, place, items)
        for one in lists:
            one.decompose()


def _next(tag):
    """The next element, also from within the wrapper that Word Online puts around each item."""
    following = tag.find_next_sibling()
    if (
        following is None
        and tag.parent is not None
        and "ListContainerWrapper" in tag.parent.get_attribute_list("class")
    ):
        following = tag.parent.find_next_sibling()
    if following is not None and "ListContainerWrapper" in following.get_attribute_list("class"):
        following = following.find(["ul", "ol"], recursive=False)
    return following


def _level(item):
    text = next((item[name] for name in _LEVELS if item and item.has_attr(name)), "")
    return int(text) if text.isdecimal() and len(text) < 3 else None


def _list_item(item):
    around, content = item.parent, [child for child in item.contents if child.name not in ("ul", "ol")]
    first = around.find("li", recursive=False) is item
    start = around.get("start", "")
    number = int(start) if first and start.isdecimal() and len(start) < 9 else None
    return _Item(_level(item) or 0, around.name, content, number)


def _nest_typed(soup):
    """Paragraphs that begin with a bullet that somebody typed, or a viewer of PDFs left there."""
    for paragraph in soup.find_all(["p", "div"]):
        if paragraph.decomposed or not _is_typed(paragraph):
            continue
        items, last = [], paragraph
        for other in [paragraph, *paragraph.find_next_siblings()]:
            if not _is_typed(other):
                break
            text = next(text for text in other.find_all(string=True) if text.strip())
            text.replace_with(_TYPED.sub("", text.lstrip(), count=1))
            items.append(_Item(1, "ul", [_unlisted(other)]))
            last = other
        last.insert_after(place := soup.new_tag("div"))
        _build(soup, place, items)


def _is_typed(tag):
    return (
        tag.name in ("p", "div")
        and not tag.find(["p", "div", "ul", "ol", "table", "br"])
        and bool(_TYPED.match(tag.get_text().lstrip()))
    )


def _build(soup, place, items):
    """These items as lists in each other, in `place`."""
    opened = []
    for item in items:
        while opened and opened[-1].level > item.level:
            opened.pop()
        last = opened[-1] if opened and opened[-1].level == item.level else None
        if last and (
            last.element.name != item.kind or last.group != item.group or item.number not in (None, last.following)
        ):
            opened.pop()
            last = None
        if last is None:
            holder = opened[-1].element.find_all("li", recursive=False)[-1] if opened else place
            element = soup.new_tag(item.kind, attrs={"start": str(item.number)} if item.number is not None else {})
            holder.append(element)
            last = _Open(item.level, item.group, element, item.number or 1)
            opened.append(last)
        last.element.append(li := soup.new_tag("li"))
        li.extend(item.content)
        last.following += 1
