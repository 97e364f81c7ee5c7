"""The files that were behind attachments and pictures before: found in their versions, and taken away for good."""

from faq.actions import made
from faq.content import kinds, reading
from faq.editing.writing import action, writing
from faq.files import storing
from faq.models import Attachment, Picture, StoredFile, Version

MODELS = (Attachment, Picture)


def versions_of(*rows):
    """The versions of attachments and pictures, the newest first."""
    paths = [kinds.BY_MODEL[type(row)].path_of(row.slug) for row in rows]
    return Version.objects.filter(path__in=paths).exclude(document="")


def document_of(version):
    """What such a version says."""
    return made(reading.read_list, kinds.of_path(version.path).document, version.document)[0]


def needed_without(*rows):
    """A function that says whether a file of this checksum is, or was, behind any other attachment or picture than these."""
    others = versions_of(*(row for model in MODELS for row in model.objects.all() if row not in rows))
    return lambda checksum: others.filter(document__contains=checksum).exists()


def former(row):
    """Pairs of a name and the StoredFile that was behind this once, and is, or was, behind nothing else."""
    names = {document.sha256: document.file for document in map(document_of, versions_of(row))}
    stored = StoredFile.objects.filter(sha256__in=names, attachments=None, pictures=None)
    is_needed = needed_without(row)
    return [(names[file.sha256], file) for file in stored if not is_needed(file.sha256)]


@storing.no_orphans()
@action
def erase(row, *, who):
    """Take the former files of an attachment or a picture away, with their bytes."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        storing.erase([file.sha256 for _, file in former(row)], needed_without(row))
