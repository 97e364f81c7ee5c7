"""When public pages change by themselves: entries that begin or end at a moment."""

from datetime import UTC, datetime

from faq.models import Entry


def next_change(now):
    """The first moment after `now` (a `time.time()`) at which readers see something else, or None."""
    moment = datetime.fromtimestamp(now, UTC)
    timed = Entry.objects.filter(status=Entry.PUBLISHED)
    coming = [
        timed.filter(**{f"{field}__gt": moment}).order_by(field).values_list(field, flat=True).first()
        for field in ("publish_at", "expire_at")
    ]
    return min(filter(None, coming), default=None)
