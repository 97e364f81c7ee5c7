"""The entry that a page is about."""

from functools import wraps

from django.shortcuts import redirect

from faq.models import Entry
from faq.public.errors import gone


def one_entry(entries):
    """Decorator of a view of one entry, which it gets in place of the slug; `entries()`: the queryset it is one of.

    A former slug leads on for good to the same page at the current one; what is sent to it counts for the entry.
    """

    def decorator(view):
        @wraps(view)
        def inner(request, slug, **more):
            try:
                found = entries().at(slug)
            except Entry.DoesNotExist:
                return gone(request, slug)
            if found.slug != slug and request.method != "POST":
                return redirect(request.resolver_match.view_name, slug=found.slug, **more, permanent=True)
            return view(request, found, **more)

        return inner

    return decorator
