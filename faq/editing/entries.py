"""What editors do with an entry as a whole: working copies, publishing, restoring, deleting, checking.

All of it is documents: a working copy is an entry's document in a row of its own, publishing applies that document to the
original, a restore applies an older one. What was there before stays as a Version.
"""

import logging
from dataclasses import fields, replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils import timezone

from faq.actions import Hindered
from faq.content import documents, mapping, reading
from faq.content.portal_links import UNAVAILABLE
from faq.editing import addresses, references
from faq.editing.addresses import AddressTaken
from faq.editing.versions import latest_version
from faq.editing.writing import action, fresh, made, may_publish, writing
from faq.models import Category, Entry, Gone, Reference, Step, Version

logger = logging.getLogger(__name__)

# How long an answer that was checked counts as checked.
NEXT_REVIEW = timedelta(days=365)


class Outdated(ValueError):
    """Somebody else has saved a newer version; `newer` is that Version."""

    def __init__(self, newer):
        self.newer = newer
        super().__init__(f"Inzwischen hat {newer.who or 'ein Import'} eine neuere Fassung gesichert.")


class LinksStay(Hindered):
    """Links that cannot be taken out of a text without somebody looking at it: nothing was deleted."""

    def __init__(self, places):
        names = ", ".join(f"„{place}“" for place in places)
        super().__init__(f"Nichts ist gelöscht. Bitte ändern Sie zuerst von Hand, was hierher verweist, in: {names}.")


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
        if document is None:
            for step in copy.steps.all():
                Step.objects.filter(pk=step.pk).update(former_number=step.number)
        change.record([copy])
        return copy


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
    document.title, document.status, document.aliases = f"{document.title} (Kopie)"[:300], Entry.DRAFT, []
    document.position = document.updated = document.publish_at = document.expire_at = None
    twin = Entry(category=entry.category, slug=f"{entry.slug}-{number}")
    mapping.apply_entry(document, twin)
    return twin


@action
def publish_draft(entry, *, who):
    """Let readers see a draft. Returns it."""
    with writing(source="admin", who=who, why="Veröffentlicht") as change:
        entry = fresh(Entry.objects.all(), entry)
        entry.status = Entry.PUBLISHED
        entry.save()
        change.record([entry])
        return entry


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
    merged = {}
    for name in (field.name for field in fields(ours) if field.name not in ("line", "aliases")):
        was, here, there = (getattr(document, name) for document in (base, ours, theirs))
        if was not in (here, there) and here != there:
            return None
        merged[name] = there if here == was else here
    return replace(ours, **merged)


def _apply(copy, change, who, document=None):
    original = copy.copy_of
    document = replace(document or mapping.document_of(copy), aliases=[alias.slug for alias in original.aliases.all()])
    numbers = _new_numbers(copy, original)
    original.category, original.slug = copy.category, copy.slug
    if document.reviewed != original.reviewed:
        original.reviewed_by = who
    copy.delete()
    mapping.apply_entry(document, original)
    relinked = references.renumber(original, numbers)
    others = [source for source in relinked if source != original]
    change.record([original, *others])
    return original


def _new_numbers(copy, original):
    """The number that each step of the original has in its working copy, None where it is gone; nothing where nobody can tell."""
    steps = list(copy.steps.all())
    if latest_version(original) == copy.base:
        by_number = {step.former_number: step.number for step in steps if step.former_number}
        return {step.number: by_number.get(step.number) for step in original.steps.all()} if by_number else {}
    # The steps have moved since the copy was made: their titles tell.
    by_title = {step.title: step.number for step in steps}
    return {step.number: by_title.get(step.title) for step in original.steps.all()}


@action
def discard(copy, *, who):
    """Throw a working copy away; its text stays in the history. Returns the entry it was of."""
    with writing(source="admin", who=who, why="Arbeitskopie verworfen") as change:
        copy = fresh(_copies(), copy)
        if copy.is_released:
            change.require_publisher()
        change.record(deleted=[copy])
        return copy.copy_of


@action
def restore(version, *, who):
    """Bring an older document back: into a working copy of what is public or will be, into a draft itself, or from the dead.

    Who may not publish gets a working copy or a draft. Returns the entry to look at. Raises Outdated where there is a working
    copy already, AddressTaken where something else has the address of what was deleted.
    """
    document = made(reading.read, documents.Entry, version.document)
    why = f"Fassung vom {timezone.localtime(version.when):%d.%m.%Y %H:%M} wiederhergestellt"
    with writing(source="restore", who=who, why=why) as change:
        version = fresh(Version.objects.select_related("entry"), version)
        entry = version.entry or _revived(version)
        if entry.pk and entry.status == Entry.PUBLISHED:
            return start_working_copy(entry, who=who, document=document, why=why)
        gone = [] if entry.pk else _gone_addresses(entry.slug)
        own = entry.aliases.values_list("slug", flat=True) if entry.pk else ()
        former = dict.fromkeys([*own, *document.aliases, *gone])
        free = [slug for slug in former if not addresses.owner_of([slug], besides=entry)]
        status = document.status if may_publish(who) else Entry.DRAFT
        mapping.apply_entry(replace(document, status=status, aliases=free), entry)
        for slug in [entry.slug, *gone]:
            Version.objects.filter(entry=None, path__endswith=f"/{slug}.md").update(entry=entry)
        change.record([entry])
        return entry


def last_version_of(gone):
    """The last Version of a deleted entry; its category may have had another name when it was written."""
    name = gone.path.rpartition("/")[2]
    texts = Version.objects.of_originals().filter(path__endswith=f"/{name}").exclude(document="")
    return texts.filter(when__lte=gone.when).first() or texts.first()


def _revived(version):
    """An entry for the version of a deleted one, at its former address where that is still free."""
    folder, _, name = version.path.rpartition("/")
    slug = name.removesuffix(".md")
    if owner := addresses.owner_of([slug]):
        raise AddressTaken(f"Der Anker „{slug}“ gehört inzwischen zu „{owner}“.")
    category = Category.objects.filter(slug=folder).first() or Category.objects.filter(aliases__slug=folder).first()
    category = category or Category.objects.ordered().first()
    return Entry(category=category, slug=slug)


def _gone_addresses(slug):
    """The other addresses of a deleted entry."""
    others = Gone.objects.filter(path__endswith=f"/{slug}.md").exclude(slug=slug)
    return list(others.values_list("slug", flat=True))


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
