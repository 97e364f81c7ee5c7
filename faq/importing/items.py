"""What file and database have: each item of a folder beside what is stored, and what it was at the last import."""

from dataclasses import dataclass

from faq.content.documents import Document
from faq.content.kinds import Kind
from faq.importing import unchanged
from faq.importing.decision import KEPT
from faq.models import Entry, Version


@dataclass
class Item:
    """One thing that a file or the database has, or both; a path comes with its text."""

    kind: Kind
    slug: str
    path: str
    document: Document | None = None  # of the file
    file: tuple[str, str] | None = None
    row: object = None
    stored: tuple[str, str] | None = None

    @property
    def folder(self):
        """The slug of its category, by its path."""
        return self.path.partition("/")[0]

    @property
    def addresses(self):
        """The current and former slugs that its document claims."""
        return [self.slug, *self.document.aliases] if self.kind.has_address else []


def items_of(kind, folder):
    """All items of a kind: those of the folder in its order, then what is stored alone."""
    items = {
        slug: Item(kind, slug, path, document, (path, kind.text(document)))
        for slug, path, document in folder.of_kind(kind)
    }
    # The site has no slug: each of its files stands for itself.
    rows = {getattr(row, "slug", None): row for row in kind.rows()}
    if kind.has_address:
        rows = _by_address(rows.values(), items)
    for slug, row in rows.items():
        for path, text in kind.files(row).items():
            if text:
                item = items.setdefault(slug or path, Item(kind, slug or path, path))
                item.row, item.stored = row, (path, text)
    return list(items.values())


def _by_address(rows, items):
    """Rows by the slug of the file they belong to.

    That is their own, else a former one, else that of the file that has theirs as a former one, else their own again.
    """
    found = {row.slug: row for row in rows if row.slug in items}
    renamed = {alias: slug for slug, item in items.items() for alias in item.document.aliases}
    for row in rows:
        if row.slug not in items:
            names = [*(alias.slug for alias in row.aliases.all()), renamed.get(row.slug)]
            found[next((name for name in names if name in items and name not in found), row.slug)] = row
    return found


class Bases:
    """The files as they were at the last import: what `of` an item is compared with, and what the next import finds."""

    def __init__(self, who):
        self._who, self._new = who, []
        found = Version.objects.filter(base=True).order_by("pk").values_list("path", "document")
        self._files = {_name(path): (path, text) for path, text in found}

    def of(self, item):
        """Path and text of the file at the last import, which may have had the name that is stored; or None."""
        paths = [item.path, item.stored[0]] if item.stored else [item.path]
        found = [self._files.get(_name(path)) for path in paths]
        return next((base for base in found if base and base[1]), None)

    def remember(self, item, row, state):
        """The file as it is now is what the next import compares with."""
        entry = row if isinstance(row, Entry) and item.file else None
        self._add(item.file or (item.path, ""), entry, base=True)
        if state == KEPT and item.stored:
            # What is stored is the newest text again: the next save is compared with it.
            self._add(item.stored, entry)

    def save(self):
        """Write what was remembered."""
        if self._new:
            Version.objects.bulk_create(self._new)
            unchanged.forget()

    def _add(self, file, entry, base=False):
        path, text = file
        version = Version(path=path, document=text, source="import", who=self._who, base=base, entry=entry)
        self._new.append(version)


def _name(path):
    """What stays of a file's path when an entry moves to another folder."""
    name = path.rpartition("/")[2]
    return path if name == "_category.md" else name
