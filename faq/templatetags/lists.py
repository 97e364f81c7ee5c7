"""What lists of the admin say about themselves."""

from django import template

register = template.Library()


@register.simple_tag
def narrowed_by(changelist):
    """What narrows a list: „Status: Entwurf“, „Suche: VLSC“."""
    chosen = [f"Suche: {changelist.query}"] if changelist.query else []
    for spec in changelist.filter_specs:
        _, *choices = spec.choices(changelist)  # the first one is all
        chosen += [f"{spec.title}: {choice['display']}" for choice in choices if choice["selected"]]
    return chosen
