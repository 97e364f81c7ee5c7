"""What the stored HTML of a text becomes on a page: headings one below the other, wide things that a keyboard can reach, pictures."""

import re

_HEADING = re.compile(r"<(/?)h([1-6])>")
_CELL = re.compile(r'<(t[dh]) align="(left|center|right)">')
_WIDE = {
    "<table>": '<div class="scroll" tabindex="0" role="group" aria-label="Tabelle"><table>',
    "</table>": "</table></div>",
    "<pre>": '<pre tabindex="0" role="group" aria-label="Code">',
}


def page_html(html, top):
    """Its first heading stands at level `top`, none above it, and none skips a level. Tags are those of our own cleaning."""
    above = []  # the levels, as they are written, of the headings that the next one may stand below

    def levelled(match):
        if not match[1]:
            while above and above[-1] >= match[2]:
                above.pop()
            above.append(match[2])
        return f"<{match[1]}h{min(top + len(above) - 1, 6)}>"

    html = _CELL.sub(r'<\1 class="at-\2">', _HEADING.sub(levelled, html))
    for tag, reachable in _WIDE.items():
        html = html.replace(tag, reachable)
    return html


# What a text is wide, in CSS pixels: see --measure in site.css; and how high a picture is at most, so that one sees all of it.
_MEASURE, _HIGHEST = 640, 600
_SMALL = 200  # where a picture fits on any page, it is no larger by itself


def picture_html(sizes, description, caption, is_alone, is_lazy):
    """A picture, opened large by a link. `sizes`: pairs of an address and a Rendition, the smallest first; words are HTML.

    `is_alone`: it is a paragraph of its own, else it stands within one. `is_lazy`: it is fetched when a reader comes near.
    """
    large, largest = sizes[-1]
    width = max(1, min(largest.width, _MEASURE, largest.width * _HIGHEST // largest.height))
    height = max(1, round(width * largest.height / largest.width))
    several = ""
    if len(sizes) > 1:
        sources = ", ".join(f"{url} {each.width}w" for url, each in sizes)
        # A browser that knows `auto` measures the place itself: a step, an item and a cell are narrower than the page.
        several = f' srcset="{sources}" sizes="{"auto, " * is_lazy}(max-width: {width + 32}px) 92vw, {width}px"'
    when = ' loading="lazy"' if is_lazy else ""
    image = f'<img src="{sizes[0][0]}"{several} width="{width}" height="{height}" alt="{description}"{when} decoding="async">'
    if description and largest.width > _SMALL:  # a link to what has no words would have none either
        image = f'<a href="{large}">{image}</a>'
    if is_alone:
        return f'<figure class="picture">{image}{caption and f"<figcaption>{caption}</figcaption>"}</figure>'
    return f'<span class="picture">{image}{caption and f"<span>{caption}</span>"}</span>'
