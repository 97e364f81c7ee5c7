"""Links to pages elsewhere: when each is checked, what its results mean, and how one is replaced in every text."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from faq import markup, rate_limits
from faq.editing import references
from faq.editing.writing import action, writing
from faq.links import fetching
from faq.models import Reference, WebLink

AGAIN = timedelta(days=7)  # after a page was there
RETRY = timedelta(hours=20)  # after it was not: a failure of another day, also where the command runs a little early
BROKEN_AFTER = 2  # failures in a row, RETRY apart: one night's maintenance breaks no link
HELD = timedelta(minutes=10)  # a claim whose worker died ends by itself
AT_ONCE = 30  # seconds that `check_new` takes at most, and the check it is at


@dataclass
class Summary:
    """How many links were fine, failed, and wait: their host is being asked already, or wants to be asked later."""

    fine: int = 0
    failed: int = 0
    waiting: int = 0


def in_texts():
    """The links that stand in some text."""
    return WebLink.objects.filter(Exists(Reference.objects.filter(web=OuterRef("pk"))))


def broken():
    """Links that failed on different days in a row, and stand in some text."""
    return in_texts().filter(failures__gte=BROKEN_AFTER).order_by("url")


def new():
    """Links that nobody checked yet, and those that failed and get their second look."""
    second_look = Q(failures__range=(1, BROKEN_AFTER - 1), checked__lte=timezone.now() - RETRY)
    return in_texts().filter(Q(checked=None) | second_look)


def due():
    """All links whose last check is too long ago."""
    now = timezone.now()
    return in_texts().filter(
        Q(checked=None) | Q(failures=0, checked__lte=now - AGAIN) | Q(failures__gt=0, checked__lte=now - RETRY)
    )


def check_new():
    """Check what `new` names, for a while; what is left comes the next time."""
    ends = time.monotonic() + AT_ONCE
    while settings.CHECK_LINKS and time.monotonic() < ends and (link := _claim(new())):
        _check(link)


def check_due(say=lambda link: None):
    """Check all that is due, and `say` each link afterwards. Returns a Summary."""
    summary = Summary()
    while link := _claim(due()):
        if _check(link):
            summary.failed += bool(link.problem)
            summary.fine += not link.problem
            say(link)
    summary.waiting = due().count()
    return summary


def check_now(link):
    """Check one link whenever it was checked last. Returns False where its host is busy or wants to be asked later."""
    claimed = _claim(WebLink.objects.filter(pk=link.pk))
    return bool(claimed) and _check(claimed)


@action
def replace(link, address, *, who):
    """Let every text lead to `address` instead; each becomes a version of its own. Returns what was changed."""
    with writing(source="admin", who=who, why=f"Link {link.url} ersetzt durch {address}") as change:
        changed = references.rewrite(link.references.all(), markup.replace_address, link.url, address)
        change.record(changed)
        return changed


def _claim(links):
    """The first of some links whose host nobody is asking, and ours alone from here on; or None.

    A claim in the future is a host that wants to be asked then.
    """
    with transaction.atomic():
        rate_limits.lock("weblinks")
        now = timezone.now()
        claimed = WebLink.objects.filter(claimed__gt=now - HELD).values_list("url", flat=True)
        busy = {_host(url) for url in claimed}
        for link in links.order_by(F("checked").asc(nulls_first=True), "pk").iterator():
            if _host(link.url) not in busy:
                link.claimed = now
                link.save(update_fields=["claimed"])
                return link
    return None


def _host(url):
    try:
        return fetching.host_of(url)
    except ValueError:
        return url


def _check(link):
    """Ask for a link that was claimed, and note what became of it. Returns False where that is not known yet."""
    outcome = fetching.check(link.url)
    now = timezone.now()
    if outcome.later is not None:
        link.claimed = now + timedelta(seconds=outcome.later)
        link.save(update_fields=["claimed"])
        return False
    if not outcome.problem:
        link.failures = 0
    elif link.failures == 0 or link.checked <= now - RETRY:
        link.failures += 1
    link.checked, link.claimed, link.status = now, None, outcome.status
    link.problem = outcome.problem[:300]
    link.moved_to = outcome.address if outcome.permanent and len(outcome.address) <= markup.MAX_ADDRESS else ""
    link.save(update_fields=["checked", "claimed", "status", "problem", "moved_to", "failures"])
    return True
