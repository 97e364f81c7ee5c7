"""From a content folder to what is stored, without ever overwriting what was edited in the admin.

For each item three texts are compared: the file, what is stored, and the base, which is the file as it was at the last
import (kept as a Version). Whichever side alone differs from the base has been changed; where both have, it is a conflict.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from faq import markup
from faq.content import exporting, format, kinds, mapping
from faq.content.folder import FileProblem, Folder, FolderError
from faq.content.kinds import LISTED
from faq.editing import addresses, references, search_index
from faq.editing.writing import action, made, writing
from faq.files import storing
from faq.models import Alias, Attachment, Category, Contact, Entry, ImportConflict, Reference, Site, Version

CREATED, UPDATED, UNCHANGED, KEPT, DELETED, CONFLICT = "created", "updated", "unchanged", "kept", "deleted", "conflict"


@dataclass
class Outcome:
    """What an import did, or would do, with one item. The texts are those of a conflict."""

    kind: str
    path: str
    state: str
    file: str = ""
    stored: str = ""
    reason: str = ""


@dataclass
class Report:
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, kind):
        """How many items of a kind were created, updated and so on."""
        return Counter(outcome.state for outcome in self.outcomes if outcome.kind == kind)

    @property
    def conflicts(self):
        return [outcome for outcome in self.outcomes if outcome.state == CONFLICT]


def decide(file, base, stored, *, force=False, prune=False):
    """What becomes of an item, from its text in the file, at the last import, and as stored (None: not there).

    Returns CREATED, UPDATED, UNCHANGED, KEPT (stored, or its deletion, stays), DELETED, CONFLICT, or None for nothing at all.
    """
    if file is None:
        if stored is None:
            return None
        if not prune or (base is None and not force):
            return KEPT
        return DELETED if force or stored == base else CONFLICT
    if stored is None:
        if base is None or force:
            return CREATED
        return KEPT if file == base else CONFLICT
    if file == stored:
        return UNCHANGED
    if force or (stored == base and base is not None):
        return UPDATED
    return KEPT if file == base else CONFLICT


@action
def run(folder, *, force=False, prune=False, take=(), keep=(), who=None):
    """Import a folder that was read; everything in one transaction.

    `take` and `keep` hold the paths of conflicts that were decided for the file, or for what is stored; `who` is the user
    who does it in the admin.
    Returns a Report. Raises FolderError for texts that are refused or link to nothing; then nothing at all is written.
    """
    links = _links(folder)
    _require_targets(folder, links)
    _prepare_search(folder)
    with storing.no_orphans(), writing(source="import", who=who) as change:
        _require_targets(folder, links)  # somebody may have been faster
        work = _Import(folder, force, prune, (take, keep), who)
        report = work.run(change)
        if prune:
            _require_targets(folder, links)  # what was deleted may be what a file links to
            work.require_no_orphaned_links()
        return report


@action
def preview(folder):
    """The Report of an import that is then undone: what it would do. Raises FolderError like `run`."""
    _require_targets(folder, _links(folder))
    _prepare_search(folder)  # all is made before SQLite's one writer is kept waiting
    with storing.no_orphans(), transaction.atomic():
        report = run(folder)
        transaction.set_rollback(True)
    return report


def compare(folder):
    """A Report of how the folder differs from what is stored; writes nothing. Raises FolderError like `run`."""
    _require_targets(folder, _links(folder))
    files, stored = (either.files() | either.checksums() for either in (folder, exporting.stored_folder()))
    states = {
        path: UNCHANGED if files.get(path) == stored.get(path) else CREATED if path not in stored else
        DELETED if path not in files else UPDATED
        for path in [*files, *(path for path in stored if path not in files)]
    }  # fmt: skip
    return Report(
        [Outcome("entry", path, state, files.get(path, ""), stored.get(path, "")) for path, state in states.items()]
    )


def _links(folder):
    """The portal's links in every text of the folder: path, line, link. Raises FolderError with all refused texts."""
    problems, links = [], []
    for path, document in folder.documents():
        for text, line in document.texts():
            try:
                found = made(references.rendered, text).links
            except markup.MarkupError as error:
                problems += [FileProblem(path, line + problem.line - 1, problem.message) for problem in error.problems]
                continue
            links += [(path, line + markup.line_of(text, link.written) - 1, link) for link in found]
    if problems:
        try:
            _require_targets(folder, links)
        except FolderError as error:
            problems += error.problems
        raise FolderError(problems)
    return links


def _prepare_search(folder):
    keys = dict(Entry.objects.filter(slug__in=folder.entries).values_list("slug", "pk"))
    search_index.prepare(
        (keys.get(slug), entry, folder.categories[category].title)
        for slug, (category, entry) in folder.entries.items()
        if entry.status == Entry.PUBLISHED
    )


def _require_targets(folder, links):
    """Raises FolderError with all links of the folder that lead nowhere."""
    steps = references.step_counts({link.slug for _, _, link in links if link.kind == "faq"})
    for slug, (_, entry) in folder.entries.items():
        steps |= dict.fromkeys([slug, *entry.aliases], len(entry.steps))
    contacts = {*folder.contacts, *Contact.objects.values_list("slug", flat=True)}
    files = {*folder.attachments, *Attachment.objects.values_list("slug", flat=True)}
    written = [link for *_, link in links]
    unknown = set(references.unknown_targets(written, steps=steps, contacts=contacts, attachments=files))
    problems = [
        FileProblem(path, line, f"Unbekanntes Ziel „{link.written}“.") for path, line, link in links if link in unknown
    ]
    problems += _unknown_places(folder)
    if problems:
        raise FolderError(problems)


def _unknown_places(folder):
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


@dataclass
class _Item:
    """One thing that a file or the database has, or both."""

    kind: str
    path: str
    document: object = None  # of the file
    file: tuple | None = None  # the file's path and text
    row: object = None
    stored: tuple | None = None


class _Import:
    def __init__(self, folder, force, prune, decided, who):
        self.folder, self.force, self.prune = folder, force, prune
        (self.take, self.keep), self.who = decided, who
        self.report, self.deleted, self.new_bases = Report(), [], []
        self.saved = {}  # by kind and key: a row of the site stands for several files
        self.site = None
        self.released = defaultdict(list)  # former slugs that were let go of, by kind and key
        self.bases = dict(Version.objects.filter(base=True).order_by("pk").values_list("path", "document"))
        self.slug_bases = {  # an entry may have been imported from another folder
            path.rpartition("/")[2]: (path, text) for path, text in self.bases.items() if "#" not in path
        }

    def run(self, change):
        items_of = {"category": self._categories, "site": self._site, "entry": self._entries}
        for kind in kinds.KINDS:
            items = self._listed(kind) if kind.name in LISTED else items_of.get(kind.name, list)()
            planned = [(item, self._state(item)) for item in items]
            self._release_addresses(planned)
            self.owners = addresses.owners()
            for item, state in planned:
                self._apply(item, state)
        Version.objects.bulk_create(self.new_bases)
        if self.saved or self.deleted:
            try:
                deleted = self.deleted[::-1]  # entries before their categories
                change.record(self.saved.values(), deleted)
                # Their versions are the files' own, so record saw no other text.
                if any(map(change.is_seen, self.saved.values())):
                    change.readers_see_it()
            except addresses.AddressTaken as error:
                raise FolderError([FileProblem("", 1, str(error))]) from None
            except ProtectedError as error:
                needed_by = {str(getattr(row, "source", None) or row) for row in error.protected_objects}
                raise FolderError([_still_needed(needed_by)]) from None
        self._keep_order(change)
        self._note_conflicts()
        return self.report

    # What there is

    def _listed(self, kind):
        items = {
            slug: _Item(kind.name, path, document, (path, format.write_list([document])))
            for slug, document in self.folder.listed(kind).items()
            for path in [f"{kind.file}#{slug}"]
        }
        return self._with_rows(kind.name, items, {row.slug: row for row in kind.rows()})

    def _categories(self):
        items = {
            slug: _Item("category", path, document, (path, format.write_category(document)))
            for slug, document in self.folder.categories.items()
            for path in [f"{slug}/_category.md"]
        }
        rows = Category.objects.prefetch_related("aliases")
        return self._with_rows("category", items, _by_address(rows, items))

    def _entries(self):
        items = {
            slug: _Item("entry", path, (category, document), (path, format.write_entry(document)))
            for slug, (category, document) in self.folder.entries.items()
            for path in [f"{category}/{slug}.md"]
        }
        return self._with_rows("entry", items, _by_address(Entry.objects.complete(), items))

    def _site(self):
        row = Site.objects.select_related("contact").first()
        stored = kinds.files(row) if row else {}
        files = Folder(site=self.folder.site, texts=self.folder.texts).files()
        paths = ["_site.md", *mapping.SITE_TEXTS]
        documents_ = {"_site.md": self.folder.site, **self.folder.texts}
        for path in paths:
            item = _Item("site", path, documents_.get(path), row=row)
            item.file = (path, files[path]) if path in files else None
            item.stored = (path, stored[path]) if stored.get(path) else None
            if item.file or item.stored:
                yield item

    def _with_rows(self, kind, items, rows):
        for key, row in rows.items():
            ((path, text),) = kinds.files(row).items()
            item = items.setdefault(key, _Item(kind, path))
            item.row, item.stored = row, (path, text)
        return list(items.values())

    # What becomes of it

    def _state(self, item):
        base = self._base(item)
        force = self.force or item.path in self.take
        return decide(item.file, base, item.stored, force=force, prune=self.prune), base

    def _base(self, item):
        """Path and text of the file at the last import, which may have had the name that is stored; or None."""
        names = [item.path, item.stored[0]] if item.stored else [item.path]
        if item.kind == "entry":
            found = [self.slug_bases.get(name.rpartition("/")[2]) for name in names]
        else:
            found = [(name, self.bases.get(name)) for name in names]
        return next((base for base in found if base and base[1]), None)

    def _release_addresses(self, planned):
        """Former slugs may wander from one item to another: all that will be written again let go of theirs first."""
        for kind in ("category", "entry"):
            rows = [item.row for item, (state, _) in planned if item.kind == kind and state in (UPDATED, DELETED)]
            released = Alias.objects.filter(**{f"{kind}__in": rows})
            for alias in released:
                self.released[kind, getattr(alias, f"{kind}_id")].append(alias.slug)
            released.delete()

    def _take_back(self, item):
        """What stays as it is keeps its former addresses."""
        for slug in self.released[item.kind, item.row.pk] if item.row else ():
            if slug not in self.owners:
                Alias.objects.create(slug=slug, **{item.kind: item.row})

    def _apply(self, item, state):
        state, base = state
        if state is None:
            return
        reason, row = "", item.row
        if state in (CREATED, UPDATED):
            reason = self._taken(item)
            if not reason:
                row, reason = self._write(item)
        elif state == DELETED:
            reason = self._delete(item)
        if reason:
            state = CONFLICT
            self._take_back(item)
        elif state == CONFLICT and item.path in self.keep:
            state = KEPT
            self._remember(item, row, state)
        elif state in (CREATED, UPDATED, DELETED) or (state == UNCHANGED and base != item.file):
            self._remember(item, row, state)
        file, stored = (pair[1] if pair else "" for pair in (item.file, item.stored))
        self.report.outcomes.append(Outcome(item.kind, item.path, state, file, stored, reason))

    def _remember(self, item, row, state):
        """The file as it is now is what the next import compares with."""
        path, text = item.file or (item.path, "")
        entry = row if isinstance(row, Entry) and item.file else None
        version = Version(path=path, document=text, source="import", who=self.who, base=True, entry=entry)
        self.new_bases.append(version)
        if state == KEPT and item.stored:
            # What is stored is the newest text again: the next save is compared with it.
            self.new_bases.append(
                Version(path=item.stored[0], document=item.stored[1], entry=entry, source="import", who=self.who)
            )

    def _taken(self, item):
        """Why an item's addresses are not free, or nothing."""
        if item.kind not in ("category", "entry"):
            return ""
        for slug in [_slug(item), *_aliases(item)]:
            owner = self.owners.get(slug)
            if owner and owner != item.row:
                return f"Der Anker „{slug}“ gehört hier zu „{owner}“."
        return ""

    def _write(self, item):
        """The row that is now as the file says, and nothing; or nothing, and why it can't be."""
        if item.kind == "entry":
            category = self.owners.get(item.document[0])
            if not isinstance(category, Category):
                return None, f"Die Kategorie „{item.document[0]}“ wurde hier gelöscht."
            row = item.row or Entry()
            row.category, row.slug, row.changed = category, _slug(item), timezone.now()
            self._prefill(row, item.document[1])
            mapping.apply_entry(item.document[1], row)
        elif item.kind == "category":
            row = item.row or Category()
            row.slug = _slug(item)
            mapping.apply_category(item.document, row)
        elif item.kind == "site":
            row = self._write_site(item)
        else:
            kind = LISTED[item.kind]
            row = item.row or kind.model()
            try:
                kind.apply(item.document, row)
            except ObjectDoesNotExist:
                return None, f"Was die Meldung „{item.document.slug}“ betrifft, wurde hier gelöscht."
        self.saved[type(row), row.pk] = row
        return row, ""

    def _prefill(self, row, document):
        """The HTML is known: it need not be written in a second query."""
        row.body_html = made(references.rendered, document.body).html

    def _site_row(self):
        """The one row behind all files of the site, the same for each of them."""
        self.site = self.site or Site.objects.select_related("contact").first() or Site(pk=1, title=Site.DEFAULT_TITLE)
        return self.site

    def _write_site(self, item):
        row = self._site_row()
        if item.path == "_site.md":
            known = Contact.objects.filter(slug=item.document.contact).exists()
            mapping.apply_site(item.document if known else replace(item.document, contact=""), row)
        else:
            setattr(row, mapping.SITE_TEXTS[item.path], item.document.body)
            row.save()
        return row

    def _delete(self, item):
        if item.kind == "site":
            if item.path == "_site.md":
                return "Das Portal selbst kann nicht gelöscht werden."
            row = self._site_row()
            setattr(row, mapping.SITE_TEXTS[item.path], "")
            row.save()
            self.saved[type(row), row.pk] = row
        elif item.kind == "category" and self._keeps_entries(item.row):
            return "In dieser Kategorie stehen noch Einträge."
        else:
            self.deleted.append(item.row)
        return ""

    def _keeps_entries(self, category):
        gone = {item.row.pk for item in self._entries() if item.row and self._state(item)[0] == DELETED}
        return category.entries.exclude(pk__in=gone).exists()

    def _note_conflicts(self):
        """What is left to decide, for the start page of the admin."""
        seen = [outcome.path for outcome in self.report.outcomes]
        known = ImportConflict.objects.in_bulk(field_name="path")
        conflicts = {outcome.path: outcome.reason[:300] for outcome in self.report.conflicts}
        solved = [conflict.pk for path, conflict in known.items() if path in seen and path not in conflicts]
        ImportConflict.objects.filter(pk__in=solved).delete()
        ImportConflict.objects.bulk_create(
            ImportConflict(path=path, reason=reason) for path, reason in conflicts.items() if path not in known
        )

    def require_no_orphaned_links(self):
        """Raises FolderError where a text that stays links to an entry that goes: it could not be saved afterwards."""
        slugs = {row.slug for row in self.deleted if isinstance(row, Entry)}
        orphans = Reference.objects.filter(kind="faq", target=None, slug__in=slugs)
        if needed_by := {str(source) for source in references.places(orphans)}:
            raise FolderError([_still_needed(needed_by)])

    def _keep_order(self, change):
        """Terms, contacts, attachments and notices stand in the order of the file, those of the admin after them."""
        for kind in LISTED.values():
            places = {slug: place for place, slug in enumerate(self.folder.listed(kind))}
            stored = list(kind.model.objects.all())
            rows = sorted(stored, key=lambda row: places.get(row.slug, len(places)))
            if rows == stored:
                continue  # with gaps in the numbers, perhaps
            change.readers_see_it()
            moved = [row for place, row in enumerate(rows) if row.position != place]
            for place, row in enumerate(rows):
                row.position = place
            kind.model.objects.bulk_update(moved, ["position"])


def _by_address(rows, items):
    """Rows by the slug of the file they belong to.

    That is their own, else a former one, else that of the file that has theirs as a former one, else their own again.
    """
    rows = list(rows)
    found = {row.slug: row for row in rows if row.slug in items}
    renamed = {alias: slug for slug, item in items.items() for alias in _aliases(item)}
    for row in rows:
        if row.slug not in items:
            names = [*(alias.slug for alias in row.aliases.all()), renamed.get(row.slug)]
            found[next((name for name in names if name in items and name not in found), row.slug)] = row
    return found


def _aliases(item):
    return (item.document if item.kind == "category" else item.document[1]).aliases


def _slug(item):
    folder, _, name = item.path.rpartition("/")
    return folder if item.kind == "category" else name.removesuffix(".md")


def _still_needed(needed_by):
    """Why something cannot be deleted, in words: who refers to it."""
    return FileProblem(
        "", 1, f"Etwas ohne Datei wird noch gebraucht und bleibt: {', '.join(sorted(needed_by))} verweist darauf."
    )
