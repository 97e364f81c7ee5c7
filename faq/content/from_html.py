"""HTML, of the editing view or of a clipboard, as Markdown of ours; worked on by the helper alone, which has the libraries for it."""

from dataclasses import dataclass

from faq import budget

MAX_LENGTH = 1_000_000


@dataclass(frozen=True)
class Converted:
    """Markdown, and in German what of the HTML it can't say ("2 Bilder, 1 Fußnote"); empty where it says all."""

    text: str
    left_out: str


class NotWritten(ValueError):
    """Blocks of the editing view that there is no Markdown for; the message says it to users."""


def markdown_of(html):
    """`Converted` for HTML as `markup.render` and the editing view write it. Raises budget.TooMuch.

    Paragraphs in items say that the list is loose, unless it has the attribute `data-tight`.
    """
    return _asked("faq.content.html_markdown:converted", html)


def _asked(function, html):
    if len(html) > MAX_LENGTH:
        raise budget.TooMuch
    return Converted(*budget.within(function, html))
