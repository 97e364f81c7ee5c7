"""What helps with a search in vain, on the start page of the admin as in the list."""

from django import template

from faq.admin.search_queries import remedies

register = template.Library()
register.simple_tag(remedies)
