"""What the start page shows: the categories with their first questions, the tags that many answers share, the walkthroughs."""

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from faq.joined import joined
from faq.models import Category, Contact, Entry, Step, Tag, TaggedEntry
from faq.prepared import among, fill, prepared

_QUESTIONS = 12  # of a category; some more are a page of their own
_TAGS = 8
_WALKTHROUGHS = 6


def categories():
    """Categories in order, each with its first public entries as `questions` and the number of all as `count`; a list."""
    now = timezone.now()
    counts = dict(_counts(now))
    found = _categories(list(counts))
    questions = _first_questions(found, now)
    for category in found:
        category.count, category.questions = counts[category.pk], questions[category.pk]
    return found


def tags():
    """The tags that most entries share, counted with drafts; each is that of a public one."""
    # Counted first, by the index alone: whether an entry is public is asked of a few.
    counts = dict(_most_shared())
    shown = _of_public(list(counts), timezone.now())
    return sorted(shown, key=lambda tag: (-counts[tag.pk], tag.name))[:_TAGS]


def walkthroughs():
    """The first walkthroughs, with the steps' outlines."""
    found = _first_walkthroughs(timezone.now())
    fill(found, "steps", _outlines([entry.pk for entry in found]))
    return found


@prepared
def contacts():
    """All who help."""
    return Contact.objects.all()


def _first_questions(categories, now):
    """By the key of their category. An index leads to them, whatever else there is."""
    parts = [part.sql(category.pk, now) for category in categories for part in (_placed, _at_the_end)]
    keys = [key for _, key in joined(parts)]
    entries, found = {entry.pk: entry for entry in _named(keys)}, defaultdict(list)
    for key in keys:
        if (entry := entries.get(key)) and len(found[entry.category_id]) < _QUESTIONS:
            found[entry.category_id].append(entry)
    return found


@prepared
def _counts(now):
    return Entry.objects.published(now).order_by().values_list("category").annotate(Count("pk"))


@prepared
def _categories(ids):
    return Category.objects.filter(pk__in=ids).ordered()


def _keys_of(category, now):
    return Entry.objects.published(now).filter(category=category).values_list("pk")


@prepared
def _placed(category, now):
    return _keys_of(category, now).exclude(position=None).order_by("position", "slug")[:_QUESTIONS]


@prepared
def _at_the_end(category, now):
    return _keys_of(category, now).filter(position=None).order_by("slug")[:_QUESTIONS]


@prepared
def _named(entries):
    return Entry.objects.filter(pk__in=entries).only("slug", "title", "kind", "category_id")


@prepared
def _most_shared():
    # For each tag, along its index: to count all by their tag and to sort them by its name takes five times as long.
    own = TaggedEntry.objects.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(count=Count("pk"))
    counted = Tag.objects.annotate(count=Coalesce(Subquery(own.values("count")), 0))
    return counted.order_by("-count", "name").values_list("pk", "count")[: 3 * _TAGS]


@prepared
def _of_public(tags, now):
    public = Entry.objects.published(now).filter(taggings__tag=OuterRef("pk"))
    return Tag.objects.filter(Exists(public), pk__in=tags)


@prepared
def _first_walkthroughs(now):
    return Entry.objects.published(now).filter(kind=Entry.WALKTHROUGH).ordered()[:_WALKTHROUGHS]


@prepared
def _outlines(entries):
    outline = Step.objects.only("entry_id", "number", "section", "title", "actors", "applies_to")
    return outline.filter(among("entry", entries))
