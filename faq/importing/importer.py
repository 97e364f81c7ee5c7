"""The action: a folder's items are compared, decided and written, one kind after the other, all in one transaction."""

from contextlib import suppress
from dataclasses import replace

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from faq.actions import action, made, made_all
from faq.content import documents, exporting, mapping
from faq.content.folder import FileProblem, FolderError
from faq.content.kinds import BY_MODEL, IN_FOLDER, LISTED
from faq.editing import addresses, references, rendering, search_index
from faq.editing.writing import writing
from faq.files import storing
from faq.importing import step_links, targets
from faq.importing.decision import CONFLICT, CREATED, DELETED, KEPT, UNCHANGED, UPDATED, decide
from faq.importing.items import Bases, digest, items_of, same_as_stored
from faq.importing.report import Outcome, Report, note_conflicts
from faq.markup import MarkupError
from faq.models import Alias, Category, Contact, Entry, Reference, Site, Tag


@storing.no_orphans()
@action
def run(folder, *, force=False, prune=False, take=(), keep=(), who=None, take_old=False):
    """Import a folder that was read; everything in one transaction.

    `take_old`: what is refused is taken as releases before showed it. `take` and `keep` hold the paths of conflicts that were decided for the file, or for what is stored; `who` is the user
    who does it in the admin.
    Returns a Report. Raises FolderError for texts that are refused or link to nothing; then nothing at all is written.
    """
    folder, said = step_links.named(folder)
    texts = _prepare(folder, take_old=take_old, anew=lambda path: force or path in take)
    with writing(source="import", who=who) as change:
        targets.require(folder, texts.links)  # somebody may have been faster
        rendering.keep(texts.old)
        work = _Import(folder, change, force=force, prune=prune, take=take, keep=keep)
        report = work.run()
        report.said += said
        report.warnings = texts.warnings
        if prune:
            targets.require(folder, texts.links)  # what was deleted may be what a file links to
            _require_no_orphaned_links(work.deleted)
        note_conflicts(report, keep)
        return report


@storing.no_orphans()
@action
def preview(folder):
    """The Report of an import that is then undone: what it would do. Raises FolderError like `run`."""
    _prepare(step_links.named(folder)[0])  # all is made before SQLite's one writer is kept waiting
    with transaction.atomic():
        report = run(folder)
        transaction.set_rollback(True)
    return report


def compare(folder):
    """A Report of how the folder differs from what is stored; writes nothing. Raises FolderError like `run`."""
    folder, said = step_links.named(folder)
    targets.texts_of(folder)
    _spell_tags(folder)
    files, stored = (either.files() | either.checksums() for either in (folder, exporting.stored_folder()))
    report = Report(said=said)
    for path in [*files, *(path for path in stored if path not in files)]:
        file, now = files.get(path), stored.get(path)
        state = decide(file, now, now, prune=True)  # as if nobody had edited anything
        report.outcomes.append(Outcome("entry", path, state, file or "", now or ""))
    return report


def _spell_tags(folder):
    """The same tag is written the same way everywhere, and as it is stored."""
    entries = [entry for _, entry in folder.entries.values()]
    notices = [notice for notice in folder.notices.values() if notice.tag]
    named = [*(name for entry in entries for name in entry.tags), *(notice.tag for notice in notices)]
    spelled = Tag.objects.spellings(dict.fromkeys(named))
    for entry in entries:
        entry.tags = list(dict.fromkeys(spelled[name] for name in entry.tags))
    for notice in notices:
        notice.tag = spelled[notice.tag]


def _prepare(folder, **options):
    """Make whatever is needed of the texts, before the lock; returns the targets.Texts. Raises FolderError like `run`."""
    _spell_tags(folder)
    same = same_as_stored(folder)
    paths = {path for slug, path, _ in folder.of_kind(BY_MODEL[Entry]) if slug in same}
    texts = targets.texts_of(folder, paths, **options)
    storing.write_ahead(folder.kept_files())
    keys = dict(Entry.objects.filter(slug__in=folder.entries).values_list("slug", "pk"))
    search_index.prepare(
        (keys.get(slug), entry, folder.categories[category].title)
        for slug, (category, entry) in folder.entries.items()
        if entry.status == Entry.PUBLISHED and slug not in same
    )
    made_all(rendering.rendered_as_before, [(text,) for text in texts.old])
    return texts


class _Import:
    """One import, inside of the door. `deleted` are the rows that went."""

    def __init__(self, folder, change, *, force, prune, take, keep):
        self._folder, self._change = folder, change
        self._force, self._prune, self._take, self._keep = force, prune, take, keep
        self._bases = Bases(change.by["who"])
        self._site = Site.objects.select_related("contact").first() or Site(pk=1, title=Site.DEFAULT_TITLE)
        self._saved = {}  # by model and key: the site's row stands for several files
        self._owners = {}
        self._steps = {}  # by entry: names and titles of its steps before
        self.deleted = []

    def run(self):
        report = Report()
        for kind in IN_FOLDER:
            report.outcomes += [self._apply(*judged) for judged in self._judged(kind)]
        self._bases.save()
        self._record()
        for kind in LISTED.values():
            self._keep_order(kind)
        for entry, before in self._steps.items():
            report.said += step_links.misled(entry, before, list(self._saved.values()))
            now = list(entry.steps.values_list("name", flat=True))
            gone = {name for name, _ in before} - {*now}
            gone |= {f"schritt-{number}" for number in range(len(now) + 1, len(before) + 1)}
            self._change.record(references.let_names_go(entry, gone))
        return report

    def _judged(self, kind):
        """Each item of a kind that is to become something: the item, what it becomes, and in German why that cannot be.

        Former slugs may wander from one item to another: all that will be written again lets go of its own first.
        """
        decided = [(item, state) for item in items_of(kind, self._folder) if (state := self._decide(item))]
        if not kind.has_address or {state for _, state in decided} <= {UNCHANGED, KEPT, CONFLICT}:
            return [(item, state, self._hindrance(item, state)) for item, state in decided]
        rewritten = [item.row for item, state in decided if state in (UPDATED, DELETED)]
        former = list(Alias.objects.filter(**{f"{kind.name}__in": rewritten}).select_related(kind.name))
        owners, released = addresses.owners(), None
        while released != former:  # what stays as it is keeps its own, which may be in the way of others
            released = former
            slugs = {alias.slug for alias in released}
            self._owners = {slug: owner for slug, owner in owners.items() if slug not in slugs}
            judged = [(item, state, self._hindrance(item, state)) for item, state in decided]
            staying = {item.row for item, _, reason in judged if reason}
            former = [alias for alias in released if (alias.entry or alias.category) not in staying]
        Alias.objects.filter(pk__in=[alias.pk for alias in released]).delete()
        return judged

    def _decide(self, item):
        force = self._force or item.path in self._take
        stored = digest(item.stored) if force else self._bases.stored(item)
        return decide(digest(item.file), self._bases.of(item), stored, force=force, prune=self._prune)

    def _hindrance(self, item, state):
        """Why that cannot become of an item, in German, or nothing."""
        if state == DELETED:
            if item.path == "_site.md":
                return "Das Portal selbst kann nicht gelöscht werden."
            if item.kind.model is Category and self._keeps_entries(item.row):
                return "In dieser Kategorie stehen noch Einträge."
        elif state in (CREATED, UPDATED):
            for slug in item.addresses:
                owner = self._owners.get(slug)
                if owner and owner != item.row:
                    return f"Der Anker „{slug}“ gehört hier zu „{owner}“."
            if item.kind.model is Entry and not isinstance(self._owners.get(item.folder), Category):
                return f"Die Kategorie „{item.folder}“ wurde hier gelöscht."
        return ""

    def _keeps_entries(self, category):
        entries = items_of(BY_MODEL[Entry], self._folder)
        gone = {item.row.pk for item in entries if item.row and self._decide(item) == DELETED}
        return category.entries.exclude(pk__in=gone).exists()

    def _apply(self, item, state, reason):
        """Do what was decided; the Outcome, which is a conflict where that cannot be."""
        row = item.row
        if not reason and state in (CREATED, UPDATED):
            try:
                row = self._write(item)
            except ObjectDoesNotExist:
                reason = f"Was die Meldung „{item.document.slug}“ betrifft, wurde hier gelöscht."
        elif not reason and state == DELETED:
            self._delete(item)
        if reason:
            state = CONFLICT
        elif state == CONFLICT and item.path in self._keep:
            state = KEPT
            self._bases.remember(item, row, state)
        elif state in (CREATED, UPDATED, DELETED) or (state == UNCHANGED and self._bases.of(item) != digest(item.file)):
            self._bases.remember(item, row, state)
        file, stored = (pair[1] if pair else "" for pair in (item.file, item.stored))
        return Outcome(item.kind.name, item.path, state, file, stored, reason)

    def _write(self, item):
        """The row that is now as the file says. Raises ObjectDoesNotExist for a notice about something that is not stored."""
        row = self._site if item.kind.model is Site else item.row or item.kind.model()
        if item.kind.has_address:
            row = _whole(item.row) if item.row else row
            row.slug = item.slug
        if item.kind.model is Entry:
            row.category, row.changed = self._owners[item.folder], timezone.now()
            if item.row and (before := list(row.steps.values_list("name", "title"))):
                self._steps[row] = before
            with suppress(MarkupError):  # known, so it needs no query of its own
                row.body_html = made(rendering.rendered, item.document.body).html
            mapping.apply_entry(item.document, row)
        elif name := item.kind.field_files.get(item.path):
            setattr(row, name, item.document.body)
            row.save()
        else:
            mapping.apply(_without_lost_contact(item.document), row)
        self._saved[type(row), row.pk] = row
        return row

    def _delete(self, item):
        if item.path in item.kind.field_files:
            self._write(replace(item, document=documents.Text("")))
        else:
            self.deleted.append(_whole(item.row))

    # What follows for all of them

    def _record(self):
        if not self._saved and not self.deleted:
            return
        try:
            self._change.record(self._saved.values(), self.deleted[::-1])  # entries before their categories
            # Their versions are the files' own, so record saw no other text.
            if any(map(self._change.is_seen, self._saved.values())):
                self._change.readers_see_it()
        except addresses.AddressTaken as error:
            raise FolderError([FileProblem("", 1, str(error))]) from None
        except ProtectedError as error:
            raise _still_needed(error.protected_objects) from None

    def _keep_order(self, kind):
        """What a file lists stands in its order, what was added in the admin after it."""
        places = {slug: place for place, slug in enumerate(getattr(self._folder, kind.in_folder))}
        stored = list(kind.model.objects.all())
        rows = sorted(stored, key=lambda row: places.get(row.slug, len(places)))
        if rows == stored:
            return  # with gaps in the numbers, perhaps
        self._change.readers_see_it()
        moved = [row for place, row in enumerate(rows) if row.position != place]
        for place, row in enumerate(rows):
            row.position = place
        kind.model.objects.bulk_update(moved, ["position"])


def _whole(row):
    """A row of which a part was read."""
    return type(row).objects.get(pk=row.pk)


def _without_lost_contact(document):
    """A site names no main contact that was deleted here."""
    lost = isinstance(document, documents.Site) and not Contact.objects.filter(slug=document.contact).exists()
    return replace(document, contact="") if lost else document


def _require_no_orphaned_links(deleted):
    """Raises FolderError where a text that stays links to an entry that goes: it could not be saved afterwards."""
    slugs = {row.slug for row in deleted if isinstance(row, Entry)}
    orphans = Reference.objects.filter(kind="faq", target=None, slug__in=slugs)
    if needed_by := orphans.select_related(*Reference.SOURCES):
        raise _still_needed(needed_by)


def _still_needed(needed_by):
    """Why something cannot be deleted, in words: what it is, and who refers to it; of References, and of rows that hold it otherwise."""
    names = ", ".join(sorted({str(getattr(row, "source", row)) for row in needed_by}))
    what = ", ".join(sorted({row.written for row in needed_by if isinstance(row, Reference)}))
    message = f"Etwas ohne Datei{what and f' ({what})'} wird noch gebraucht und bleibt: {names} verweist darauf."
    return FolderError([FileProblem("", 1, message)])
