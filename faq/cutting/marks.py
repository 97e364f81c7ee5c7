"""What HTML says beside its text, put into the text by signs of its own before a conversion that keeps nothing else; footnotes and pictures."""

import re
from base64 import b64decode

from bs4 import NavigableString, Tag

from faq.content.html_tree import HEADINGS

# Signs that no text has, by which paragraphs keep what they were through the conversion.
BLANK, CONTENTS, TITLE = "\ue000", "\ue001", "\ue002"
_TOC_CLASS = re.compile("(?:toc|msotoc.*)$")
_IN_BLOCKS = ["p", "div", "ul", "ol", "table", *HEADINGS, "pre", "blockquote", "hr", "img", "input"]
_TOC_LINE = re.compile(r"(?:\t|\.{3,}|…|\s{3,})\s*\d{1,3}$")
_SMALL_GAP = re.compile(r"font:\s*7(?:\.0)?pt")
_MARGIN = re.compile(r"margin-left:\s*(\d{1,3}(?:\.\d{1,3})?)(pt|cm)")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.S)


def put(soup, take_picture):
    """Put them in; `take_picture(data, alt)` gives the slug for a picture, or None."""
    _put_notes(soup)
    _put_levels(soup)
    for picture in soup.find_all("img"):
        data = _DATA.match(picture.get("src", ""))
        if data and (slug := take_picture(_decoded(data[1]), picture.get("alt", ""))):
            picture["src"] = f"bild:{slug}"
        if picture.get("src", "").startswith("bild:"):
            picture["alt"] = ""  # what it says is kept once, with the picture
            for around in picture.find_parents(["a", *HEADINGS]):
                around.insert_after(picture.extract())
    _mark(soup)


def _decoded(data):
    try:
        return b64decode(data)
    except ValueError:
        return b""


def _put_levels(soup):
    """Items of lists as Word says them itself, where it saved a page „filtered“: only with a sign, a gap in small type, and a margin."""
    for item in soup.find_all("p", class_=re.compile("^MsoListParagraph")):
        gap = item.find("span", style=_SMALL_GAP)
        margin = _MARGIN.search(item.get("style", ""))
        if gap is None or "mso-list" in item.get("style", ""):
            continue
        points = float(margin[1]) * (28.35 if margin[2] == "cm" else 1) if margin else 36
        item["style"] = f"mso-list:l0 level{max(1, round(points / 36))} lfo1"
        texts = item.find_all(string=True)
        before = next(at for at, text in enumerate(texts) if gap in text.parents) if gap.get_text() else 0
        sign = "".join(text.extract() for text in texts[:before]).strip()
        gap["style"], gap.string = "mso-list:Ignore", sign


def _put_notes(soup):
    """What a footnote says, at the sign that leads to it: else it would belong to nothing."""
    by_name = {tag.get("id") or tag.get("name"): tag for tag in soup.find_all(True) if tag.get("id") or tag.get("name")}
    signs = soup.find_all("a", href=re.compile("^#"))
    leading_to = {sign["href"][1:]: sign for sign in reversed(signs)}
    notes = set()
    for sign in signs:
        if sign.decomposed:
            continue
        target, back = by_name.get(sign["href"][1:]), leading_to.get(sign.get("id") or sign.get("name"))
        if target is None or back is None or back is sign or id(back) in notes or back.decomposed:
            continue
        note = target if target.name in ("li", "div") else back.find_parent(["li", "div", "p"])
        if note is None or note in sign.parents:
            continue
        notes.add(id(sign))  # of a pair the first is the sign, the other leads back
        back.decompose()
        (sign.parent if sign.parent.name == "sup" else sign).replace_with(f" ({' '.join(note.get_text(' ').split())})")
        around = note.parent
        note.decompose()
        if around is not None and around.name in ("ol", "ul") and not around.find("li"):
            around.decompose()


def _is_of_page(tag):
    """Whether an element is what a page has on its edge, not what it says."""
    return tag.name in ("nav", "footer") or tag.get("role") in ("navigation", "contentinfo")


def _mark(soup):
    """Give empty lines, lines of a table of contents and the document's title the signs by which they are known later."""
    leaves = [
        tag
        for tag in soup.find_all(["p", "div", *HEADINGS])
        if not tag.find(_IN_BLOCKS) and not tag.find_parent(["li", "td", "th"])
    ]
    said = {" ".join(tag.get_text().split()) for tag in leaves}
    for tag in leaves:
        text, classes = tag.get_text(), {name.lower() for name in tag.get_attribute_list("class", []) if name}
        in_contents = " ".join(_TOC_LINE.sub("", text.rstrip()).split())
        if not re.search(r"\S", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)):
            tag.clear()
            tag.name = "p"
            tag.append(BLANK)
        elif (
            any(map(_TOC_CLASS.match, classes))
            or (in_contents in said and _TOC_LINE.search(text.rstrip()))
            or tag.find_parent(_is_of_page)
        ):
            tag.insert(0, CONTENTS)
        elif {"title", "msotitle"} & classes:
            tag.name, tag["class"] = "p", []
            tag.insert(0, TITLE)
    for line_break in soup.find_all("br"):
        before = line_break.previous_sibling
        while isinstance(before, NavigableString) and not before.strip():
            before = before.previous_sibling
        if isinstance(before, Tag) and before.name in ("br", *_IN_BLOCKS):
            line_break.insert_before(BLANK)
