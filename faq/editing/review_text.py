"""The text that was handed over as readers would see it, block by block, in the places in which comments stand."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import chain
from time import monotonic

from faq import markup
from faq.content import documents, step_names
from faq.content.values import DocumentError
from faq.editing import passages, rendering
from faq.editing.comparison import SECONDS, leading, read_document
from faq.models import OldText
from faq.step_facts import FACTS


@dataclass
class Place:
    """The text itself, or a step of it with its `name` and `number`: pieces of HTML, see `passages.pieces`."""

    name: str
    number: int
    pieces: list


class ReviewText:
    """What a document says: `text` at a path; of one that has no text for readers, or can't be read, no places."""

    def __init__(self, path, text):
        self.places = []
        try:
            document = read_document(path, text)
        except DocumentError:
            return
        if document is None or not document.markdown:
            return
        steps = getattr(document, "steps", [])
        self._shown = shown_texts([getattr(document, document.markdown), *(step.body for step in steps)])
        title = f"<h3>{escape(document.title)}</h3>" if isinstance(document, documents.Entry) else ""
        self._add("", 0, title, getattr(document, document.markdown), top=4)
        section = ""
        for number, (name, step) in enumerate(zip(step_names.filled(steps), steps, strict=True), 1):
            begins = f"<p><strong>{escape(step.section)}</strong></p>" if step.section != section else ""
            section = step.section
            self._add(name, number, f"{begins}<h4>{escape(step.title)}</h4>{_facts(step)}", step.body, top=5)

    @cached_property
    def passages(self):
        """All blocks, to look for passages in them."""
        return passages.Text(chain.from_iterable(passages.blocks(place.pieces) for place in self.places))

    def _add(self, name, number, head, text, top):
        if html := head + self._shown(text, top):
            self.places.append(Place(name, number, passages.pieces(html, name)))


def _facts(step):
    said = [
        f"<li>{escape(name)}: {escape(getattr(step, field))}</li>"
        for name, field in FACTS.items()
        if getattr(step, field)
    ]
    return f"<ul>{''.join(said)}</ul>" if said else ""


def shown_texts(texts, picture=None):
    """What makes HTML of each of these texts, whose first heading stands at a level; of one that is refused, or takes too long, its lines.

    `picture(link)` is the HTML in place of a picture that is not the portal's yet.
    """
    ends, old, htmls = monotonic() + SECONDS, OldText.objects.of(texts), {}
    for text in texts:
        if text in old:
            htmls[text] = old[text].html
        elif monotonic() < ends:
            try:
                htmls[text] = rendering.rendered(text).html
            except markup.MarkupError:
                continue
    if picture:
        htmls = {text: markup.replace_pictures(html, picture) for text, html in htmls.items()}
    links = leading([link for html in htmls.values() for link in markup.links(html)], previewed=True)

    def shown(text, top):
        return links.html(htmls[text], top=top) if text in htmls else f"<pre>{escape(text)}</pre>"

    return shown
