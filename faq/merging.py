"""Two entries, terms or tags that are the same thing become one; nothing that led to either is lost."""

from django.db import transaction

from faq import changes
from faq.models import Alias, Entry, Notice, TaggedEntry, Term


@transaction.atomic
def merge(kept, gone, *, who):
    """Let `kept` stand for `gone` too. Both are entries, or terms, or tags; a tag stays as a former address."""
    merge_kind = {Entry: _merge_entries, Term: _merge_terms}.get(type(kept), _merge_tags)
    merge_kind(kept, gone, {"source": "admin", "who": who, "why": f"Zusammengeführt mit „{gone}“"})


def _merge_entries(kept, gone, by):
    """All addresses of `gone` become former ones of `kept`; its text stays in the history."""
    slugs = [gone.slug, *gone.aliases.values_list("slug", flat=True)]
    notices = _move_notices(gone, entry=kept)
    categories = {gone.category, *gone.former_categories.all()} - {kept.category}
    changes.record(deleted=[gone], **by)
    Alias.objects.bulk_create(Alias(slug=slug, entry=kept) for slug in slugs)
    kept.former_categories.add(*categories)
    changes.record([kept, *notices], **by)


def _merge_terms(kept, gone, by):
    """All spellings go over; those that readers saw stay shown."""
    kept.definition = kept.definition or gone.definition
    kept.aliases = _without([*kept.aliases, gone.name, *gone.aliases], [kept.name])
    kept.search = _without(kept.search + gone.search, [kept.name, *kept.aliases])
    kept.save()
    changes.record([kept], [gone], **by)


def _merge_tags(kept, gone, by):
    """Each entry that had either has `kept` now, at the place of the one it had first."""
    doubled = kept.taggings.values_list("content_object", flat=True)
    gone.taggings.filter(content_object__in=doubled).delete()
    entries = list(Entry.rows.filter(pk__in=gone.taggings.values("content_object")))
    TaggedEntry.objects.filter(tag=gone).update(tag=kept)
    touched = {*entries, *Entry.rows.filter(pk__in=list(doubled))}
    gone.merged.update(merged_into=kept)
    gone.merged_into = kept
    gone.save()
    changes.record([*touched, *_move_notices(gone, tag=kept)], **by)


def _move_notices(gone, **place):
    """What was said about the one that goes is said about the other from now on."""
    keys = list(gone.notices.values_list("pk", flat=True))
    gone.notices.update(**place)
    return list(Notice.objects.filter(pk__in=keys))


def _without(values, unwanted):
    return [value for value in dict.fromkeys(values) if value not in unwanted]
