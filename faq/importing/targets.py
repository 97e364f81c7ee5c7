"""What the texts of a folder lead to: no link, and no notice, may lead nowhere once the folder is imported."""

from time import monotonic

from faq import markup
from faq.actions import made
from faq.content import step_names
from faq.content.folder import FileProblem, FolderError
from faq.editing import addresses, references
from faq.models import Attachment, Contact

# Seconds: from when on a text is a slow one, and how many all of those may take together.
SLOW, ALL_SLOW = 0.5, 20
_ENOUGH = (
    "Bis hierher brauchten zu viele Texte zu lange, um dargestellt zu werden. Alles Weitere wurde nicht mehr angesehen."
)


def links_of(folder, same=()):
    """The portal's links in every text of the folder: path, line, link.

    `same`: the paths of files with nothing new, whose HTML nobody will ask for. Raises FolderError with all refused texts, and all
    links and notices that lead nowhere.
    """
    problems, links, left = [], [], ALL_SLOW
    for path, document in folder.documents():
        for text, line in document.texts():
            began = monotonic()
            try:
                found = (references.rendered(text) if path in same else made(references.rendered, text)).links
            except markup.MarkupError as error:
                problems += [FileProblem(path, line + problem.line - 1, problem.message) for problem in error.problems]
                continue
            finally:
                took = monotonic() - began
                left -= took if took > SLOW else 0
                if left < 0:
                    raise FolderError([*problems, FileProblem(path, line, _ENOUGH)])
            links += [(path, line + markup.line_of(text, link.written) - 1, link) for link in found]
    problems += _dead(folder, links)
    if problems:
        raise FolderError(problems)
    return links


def require(folder, links):
    """Raises FolderError with all links and notices of the folder that lead nowhere by now: others may have deleted something."""
    if problems := _dead(folder, links):
        raise FolderError(problems)


def _dead(folder, links):
    steps = references.step_fragments({link.slug for _, _, link in links if link.kind == "faq"})
    for slug, (_, entry) in folder.entries.items():
        # A name that goes with this file stays where it leads; a place does not.
        names = {name for known in (slug, *entry.aliases) for name in steps.get(known, ())}
        there = step_names.fragments(entry.steps) | {
            name for name in names if not step_names.NOT_A_NAME.fullmatch(name)
        }
        steps |= dict.fromkeys([slug, *entry.aliases], there)
    contacts = {*folder.contacts, *Contact.objects.values_list("slug", flat=True)}
    files = {*folder.attachments, *Attachment.objects.values_list("slug", flat=True)}
    written = [link for *_, link in links]
    unknown = set(references.unknown_targets(written, steps=steps, contacts=contacts, attachments=files))
    dead = [
        FileProblem(path, line, f"Unbekanntes Ziel „{link.written}“.") for path, line, link in links if link in unknown
    ]
    return dead + _dead_notices(folder)


def _dead_notices(folder):
    """Notices about a category or entry that neither the folder nor the portal has."""
    known = {
        "category": {slug for key, category in folder.categories.items() for slug in (key, *category.aliases)},
        "entry": {slug for key, (_, entry) in folder.entries.items() for slug in (key, *entry.aliases)},
    }
    asked = [(n, kind, slug) for n in folder.notices.values() for kind in known if (slug := getattr(n, kind))]
    stored = addresses.owners(slug__in=[slug for *_, slug in asked]) if asked else {}
    return [
        FileProblem("_notices.yaml", notice.line, f"Unbekanntes Ziel „{slug}“ der Meldung „{notice.slug}“.")
        for notice, kind, slug in asked
        if slug not in known[kind] and (slug not in stored or stored[slug]._meta.model_name != kind)
    ]
