"""What search results show of public entries: kept while readers see the same, so that a new query asks for none of it."""

from collections import defaultdict
from typing import NamedTuple

from django.utils import timezone

from faq.cache import KeptRows
from faq.models import Category, Entry, TaggedEntry
from faq.models.entries import address
from faq.prepared import among, prepared


class ResultTag(NamedTuple):
    """A tag to narrow results by."""

    slug: str
    name: str


class Result(NamedTuple):
    """An entry among a hundred others that answer: loaded whole they would take longer than the search."""

    slug: str
    title: str
    url: str
    category: Category
    tags: list[ResultTag]


class Public:
    """The public entries, for the search to look among."""

    def allowed(self, ids):
        """Which of these are public, by id."""
        return public_rows(ids)


def public_rows(ids):
    """Each of these entries that is public as a Result, by its id."""
    return _rows.of(ids)


def _load(ids):
    rows = _entries(ids, timezone.now())
    categories = {category.pk: category for category in _categories(list({category for *_, category in rows}))}
    tags = defaultdict(list)
    for key, slug, name in _taggings([key for key, *_ in rows]):
        tags[key].append(ResultTag(slug, name))
    return {
        key: Result(slug, title, address("entry", slug), categories[category], tags[key])
        for key, slug, title, category in rows
        if category in categories  # it may just have gone
    }


_rows = KeptRows(_load, most=10_000)


@prepared
def _entries(ids, now):
    return Entry.objects.published(now).filter(pk__in=ids).values_list("pk", "slug", "title", "category")


@prepared
def _categories(ids):
    return Category.objects.filter(pk__in=ids)


@prepared
def _taggings(entries):
    taggings = TaggedEntry.objects.filter(among("content_object", entries)).order_by("pk")
    return taggings.values_list("content_object", "tag__slug", "tag__name")
