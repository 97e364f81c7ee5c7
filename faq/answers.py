"""The public entries whole, as pages show them: with their steps and tags, where there are several with their former slugs.

And what is left of those that were deleted, until something public is at their address again.
"""

from django.utils import timezone

from faq.models import Alias, Entry, Gone, Step, TaggedEntry
from faq.models.entries import unanswered
from faq.prepared import among, fill, prepared


def at(slug):
    """The one at a current or former slug, or None."""
    now = timezone.now()
    # One after the other, as EntryQuerySet.at asks.
    found = _at_slug.first(slug, now) or _at_former_slug.first(slug, now)
    return _whole([found])[0] if found else None


def of_category(category):
    """Those of a category, in order."""
    return _under_anchors(_of_category(category.pk, timezone.now()))


def of_all():
    """All there are, in order."""
    return _under_anchors(_of_all(timezone.now()))


def gone_at(slug):
    """What was deleted at a slug, or None."""
    return Gone.objects.filter(unanswered(), slug=slug).first()


def gone_from(category):
    """What readers saw in a category until it was deleted."""
    return gone_from_all().filter(categories=category)


def gone_from_all():
    """What readers saw until it was deleted."""
    return Gone.objects.filter(unanswered(), was_public=True)


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
