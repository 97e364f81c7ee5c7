"""What a reader sees of HTML: the blocks, and words in them with their looks and links; two texts of one shape say the same."""

import re

from bs4 import NavigableString
from bs4.element import PreformattedString

from faq.content.html_tree import HEADINGS
from faq.content.line_runs import BREAK

_INLINE = ("strong", "em", "del", "code", "a")
_KEPT = {"a": ("href", "title"), "ol": ("start",), "td": ("align",), "img": ("src", "alt", "title")}
_CLEAR = ("thead", "tbody", "[document]")
_NOTHING_IF_EMPTY = ("blockquote", *HEADINGS)
_EDGE = ("",)  # between two paragraphs


def shape(root):
    """The shape of what `markup` renders, and of a Tree's blocks, as a list; how far an item's paragraphs are apart makes no difference."""
    found = [_EDGE]
    for child in root.children:
        _add(found, child, ())
    _end(found)
    return found


def _add(found, node, marks):
    if isinstance(node, NavigableString):
        if not isinstance(node, PreformattedString):
            _add_words(found, str(node), marks)
        return
    name = "td" if node.name == "th" else node.name
    if name == "pre":
        _end(found)
        found += [("pre", node.get_text().rstrip()), _EDGE]
    elif name == "br":
        _add_words(found, BREAK, marks)
    elif name == "img":
        found.append(("word", "", {*marks, (name, *(" ".join(node.get(said, "").split()) for said in _KEPT[name]))}))
    elif name in _INLINE:
        mark = (name, *(node.get(attribute) or "" for attribute in _KEPT.get(name, ())))
        if name == "a" and not node.get_text():
            found.append(("word", "", {*marks, mark}))
        for child in node.children:
            _add(found, child, (*marks, mark))
    else:
        clear = name in _CLEAR or (
            name in _NOTHING_IF_EMPTY and not node.get_text().strip() and not node.find(["a", "img", "hr", "li"])
        )
        _end(found)
        if name != "p" and not clear:
            callout = node.get("callout") or (node.get_attribute_list("class")[0] if name == "div" else "")
            found += [(f"<{name}>", callout or "", *(node.get(key) or "" for key in _KEPT.get(name, ()))), _EDGE]
        for child in node.children:
            _add(found, child, marks)
        _end(found)
        if name != "p" and not clear:
            found += [(f"</{name}>",), _EDGE]


def _add_words(found, text, marks):
    for word in re.findall(rf"{BREAK}|[^\S{BREAK}]+|[^\s{BREAK}]+", text):
        if word == BREAK or not word.strip():
            kind = ("break",) if word == BREAK else ("space",)
            if (found[-1] in (_EDGE, ("break",)) and kind == ("space",)) or found[-1] == _EDGE:
                continue
            if found[-1] == ("space",):
                found.pop()
            found.append(kind)
        elif found[-1][0] == "word" and found[-1][2] == set(marks) and found[-1][1]:
            found[-1] = ("word", found[-1][1] + word, set(marks))
        else:
            found.append(("word", word, set(marks)))


def _end(found):
    while found[-1] in (("space",), ("break",)):
        found.pop()
    if found[-1] != _EDGE:
        found.append(_EDGE)
