"""What stands around an answer: the questions before and after it, what fits, and what to compare it with."""

from collections import Counter

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from faq.models import Entry, Reference, Tag, TaggedEntry
from faq.prepared import among, prepared

_WEIGHED = 50  # entries near another one, of which the nearest are shown
_COMMON = 500  # so many entries share a tag that it says nothing of what is near
_RELATED = 4


def neighbours(entry):
    """The public entries before and after this one in its category, each or None."""
    category, place, slug, now = entry.category_id, entry.position, entry.slug, timezone.now()
    # Each asks an index for one row: by its category, position and slug.
    if place is None:
        before = _at_the_end_before.first(category, slug, now) or _last_placed.first(category, now)
        return before, _at_the_end_after.first(category, slug, now)
    after = _placed_after.first(category, place, slug, now) or _at_the_end_after.first(category, "", now)
    return _placed_before.first(category, place, slug, now), after


def related(entry):
    """The public entries nearest to this one: those linked in either direction first, then by shared tags; a list."""
    linked = {key for pair in _linked(entry.pk) for key in pair}
    shared = _sharing_tags([tag.pk for tag in entry.tag_list])
    nearest = sorted({*linked, *shared} - {None, entry.pk}, key=lambda key: (key not in linked, -shared[key], key))

    def place(other):
        key, *where, slug = other
        return key not in linked, -shared[key], [2**31 if n is None else n for n in where], slug

    places = _places(nearest[:_WEIGHED], timezone.now())
    best = [key for key, *_ in sorted(places, key=place)[:_RELATED]]
    found = {other.pk: other for other in _named(best)}
    return [found[key] for key in best]


def rival(entry):
    """A public walkthrough to compare this one with, of the same category if there is one; or None."""
    return _other_walkthroughs.first(entry.pk, entry.category_id, timezone.now())


def _sharing_tags(tags):
    """How many of these tags each entry has. A tag that very many share says nothing of what is near."""
    return Counter(_tagged(_rare(tags)))


def _of(category, now):
    return Entry.objects.published(now).filter(category=category).only("slug", "title")


@prepared
def _placed_before(category, place, slug, now):
    earlier = _of(category, now).filter(Q(position__lt=place) | Q(slug__lt=slug), position__lte=place)
    return earlier.order_by("-position", "-slug")[:1]


@prepared
def _placed_after(category, place, slug, now):
    later = _of(category, now).filter(Q(position__gt=place) | Q(slug__gt=slug), position__gte=place)
    return later.order_by("position", "slug")[:1]


@prepared
def _last_placed(category, now):
    return _of(category, now).exclude(position=None).order_by("-position", "-slug")[:1]


@prepared
def _at_the_end_before(category, slug, now):
    return _of(category, now).filter(position=None, slug__lt=slug).order_by("-slug")[:1]


@prepared
def _at_the_end_after(category, slug, now):
    return _of(category, now).filter(position=None, slug__gt=slug).order_by("slug")[:1]


@prepared
def _linked(entry):
    return Reference.objects.filter(Q(entry=entry) | Q(target=entry)).values_list("entry", "target")


@prepared
def _rare(tags):
    # Not counted: there may be very many. One that comes after so many others will do.
    too_many = TaggedEntry.objects.filter(tag=OuterRef("pk")).order_by()[_COMMON : _COMMON + 1]
    return Tag.objects.filter(~Exists(too_many), pk__in=tags).order_by().values_list("pk", flat=True)


@prepared
def _tagged(tags):
    return TaggedEntry.objects.filter(among("tag", tags)).values_list("content_object", flat=True)


@prepared
def _places(entries, now):
    places = Entry.objects.published(now).filter(pk__in=entries)
    return places.values_list("pk", "category__position", "position", "slug")


@prepared
def _named(entries):
    return Entry.objects.filter(pk__in=entries).only("slug", "title", "kind")


@prepared
def _other_walkthroughs(entry, category, now):
    same = Case(When(category=category, then=0), default=1)
    others = Entry.objects.published(now).filter(kind=Entry.WALKTHROUGH).exclude(pk=entry)
    return others.only("slug").order_by(same, F("position").asc(nulls_last=True), "slug")[:1]
