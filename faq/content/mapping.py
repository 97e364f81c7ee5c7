"""Between what is stored and its document: the one text that stands for a row outside of the tables."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial
from typing import NamedTuple

from django.core.exceptions import ValidationError

from faq import models, slugs
from faq.content import documents, step_names
from faq.files import storing
from faq.models import Alias, Announcement, Step, Tag, TaggedEntry
from faq.models.tags import validate_name

# The texts of the site that have a file of their own: file, field.
SITE_TEXTS = {
    "_imprint.md": "imprint_text",
    "_privacy.md": "privacy_text",
    "_accessibility.md": "accessibility_text",
}


class Mapped(NamedTuple):
    """How a model is written as a document. What has the same name in both is the same.

    `values(row)` gives what the document says otherwise than the row, `columns(document)` what the row is given for it. `judges` raise
    ValidationError for a value that is no column of the same name; of the others their columns say what they take.
    """

    document: type[documents.Document]
    values: Callable = lambda row: {}
    columns: Callable = lambda document: {}
    judges: dict[str, Callable] = {}


def faults(document):
    """What the forms would refuse too: pairs of a value's name and what is to be said, in German."""
    for name, judge in _judges(type(document)).items():
        try:
            judge(getattr(document, name))
        except ValidationError as error:
            yield name, " ".join(error.messages)


def document_of(row):
    """The document of anything stored that has one; of an entry it reads its steps, tags and aliases."""
    mapped = MAPPED[type(row)]
    same = {name: getattr(row, name) for name in _same(type(row))}
    return mapped.document(**same, **mapped.values(row))


def apply(document, row):
    """Make a stored or new row what its document says, and save it; not for an entry.

    Raises ObjectDoesNotExist for something the document names that is not stored.
    """
    if isinstance(row, models.Notice) and document.tag:
        _tag_to_have(document.tag)
    fill(row, document)
    row.save()
    if isinstance(row, models.Category):
        _set_aliases(document.aliases, category=row)


def apply_entry(document, entry, *, aliases=True):
    """Make a stored or new entry what its document says; category and slug are set already.

    A working copy has no former slugs of its own: `aliases=False`.
    """
    is_new = entry.pk is None  # an import of thousands asks for nothing that can't be there
    fill(entry, document)
    entry.save()
    _set_steps(document.steps, entry, [] if is_new else list(entry.steps.all()))
    if document.tags or not is_new:
        set_tags(entry, document.tags, is_new)
    if document.changes or not is_new:
        set_changes(entry, document.changes)
    if aliases and (document.aliases or not is_new):
        _set_aliases(document.aliases, entry=entry)


def _set_steps(documents, entry, stored):
    """Give an entry these steps in place of those that are stored; a step that is only named anew keeps its name for links."""
    if stored:
        entry.steps.all().delete()
    steps = [Step(entry=entry, number=number) for number, _ in enumerate(documents, 1)]
    for step, text, name in zip(steps, documents, step_names.kept(documents, stored), strict=True):
        fill(step, text)
        step.name = name
    Step.objects.bulk_create(steps)


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


def set_changes(entry, changes):
    """Give an entry these changes, each a documents.Change, in place of those that are stored."""
    if changes_of(entry) != changes:
        entry.announcements.all().delete()
        # Not at once: what was prefetched of them is forgotten, and no other way forgets it.
        entry.announcements.add(*(Announcement(day=change.day, text=change.text) for change in changes), bulk=False)


def changes_of(entry):
    """What was announced of an entry, and what waits for that."""
    return [documents.Change(told.day, told.text) for told in entry.announcements.all()]


@cache
def _judges(kind):
    """What judges the values of a kind of document, by their names."""
    for model, mapped in MAPPED.items():
        if mapped.document is kind:
            return {name: _column(model, name) for name in _same(model)} | mapped.judges
    return {}


def _column(model, name):
    return partial(model._meta.get_field(name).clean, model_instance=None)


def _judge_former_slug(slug):
    if problem := slugs.problem(slug, address=True, former=True):
        raise ValidationError(problem)


def _each(judge):
    return lambda values: [judge(value) for value in values]


def fill(row, document):
    """Give the columns of a row what its document says, without saving it. Raises ObjectDoesNotExist like `apply`."""
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
        "changes": changes_of(entry),
        "steps": [document_of(step) for step in entry.steps.all()] if entry.is_walkthrough else [],
    }


def _former_slugs(row):
    return [alias.slug for alias in row.aliases.all()] if row.pk else []


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
        "tag": Tag.objects.get(name=Tag.objects.spellings([document.tag])[document.tag]) if document.tag else None,
    }


def _tag_to_have(name):
    return Tag.objects.get_or_create(name=Tag.objects.spellings([name])[name])[0]


def _site_columns(document):
    contact = models.Contact.objects.get(slug=document.contact) if document.contact else None
    return {"pk": 1, "intro": document.body, "contact": contact}


def _file_values(kept):
    return {"file": kept.name, "sha256": kept.stored.sha256, "source": kept.stored.file}


def _file_columns(document):
    return {"name": document.file, "stored": storing.stored(document.file, document.source, document.sha256)}


def _attachment_columns(document):
    return _file_columns(document) | {"was_public": True}  # it is the operator who imports


_FORMER_SLUGS = {"aliases": _each(_judge_former_slug)}
MAPPED = {
    models.Contact: Mapped(documents.Contact),
    models.Term: Mapped(documents.Term),
    models.Attachment: Mapped(
        documents.Attachment, _file_values, _attachment_columns, {"file": _column(models.Attachment, "name")}
    ),
    models.Picture: Mapped(documents.Picture, _file_values, _file_columns, {"file": _column(models.Picture, "name")}),
    models.Gap: Mapped(documents.Gap),
    models.Tag: Mapped(documents.Tag, judges={"name": validate_name}),
    models.Category: Mapped(
        documents.Category,
        lambda category: {"aliases": _former_slugs(category), "body": category.intro},
        lambda document: {"intro": document.body},
        _FORMER_SLUGS,
    ),
    models.Site: Mapped(
        documents.Site,
        lambda site: {"contact": site.contact.slug if site.contact else "", "body": site.intro},
        _site_columns,
    ),
    models.Entry: Mapped(documents.Entry, _entry_values, judges={"tags": _each(validate_name)} | _FORMER_SLUGS),
    models.Step: Mapped(documents.Step),
    models.Notice: Mapped(documents.Notice, _notice_values, _notice_columns, {"tag": validate_name}),
}
