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


def markdown_of_clipboard(html, origin, top=2):
    """`Converted` for what was copied in any program; headings from level `top` on. Raises budget.TooMuch.

    Links to pages of the portal at `origin` become `faq:…`, whether they are there or not.
    """
    return _asked("faq.content.clipboard:pasted", html, origin, top)


def _asked(function, html, *more):
    if len(html) > MAX_LENGTH:
        raise budget.TooMuch
    try:
        return Converted(*budget.within(function, html, *more))
    except RecursionError:
        raise budget.TooMuch from None
