"""What the start page of the admin offers for each thing to do."""

from django import template

from faq.admin.readers import vain_ways

register = template.Library()
register.simple_tag(vain_ways)
