"""What every reader page shares: it is rendered here."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import render

from faq.origin import absolute
from faq.public import layout


def page(request, template, *, status=None, **context):
    """Render a reader page: everything a page shares with all others comes from here."""
    context |= layout.context()
    context.setdefault("canonical", absolute(request.path))
    return render(request, template, context, status=status)


def part(request, rows, number):
    """Of many rows the page that was asked for, with `number` of them at most, and its canonical address. Raises Http404."""
    try:
        found = Paginator(rows, number).page(request.GET.get("seite", 1))
    except InvalidPage:
        raise Http404 from None
    return found, absolute(request.path if found.number == 1 else f"{request.path}?seite={found.number}")


def shortened(text, length=160):
    """The first words of a text."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
