"""Numbers and moments in templates."""

from django import template

from faq.words import since

register = template.Library()
register.filter(since)
