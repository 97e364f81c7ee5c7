"""People in templates."""

from django import template

from faq.editing.owners import name_of

register = template.Library()
register.filter(name_of)
