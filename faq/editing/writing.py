"""The one door for every change: of an editor, an import, a command.

    @action
    def still_true(entry, *, who):
        with writing(source="admin", who=who) as change:
            entry = Entry.objects.get(pk=entry.pk)
            entry.reviewed = timezone.localdate()
            entry.save()
            change.record([entry])

The transaction opens, the site's revision is locked, and only then are rows read, judged and saved; what has to be made of a text
is made before (see `making`). From `record` come, in the same commit: HTML, references, former addresses, versions, the search
index and, if readers see a difference, the new revision. Who may not publish makes none that they see, whatever they call it.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from faq import actions, search
from faq.actions import Busy, Vanished, action, made, made_all
from faq.content import kinds
from faq.editing import addresses, references, search_index, step_links, versions
from faq.models import Attachment, Category, Entry, Review, Revision, SourceProposal, Tag, guard
from faq.words import to_the_minute

__all__ = ["Busy", "NotAllowed", "Vanished", "action", "fresh", "made", "made_all", "may_publish", "writing"]

CHUNK = 500
PUBLISH = "faq.publish_entry"


class NotAllowed(PermissionDenied):
    """Readers would see a difference, and whoever makes the change may not publish. Nothing was written."""


def fresh(rows, row):
    """A row as it is behind the door, of the queryset `rows`. Raises Vanished where it is no longer among them."""
    try:
        return rows.get(pk=row.pk)
    except rows.model.DoesNotExist:
        raise Vanished(f"„{row}“ gibt es so nicht mehr: Jemand war schneller.") from None


def _is_published(entry):
    return not kinds.is_working_copy(entry) and entry.status == Entry.PUBLISHED


def may_publish(who):
    """Whether a user may change what readers see; None stands for the operator: a command, an import."""
    return who is None or who.has_perm(PUBLISH)


@contextmanager
def writing(*, source, who=None, why="", batch=None):
    """Open the door, inside of an `action`; gives back the Change. Within an open door it is a part of that change.

    `source` is one of Version.SOURCES, `who` a user or None for the operator, `batch` what its versions are known by together.
    """
    by = {"source": source, "who": who, "why": why[:300], "batch": batch}
    if guard.door():
        yield Change(by)
        return
    with actions.locked(), transaction.atomic(), guard.opened() as door:
        Revision.objects.lock()
        Attachment.objects.note_public()
        yield Change(by)
        _require_recorded(door)


def _require_recorded(door):
    saved = [(kinds.BY_MODEL.get(model), row) for (model, _), row in door.saved.items()]
    if left := [row for kind, row in saved if kind and not kind.comes_with_texts]:
        raise RuntimeError(f"Saved, but not recorded: {left[:3]}")


class Change:
    """What is being changed inside of the door."""

    def __init__(self, by):
        self.by, self._door = by, guard.door()
        self._stale = set()  # keys of entries that the search must look at again

    def record(self, saved=(), deleted=(), *, quietly=False, indexed=True):
        """Bring everything in step with rows that were saved, and delete those that shall go.

        `saved` and `deleted` hold what has a kind (see `content.kinds`); steps, tags and former addresses belong to their entry.
        `quietly`: only links to what no reader sees were rewritten; `indexed=False` for a preview, which is undone.
        Raises Hindered for a text that is refused, AddressTaken for a slug in use, NotAllowed: then nothing at all is written.
        """
        saved, deleted = list(saved), list(deleted)
        self._unrecorded = set(self._door.saved) - {(type(row), row.pk) for row in saved}
        moved = [row for row in saved if isinstance(row, Category | Entry) and not kinds.is_working_copy(row)]
        for start in range(0, len(moved), CHUNK):
            addresses.follow(moved[start : start + CHUNK])
        # What texts name goes last: those that are saved with it may name it no longer.
        named = [row for row in deleted if isinstance(row, tuple(references.BY_SLUG.values()))]
        for row in deleted:
            if row not in named:
                self._delete(row)
        for kind in kinds.KINDS:
            rows = [row for row in saved if isinstance(row, kind.model)]
            if kind.model is Entry:
                self._save_entries([row.pk for row in rows], quietly)
            else:
                for row in rows:
                    self._save(kind, row, quietly)
        for row in named:
            self._delete(row)
        # A tag that had gone into another one, and is used again, is itself once more.
        again = Entry.objects.filter(status=Entry.PUBLISHED)
        Tag.objects.filter(merged_into__isnull=False, taggings__content_object__in=again).update(merged_into=None)
        if indexed:
            search_index.index(self._stale)
        self._stale = set()
        self._let_go()
        if len(saved) >= CHUNK:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # else the database plans for the few rows that were there before

    def require_publisher(self):
        """Readers see a difference, now or at a later moment. Raises NotAllowed if whoever makes it may not publish."""
        if not may_publish(self.by["who"]):
            raise NotAllowed("Was Leser sehen, ändert nur, wer veröffentlichen darf.")

    def readers_see_it(self):
        """Readers see a difference: judge who makes it, and raise the site's revision. Raises NotAllowed."""
        self.require_publisher()
        if not self._door.revision_raised:
            Revision.objects.raise_by_one()
            self._door.revision_raised = True

    def _save(self, kind, row, quietly):
        references.adopt(row)
        new_gaps = references.render([row])
        self._write_gaps(new_gaps)
        self._stale.update(kind.searched_in(row).values_list("pk", flat=True))
        self._save_entries(list(kind.written_in(row).values_list("pk", flat=True)), quietly)
        if versions.write(row, self.by) and not quietly and self.is_seen(row):
            self.readers_see_it()

    def _save_entries(self, keys, quietly):
        for start in range(0, len(keys), CHUNK):
            entries = list(Entry.rows.filter(pk__in=keys[start : start + CHUNK]).complete())
            step_links.follow(entries)
            self._write_gaps(references.render(entries))
            originals = [entry for entry in entries if not kinds.is_working_copy(entry)]
            keys_of_originals = {entry.pk for entry in originals}
            # Of the public text as it was until now: those that are older than that stay so.
            current = {
                copy.pk
                for copy in entries
                if copy.copy_of_id in keys_of_originals and copy.base == versions.latest_version(copy.copy_of)
            }
            changed = versions.write_entries(originals, self.by, quietly=quietly)
            self._stale.update(entry.pk for entry in originals)
            if not quietly and any(map(self.is_seen, changed)):
                self.readers_see_it()
            rewritten = {entry.pk for entry in changed}
            for copy in entries:
                if not kinds.is_working_copy(copy) or not versions.write_copy(copy, self.by):
                    continue
                if copy.pk in current and copy.copy_of_id in rewritten:  # changed in both: the copy is no older for it
                    copy.base = versions.latest_version(copy.copy_of)
                    copy.save(update_fields=["base"])
                if copy.is_released and not quietly:
                    self.require_publisher()
            self.end_reviews([entry for entry in entries if entry.is_released or _is_published(entry)])
            self._let_go()

    def end_reviews(self, entries, state=Review.PUBLISHED):
        """What was handed over of these drafts and working copies is decided, whichever way that was done."""
        for review in Review.objects.open().filter(entry__in=[entry.original.pk for entry in entries]):
            decided = [e for e in entries if (e.original.pk, bool(e.copy_of_id)) == (review.entry_id, review.of_copy)]
            for entry in decided:
                ((_, document),) = kinds.files(entry).items()
                if entry.copy_of_id:
                    ((_, review.before),) = kinds.files(Entry.objects.complete().get(pk=entry.copy_of_id)).items()
                planned = f"Geplant für {to_the_minute(entry.publish_at)} Uhr." if entry.is_for_later else ""
                review.decide(state, self.by["who"], " ".join(filter(None, [self.by["why"], planned])), document)

    def end_proposals(self, row):
        """What was proposed for something that goes can no longer be published."""
        for review in Review.objects.open().filter(entry=None, path__in=kinds.paths_of(row)).exclude(before=""):
            review.decide(Review.WITHDRAWN, self.by["who"], self.by["why"] or "Das gibt es nicht mehr.")

    def _let_go(self):
        """Of what the door saw saved hold the rest alone: an import records thousands."""
        self._door.saved = {key: row for key, row in self._door.saved.items() if key in self._unrecorded}

    def is_seen(self, row):
        """Whether readers may see it, or could before, now or at a later moment."""
        if isinstance(row, Entry):
            return Entry.PUBLISHED in (row.status, self._door.before.get(row.pk))
        return kinds.BY_MODEL[type(row)].is_seen(row)

    def _write_gaps(self, gaps):
        """The first versions of gaps that a text has made."""
        for gap in gaps:
            versions.write(gap, self.by)

    def _delete(self, row):
        had_text = versions.write_deletion(row, self.by)
        if isinstance(row, Entry):
            self.end_reviews([row, *Entry.rows.filter(copy_of=row)], Review.WITHDRAWN)
        else:
            self.end_proposals(row)
        if isinstance(row, Entry) and not kinds.is_working_copy(row):
            SourceProposal.objects.filter(entry=row).update(state=SourceProposal.OPEN, entry=None, decided_by=None)
            search.remove([row.pk])
            addresses.remember(row)
            if self.is_seen(row):
                self.readers_see_it()
        elif had_text and not kinds.is_working_copy(row) and self.is_seen(row):
            self.readers_see_it()
        row.delete()
