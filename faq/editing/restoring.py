"""An older document brought back: of what is there, or from the dead."""

from dataclasses import replace

from django.utils import timezone

from faq.actions import action, made
from faq.content import documents, mapping, reading, step_names
from faq.editing import addresses, references, rendering
from faq.editing.addresses import AddressTaken
from faq.editing.working_copies import start_working_copy
from faq.editing.writing import fresh, may_publish, writing
from faq.models import Category, Entry, Gone, Version


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
        told = mapping.changes_of(entry) if entry.pk else document.changes
        document = replace(
            document, updated=entry.updated, changes=told
        )  # what was changed then is not what is changed now
        document.steps = _with_their_names(document.steps, entry)
        own = entry.aliases.values_list("slug", flat=True) if entry.pk else ()
        document = references.let_go(document, {entry.slug, *own, *document.aliases})
        # What it says that is refused today stays as it was then, until somebody edits it.
        texts = [text for text, _ in document.texts()]
        rendering.keep({text: str(error) for text, error in rendering.refused(texts).items()})
        if entry.pk and entry.status == Entry.PUBLISHED:
            return start_working_copy(entry, who=who, document=document, why=why)
        gone = [] if entry.pk else _gone_addresses(entry.slug)
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


def _with_their_names(steps, entry):
    """The steps of an older document with the names that they have, or had, in the entry."""
    known = {*entry.step_order, *entry.former_steps}  # a version of before steps had names gives others
    filled = zip(steps, step_names.filled(steps), strict=True)
    steps = step_names.with_names(steps, [step.name or (name if name in known else "") for step, name in filled])
    return step_names.with_names(steps, step_names.kept(steps, list(entry.steps.all()))) if entry.pk else steps


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
