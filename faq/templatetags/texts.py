"""Texts of entries in templates: links filled in, headings at their place."""

from django import template

register = template.Library()


@register.simple_tag
def text(links, html, written, shown):
    """Stored HTML for this page: headings written at level `written` stand at level `shown`."""
    return links.html(html, written=written, shown=shown)


@register.simple_tag
def gaps(links, html):
    """What a text promises and does not yet deliver: the labels, each once."""
    return links.gaps(html)
