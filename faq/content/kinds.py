"""The kinds of things that have a text: the one place where a new one is added.

Import, export, versions, search and the door for writes know what is peculiar to a kind from here alone; what its document holds
stands in `documents`, and how its row says that in `mapping`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Model

from faq.content import canonical, mapping
from faq.content.documents import Text
from faq.models import Attachment, Category, Contact, Entry, Gap, Notice, Picture, Site, Tag, Term


@dataclass(frozen=True)
class Kind:
    """What is peculiar to one kind of thing.

    `plural` stands in reports; `path` is where the text of one stands, and `field_files` are files for single fields. Where a
    content folder has it, `in_folder` is the name of its documents in a Folder. A path with „#“ leads into a file that is a list,
    in its order; `not_in_file` is what its versions alone say. `complete(rows)` adds what their texts need. `searched_in(row)`
    gives the entries of whose search text the row is a part, `written_in(row)` those of whose document. `is_seen(row)` says
    whether readers may see something of it, now or at a later moment. What `has_address` answers at its slug and former slugs on
    the site. What `comes_with_texts` is made by the text that first has it.
    """

    model: type[Model]
    plural: str
    path: str = ""
    in_folder: str = ""
    field_files: dict[str, str] = field(default_factory=dict)
    not_in_file: tuple[str, ...] = ()
    complete: Callable = lambda rows: rows.all()
    searched_in: Callable = lambda row: Entry.objects.none()
    written_in: Callable = lambda row: Entry.rows.none()
    is_seen: Callable = lambda row: True
    has_address: bool = False
    comes_with_texts: bool = False

    @property
    def name(self):
        return self.model._meta.model_name

    @property
    def file(self):
        """The file that lists all of them, or nothing."""
        file, in_list, _ = self.path.partition("#")
        return file if in_list and self.in_folder else ""

    @property
    def document(self):
        """The class of its documents."""
        return mapping.MAPPED[self.model].document

    def rows(self):
        """All rows, with what their texts need."""
        return self.complete(self.model.objects)

    def path_of(self, slug, category=""):
        return self.path.format(slug=slug, category=category)

    def text(self, document):
        """The text of one document, as it stands in its versions."""
        return canonical.write_list([document]) if "#" in self.path else canonical.write(document)

    def files(self, row):
        """The texts by path that stand for a row, those of its versions."""
        path = self.path_of(getattr(row, "slug", ""), row.category.slug if self.model is Entry else "")
        files = {path: self.text(mapping.document_of(row))}
        for path, name in self.field_files.items():
            text = getattr(row, name)
            files[path] = self.text(Text(text)) if text else ""
        return files


def _referring(row):
    return Entry.objects.filter(links_out__in=row.references.all())


# In the order in which they are imported: what others refer to comes first.
KINDS = (
    Kind(Contact, "Ansprechpartner", "_contacts.yaml#{slug}", "contacts", searched_in=_referring),
    Kind(Term, "Begriffe", "_terms.yaml#{slug}", "terms"),
    *(
        Kind(
            model, plural, path, in_folder,
            complete=lambda rows: rows.select_related("stored"),
            not_in_file=("sha256",),
            searched_in=_referring,
            is_seen=lambda row: type(row).objects.promised().filter(pk=row.pk).exists(),
        )
        for model, plural, path, in_folder in (
            (Attachment, "Dateien", "_dateien/_dateien.yaml#{slug}", "attachments"),
            (Picture, "Bilder", "_bilder/_bilder.yaml#{slug}", "pictures"),
        )
    ),
    # Content files have no gaps of their own: a text makes them. The history of their names does.
    Kind(Gap, "Offene Stellen", "_gaps.yaml#{slug}", searched_in=_referring, comes_with_texts=True),
    Kind(
        Category, "Kategorien", "{slug}/_category.md", "categories",
        complete=lambda rows: rows.prefetch_related("aliases"),
        searched_in=lambda category: category.entries.all(),
        is_seen=lambda category: category.entries.filter(status=Entry.PUBLISHED).exists()
        or Category.objects.with_page().filter(pk=category.pk).exists(),
        has_address=True,
    ),
    Kind(
        Site, "Portal", "_site.md", "site",
        field_files=mapping.SITE_TEXTS,
        complete=lambda rows: rows.select_related("contact"),
    ),
    Kind(
        Entry, "Einträge", "{category}/{slug}.md", "entries",
        complete=lambda rows: rows.complete(),
        has_address=True,
    ),
    Kind(
        Notice, "Meldungen", "_notices.yaml#{slug}", "notices",
        complete=lambda rows: rows.select_related("category", "tag", "entry"),
    ),
    # Nor tags, which the files of entries name.
    Kind(
        Tag, "Schlagwörter", "_tags.yaml#{slug}",
        written_in=lambda tag: Entry.rows.filter(taggings__tag=tag),
        is_seen=lambda tag: Entry.objects.filter(status=Entry.PUBLISHED, taggings__tag=tag).exists(),
        comes_with_texts=True,
    ),
)  # fmt: skip
IN_FOLDER = [kind for kind in KINDS if kind.in_folder]
# Those that stand in one file, by its path.
LISTED = {kind.file: kind for kind in KINDS if kind.file}
BY_MODEL = {kind.model: kind for kind in KINDS}


def of_path(path):
    """The kind of what stands at a path."""
    found = (kind for kind in KINDS if path in kind.field_files or (kind.path and _pattern(kind.path).fullmatch(path)))
    return next(found, BY_MODEL[Entry])


def paths_of(row):
    """The paths at which the texts of something stored stand; of a category also the former ones. Not for an entry."""
    kind = BY_MODEL[type(row)]
    former = row.aliases.values_list("slug", flat=True) if kind.has_address else ()
    return [*files(row), *map(kind.path_of, former)]


def slug_of(path):
    """The slug of what stands at a path. Not for an entry."""
    return path.partition("#")[2] or path.partition("/")[0]


def row_at(path):
    """The row whose text stands at a path, or stood there, see `paths_of`; None where there is none. Not for an entry."""
    kind, slug = of_path(path), slug_of(path)
    if kind.has_address:
        return kind.rows().filter(slug=slug).first() or kind.rows().filter(aliases__slug=slug).first()
    return kind.rows().filter(**({"slug": slug} if hasattr(kind.model, "slug") else {})).first()


@cache
def _pattern(path):
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))


def files(row):
    """The texts that stand for something stored, by path: one but for the site."""
    return BY_MODEL[type(row)].files(row)


def is_working_copy(row):
    """Whether it is an entry that no reader sees until it is published in place of its original."""
    return isinstance(row, Entry) and row.copy_of_id is not None


def pieces(row):
    """The rows that hold the Markdown of something stored."""
    return [row, *row.steps.all()] if isinstance(row, Entry) else [row]


def texts(row):
    """Triples of a row, the name of its field with Markdown and that of its HTML, for all texts of something stored.

    What a term leads to is one as well: so whatever keeps links right keeps it right.
    """
    found = [(piece, *names) for piece in pieces(row) if hasattr(piece, "texts") for names in piece.texts()]
    return [*found, (row, "leads_link", "leads_html")] if isinstance(row, Term) else found
