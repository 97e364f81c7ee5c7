"""What file and database have: each item of a folder beside what is stored, and what it was at the last import."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from faq.content.documents import Document
from faq.content.kinds import BY_MODEL, Kind
from faq.importing.decision import KEPT
from faq.models import Alias, Entry, Version

CHUNK = 500  # rows that are in memory with all that belongs to them


@dataclass
class Item:
    """One thing that a file or the database has, or both; a path comes with its text.

    The row of what has an address is a part of it: there are very many.
    """

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
    rows, slugs = {}, {}
    if kind.has_address:
        rows = {row.pk: row for row in kind.model.objects.only("slug", "title")}
        slugs = {row.pk: slug for slug, row in _by_address(kind, rows.values(), items).items()}
    for row in kind.rows().iterator(chunk_size=CHUNK):
        # The site has no slug: each of its files stands for itself.
        slug = slugs.get(row.pk) or getattr(row, "slug", None)
        for stored in kind.files(row).items():
            if stored[1]:
                item = items.setdefault(slug or stored[0], Item(kind, slug or stored[0], stored[0]))
                # The same text is held once.
                item.row, item.stored = rows.get(row.pk, row), item.file if item.file == stored else stored
    return list(items.values())


def same_as_stored(folder, among=None):
    """The slugs of the folder's entries, or of those `among` them, whose file is what is stored."""
    kind, same = BY_MODEL[Entry], set()
    rows = kind.rows() if among is None else kind.rows().filter(slug__in=among)
    for row in rows.iterator(chunk_size=CHUNK):
        category, document = folder.entries.get(row.slug, ("", None))
        if document and kind.files(row) == {kind.path_of(row.slug, category): kind.text(document)}:
            same.add(row.slug)
    return same


def _by_address(kind, rows, items):
    """Rows by the slug of the file they belong to.

    That is their own, else a former one, else that of the file that has theirs as a former one, else their own again.
    """
    found = {row.slug: row for row in rows if row.slug in items}
    former = defaultdict(list)
    for key, slug in Alias.objects.exclude(**{kind.name: None}).values_list(kind.name, "slug"):
        former[key].append(slug)
    renamed = {alias: slug for slug, item in items.items() for alias in item.document.aliases}
    for row in rows:
        if row.slug not in items:
            names = [*former[row.pk], renamed.get(row.slug)]
            found[next((name for name in names if name in items and name not in found), row.slug)] = row
    return found


class Bases:
    """The files as they were at the last import: what `of` an item is compared with, and what the next import finds."""

    def __init__(self, who):
        self._who, self._new, self._upgraded = who, [], {}
        found = Version.objects.filter(base=True).order_by("pk").values_list("path", "document")
        self._files = {_name(file[0]): digest(file) for file in found.iterator(CHUNK)}
        for version in Version.objects.filter(source="upgrade").order_by("pk"):
            before = Version.objects.of_originals().filter(path=version.path, pk__lt=version.pk).first()
            if before and digest(("", before.document))[1] == (self._files.get(_name(version.path)) or ("", ""))[1]:
                self._upgraded[_name(version.path)] = digest((version.path, version.document))

    def stored(self, item):
        """The digest of what is stored; that of the base where only a new release has made something else of it."""
        now, base = digest(item.stored), self.of(item)
        is_upgraded = now and now == self._upgraded.get(_name(now[0]))
        return base if is_upgraded and digest(item.file) != now else now

    def of(self, item):
        """The digest of the file at the last import, which may have had the name that is stored; or None."""
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
            self._new = []

    def _add(self, file, entry, base=False):
        path, text = file
        version = Version(path=path, document=text, source="import", who=self._who, base=base, entry=entry)
        self._new.append(version)
        if len(self._new) >= CHUNK:
            self.save()


def digest(file):
    """What stands for a path and its text, where thousands are compared; None for none."""
    return file and (file[0], file[1] and hashlib.blake2b(file[1].encode(), digest_size=16).digest())


def _name(path):
    """What stays of a file's path when an entry moves to another folder."""
    name = path.rpartition("/")[2]
    return path if name == "_category.md" else name
