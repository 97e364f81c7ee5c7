"""Between what is stored and its document: the one text that stands for a row outside of the tables."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import NamedTuple

from faq import models
from faq.content import documents
from faq.files import storing
from faq.models import Alias, Step, Tag, TaggedEntry

# The texts of the site that have a file of their own: file, field.
SITE_TEXTS = {
    "_imprint.md": "imprint_text",
    "_privacy.md": "privacy_text",
    "_accessibility.md": "accessibility_text",
}


class Mapped(NamedTuple):
    """How a model is written as a document. What has the same name in both is the same.

    `values(row)` gives what the document says otherwise than the row, `columns(document)` what the row is given for it.
    """

    document: type[documents.Document]
    values: Callable = lambda row: {}
    columns: Callable = lambda document: {}


def document_of(row):
    """The document of anything stored that has one; of an entry it reads its steps, tags and aliases."""
    mapped = MAPPED[type(row)]
    same = {name: getattr(row, name) for name in _same(type(row))}
    return mapped.document(**same, **mapped.values(row))


def apply(document, row):
    """Make a stored or new row what its document says, and save it; not for an entry.

    Raises ObjectDoesNotExist for something the document names that is not stored.
    """
    _set(row, document)
    row.save()
    if isinstance(row, models.Category):
        _set_aliases(document.aliases, category=row)


def apply_entry(document, entry, *, aliases=True):
    """Make a stored or new entry what its document says; category and slug are set already.

    A working copy has no former slugs of its own: `aliases=False`.
    """
    is_new = entry.pk is None  # an import of thousands asks for nothing that can't be there
    _set(entry, document)
    entry.save()
    if not is_new:
        entry.steps.all().delete()
    steps = [Step(entry=entry, number=number) for number, _ in enumerate(document.steps, 1)]
    for step, text in zip(steps, document.steps, strict=True):
        _set(step, text)
    Step.objects.bulk_create(steps)
    if document.tags or not is_new:
        set_tags(entry, document.tags, is_new)
    if aliases and (document.aliases or not is_new):
        _set_aliases(document.aliases, entry=entry)


def set_tags(entry, names, is_new=False):
    """Give an entry these tags in this order; rows stay as they are where nothing changes."""
    if not is_new:
        if [tagging.tag.name for tagging in entry.taggings.select_related("tag").order_by("pk")] == names:
            return
        entry.taggings.all().delete()
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names, merged_into=None)}
    if len(tags) < len(names):
        names = list(dict.fromkeys(Tag.objects.spellings(names).values()))
        tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    TaggedEntry.objects.bulk_create(
        TaggedEntry(content_object=entry, tag=tags.get(name) or Tag.objects.create(name=name)) for name in names
    )


def _set(row, document):
    values = {name: getattr(document, name) for name in _same(type(row))} | MAPPED[type(row)].columns(document)
    for name, value in values.items():
        setattr(row, name, value)


def _set_aliases(slugs, **owner):
    if list(Alias.objects.filter(**owner).values_list("slug", flat=True)) != slugs:
        Alias.objects.filter(**owner).delete()
        Alias.objects.bulk_create(Alias(slug=slug, **owner) for slug in slugs)


@cache
def _same(model):
    """The names of the columns that say what the document's fields of the same names say."""
    names = {field.name for field in fields(MAPPED[model].document)}
    return [field.name for field in model._meta.concrete_fields if not field.is_relation and field.name in names]


def _entry_values(entry):
    return {
        "tags": [tag.name for tag in entry.tag_list],
        "aliases": _former_slugs(entry),
        "steps": [document_of(step) for step in entry.steps.all()] if entry.is_walkthrough else [],
    }


def _former_slugs(row):
    return [alias.slug for alias in row.aliases.all()]


def _notice_values(notice):
    return {
        "category": notice.category.slug if notice.category else "",
        "tag": notice.tag.name if notice.tag else "",
        "entry": notice.entry.slug if notice.entry else "",
    }


def _notice_columns(document):
    return {
        "category": models.Category.objects.at(document.category) if document.category else None,
        "entry": models.Entry.objects.at(document.entry) if document.entry else None,
        "tag": _tag(document.tag) if document.tag else None,
    }


def _tag(name):
    return Tag.objects.get_or_create(name=Tag.objects.spellings([name])[name])[0]


def _site_columns(document):
    contact = models.Contact.objects.get(slug=document.contact) if document.contact else None
    return {"pk": 1, "intro": document.body, "contact": contact}


def _attachment_values(attachment):
    stored = attachment.stored
    return {"file": attachment.name, "sha256": stored.sha256, "source": stored.file}


def _attachment_columns(document):
    stored = storing.store(document.file, document.source, checked=document.sha256)
    return {"name": document.file, "stored": stored}


MAPPED = {
    models.Contact: Mapped(documents.Contact),
    models.Term: Mapped(documents.Term),
    models.Attachment: Mapped(documents.Attachment, _attachment_values, _attachment_columns),
    models.Gap: Mapped(documents.Gap),
    models.Category: Mapped(
        documents.Category,
        lambda category: {"aliases": _former_slugs(category), "body": category.intro},
        lambda document: {"intro": document.body},
    ),
    models.Site: Mapped(
        documents.Site,
        lambda site: {"contact": site.contact.slug if site.contact else "", "body": site.intro},
        _site_columns,
    ),
    models.Entry: Mapped(documents.Entry, _entry_values),
    models.Step: Mapped(documents.Step),
    models.Notice: Mapped(documents.Notice, _notice_values, _notice_columns),
}
