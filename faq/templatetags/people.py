"""People in templates."""

from django import template

from faq.editing import owners

register = template.Library()


@register.filter
def name_of(account):
    """The name of an account; what none did, a command or an import did."""
    return owners.name_of(account) if account else "dem Portal"
