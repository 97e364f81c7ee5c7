"""The kinds of things that have a text: the one place where a new one is added.

Import, export, versions, search and the door for writes know what is peculiar to a kind from here alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from faq.content import canonical, mapping
from faq.content.documents import Document, Text
from faq.models import Attachment, Category, Contact, Entry, Gap, Notice, Site, Tag, Term


@dataclass(frozen=True)
class Kind:
    """What is peculiar to one kind of thing.

    `plural` stands in reports; `files(row)` gives the texts by path that stand for a row, those of its versions. What has files in
    a content folder has `rows()`: all rows, with what their texts need. A kind that stands there in one `file` is a list, in its
    order; `not_in_file` is what its versions alone say. `searched_in(row)` gives the entries of whose search text the row is a
    part, `written_in(row)` those of whose document. `is_seen(row)` says whether readers may see something of it, now or at a
    later moment. What `has_address` answers at its slug and former slugs on the site. What `comes_with_texts` is made by the text
    that first has it.
    """

    model: type[Model]
    plural: str
    files: Callable
    rows: Callable = lambda: ()
    file: str = ""
    not_in_file: tuple[str, ...] = ()
    searched_in: Callable = lambda row: Entry.objects.none()
    written_in: Callable = lambda row: Entry.rows.none()
    is_seen: Callable = lambda row: True
    has_address: bool = False
    comes_with_texts: bool = False

    @property
    def name(self):
        return self.model._meta.model_name

    @property
    def document(self) -> type[Document]:
        """The class of its documents."""
        return mapping.MAPPED[self.model].document

    @property
    def in_folder(self):
        """The name of the kind's documents in a Folder."""
        return f"{self.name}s"


def _listed(model, plural, file, related=(), **more):
    """A kind that stands in one file; `related` are the columns that lead to other rows."""
    return Kind(model, plural, _of_item(file), lambda: model.objects.select_related(*related), file=file, **more)


def _of_item(file):
    return lambda row: {f"{file}#{row.slug}": canonical.write_list([mapping.document_of(row)])}


def _of_entry(entry):
    return {f"{entry.category.slug}/{entry.slug}.md": canonical.write(mapping.document_of(entry))}


def _of_category(category):
    return {f"{category.slug}/_category.md": canonical.write(mapping.document_of(category))}


def _of_site(site):
    texts = {path: getattr(site, field) for path, field in mapping.SITE_TEXTS.items()}
    return {"_site.md": canonical.write(mapping.document_of(site))} | {
        path: canonical.write(Text(text)) if text else "" for path, text in texts.items()
    }


def _referring(row):
    return Entry.objects.filter(links_out__in=row.references.all())


# In the order in which they are imported: what others refer to comes first.
KINDS = (
    _listed(Contact, "Ansprechpartner", "_contacts.yaml", searched_in=_referring),
    _listed(Term, "Begriffe", "_terms.yaml"),
    _listed(
        Attachment, "Dateien", mapping.ATTACHMENTS, ["stored"], not_in_file=("sha256",), searched_in=_referring
    ),
    # Content files have no gaps of their own: a text makes them. The history of their names does.
    Kind(Gap, "Offene Stellen", _of_item("_gaps.yaml"), searched_in=_referring, comes_with_texts=True),
    Kind(
        Category, "Kategorien", _of_category, lambda: Category.objects.prefetch_related("aliases"),
        searched_in=lambda category: category.entries.all(),
        is_seen=lambda category: category.entries.filter(status=Entry.PUBLISHED).exists()
        or Category.objects.with_page().filter(pk=category.pk).exists(),
        has_address=True,
    ),
    Kind(Site, "Portal", _of_site, lambda: Site.objects.select_related("contact")),
    Kind(Entry, "Einträge", _of_entry, lambda: Entry.objects.complete(), has_address=True),
    _listed(Notice, "Meldungen", "_notices.yaml", ["category", "tag", "entry"]),
    Kind(
        Tag, "Schlagwörter", lambda tag: {},
        written_in=lambda tag: Entry.rows.filter(taggings__tag=tag),
        comes_with_texts=True,
    ),
)  # fmt: skip
# Those that stand in one file, by its path.
LISTED = {kind.file: kind for kind in KINDS if kind.file}
BY_MODEL = {kind.model: kind for kind in KINDS}


def files(row):
    """The texts that stand for something stored, by path: one but for the site, none for a tag."""
    return BY_MODEL[type(row)].files(row)


def is_working_copy(row):
    """Whether it is an entry that no reader sees until it is published in place of its original."""
    return isinstance(row, Entry) and row.copy_of_id is not None


def pieces(row):
    """The rows that hold the Markdown of something stored."""
    return [row, *row.steps.all()] if isinstance(row, Entry) else [row]


def texts(row):
    """Triples of a row, the name of its field with Markdown and that of its HTML, for all texts of something stored."""
    return [(piece, *names) for piece in pieces(row) if hasattr(piece, "texts") for names in piece.texts()]
