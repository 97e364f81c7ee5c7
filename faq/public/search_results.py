"""The public entries among the hits of a search, cached while readers see the same: a new query asks for none of them again."""

from faq.cache import CachedRows
from faq.models import Entry


class Public:
    """The public entries, for the search to look among."""

    def allowed(self, ids):
        """Which of these are public, by id."""
        return public_entries(ids)


def public_entries(ids):
    """Each of these entries that is public, with its category and tags, by its id."""
    return _entries.of(ids)


def _load(ids):
    entries = Entry.objects.published().select_related("category").prefetch_related("taggings")
    return entries.only("slug", "title", "short", "reviewed", "category__slug", "category__title").in_bulk(ids)


_entries = CachedRows(_load, most=2000)
