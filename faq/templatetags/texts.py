"""Texts of entries in templates: links filled in, headings at their place, terms explained."""

from django import template
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
