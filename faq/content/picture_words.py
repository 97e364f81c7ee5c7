"""What is said of a picture in a text, beside what the text says anyway."""

import re
from html import unescape

from faq import markup

_BLOCK = re.compile(r"</?(?:p|li|ul|ol|h[1-6]|t[dhr]|thead|tbody|table|div|blockquote|pre|hr)\b[^>]*>")
_REPEATED = "wiederholt, was daneben steht"
_SAME = "Beschreibung und Unterschrift sagen dasselbe"
_ENOUGH = 12  # letters: shorter words stand anywhere


def repeated(html, picture):
    """What is wrong with the words of a Picture in the stored HTML of a text: they say the same twice; else ""."""
    blocks = [block for block in _BLOCK.split(html) if block.strip()]
    for place, block in enumerate(blocks):
        for link in markup.links(block):
            if link.written != f"bild:{picture.slug}":
                continue
            description = _letters(unescape(link.label) or picture.description)
            caption = _letters(unescape(link.title) or picture.caption)
            beside = [_letters(markup.plain_text(near)) for near in blocks[max(place - 1, 0) : place + 2]]
            if description and description == caption:
                return _SAME
            if any(len(said) >= _ENOUGH and said in near for said in (description, caption) for near in beside):
                return _REPEATED
    return ""


def _letters(text):
    return " ".join(re.findall(r"\w+", text.casefold()))
