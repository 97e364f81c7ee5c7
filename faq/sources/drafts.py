"""Proposals as a content folder: every entry a draft, with the categories, pictures and contacts that it needs."""

import re
from collections import Counter
from pathlib import PurePosixPath

from django.core.files.base import ContentFile

from faq import markup, slugs
from faq.content import documents, mapping
from faq.content.folder import Folder
from faq.files import storing
from faq.files.types import Refused
from faq.models import Alias, Category, Contact, Entry


def folder_of(source, name):
    """The Folder for a Source that was read from a file of this name, and in German what of its pictures is not in it."""
    folder, taken = Folder(), _addresses()
    pictures, said = _pictures(source)
    folder.pictures = pictures
    known = {category.title.casefold(): category for category in Category.objects.all()}
    last = max((category.position or 0 for category in known.values()), default=0)
    places, slug_of = Counter(), {}
    for proposal in source.proposals:
        if proposal.kind == "rest":
            continue
        title = proposal.category or _readable(name)
        if title.casefold() not in slug_of:
            slug, document, places[title.casefold()] = _category(
                title, known.get(title.casefold()), taken, last + len(slug_of) + 1
            )
            slug_of[title.casefold()], folder.categories[slug] = slug, document
        places[title.casefold()] += 1
        entry = _entry(proposal, pictures, position=places[title.casefold()])
        folder.entries[_free(proposal.title, taken, "frage")] = (slug_of[title.casefold()], entry)
    folder.contacts = _contacts(folder)
    return folder, said


def _entry(proposal, pictures, position):
    return documents.Entry(
        proposal.title[:300],
        position=position,
        kind=proposal.kind,
        status=Entry.DRAFT,
        body=_with_these(proposal.body, pictures),
        steps=[
            documents.Step(step.title, step.section, body=_with_these(step.body, pictures)) for step in proposal.steps
        ],
    )


def _category(title, stored, taken, position):
    """The slug of a category, its document, and the last place that is taken there."""
    if stored:
        return (
            stored.slug,
            mapping.document_of(stored),
            max((entry.position or 0 for entry in stored.entries.all()), default=0),
        )
    return _free(title, taken, "kategorie"), documents.Category(title[:300], position=position), 0


def _addresses():
    """All that something on the site answers to, or did."""
    return {slug for model in (Entry, Category, Alias) for slug in model._base_manager.values_list("slug", flat=True)}


def _free(title, taken, otherwise):
    """A slug that nothing has, which then is taken."""
    slug = slugs.from_title(title)
    slug = base = slug if slug and not slugs.problem(slug, address=True) else otherwise
    number = 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def _readable(name):
    words = re.sub(r"[-_]+", " ", PurePosixPath(name).stem).strip()
    return words[:1].upper() + words[1:] or "Dokument"


def _pictures(source):
    """The documents of its pictures, and what is to be said of those that are not taken."""
    found, said = {}, []
    for slug, picture in source.pictures.items():
        try:
            data = storing.check(picture.name, picture.data).data
        except Refused as error:
            said.append(f"{picture.name}: {error}")
            continue
        found[slug] = documents.Picture(slug, picture.name, description=picture.alt, source=ContentFile(data))
    return found, said


def _with_these(text, pictures):
    """A text without the pictures that are not taken."""
    return markup.rewrite_links(
        text, lambda link, written: "" if link.kind == "bild" and link.slug not in pictures else written
    )


def _contacts(folder):
    """The known contacts that texts name, with those before them, so that an import leaves all in their order."""
    texts = "\n".join(text for _, entry in folder.entries.values() for text, _ in entry.texts())
    contacts = list(Contact.objects.all())
    named = [place for place, contact in enumerate(contacts) if f"(kontakt:{contact.slug})" in texts]
    return {each.slug: mapping.document_of(each) for each in contacts[: max(named) + 1 if named else 0]}
