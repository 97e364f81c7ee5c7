"""What every reader page shares: it is rendered here."""

from django.shortcuts import render

from faq.origin import absolute
from faq.public import layout


def page(request, template, *, status=None, **context):
    """Render a reader page: everything a page shares with all others comes from here."""
    context |= layout.context()
    context.setdefault("canonical", absolute(request.path))
    return render(request, template, context, status=status)


def shortened(text, length=160):
    """The first words of a text."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
