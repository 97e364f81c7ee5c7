"""When public pages change by themselves: entries and notices that begin or end at a moment."""

from datetime import UTC, datetime

from faq.models import Entry, Notice


def next_change(now):
    """The first moment after `now` (a `time.time()`) at which readers see something else, or None."""
    moment = datetime.fromtimestamp(now, UTC)
    timed = (
        (Entry.objects.filter(status=Entry.PUBLISHED), ("publish_at", "expire_at")),
        (Notice.objects, ("begins", "ends")),
    )
    coming = [
        rows.filter(**{f"{field}__gt": moment}).order_by(field).values_list(field, flat=True).first()
        for rows, fields in timed
        for field in fields
    ]
    return min(filter(None, coming), default=None)
