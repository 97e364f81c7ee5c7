"""What needs doing: short lists for the start page of the admin, and the ways to do it."""

from django.utils import timezone

from faq.links import checking
from faq.models import Entry, Feedback, Gap, ImportConflict, Version
from faq.operations import search_counts

SHOWN = 8


def due_for_review():
    """Entries whose date for the next review has come, the longest overdue first."""
    return Entry.objects.filter(review__lte=timezone.localdate()).order_by("review", "pk")


def unpublished():
    """Working copies and drafts, the newest first."""
    copies = Entry.rows.filter(copy_of__isnull=False, release="")
    return (copies | Entry.rows.filter(copy_of=None, status=Entry.DRAFT)).order_by("-changed")


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
        "unpublished": unpublished(),
        "broken": checking.broken(),
        "conflicts": ImportConflict.objects.all(),
    }


def refresh():
    """Write what was searched, and look at vain searches again: every minute, so that to look at the lists writes nothing."""
    search_counts.write()
    search_counts.still_vain(SHOWN)


def to_do():
    """Count and first rows of each list for the start page."""
    return {name: {"count": rows.count(), "rows": rows[:SHOWN]} for name, rows in lists().items()}
