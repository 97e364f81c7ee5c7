"""Two entries, terms or tags that are the same thing become one; nothing that led to either is lost."""

from faq.content import documents, mapping
from faq.editing import announcements, references
from faq.editing.writing import action, fresh, writing
from faq.models import Alias, Entry, Notice, Reference, TaggedEntry, Term


@action
def merge(kept, gone, *, who):
    """Let `kept` stand for `gone` too. Both are entries, or terms, or tags; a tag stays as a former address."""
    merge_kind = {Entry: _merge_entries, Term: _merge_terms}.get(type(kept), _merge_tags)
    with writing(source="admin", who=who, why=f"Zusammengeführt mit „{gone}“") as change:
        kept, gone = (fresh(type(row).objects.all(), row) for row in (kept, gone))
        merge_kind(kept, gone, change)


def _merge_entries(kept, gone, change):
    """All addresses of `gone` become former ones of `kept`; its text stays in the history.

    Links to a step of it lead to the whole entry, whose head says so: the step of that number is another one now.
    """
    slugs = [gone.slug, *gone.aliases.values_list("slug", flat=True)]
    to_steps = Reference.objects.filter(target=gone).exclude(fragment="")
    relinked = references.lead_to(to_steps, dict.fromkeys(slugs, ""), kept.slug)
    notices = _move_notices(gone, entry=kept)
    categories = {gone.category, *gone.former_categories.all()} - {kept.category}
    names = {*gone.former_steps, *gone.steps.values_list("name", flat=True)} - {*kept.step_order}
    kept.former_steps = dict.fromkeys(names, "") | kept.former_steps
    kept.owner = kept.owner or gone.owner
    kept.save(update_fields=["former_steps", "owner"])
    was_told = Entry.objects.published().filter(pk=gone.pk).exists()
    told = announcements.announced(mapping.changes_of(gone)) if was_told else []
    mapping.set_changes(kept, documents.newest_first([*mapping.changes_of(kept), *told]))
    change.record([row for row in relinked if row != kept])
    gone.sources.update(entry=kept)
    change.record(deleted=[gone])
    Alias.objects.bulk_create(Alias(slug=slug, entry=kept) for slug in slugs)
    kept.former_categories.add(*categories)
    change.record([kept, *notices])


def _merge_terms(kept, gone, change):
    """All spellings go over; those that readers saw stay shown."""
    kept.definition = kept.definition or gone.definition
    kept.leads = kept.leads or gone.leads
    kept.aliases = _without([*kept.aliases, gone.name, *gone.aliases], [kept.name])
    kept.search = _without(kept.search + gone.search, [kept.name, *kept.aliases])
    kept.save()
    change.record([kept], [gone])


def _merge_tags(kept, gone, change):
    """Each entry that had either has `kept` now, at the place of the one it had first."""
    doubled = list(kept.taggings.values_list("content_object", flat=True))
    gone.taggings.filter(content_object__in=doubled).delete()
    TaggedEntry.objects.filter(tag=gone).update(tag=kept)
    gone.merged.update(merged_into=kept)
    gone.merged_into = kept
    gone.save()
    change.end_proposals(gone)
    change.record([kept, gone, *_move_notices(gone, tag=kept)])


def _move_notices(gone, **place):
    """What was said about the one that goes is said about the other from now on."""
    keys = list(gone.notices.values_list("pk", flat=True))
    gone.notices.update(**place)
    return list(Notice.objects.filter(pk__in=keys))


def _without(values, unwanted):
    return [value for value in dict.fromkeys(values) if value not in unwanted]
