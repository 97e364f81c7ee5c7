"""What readers are told of a change: it waits with a draft or working copy, and gets its day when that becomes public."""

from dataclasses import replace

from django.utils import timezone

from faq.content import documents, mapping
from faq.models import Entry


def date(entry):
    """Give what waits in a published entry, or lies ahead, its day: today, or that on which the entry will be public."""
    if entry.status != Entry.PUBLISHED:
        return
    today = timezone.localdate()
    begins = max(timezone.localdate(entry.publish_at), today) if entry.publish_at else today
    changes = [
        replace(change, day=begins) if change.day is None or change.day > today else change
        for change in mapping.changes_of(entry)
    ]
    mapping.set_changes(entry, documents.newest_first(changes))


def let_wait(sentence, entry):
    """Let readers be told this once a draft or working copy is public, in place of what waited; nothing where it is empty."""
    changes = [documents.Change(None, sentence)] if sentence else []
    mapping.set_changes(entry, [*changes, *announced(mapping.changes_of(entry))])


def waiting_in(entry):
    """The sentence that waits in an entry, or ""."""
    return " ".join(change.text for change in waiting(mapping.changes_of(entry)))


def waiting(changes):
    """Those that were not announced yet."""
    return [change for change in changes if change.day is None]


def announced(changes):
    """The others."""
    return [change for change in changes if change.day is not None]


def differ(was, here, there):
    """Whether both took back or corrected the same, each in a way of its own."""
    return announced(here) != announced(there) and any(change not in [*here, *there] for change in was)


def merged(was, here, there):
    """Of two lists that come from the same one, a copy's and the original's: what waits in the copy, and what was announced in either,
    without what either took back."""
    was, ours, theirs = (announced(changes) for changes in (was, here, there))
    stays = [change for change in theirs if change in ours or change not in was]
    return [*waiting(here), *documents.newest_first([*stays, *(change for change in ours if change not in was)])]
