"""What needs doing: short lists for the start page of the admin, and the ways to do it."""

from datetime import timedelta

from django.utils import timezone

from faq import changes, searches, weblinks
from faq.models import Entry, Feedback, Gap, ImportConflict, Version

SHOWN = 8
# How long an answer that was checked counts as checked.
NEXT_REVIEW = timedelta(days=365)


def due_for_review():
    """Entries whose date for the next review has come, the longest overdue first."""
    return Entry.objects.filter(review__lte=timezone.localdate()).order_by("review", "pk")


def unpublished():
    """Working copies and drafts, the newest first."""
    return (Entry.rows.filter(copy_of__isnull=False) | Entry.rows.filter(copy_of=None, status=Entry.DRAFT)).order_by(
        "-changed"
    )


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
        "vain": searches.vain(),
        "due": due_for_review(),
        "gaps": open_gaps(),
        "unpublished": unpublished(),
        "broken": weblinks.broken(),
        "conflicts": ImportConflict.objects.all(),
    }


def to_do():
    """Count and first rows of each list for the start page, vain searches looked at again."""
    searches.write()
    searches.still_vain(SHOWN)
    return {name: {"count": rows.count(), "rows": rows[:SHOWN]} for name, rows in lists().items()}


def still_true(entry, *, who):
    """Note that an entry was checked today and found right; it comes up again in a year."""
    entry.reviewed, entry.reviewed_by = timezone.localdate(), who
    entry.review = entry.reviewed + NEXT_REVIEW
    entry.save()
    changes.record([entry], source="admin", who=who, why="Geprüft: stimmt noch")
