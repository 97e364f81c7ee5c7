"""Between what is stored and its document: the one text that stands for an entry outside of the tables."""

from pathlib import Path

from faq.content import format
from faq.facts import FACTS
from faq.files import storing
from faq.models import Alias, Category, Contact, Entry, Step, Tag, TaggedEntry

# The list of the attachments; their files stand beside it.
ATTACHMENTS = "_dateien/_dateien.yaml"
# The texts of the site that have a file of their own: file, field.
SITE_TEXTS = {
    "_imprint.md": "imprint_text",
    "_privacy.md": "privacy_text",
    "_accessibility.md": "accessibility_text",
}
_ENTRY_FIELDS = (
    "title", "position", "kind", "status", "publish_at", "expire_at", "review", "reviewed", "updated", "note", "body",
)  # fmt: skip
_STEP_FIELDS = ("title", "section", *FACTS.values(), "body")
_TERM_FIELDS = ("slug", "name", "aliases", "search", "definition")
_CONTACT_FIELDS = ("slug", "name", "phone", "email", "url", "hours", "note")
_NOTICE_FIELDS = ("slug", "text", "begins", "ends")
_SITE_FIELDS = ("title", "imprint", "privacy", "accessibility")


def of_entry(entry):
    """The document of a stored entry; reads its steps, tags and aliases."""
    return format.Entry(
        **_values(entry, _ENTRY_FIELDS),
        tags=[tag.name for tag in entry.tag_list],
        aliases=[alias.slug for alias in entry.aliases.all()],
        steps=[of_step(step) for step in entry.steps.all()] if entry.is_walkthrough else [],
    )


def of_step(step):
    return format.Step(**_values(step, _STEP_FIELDS))


def of_category(category):
    return format.Category(
        title=category.title,
        position=category.position,
        aliases=[alias.slug for alias in category.aliases.all()],
        body=category.intro,
    )


def of_site(site):
    return format.Site(
        **_values(site, _SITE_FIELDS), contact=site.contact.slug if site.contact else "", body=site.intro
    )


def of_term(term):
    return format.Term(**_values(term, _TERM_FIELDS))


def of_contact(contact):
    return format.Contact(**_values(contact, _CONTACT_FIELDS))


def of_notice(notice):
    return format.Notice(
        **_values(notice, _NOTICE_FIELDS),
        category=notice.category.slug if notice.category else "",
        tag=notice.tag.name if notice.tag else "",
        entry=notice.entry.slug if notice.entry else "",
    )


def of_gap(gap):
    return format.Gap(slug=gap.slug, name=gap.name)


def of_attachment(attachment):
    return format.Attachment(
        slug=attachment.slug,
        title=attachment.title,
        file=attachment.name,
        sha256=attachment.stored.sha256,
        source=Path(attachment.stored.file.path),
    )


def apply_entry(document, entry, *, aliases=True):
    """Make a stored or new entry what its document says; category and slug are set already.

    A working copy has no former slugs of its own: `aliases=False`.
    """
    is_new = entry.pk is None  # an import of thousands asks for nothing that can't be there
    _set(entry, document, _ENTRY_FIELDS)
    entry.save()
    if not is_new:
        entry.steps.all().delete()
    Step.objects.bulk_create(
        Step(entry=entry, number=number, **_values(step, _STEP_FIELDS)) for number, step in enumerate(document.steps, 1)
    )
    if document.tags or not is_new:
        set_tags(entry, document.tags, is_new)
    if aliases and (document.aliases or not is_new):
        _set_aliases(document.aliases, entry=entry)


def apply_category(document, category):
    category.title, category.position, category.intro = document.title, document.position, document.body
    category.save()
    _set_aliases(document.aliases, category=category)


def apply_site(document, site):
    _set(site, document, _SITE_FIELDS)
    site.intro = document.body
    site.contact = Contact.objects.get(slug=document.contact) if document.contact else None
    site.pk = 1
    site.save()


def apply_term(document, term):
    _set(term, document, _TERM_FIELDS)
    term.save()


def apply_contact(document, contact):
    _set(contact, document, _CONTACT_FIELDS)
    contact.save()


def apply_notice(document, notice):
    """Raises Category.DoesNotExist or Entry.DoesNotExist for a place that is not stored."""
    _set(notice, document, _NOTICE_FIELDS)
    notice.category = Category.objects.at(document.category) if document.category else None
    notice.entry = Entry.objects.at(document.entry) if document.entry else None
    notice.tag = Tag.objects.get_or_create(name=document.tag)[0] if document.tag else None
    notice.save()


def apply_attachment(document, attachment):
    attachment.slug, attachment.title, attachment.name = document.slug, document.title, document.file
    attachment.stored = storing.store(document.file, document.source.read_bytes(), checked=document.sha256)
    attachment.save()


def set_tags(entry, names, is_new=False):
    """Give an entry these tags in this order; rows stay as they are where nothing changes."""
    if not is_new:
        if [tagging.tag.name for tagging in entry.taggings.select_related("tag").order_by("pk")] == names:
            return
        entry.taggings.all().delete()
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    TaggedEntry.objects.bulk_create(
        TaggedEntry(content_object=entry, tag=tags.get(name) or Tag.objects.create(name=name)) for name in names
    )


def _set_aliases(slugs, **owner):
    if list(Alias.objects.filter(**owner).values_list("slug", flat=True)) != slugs:
        Alias.objects.filter(**owner).delete()
        Alias.objects.bulk_create(Alias(slug=slug, **owner) for slug in slugs)


def _values(source, names):
    return {name: getattr(source, name) for name in names}


def _set(target, source, names):
    for name in names:
        setattr(target, name, getattr(source, name))
