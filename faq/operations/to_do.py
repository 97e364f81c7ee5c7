"""What needs doing: short lists for the start page of the admin, and the ways to do it."""

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from faq.links import checking
from faq.models import Entry, Feedback, Gap, ImportConflict, OldText, Version
from faq.operations import search_counts

SHOWN = 8


def due_for_review():
    """Entries whose date for the next review has come, the longest overdue first."""
    return Entry.objects.filter(review__lte=timezone.localdate()).order_by("review", "pk")


def unpublished():
    """Working copies and drafts, the newest first."""
    copies = Entry.rows.filter(copy_of__isnull=False, release="")
    return (copies | Entry.rows.filter(copy_of=None, status=Entry.DRAFT)).order_by("-changed")


def _begun():
    return Entry.rows.filter(Q(copy_of__isnull=False) | Q(copy_of=None, status=Entry.DRAFT))


def in_work():
    """All that is begun and readers do not see, planned or not: `writer` is the key of who wrote its last version, and when
    that was stands in `written`."""
    texts = _begun() | Entry.rows.to_come()
    texts = texts.annotate(writer=_last("who"), written_by=_last("who__username"))
    return texts.annotate(written=Coalesce(_last("when"), F("changed")))


def left_behind():
    """Working copies and drafts whose text is, for now, of an account that is switched off; `left_by` is its name."""
    texts = _begun().annotate(is_active=_last("who__is_active"), left_by=_last("who__username"))
    return texts.filter(is_active=False).order_by("-changed")


def _last(field):
    """Of the last version of a working copy, or of an entry."""
    versions = Version.objects.order_by("-pk").values(field)
    of_copy = versions.filter(entry=OuterRef("copy_of"), working_copy=True)[:1]
    of_draft = versions.filter(entry=OuterRef("pk"), working_copy=False)[:1]
    return Case(When(copy_of=None, then=Subquery(of_draft)), default=Subquery(of_copy))


def to_come():
    """What readers will see from a moment on, and what was stopped on the way; the next first."""
    return (Entry.rows.stopped() | Entry.rows.to_come()).order_by("publish_at", "pk")


def open_gaps():
    """Gaps that some text has, the oldest first."""
    return Gap.objects.open().order_by("created", "pk")


def last_changes():
    """The newest versions, with who made them."""
    return Version.objects.select_related("who", "entry")[:SHOWN]


def lists():
    """What needs doing, each kind by its name."""
    return {
        "feedback": Feedback.objects.open().select_related("entry"),
        "vain": search_counts.vain(),
        "due": due_for_review(),
        "gaps": open_gaps(),
        "to_come": to_come(),
        "run_out": Entry.rows.run_out(),
        "left_behind": left_behind(),
        "unpublished": unpublished(),
        "broken": checking.broken(),
        "conflicts": ImportConflict.objects.all(),
        "old_texts": OldText.objects.standing(),
    }


def refresh():
    """Write what was searched, and look at vain searches again: every minute, so that to look at the lists writes nothing."""
    search_counts.write()
    search_counts.still_vain(SHOWN)


def to_do():
    """Count and first rows of each list for the start page."""
    return {name: {"count": rows.count(), "rows": rows[:SHOWN]} for name, rows in lists().items()}
