"""When public pages change by themselves: entries and notices that begin or end at a moment."""

from datetime import UTC, datetime

from faq.models import Entry, Notice
from faq.prepared import prepared


def next_change(now):
    """The first moment after `now` (a `time.time()`) at which readers see something else, or None."""
    return _coming.first(datetime.fromtimestamp(now, UTC))


@prepared
def _coming(now):
    entries = Entry.objects.filter(status=Entry.PUBLISHED)
    begin, *others = (
        rows.filter(**{f"{field}__gt": now}).order_by().values_list(field, flat=True)
        for rows, field in (
            (entries, "publish_at"),
            (entries, "expire_at"),
            (Notice.objects, "begins"),
            (Notice.objects, "ends"),
        )
    )
    return begin.union(*others, all=True).order_by("publish_at")[:1]
