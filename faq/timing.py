"""When public pages change by themselves: entries and notices that begin or end at a moment."""

from datetime import UTC, datetime

from django.db.models import Min, Q

from faq.models import Entry, Notice


def next_change(now):
    """The first moment after `now` (a `time.time()`) at which readers see something else, or None."""
    moment = datetime.fromtimestamp(now, UTC)
    timed = (
        (Entry.objects.filter(status=Entry.PUBLISHED), ("publish_at", "expire_at")),
        (Notice.objects, ("begins", "ends")),
    )
    coming = [
        first
        for rows, fields in timed
        for first in rows.aggregate(**{f: Min(f, filter=Q(**{f"{f}__gt": moment})) for f in fields}).values()
    ]
    return min(filter(None, coming), default=None)
