"""What the texts of a folder hold, and lead to: no link, and no notice, may lead nowhere once the folder is imported."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from faq import markup
from faq.actions import made
from faq.content import folder, step_names
from faq.content.folder import FileProblem, FolderError
from faq.content.kinds import IN_FOLDER
from faq.editing import addresses, references, rendering
from faq.models import OldText, Version

# Seconds: from when on a text is a slow one, and how many all of those may take together.
SLOW, ALL_SLOW = 0.5, 20
_ENOUGH = (
    "Bis hierher brauchten zu viele Texte zu lange, um dargestellt zu werden. Alles Weitere wurde nicht mehr angesehen."
)


@dataclass
class Texts:
    """What the texts of a folder hold.

    `links` are the portal's, each with the path of its file, the document, the line on which its text starts, and that. `old` says of each text that
    is taken as it was before what is wrong with it, `warnings` say it of the files.
    """

    links: list = field(default_factory=list)
    old: dict[str, str] = field(default_factory=dict)
    warnings: list[FileProblem] = field(default_factory=list)


def read(root):
    """The documents of the folder at `root`. Raises FolderError with everything that is wrong in its files, their texts as well."""
    try:
        return folder.read(root)
    except FolderError as error:
        found = _Refused(lambda path: False)
        for kind, path, document in error.readable:
            for text, line in document.texts():
                with found.noted(kind, path, document, text, line):
                    markup.render(text)
        raise FolderError(error.problems + found.problems()) from None


def texts_of(content, same=(), *, take_old=False, anew=lambda path: False):
    """The Texts of a Folder.

    `same`: the paths of files with nothing new, whose HTML nobody will ask for. `take_old`: refused texts are taken as they were
    before. `anew(path)`: a file is judged also where it is as it was at its last import. Raises FolderError with all refused texts,
    and all links and notices that lead nowhere.
    """
    refused, texts, left = _Refused(anew), Texts(), ALL_SLOW
    for kind in IN_FOLDER:
        for _, path, document in content.of_kind(kind):
            for text, line in document.texts():
                began = monotonic()
                with refused.noted(kind, path, document, text, line) as links:
                    result = rendering.rendered(text) if path in same else made(rendering.rendered, text)
                    links += result.links
                took = monotonic() - began
                left -= took if took > SLOW else 0
                if left < 0:
                    raise FolderError([*refused.problems(), FileProblem(path, line, _ENOUGH)])
                texts.links += [(path.partition("#")[0], document, line, text, link) for link in links]
    problems = refused.problems(texts if take_old else None) + _dead(content, texts.links)
    if problems:
        raise FolderError(problems)
    return texts


class _Refused:
    """The texts of a folder that are refused, those aside of files of which nothing will become."""

    def __init__(self, anew):
        self._anew, self._errors = anew, []

    @contextmanager
    def noted(self, kind, path, document, text, line):
        """Within it a text is rendered; gives back a list for its links."""
        links = []
        try:
            yield links
        except markup.MarkupError as error:
            links += error.links
            if self._anew(path) or not _is_as_imported(kind, path, document):
                self._errors.append((path.partition("#")[0], document, line, text, error))

    def problems(self, texts=None):
        """What is wrong in files; what a release of before took is noted in `texts` instead, if there are such."""
        known, problems = OldText.objects.of(text for *_, text, _ in self._errors), []
        for path, document, line, text, error in self._errors:
            said = [FileProblem(path, document.file_line(line, each.line), each.message) for each in error.problems]
            if texts and not isinstance(error, markup.Unreadable):
                texts.old[text] = str(error)
                texts.warnings += said
            elif text not in known:
                problems += said
        return problems


def _is_as_imported(kind, path, document):
    """Whether a file is as it was when it was imported last: nothing will become of it."""
    base = Version.objects.filter(base=True, path=path).order_by("-pk").values_list("document", flat=True).first()
    return base == kind.text(document)


def require(content, links):
    """Raises FolderError with all links and notices of the folder that lead nowhere by now: others may have deleted something."""
    if problems := _dead(content, links):
        raise FolderError(problems)


def _dead(content, links):
    steps = references.step_fragments({link.slug for *_, link in links if link.kind == "faq"})
    for slug, (_, entry) in content.entries.items():
        steps |= dict.fromkeys([slug, *entry.aliases], step_names.fragments(entry.steps))
    new = [("kontakt", content.contacts), ("datei", content.attachments), ("bild", content.pictures)]
    written = [link for *_, link in links]
    said = {
        link: references.UNDESCRIBED.format(link) for link in references.undescribed(written, content.pictures.values())
    }
    said |= {link: f"Unbekanntes Ziel „{link.written}“." for link in references.unknown_targets(written, steps, new)}
    dead = {
        FileProblem(path, document.file_line(line, number), said[link])
        for path, document, line, text, link in links
        if link in said
        for number in markup.lines_of(text, link)
    }
    return [*dead, *_dead_notices(content)]


def _dead_notices(content):
    """Notices about a category or entry that neither the folder nor the portal has."""
    known = {
        "category": {slug for key, category in content.categories.items() for slug in (key, *category.aliases)},
        "entry": {slug for key, (_, entry) in content.entries.items() for slug in (key, *entry.aliases)},
    }
    asked = [(n, kind, slug) for n in content.notices.values() for kind in known if (slug := getattr(n, kind))]
    stored = addresses.owners(slug__in=[slug for *_, slug in asked]) if asked else {}
    return [
        FileProblem("_notices.yaml", notice.line, f"Unbekanntes Ziel „{slug}“ der Meldung „{notice.slug}“.")
        for notice, kind, slug in asked
        if slug not in known[kind] and (slug not in stored or stored[slug]._meta.model_name != kind)
    ]
