"""What readers search: counted in memory, written every minute, by day and without anything about who asked."""

import re
import threading
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from faq import search
from faq.models import Entry, Revision, SearchDay, SearchQuery
from faq.operations import failed_writes
from faq.operations.redaction import redacted

# Different queries that are kept of one day, and in memory; what goes beyond is counted together.
MOST_DIFFERENT = 1000
OTHERS = "(weitere)"
_VAIN = (SearchQuery.SIMILAR, SearchQuery.NOTHING)
_LENGTH = SearchQuery._meta.get_field("text").max_length

_pending = Counter()  # by day, text and outcome
_lock = threading.Lock()


def outcome(results):
    """How well a search was answered: SearchQuery.FOUND, MEANING, SIMILAR, or NOTHING, also if what is shown has no word of it."""
    best = results.hits[0] if results.hits else None
    if not best or not best.confident:
        return SearchQuery.SIMILAR if any(hit.has_words for hit in results.hits) else SearchQuery.NOTHING
    return SearchQuery.MEANING if best.by_meaning else SearchQuery.FOUND


def count(query, outcome):
    """Count one search, in memory."""
    key = (timezone.localdate(), normalised(query), outcome)
    with _lock:
        if key not in _pending and len(_pending) >= MOST_DIFFERENT:
            key = (key[0], OTHERS, outcome)
        _pending[key] += 1


def normalised(query):
    """A query as it is counted: lower case, single spaces, no mail addresses and long numbers, at most 100 characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", redacted(query[:400])).casefold().split())[:_LENGTH].strip()


def write():
    """Write what was counted since the last time."""
    with _lock:
        counted = dict(_pending)
        _pending.clear()
    try:
        with transaction.atomic():
            for (day, text, found), number in sorted(counted.items()):
                _add(day, text, found, number)
    except Exception:
        with _lock:
            _pending.update(counted)  # they are written when the database is back
        raise
    if counted:
        failed_writes.succeeded()


def _add(day, text, found, number):
    known = SearchDay.objects.filter(day=day, query__text=text)
    if not known.exists() and SearchDay.objects.filter(day=day).count() >= MOST_DIFFERENT:
        text = OTHERS
    # What was counted together has no outcome of its own.
    query, _ = SearchQuery.objects.get_or_create(text=text, defaults={"outcome": found if text != OTHERS else "found"})
    if query.outcome != found and text != OTHERS:
        SearchQuery.objects.filter(pk=query.pk).update(outcome=found, revision=0)
    SearchDay.objects.get_or_create(query=query, day=day)
    vain = number if found in _VAIN else 0
    SearchDay.objects.filter(query=query, day=day).update(count=F("count") + number, vain=F("vain") + vain)


def forget():
    """Forget what is older than SEARCHES_KEPT_DAYS, also what editors put aside."""
    oldest = timezone.localdate() - timedelta(days=settings.SEARCHES_KEPT_DAYS)
    SearchDay.objects.filter(day__lt=oldest).delete()
    SearchQuery.objects.filter(days=None).delete()


def vain():
    """Queries without a good answer that no editor put aside, with `asked` as often as they were, the most frequent first."""
    return _asked(_VAIN, "days__vain")


def by_meaning():
    """The same of queries that were surely answered, but not by their words: a spelling would make it certain."""
    return _asked([SearchQuery.MEANING], "days__count")


def _asked(outcomes, counted):
    queries = SearchQuery.objects.filter(outcome__in=outcomes, dismissed=False)
    return queries.annotate(asked=Sum(counted, default=0)).filter(asked__gt=0).order_by("-asked", "text")


def look_at_first(most):
    """Search the first `most` of `vain()` and `by_meaning()` again, until no older outcome stands among them."""
    current = Revision.objects.current()
    for queries in (vain, by_meaning):
        while stale := [query for query in queries()[:most] if query.revision != current]:
            for query in stale:
                look_again(query, current)


def look_again(query, revision=None):
    """Search once more and note how well it is answered now. Returns the results."""
    results = search.search(query.text, among=Entry.objects.published(), limit=1)
    query.outcome = outcome(results)
    not_by_words = query.outcome in (SearchQuery.MEANING, SearchQuery.SIMILAR)
    query.nearest_id = results.hits[0].entry_id if not_by_words else None
    query.revision = Revision.objects.current() if revision is None else revision
    query.save(update_fields=["outcome", "nearest", "revision"])
    return results
