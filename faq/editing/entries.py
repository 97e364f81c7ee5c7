"""What editors do with an entry as a whole: copying, publishing a draft, deleting, checking."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from faq.actions import Hindered, action
from faq.content import mapping
from faq.content.portal_links import UNAVAILABLE
from faq.editing import addresses, references
from faq.editing.writing import Vanished, fresh, writing
from faq.models import Entry, Reference
from faq.words import quoted

# How long an answer that was checked counts as checked.
NEXT_REVIEW = timedelta(days=365)


class LinksStay(Hindered):
    """Links that cannot be taken out of a text without somebody looking at it: nothing was deleted."""

    def __init__(self, places):
        super().__init__(
            f"Nichts ist gelöscht. Bitte ändern Sie zuerst von Hand, was hierher verweist, in: {quoted(places)}."
        )


@action
def duplicate(entries, *, who):
    """Drafts with the same texts, at addresses of their own, to write something similar from. Returns them."""
    with writing(source="admin", who=who, why="Als Entwurf kopiert") as change:
        twins = [_twin(entry) for entry in Entry.objects.complete().filter(pk__in=[entry.pk for entry in entries])]
        change.record(twins)
        return twins


def _twin(entry):
    number = 2
    while addresses.owner_of([f"{entry.slug}-{number}"]):
        number += 1
    document = mapping.document_of(entry)
    document.title, document.status = f"{document.title} (Kopie)"[:300], Entry.DRAFT
    document.aliases = document.changes = []
    document.position = document.reviewed = document.updated = document.publish_at = document.expire_at = None
    twin = Entry(category=entry.category, slug=f"{entry.slug}-{number}")
    mapping.apply_entry(document, twin)
    return twin


@action
def change_many(entries, *, who, why="", add_tags=(), remove_tags=(), **values):
    """Give entries these values and tags, their working copies too: else those would bring back what was. All or none; returns
    how many entries they are."""
    with writing(source="admin", who=who, why=why) as change:
        keys = [entry.pk for entry in entries]
        rows = list(Entry.rows.filter(Q(pk__in=keys) | Q(copy_of__in=keys)).complete())
        if {*keys} - {row.pk for row in rows}:
            raise Vanished("Einen dieser Einträge gibt es nicht mehr: Jemand war schneller.")
        for row in rows:
            had = [tag.name for tag in row.tag_list]
            tags = list(dict.fromkeys([*(name for name in had if name not in remove_tags), *add_tags]))
            if tags != had:
                mapping.set_tags(row, tags)
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
        change.record(rows)
        return len(keys)


@action
def publish_draft(entry, *, who, why=""):
    """Let readers see a draft. Returns it."""
    with writing(source="admin", who=who, why=why or "Veröffentlicht") as change:
        entry = fresh(Entry.objects.all(), entry)
        entry.status = Entry.PUBLISHED
        entry.save()
        change.record([entry])
        return entry


def linking_to(entries):
    """What holds links to one of these entries, apart from themselves: entries, working copies, categories, terms, notices, the site."""
    keys = [entry.pk for entry in entries]
    return references.places(_links_to(keys))


def _links_to(keys):
    own = Q(entry__in=keys) | Q(entry__copy_of__in=keys)
    return Reference.objects.filter(target__in=keys).exclude(pk__in=Reference.objects.filter(own).values("pk"))


@action
def delete(entries, *, who, why="", links_to=None):
    """Delete entries; what links to them leads to the entry `links_to` from now on, or keeps its words alone.

    Returns what was changed for it. Their addresses say that they are gone. Raises LinksStay.
    """
    with writing(source="admin", who=who, why=why) as change:
        entries = list(Entry.objects.filter(pk__in=[entry.pk for entry in entries]))
        target = fresh(Entry.objects.all(), links_to).slug if links_to else None
        public = set(Entry.objects.published().filter(pk__in=[entry.pk for entry in entries]))
        words = {slug: entry.title if entry in public else UNAVAILABLE for slug, entry in _addresses(entries)}
        holding = _links_to([entry.pk for entry in entries])
        changed = references.lead_to(holding, words, target)
        if left := references.still_leading_to(changed, words):
            raise LinksStay(left)
        # What readers could not open looked to them as it does now.
        change.record(changed, quietly=not links_to and all(entry.status == Entry.DRAFT for entry in entries))
        change.record(deleted=entries)
        return changed


def _addresses(entries):
    """Pairs of each current and former slug of some entries, and the entry."""
    for entry in entries:
        yield entry.slug, entry
        yield from ((alias.slug, entry) for alias in entry.aliases.all())


@action
def still_true(entry, *, who):
    """Note that an entry was checked today and found right; it comes up again in a year. Returns it."""
    with writing(source="admin", who=who, why="Geprüft: stimmt noch") as change:
        entry = fresh(Entry.objects.all(), entry)
        entry.reviewed, entry.reviewed_by = timezone.localdate(), who
        entry.review = entry.reviewed + NEXT_REVIEW
        entry.save()
        change.record([entry])
        return entry
