"""What editors do with an entry as a whole: working copies, publishing, restoring, and saves that meet each other.

All of it is documents: a working copy is an entry's document in a row of its own, publishing applies that document to the
original, a restore applies an older one. What was there before stays as a Version.
"""

from django.db import transaction

from faq import changes
from faq.content import documents, format
from faq.models import Category, Entry, Gone, Step, Version


class Outdated(ValueError):
    """Somebody else has saved a newer version; `newer` is that Version."""

    def __init__(self, newer):
        self.newer = newer
        super().__init__(f"Inzwischen hat {newer.who or 'ein Import'} eine neuere Fassung gesichert.")


def latest_version(entry):
    """The newest Version of an entry, or of a working copy; None before the first save."""
    return Version.objects.filter(entry=entry.original, working_copy=entry.copy_of_id is not None).first()


def working_copy(entry):
    """The working copy of an entry, or None."""
    return Entry.rows.filter(copy_of=entry).first()


@transaction.atomic
def start_working_copy(entry, *, who, document=None, why=""):
    """Make the working copy of an entry, from its own document or from another one, and return it.

    Raises Outdated where there is a working copy already.
    """
    if there := working_copy(entry):
        raise Outdated(latest_version(there))
    copy = Entry(copy_of=entry, category=entry.category, slug=entry.slug, base=latest_version(entry))
    documents.apply_entry(document or documents.of_entry(entry), copy, aliases=False)
    if document is None:
        for step in copy.steps.all():
            Step.objects.filter(pk=step.pk).update(former_number=step.number)
    changes.record([copy], source="admin", who=who, why=why)
    return copy


@transaction.atomic
def duplicate(entry, *, who):
    """A draft with the same text, at an address of its own, to write something similar from."""
    number = 2
    while changes.owner_of([f"{entry.slug}-{number}"]):
        number += 1
    document = documents.of_entry(entry)
    document.title, document.status, document.aliases = f"{document.title} (Kopie)"[:300], Entry.DRAFT, []
    document.position = document.updated = document.publish_at = document.expire_at = None
    twin = Entry(category=entry.category, slug=f"{entry.slug}-{number}")
    documents.apply_entry(document, twin)
    changes.record([twin], source="admin", who=who, why=f"Kopie von „{entry}“"[:300])
    return twin


@transaction.atomic
def publish(copy, *, who, why="", over_newer=False):
    """Make the original what its working copy says, and drop the copy. Returns the original.

    Raises Outdated where the original was changed after the copy was made, unless `over_newer`.
    """
    original = copy.copy_of
    newest = latest_version(original)
    if newest != copy.base and not over_newer:
        raise Outdated(newest)
    document = documents.of_entry(copy)
    document.aliases = [alias.slug for alias in original.aliases.all()]
    kept = {step.former_number: step.number for step in copy.steps.all() if step.former_number}
    numbers = {step.number: kept.get(step.number) for step in original.steps.all()} if kept else {}
    original.category, original.slug = copy.category, copy.slug
    if document.reviewed != original.reviewed:
        original.reviewed_by = who
    copy.delete()
    documents.apply_entry(document, original)
    relinked = changes.renumber_links(original, numbers)
    others = [source for source in relinked if source != original]
    changes.record([original, *others], source="admin", who=who, why=why)
    return original


@transaction.atomic
def discard(copy, *, who):
    """Throw a working copy away; its text stays in the history."""
    changes.record(deleted=[copy], source="admin", who=who, why="Arbeitskopie verworfen")


@transaction.atomic
def restore(version, *, who):
    """Bring an older document back: into a working copy of a public entry, into a draft itself, or from the dead.

    Returns the entry to look at. Raises Outdated where there is a working copy already.
    """
    document = format.read_entry(version.document)
    why = f"Fassung vom {version.when:%d.%m.%Y %H:%M} wiederhergestellt"
    entry = version.entry or _revived(version)
    if entry.pk and Entry.objects.published().filter(pk=entry.pk).exists():
        return start_working_copy(entry, who=who, document=document, why=why)
    former = document.aliases if entry.pk else [*document.aliases, *_gone_addresses(version.path, entry.slug)]
    document.aliases = [slug for slug in dict.fromkeys(former) if not changes.owner_of([slug], besides=entry)]
    documents.apply_entry(document, entry)
    Version.objects.filter(entry=None, path=version.path).update(entry=entry)
    changes.record([entry], source="restore", who=who, why=why)
    return entry


def _revived(version):
    """An entry for the version of a deleted one, at its former address where that is still free."""
    folder, _, name = version.path.rpartition("/")
    slug = name.removesuffix(".md")
    if owner := changes.owner_of([slug]):
        raise changes.AddressTaken(f"Der Anker „{slug}“ gehört inzwischen zu „{owner}“.")
    category = Category.objects.filter(slug=folder).first() or Category.objects.filter(aliases__slug=folder).first()
    category = category or Category.objects.ordered().first()
    return Entry(category=category, slug=slug)


def _gone_addresses(path, slug):
    return Gone.objects.filter(path=path).exclude(slug=slug).values_list("slug", flat=True)
