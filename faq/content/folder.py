"""A content folder as a whole: its files read into documents, and documents written as its files."""

import os
import tempfile
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from faq import slugs
from faq.content import canonical, reading, values
from faq.content.documents import Attachment, Category, Contact, Entry, Notice, Picture, Site, Term, Text
from faq.content.kinds import IN_FOLDER, LISTED
from faq.content.mapping import SITE_TEXTS
from faq.content.values import DocumentError
from faq.files import storing
from faq.files.types import Refused
from faq.markup import Problem

MAX_BYTES = 2_000_000
SHOWN = 100  # problems of a folder that are said, as of a file
# Where files lie beside the list of them, by the kind of their documents.
FILE_FOLDERS = {Attachment: "_dateien/", Picture: "_bilder/"}
FILE_LISTS = {kind: f"{folder}{folder[:-1]}.yaml" for kind, folder in FILE_FOLDERS.items()}


@dataclass(frozen=True, order=True)
class FileProblem:
    """What is wrong in a file of the folder, in German."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class FolderError(ValueError):
    """A folder that is not valid content; `problems` are FileProblems.

    `readable` are the documents that could be read all the same, each with its kind and its path as of a version.
    """

    def __init__(self, problems, readable=()):
        self.problems, self.readable = sorted(set(problems)), readable
        more = len(self.problems) - SHOWN
        said = [*map(str, self.problems[:SHOWN]), *([f"… und {more:,} weitere".replace(",", ".")] if more > 0 else [])]
        super().__init__("\n".join(said))


@dataclass
class Folder:
    """The documents of a folder, each kind by its key; entries by slug, with the slug of their category."""

    site: Site | None = None
    texts: dict[str, Text] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    entries: dict[str, tuple[str, Entry]] = field(default_factory=dict)

    def of_kind(self, kind):
        """The documents of one kind, one of IN_FOLDER: triples of slug, path as of a version, and document.

        The slug is unique among them; that of the site's files is their path.
        """
        found = getattr(self, kind.in_folder)
        if kind.name == "site":
            files = ({kind.path: self.site} if self.site else {}) | self.texts
            return [(path, path, document) for path, document in files.items()]
        if kind.name == "entry":
            return [(slug, kind.path_of(slug, category), entry) for slug, (category, entry) in found.items()]
        return [(slug, kind.path_of(slug), document) for slug, document in found.items()]

    def documents(self):
        """Pairs of a file's path and a document in it."""
        for kind in IN_FOLDER:
            yield from ((path.partition("#")[0], document) for _, path, document in self.of_kind(kind))

    def files(self):
        """The canonical text of each file, by path."""
        files = {}
        for path, pairs in groupby(self.documents(), itemgetter(0)):
            documents = [document for _, document in pairs]
            if kind := LISTED.get(path):
                files[path] = canonical.write_list(documents, without=kind.not_in_file)
            else:
                files[path] = canonical.write(documents[0])
        return files

    def kept_files(self):
        """The documents of attachments and pictures."""
        return [*self.attachments.values(), *self.pictures.values()]

    def binaries(self):
        """Where the bytes of each attachment and picture are, by the path of its file."""
        return {_beside(document): document.source for document in self.kept_files()}

    def checksums(self):
        """What stands for those bytes, by the path of the file."""
        return {_beside(document): document.sha256 for document in self.kept_files()}


def read(root):
    """The documents of the folder at `root`. Raises FolderError with everything that is wrong in its files."""
    root = Path(root)
    if not root.is_dir():
        raise FolderError([FileProblem(str(root), 1, "Diesen Ordner gibt es nicht.")])
    folder, problems, broken = Folder(), [], []
    present = {}
    for path in _content_files(root):
        composed = values.normalised(path)
        if composed in present:
            problems.append(FileProblem(composed, 1, "Diesen Namen haben hier zwei Dateien, die gleich aussehen."))
        present[composed] = root / path
    for path, file in present.items():
        if path.startswith((*FILE_FOLDERS.values(),)) and path not in FILE_LISTS.values():
            continue
        try:
            _read_file(file, path, folder)
        except DocumentError as error:
            problems += [FileProblem(path, problem.line, problem.message) for problem in error.problems]
            broken += [(_kind_of(error.document), path, error.document)] if error.document else []
    unread = {problem.path for problem in problems}
    for kind, documents in ((Attachment, folder.attachments), (Picture, folder.pictures)):
        if FILE_LISTS[kind] not in unread:
            problems += _read_files(kind, documents.values(), present)
    if not problems and not any(folder.documents()):
        problems.append(FileProblem(str(root), 1, "In diesem Ordner liegt kein Inhalt."))
    problems += _clashes(folder, contacts_known=all(problem.path != "_contacts.yaml" for problem in problems))
    if problems:
        readable = [(kind, path, document) for kind in IN_FOLDER for _, path, document in folder.of_kind(kind)]
        raise FolderError(problems, readable + broken)
    return folder


def _kind_of(document):
    return next(kind for kind in IN_FOLDER if kind.document is type(document))


def write(folder, root, prune=False):
    """Write the files of a folder; those that are right already stay untouched.

    Returns the paths written, those in the folder that belong to nothing, and whether the latter were removed (`prune`).
    Raises FolderError where `root` holds other things than content.
    """
    root, files = Path(root), folder.files()
    present = set(_content_files(root)) if root.is_dir() else set()
    if root.is_dir() and any(root.iterdir()) and not present:
        raise FolderError(
            [FileProblem(str(root), 1, "Dieser Ordner ist nicht leer und enthält keinen Inhalt des Portals.")]
        )
    binaries = folder.binaries()
    written = [path for path, text in files.items() if _write_file(root / path, text.encode("utf-8"))]
    written += [path for path, source in binaries.items() if _write_file(root / path, storing.read(source))]
    stale = sorted(present - set(files) - set(binaries))
    if prune:
        for path in stale:
            (root / path).unlink()
    return written, stale


def _content_files(root):
    """The paths of the folder's content files, those of a category after its `_category.md`."""
    found = []
    for path in sorted(root.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            inside = [inner.name for inner in path.iterdir() if not inner.name.startswith(".")]
            # A digit would come before it.
            found += [f"{path.name}/{name}" for name in sorted(inside, key=lambda name: (name != "_category.md", name))]
        elif path.suffix in (".md", ".yaml") or path.name.startswith("_"):
            found.append(path.name)
    return found


def _read_file(file, path, folder):
    text = _text(file)
    if path == "_site.md":
        folder.site = reading.read(Site, text)
    elif path in SITE_TEXTS:
        if (document := reading.read_text(text)).body:
            folder.texts[path] = document
    elif kind := LISTED.get(path):
        documents = reading.read_list(kind.document, text)
        setattr(folder, kind.in_folder, {document.slug: document for document in documents})
    else:
        _read_in_category(path, text, folder)


def _read_in_category(path, text, folder):
    category, _, name = path.rpartition("/")
    slug = name.removesuffix(".md")
    if not category:
        raise _wrong("Diese Datei gehört in den Ordner einer Kategorie.")
    if not name.endswith(".md"):
        raise _wrong("Hier werden nur Dateien mit der Endung .md gelesen.")
    if name == "_category.md":
        if problem := slugs.problem(category, address=True):
            raise _wrong(problem)
        folder.categories[category] = reading.read(Category, text)
        return
    if problem := slugs.problem(slug, address=True):
        raise _wrong(problem)
    if category not in folder.categories:
        raise _wrong(f"Der Ordner „{category}“ hat keine gültige _category.md.")
    if slug in folder.entries:
        raise _wrong(f"Den Eintrag „{slug}“ gibt es schon im Ordner „{folder.entries[slug][0]}“.")
    entry = reading.read(Entry, text)
    if undated := [change for change in entry.changes if entry.status == "published" and not change.day]:
        message = "„changes“: Vor dem Satz fehlt der Tag („2026-12-31 …“). Ohne ihn gibt es nur Sätze eines Entwurfs."
        raise DocumentError([Problem(change.line, message) for change in undated], entry)
    latest = max(filter(None, [timezone.localdate(), entry.publish_at and timezone.localdate(entry.publish_at)]))
    if ahead := [change for change in entry.changes if change.day and change.day > latest]:
        message = "„changes“: Der Tag vor dem Satz kommt erst noch. Er ist der, an dem Leser davon erfahren haben."
        raise DocumentError([Problem(change.line, message) for change in ahead], entry)
    folder.entries[slug] = (category, entry)


def _read_files(kind, documents, present):
    """Look at the file of each attachment or picture and say which it is; returns what is wrong with them."""
    problems, named, listed = [], set(), FILE_LISTS[kind]
    for document in documents:
        document.source = present.get(_beside(document))
        try:
            if document.file.lower() in named:
                raise Refused(f"Die Datei „{document.file}“ steht hier zweimal.")
            named.add(document.file.lower())
            digest = _checked(document)
            if document.sha256 not in ("", digest):
                raise Refused(f"Die Prüfsumme (sha256) ist nicht die von „{document.file}“.")
            document.sha256 = digest
        except Refused as error:
            problems.append(FileProblem(listed, document.line, str(error)))
    known = {listed, *map(_beside, documents)}
    return problems + [
        FileProblem(path, 1, f"Diese Datei steht nicht in {listed.rpartition('/')[2]}.")
        for path in present
        if path.startswith(FILE_FOLDERS[kind]) and path not in known
    ]


def _checked(document):
    """The checksum of a file as it will be kept. Raises Refused where it is not there or not harmless."""
    source = document.source
    if source is None or source.is_symlink() or not source.is_file():
        raise Refused(f"Die Datei „{document.file}“ gibt es nicht.")
    if source.stat().st_size > settings.ATTACHMENT_MAX_MB * 1_000_000:
        raise Refused(f"„{document.file}“ ist größer als {settings.ATTACHMENT_MAX_MB} MB.")
    try:
        return storing.checksum(document.file, source.read_bytes())
    except Refused as error:
        raise Refused(f"„{document.file}“: {error}") from None


def _beside(document):
    return FILE_FOLDERS[type(document)] + document.file


def _text(path):
    if path.is_dir():
        raise _wrong("Ein Ordner in einem Ordner wird nicht gelesen.")
    if path.stat().st_size > MAX_BYTES:
        raise _wrong(f"Die Datei ist größer als {MAX_BYTES} Bytes.")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DocumentError([Problem(line, "Die Datei ist nicht in UTF-8 gespeichert.")]) from None


def _wrong(message):
    return DocumentError([Problem(1, message)])


def _clashes(folder, contacts_known):
    """Addresses that two files claim, and a main contact that there is not."""
    claimed, problems = {}, []
    at_addresses = (named for kind in IN_FOLDER if kind.has_address for named in folder.of_kind(kind))
    for slug, path, document in at_addresses:
        for address in [slug, *document.aliases]:
            if address in claimed:
                problems.append(FileProblem(path, 1, f"Der Anker „{address}“ steht schon in {claimed[address]}."))
            claimed[address] = path
    if contacts_known and folder.site and folder.site.contact and folder.site.contact not in folder.contacts:
        problems.append(FileProblem("_site.md", 1, f"Unbekannter Ansprechpartner „{folder.site.contact}“."))
    return problems


def _write_file(path, data):
    """Replace a file in one go unless it says the same already."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True
