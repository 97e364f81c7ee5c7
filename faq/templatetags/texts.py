"""Texts of entries in templates: links filled in, headings at their place, terms explained."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from faq.origin import absolute
from faq.public import mail, walkthroughs

register = template.Library()


@register.simple_tag
def text(links, html, top, within=None):
    """Stored HTML for this page: its first heading stands at level `top`.

    Terms are linked to the glossary where they first stand `within` something; nowhere if that is not given.
    """
    shown_html = links.html(html, top=top)
    return mark_safe(links.explanations.html(shown_html, within)) if within else shown_html  # noqa: S308  the same text with links to the glossary


@register.simple_tag
def gaps(links, html):
    """What a text promises and does not yet deliver: the labels, each once."""
    return links.gaps(html)


register.simple_tag(mail.answer_mail)
register.simple_tag(mail.question_mail)
register.filter("absolute", absolute)
register.filter("sections", walkthroughs.sections)
register.filter("optional_steps", walkthroughs.optional_steps)
register.filter("lanes", walkthroughs.lanes)


@register.filter
def former_steps(entry, name):
    """The names of steps that are gone, in whose place the one of this name stands; "": the whole."""
    return [former for former, leads_to in entry.former_steps.items() if leads_to == name]


@register.filter
def about(notices, thing):
    """The notices about a category, tag or entry; none where a page has no notices."""
    return notices.about(thing) if notices else []


@register.filter
def qr_code(address):
    """An address as a drawing that a phone reads: black on white, with the quiet zone around it that readers need."""
    drawing = segno.make(address, micro=False).svg_inline(omitsize=True, svgclass=None, lineclass=None, border=4)
    return format_html('<div class="qr-code" role="img" aria-label="QR-Code: {}">{}</div>', address, mark_safe(drawing))  # noqa: S308  numbers alone
