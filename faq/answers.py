"""The public entries whole, as pages show them: with their steps and tags, where there are several with their former slugs."""

from django.utils import timezone

from faq.models import Alias, Entry, Step, TaggedEntry
from faq.prepared import among, fill, prepared


def at(slug):
    """The one at a current or former slug; Entry.DoesNotExist where there is none."""
    now = timezone.now()
    # One after the other, as EntryQuerySet.at asks.
    found = _at_slug.first(slug, now) or _at_former_slug.first(slug, now)
    if not found:
        raise Entry.DoesNotExist
    return _whole([found])[0]


def of_category(category):
    """Those of a category, in order."""
    return _under_anchors(_of_category(category.pk, timezone.now()))


def of_all():
    """All there are, in order."""
    return _under_anchors(_of_all(timezone.now()))


def _whole(entries):
    keys = [entry.pk for entry in entries]
    fill(entries, "steps", _steps(keys))
    fill(entries, "taggings", _taggings(keys))
    return entries


def _under_anchors(entries):
    """Where several stand on a page, each has its former slugs as anchors too."""
    fill(entries, "aliases", _aliases([entry.pk for entry in entries]))
    return _whole(entries)


@prepared
def _at_slug(slug, now):
    return Entry.objects.published(now).filter(slug=slug).select_related("category")


@prepared
def _at_former_slug(slug, now):
    return Entry.objects.published(now).filter(aliases__slug=slug).select_related("category")


@prepared
def _of_category(category, now):
    return Entry.objects.published(now).filter(category=category).select_related("category").ordered()


@prepared
def _of_all(now):
    return Entry.objects.published(now).select_related("category").ordered()


@prepared
def _steps(entries):
    return Step.objects.filter(among("entry", entries))


@prepared
def _taggings(entries):
    return TaggedEntry.objects.filter(among("content_object", entries)).select_related("tag").order_by("pk")


@prepared
def _aliases(entries):
    return Alias.objects.filter(among("entry", entries))
