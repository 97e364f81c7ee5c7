"""How each text came to be: a version for every document that became another one."""

from django.db.models import Max
from django.utils import timezone

from faq.content import kinds
from faq.editing import announcements
from faq.models import Entry, Version


def latest_version(entry):
    """The newest Version of an entry, or of a working copy; None before the first save."""
    return Version.objects.filter(entry=entry.original, working_copy=entry.copy_of_id is not None).first()


def newest_of(row):
    """The newest Version of anything that has a text of its own; None before the first, and for former addresses."""
    if isinstance(row, Entry):
        return latest_version(row)
    paths = list(kinds.files(row)) if type(row) in kinds.BY_MODEL else []
    return Version.objects.of_originals().filter(path__in=paths).first()


def newer_than(row, seen):
    """The newest Version of something, where it says another thing than the one with the key `seen`; else None."""
    newest = newest_of(row)
    if newest is None or newest.pk == seen:
        return None
    same = Version.objects.filter(pk=seen, path=newest.path, document=newest.document)  # as after an import
    return None if same.exists() else newest


def write(row, by):
    """A version of each text of something stored (no entry) that is another than at its last one; whether there is any."""
    new = []
    for path, document in kinds.files(row).items():
        latest = Version.objects.of_originals().filter(path=path).first()
        if (latest.document if latest else "") != document:
            new.append(Version(path=path, document=document, **by))
    Version.objects.bulk_create(new)
    return bool(new)


def write_entries(entries, by, *, quietly=False):
    """A version of each entry whose document is another than at its last one; returns these entries.

    `quietly`: readers see no difference, so nothing says that the entry was changed.
    """
    newest = (
        Version.objects.of_originals()
        .filter(entry__in=entries)
        .values("entry")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    latest = {version.entry_id: version for version in Version.objects.filter(pk__in=newest)}
    versions, changed = [], []
    for entry in entries:
        if by["source"] != "import":
            announcements.date(entry)
        ((path, document),) = kinds.files(entry).items()
        last = latest.get(entry.pk)
        if last and (last.path, last.document) == (path, document):
            continue
        if not quietly:
            if by["source"] != "import" and _is_to_be_dated(last.document if last else "", document):
                entry.updated = timezone.localdate()
                ((path, document),) = kinds.files(entry).items()
            entry.changed = timezone.now()
            entry.save(update_fields=["changed", "updated"])
        versions.append(Version(path=path, entry=entry, document=document, **by))
        changed.append(entry)
    Version.objects.bulk_create(versions)
    return changed


def write_copy(copy, by):
    """A version of a working copy, in the history of its original; whether its text is another one."""
    ((path, document),) = kinds.files(copy).items()
    last = latest_version(copy)
    if last and last.document == document:
        return False
    Version.objects.create(path=path, entry=copy.copy_of, document=document, working_copy=True, **by)
    copy.changed = timezone.now()
    copy.save(update_fields=["changed"])
    return True


def write_deletion(row, by):
    """An empty version of each text of something that goes; whether it had any."""
    gone = [path for path, document in kinds.files(row).items() if document]
    entry = {"entry": row.original, "working_copy": kinds.is_working_copy(row)} if isinstance(row, Entry) else {}
    for path in gone:
        Version.objects.create(path=path, **entry, **by)
    return bool(gone)


def updated_in(document):
    """The date in a canonical document, as it is written, or nothing."""
    return next((line.removeprefix("updated: ") for line in _head(document) if line.startswith("updated: ")), "")


def _is_to_be_dated(before, now):
    """Whether an editor changed what readers see of an entry, and did not set its date themselves; of canonical documents."""
    return _seen(now) not in ((), _seen(before)) and updated_in(before) == updated_in(now)


def _seen(document):
    """What of a document readers see, if it is public at all. Read as lines: what is stored was written by us."""
    head = _head(document)
    if not document or "status: draft" in head:
        return ()
    return [line for line in head if line.startswith(("title: ", "kind: ", "tags: "))], document.partition("\n---\n")[2]


def _head(document):
    return document.partition("\n---\n")[0].split("\n")
