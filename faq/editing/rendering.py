"""The HTML of Markdown texts, and of those from before that today's Markdown refuses or reads otherwise.

An OldText is shown as readers saw it, wherever its very words stand, until somebody edits them: then they are another text, and judged.
"""

from typing import NamedTuple

from faq import markup
from faq.actions import made, made_all
from faq.models import OldText


class Rendered(NamedTuple):
    """A Markdown text as HTML, the portal's links in it, and the addresses of pages elsewhere."""

    html: str
    links: tuple[markup.Link, ...]
    addresses: tuple[str, ...]


def rendered(text: str) -> Rendered:
    """Raises MarkupError for a text that is refused."""
    return _rendered(markup.render(text))


def rendered_all(texts):
    """The same of several texts; of old ones what readers see of them. Raises MarkupError."""
    texts = list(texts)
    old = OldText.objects.of(texts)
    new = dict.fromkeys(text for text in texts if text not in old)
    results = dict(zip(new, made_all(rendered, [(text,) for text in new]), strict=True))
    return [_rendered(old[text].html) if text in old else results[text] for text in texts]


def shown(text):
    """The same of any text, made as all that `made` gives: of one that is refused what releases before showed."""
    try:
        return made(rendered, text)
    except markup.MarkupError:
        return made(rendered_as_before, text)


def refused(texts):
    """What is wrong with those of some texts that are refused and no old ones: MarkupErrors by text."""
    texts, errors = list(dict.fromkeys(texts)), {}
    for text in texts:
        try:
            made(rendered, text)
        except markup.MarkupError as error:
            errors[text] = error
    old = OldText.objects.of(errors) if errors else {}
    return {text: error for text, error in errors.items() if text not in old}


def keep(reasons):
    """Let texts be shown as releases before showed them; `reasons` says of each what is wrong with it."""
    known = OldText.objects.of(reasons)
    for text in reasons.keys() - known.keys():
        OldText(text=text, html=made(rendered_as_before, text).html, reasons=reasons[text]).save()


def rendered_as_before(text: str) -> Rendered:
    """What releases up to 1.3 made of a text."""
    return _rendered(markup.render_as_before(text))


def _rendered(html):
    return Rendered(html, tuple(markup.links(html)), tuple(markup.web_links(html)))
