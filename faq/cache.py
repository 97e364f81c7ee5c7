"""What a process caches of the content as long as readers see the same: until the site's revision is another one, or until
the next moment at which something begins or ends by itself.

Inside a transaction everything is read afresh and nothing is cached: it may yet be rolled back, and another one may then give
the same number to other content.
"""

import time
from collections.abc import Callable, Hashable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from faq.models import Entry, Notice, Revision

_FOREVER = float("inf")
_change = (None, _FOREVER)  # for a revision, the next moment at which something changes by itself
_forgotten = 0  # times
_held = ContextVar("held", default=None)


def state():
    """The site's revision, and until when (a `time.time()`) what readers see of it now holds."""
    global _change
    if held := _held.get():
        return held
    revision, now = Revision.objects.current(), time.time()
    known, moment = _change
    if known != revision or moment <= now or connection.in_atomic_block:
        moment = _next_change()
        if not connection.in_atomic_block:
            _change = (revision, moment)
    return revision, moment


def _next_change():
    """The first moment from now on (a `time.time()`) at which readers see something else by itself."""
    now = timezone.now()
    entries = Entry.objects.filter(Q(publish_at__gt=now) | Q(expire_at__gt=now), status=Entry.PUBLISHED)
    notices = Notice.objects.filter(Q(begins__gt=now) | Q(ends__gt=now)).order_by()
    pairs = [*entries.values_list("publish_at", "expire_at"), *notices.values_list("begins", "ends")]
    coming = [moment.timestamp() for pair in pairs for moment in pair if moment and moment > now]
    return min(coming, default=_FOREVER)


@contextmanager
def holding():
    """The state, looked at once for all that is made in here: a page is made of one state, or of something newer."""
    current = state()
    token = _held.set(current)
    try:
        yield current
    finally:
        _held.reset(token)


def forget():
    """Drop what is cached: it may be of another database."""
    global _change, _forgotten
    _change, _forgotten = (None, _FOREVER), _forgotten + 1


def _current():
    """Another value as soon as readers may see something else."""
    return _forgotten, *state()


def cached_by(depends_on: Callable) -> Callable:
    """Decorator of a function without arguments: what it returned last is returned again while `depends_on()` is the same."""

    def decorator(make):
        last = (None, None)

        @wraps(make)
        def inner():
            nonlocal last
            if connection.in_atomic_block:
                return make()
            current, (known, value) = (_forgotten, depends_on()), last
            if known != current:
                value = make()
                # Another thread may have put something older or newer there: it is not looked at again.
                last = (current, value)
            return value

        return inner

    return decorator


def cached(make: Callable) -> Callable:
    """Decorator of a function without arguments: what it returned last is returned again while readers see the same."""
    return cached_by(state)(make)


class CachedRows:
    """Rows by their keys, cached while readers see the same."""

    def __init__(self, load: Callable[[list], dict], most: int):
        """`load`: the rows that there are of some keys, by key; at most `most` are cached."""
        self._load, self._most = load, most
        self._cached = (None, {})

    def of(self, keys: Iterable[Hashable]) -> dict:
        """The rows that there are of these keys, by key."""
        keys = list(keys)
        if connection.in_atomic_block:
            return self._load(keys)
        current, (known, rows) = _current(), self._cached
        if known != current or len(rows) > self._most:
            rows = {}
            self._cached = (current, rows)
        if missing := [key for key in keys if key not in rows]:
            loaded = self._load(missing)
            rows.update((key, loaded.get(key)) for key in missing)
        return {key: row for key in keys if (row := rows.get(key)) is not None}
