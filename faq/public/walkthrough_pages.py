"""Walkthroughs beside their own page: for paper, and two side by side."""

from math import inf

from django.http import Http404
from django.views.decorators.http import require_safe

from faq.content.portal_links import Links
from faq.models import Entry
from faq.origin import absolute
from faq.public import layout, walkthroughs
from faq.public.one_entry import one_entry
from faq.public.rendering import page, shortened
from faq.step_facts import ACTORS


def _with_steps():
    return Entry.objects.walkthroughs().prefetch_related("steps")


@require_safe
@one_entry(_with_steps)
def handout(request, found, actor=""):
    """A walkthrough for paper; of one actor's steps alone if one is named. The end customer's says nothing of the Lizenzteam's number."""
    steps = [s for s in found.steps.all() if not actor or actor in s.actors.lower().split(", ")]
    if not steps:
        raise Http404
    name = next(name for name in ACTORS if name.lower() == actor) if actor else ""
    for_customer = actor == "endkunde"
    contact = layout.site().contact
    return page(
        request,
        "faq/handout.html",
        entry=found,
        steps=steps,
        actor=name,
        for_customer=for_customer,
        contact=None if for_customer else contact,
        links=Links([found], at_once=inf, unlisted=contact if for_customer else None),  # paper waits for no picture
        canonical=absolute(request.path if for_customer else found.get_absolute_url()),
    )


@require_safe
def comparison(request):
    """Two walkthroughs side by side: the first two, or those that are asked for."""
    choices = list(Entry.objects.walkthroughs().only("slug", "title", "short", "category__slug", "category__title"))
    slugs = [entry.slug for entry in choices]
    asked = dict.fromkeys(slug for slug in (request.GET.get("links"), request.GET.get("rechts")) if slug in slugs)
    wanted = list(asked) if len(asked) == 2 else slugs[:2]
    whole = {entry.slug: entry for entry in _with_steps().filter(slug__in=wanted)}
    pair = [whole[slug] for slug in wanted if slug in whole]
    if len(pair) < 2:
        raise Http404
    places = walkthroughs.side_by_side(*pair)
    return page(
        request,
        "faq/comparison.html",
        pair=pair,
        same=all(place.same for place in places),
        places=[(place, list(zip(pair, place.steps, strict=True))) for place in places],
        differences=list(zip(pair, walkthroughs.differences(places), strict=True)),
        choices=choices,
        description=shortened("Schritt für Schritt nebeneinander: " + " · ".join(entry.title for entry in pair)),
    )
