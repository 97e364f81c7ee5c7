"""Steps in files: those that leave their names out, and links that mean another step once a walkthrough is read in."""

import re
from dataclasses import replace

from faq import markup
from faq.content import documents, kinds, reading, step_names
from faq.content.kinds import BY_MODEL
from faq.editing import references
from faq.importing.items import same_as_stored
from faq.models import Entry, Reference, Version


def named(folder):
    """The folder with the names that its steps have already where files leave them out; and which should be written, as sentences.

    A step with another title alone is the step that it was at the last import, or is here.
    """
    unnamed = {
        slug: document
        for slug, (_, document) in folder.entries.items()
        if not all(step.name for step in document.steps)
    }
    for slug in same_as_stored(folder, unnamed):
        del unnamed[slug]
    rows = references.entries_at({name for slug, entry in unnamed.items() for name in (slug, *entry.aliases)})
    entries, said = dict(folder.entries), []
    for slug, document in unnamed.items():
        row = next((rows[name] for name in (slug, *document.aliases) if name in rows), None)
        if not row:
            continue
        names = step_names.kept(document.steps, [*_at_last_import(row), *row.steps.all()])
        steps = step_names.with_names(document.steps, names)
        path = BY_MODEL[Entry].path_of(slug, folder.entries[slug][0])
        said += [f"{path}: {sentence}" for sentence in _to_write(document.steps, steps)]
        entries[slug] = (folder.entries[slug][0], replace(document, steps=steps))
    return replace(folder, entries=entries), said


def _at_last_import(entry):
    base = Version.objects.filter(base=True, entry=entry).exclude(document="").first()
    steps = reading.read(documents.Entry, base.document).steps if base else []
    return step_names.with_names(steps, step_names.filled(steps))


def _to_write(given, steps):
    """What a file should say where it leaves out a name that its title does not give."""
    for step, left_out, was in zip(steps, step_names.left_out(steps), given, strict=True):
        if step.name and not left_out and not was.name:
            yield f"Der Schritt behält seinen Namen. Bitte schreiben Sie „### {step.title} {{#{step.name}}}“."


def misled(entry, before, sources):
    """Sentences about links to the steps of an entry that mean another one than `before`, pairs of name and title in their order.

    `sources` hold what was read in as well: its links are meant as they are written.
    """
    now = {step.name: step for step in entry.steps.all()}
    titles = {step.number: step.title for step in now.values()}
    moved = {
        number: (name, title)
        for number, (name, title) in enumerate(before, 1)
        if name not in now or now[name].number != number
    }
    fragments = [f"schritt-{number}" for number in moved] + [name for name, _ in moved.values()]
    for source in references.places(Reference.objects.filter(target=entry, fragment__in=fragments)):
        if source in sources:
            continue
        for link in _links(source):
            place = link.step if link.step in moved else None
            if place:
                there = f"zu „{titles[place]}“" if place in titles else "zum ganzen Eintrag"
                yield f"„{source}“: Der Link „{link.written}“ meinte „{moved[place][1]}“ und führt jetzt {there}."
            number = next((number for number, (name, _) in moved.items() if link.fragment == name), None)
            if number and re.search(rf"\bSchritt\s+{number}\b", markup.plain_text(link.label)) and link.fragment in now:
                yield f"„{source}“: Der Link „{link.written}“ heißt „Schritt {number}“; das ist jetzt Schritt {now[link.fragment].number}."


def _links(source):
    return [link for piece, _, html in kinds.texts(source) for link in markup.links(getattr(piece, html))]
