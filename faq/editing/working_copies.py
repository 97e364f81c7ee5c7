"""Working copies: made, published at once or at a moment, held back, thrown away.

A working copy is an entry's document in a row of its own; publishing applies that document to the original. What was there before
stays as a Version.
"""

import logging
from dataclasses import fields, replace

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from faq.actions import action, made
from faq.content import documents, mapping, reading, step_names
from faq.editing import addresses, announcements, references
from faq.editing.addresses import AddressTaken
from faq.editing.comparison import read_document
from faq.editing.versions import latest_version, updated_in
from faq.editing.writing import fresh, writing
from faq.models import Entry, Version

logger = logging.getLogger(__name__)


class Outdated(ValueError):
    """Somebody else has saved a newer version; `newer` is that Version."""

    def __init__(self, newer):
        self.newer = newer
        super().__init__(f"Inzwischen hat {newer.who or 'ein Import'} eine neuere Fassung gesichert.")


def working_copy(entry):
    """The working copy of an entry, or None."""
    return Entry.rows.filter(copy_of=entry).first()


def _copies():
    return Entry.rows.filter(copy_of__isnull=False).select_related("copy_of")


@action
def start_working_copy(entry, *, who, document=None, why=""):
    """The working copy of an entry: the one there is, or a new one from its own document, or from another one.

    Raises Outdated where one is there already that a `document` would have to replace.
    """
    with writing(source="admin", who=who, why=why) as change:
        entry = fresh(Entry.objects.complete(), entry)
        if there := working_copy(entry):
            if document:
                raise Outdated(latest_version(there))
            return there
        copy = Entry(copy_of=entry, category=entry.category, slug=entry.slug, base=latest_version(entry))
        text = replace(document or mapping.document_of(entry), status=entry.status)
        mapping.apply_entry(text, copy, aliases=False)
        change.record([copy])
        return copy


@action
def publish(copy, *, who, why="", over_newer=False):
    """Make the original what its working copy says, and drop the copy. Returns the original.

    A copy of a public entry with a later moment in `publish_at` is released: the public text stays until then, see `take_over`.
    Raises Outdated where the original was changed after the copy was made, unless `over_newer`, and AddressTaken.
    """
    with writing(source="admin", who=who, why=why) as change:
        copy = fresh(_copies(), copy)
        if owner := addresses.owner_of([copy.slug], besides=copy.copy_of):
            raise AddressTaken(f"Der Anker „{copy.slug}“ gehört inzwischen zu „{owner}“.")
        newest = latest_version(copy.copy_of)
        if newest != copy.base and not over_newer:
            raise Outdated(newest)
        if not copy.is_for_later:
            return _apply(copy, change, who)
        change.require_publisher()  # readers will see it
        mapping.set_changes(copy, _told(copy, mapping.changes_of(copy)))
        copy.release, copy.released_by, copy.base = Entry.PLANNED, who, newest
        copy.save()
        change.record([copy])
        return copy.copy_of


@action
def hold_back(copy, *, who):
    """Let a released working copy wait for somebody to publish it after all. Returns it."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        copy = fresh(_copies(), copy)
        copy.release = ""
        copy.save()
        change.record([copy])
        return copy


def due_to_take_over():
    """Released working copies whose moment has come."""
    return Entry.rows.filter(release=Entry.PLANNED, publish_at__lte=timezone.now()).order_by("publish_at")


def take_over_due():
    """Let every released working copy whose moment has come be the public text."""
    for key in list(due_to_take_over().values_list("pk", flat=True)):
        try:
            take_over(key)
        except (OperationalError, InterfaceError):  # the database is gone
            raise
        except Exception:  # the others have their moment too; this one is tried again
            logger.exception("take over %s", key)


@action
def take_over(key):
    """Let the released working copy with this key be the public text, if its moment has come.

    Where that text was changed after the release, or its address is taken by now, it stays, and the copy waits for somebody who
    looks at both.
    """
    with writing(source="admin", why="Wie geplant veröffentlicht") as change:
        copy = due_to_take_over().select_related("copy_of", "released_by").filter(pk=key).first()
        if copy is None:
            return  # another server was faster
        taken = addresses.owner_of([copy.slug], besides=copy.copy_of)
        if (document := _merged(copy)) and not taken:
            _apply(copy, change, copy.released_by, document)
        else:
            copy.release = Entry.STOPPED
            copy.save()
            change.record([copy])


def _merged(copy):
    """What a working copy says, and of what it left as it was what the original says by now; None where both changed the same."""
    ours, theirs = mapping.document_of(copy), mapping.document_of(copy.copy_of)
    if latest_version(copy.copy_of) == copy.base:
        return ours
    if copy.base is None:
        return None
    base = made(reading.read, documents.Entry, copy.base.document)
    base = replace(base, steps=step_names.with_names(base.steps, step_names.filled(base.steps)))
    merged = {}
    for name in (field.name for field in fields(ours) if field.compare and field.name != "aliases"):
        was, here, there = (getattr(document, name) for document in (base, ours, theirs))
        if name == "changes":
            if announcements.differ(was, here, there):
                return None
            merged[name] = announcements.merged(was, here, there)
        elif was in (here, there) or here == there:
            merged[name] = there if here == was else here
        else:
            return None
    return replace(ours, **merged)


def _told(copy, changes):
    """What a working copy with these changes announces: what readers were told since it was made stays told."""
    if copy.base is None or copy.base == latest_version(copy.copy_of):
        return changes
    was = made(read_document, copy.base.path, copy.base.document).changes
    return announcements.merged(was, changes, mapping.changes_of(copy.copy_of))


def _apply(copy, change, who, document=None):
    original = copy.copy_of
    document = replace(document or mapping.document_of(copy), aliases=[alias.slug for alias in original.aliases.all()])
    by_name = {step.name: step.number for step in copy.steps.all()}
    numbers = {step.number: by_name.get(step.name) for step in original.steps.all()}
    if copy.base and updated_in(copy.base.document) == str(document.updated or ""):
        document.updated = original.updated  # that nobody chose
    document.changes = _told(copy, document.changes)
    original.category, original.slug = copy.category, copy.slug
    if document.reviewed != original.reviewed:
        original.reviewed_by = who
    change.end_reviews([copy])
    copy.delete()
    mapping.apply_entry(document, original)
    relinked = references.renumber(original, numbers)
    others = [source for source in relinked if source != original]
    change.record([original, *others])
    return original


def others_in(copy, who):
    """The names of all but `who` whose text goes with a working copy, the last first: they wrote in one of this entry since
    the last was thrown away."""
    versions = Version.objects.filter(entry=copy.copy_of_id, working_copy=True)
    thrown_away = versions.filter(document="").values_list("pk", flat=True).first() or 0
    others = versions.filter(pk__gt=thrown_away, who__isnull=False).exclude(who=who)
    return list(dict.fromkeys(others.values_list("who__username", flat=True)))


@action
def discard(copy, *, who):
    """Throw a working copy away; its text stays in the history. Returns the entry it was of."""
    with writing(source="admin", who=who, why="Arbeitskopie verworfen") as change:
        copy = fresh(_copies(), copy)
        if copy.is_released:
            change.require_publisher()
        change.record(deleted=[copy])
        return copy.copy_of
