"""Entries that ask the same, for the list of entries."""

from django.db.models import Case, IntegerField, Max, OuterRef, Subquery, When

from faq import search
from faq.cache import cached_by
from faq.models import Entry, Version


def _newest_version():
    return Version.objects.aggregate(newest=Max("pk"))["newest"]


@cached_by(_newest_version)  # drafts too: readers may see the same while these change
def alike():
    """Pairs of entries that ask the same, by their keys."""
    return search.alike(dict(Entry.objects.order_by("pk").values_list("pk", "title")))


def with_a_twin(entries):
    """Those of some entries that ask the same as another one, pairs together; `twin` and `twin_title` name that one."""
    places, twins = {}, {}
    for place, pair in enumerate(alike()):
        for key, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if key not in twins:
                twins[key], places[key] = other, places.get(other, place)
    title = Subquery(Entry.objects.filter(pk=OuterRef("twin")).values("title"))
    found = entries.filter(pk__in=twins).annotate(twin=_by_key(twins)).annotate(twin_title=title)
    return found.order_by(_by_key(places), "pk")


def _by_key(values):
    return Case(*(When(pk=key, then=value) for key, value in values.items()), default=None, output_field=IntegerField())
