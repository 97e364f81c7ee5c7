"""The kinds of things that have a text: the one place where a new one is added.

Import, export, versions, search and the door for writes know what is peculiar to a kind from here alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from faq.content import format, mapping
from faq.models import Attachment, Category, Contact, Entry, Gap, Notice, Site, Tag, Term


@dataclass(frozen=True)
class Kind:
    """What is peculiar to one kind of thing.

    `name` is that of the model; `plural` stands in reports; `files(row)` gives the texts by path that stand for a row, those of
    its versions. A kind that stands in `file` as a list, in its order, has `read`, `document` and `apply`; `not_in_file` is what
    its versions alone say. `searched_in(row)`
    gives the entries of whose search text the row is a part, `written_in(row)` those of whose document. `is_seen(row)` says
    whether readers may see something of it, now or at a later moment. What `comes_with_texts` is made by the text that first has it.
    """

    name: str
    model: type[Model]
    plural: str
    files: Callable
    file: str = ""
    not_in_file: tuple[str, ...] = ()
    read: Callable | None = None
    document: Callable | None = None
    apply: Callable | None = None
    searched_in: Callable = lambda row: Entry.objects.none()
    written_in: Callable = lambda row: Entry.rows.none()
    is_seen: Callable = lambda row: True
    comes_with_texts: bool = False

    def rows(self):
        """All rows, with what their texts need."""
        relations = [field.name for field in self.model._meta.concrete_fields if field.is_relation]
        return self.model.objects.select_related(*relations) if relations else self.model.objects.all()

    @property
    def in_folder(self):
        """The name of the kind's documents in a Folder."""
        return f"{self.name}s"


def _listed(name, model, plural, file, read, **more):
    document, apply = getattr(mapping, f"of_{name}"), getattr(mapping, f"apply_{name}")

    def files(row):
        return {f"{file}#{row.slug}": format.write_list([document(row)])}

    return Kind(name, model, plural, files, file=file, read=read, document=document, apply=apply, **more)


def _referring(row):
    return Entry.objects.filter(links_out__in=row.references.all())


def _of_entry(entry):
    return {f"{entry.category.slug}/{entry.slug}.md": format.write_entry(mapping.of_entry(entry))}


def _of_category(category):
    return {f"{category.slug}/_category.md": format.write_category(mapping.of_category(category))}


def _of_site(site):
    texts = {path: getattr(site, field) for path, field in mapping.SITE_TEXTS.items()}
    return {"_site.md": format.write_site(mapping.of_site(site))} | {
        path: format.write_text(format.Text(text)) if text else "" for path, text in texts.items()
    }


def _of_gap(gap):
    # Content files have no gaps of their own: a text makes them. The history of their names does.
    return {f"_gaps.yaml#{gap.slug}": format.write_list([mapping.of_gap(gap)])}


# In the order in which they are imported: what others refer to comes first.
KINDS = (
    _listed(
        "contact", Contact, "Ansprechpartner", "_contacts.yaml", format.read_contacts, searched_in=_referring
    ),
    _listed("term", Term, "Begriffe", "_terms.yaml", format.read_terms),
    _listed(
        "attachment", Attachment, "Dateien", mapping.ATTACHMENTS, format.read_attachments, not_in_file=("sha256",),
        searched_in=_referring,
    ),
    Kind("gap", Gap, "Offene Stellen", _of_gap, searched_in=_referring, comes_with_texts=True),
    Kind(
        "category", Category, "Kategorien", _of_category,
        searched_in=lambda category: category.entries.all(),
        is_seen=lambda category: category.entries.filter(status=Entry.PUBLISHED).exists()
        or Category.objects.with_page().filter(pk=category.pk).exists(),
    ),
    Kind("site", Site, "Portal", _of_site),
    Kind("entry", Entry, "Einträge", _of_entry),
    _listed("notice", Notice, "Meldungen", "_notices.yaml", format.read_notices),
    Kind(
        "tag", Tag, "Schlagwörter", lambda tag: {},
        written_in=lambda tag: Entry.rows.filter(taggings__tag=tag),
        comes_with_texts=True,
    ),
)  # fmt: skip
LISTED = {kind.name: kind for kind in KINDS if kind.file}
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
