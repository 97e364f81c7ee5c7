"""Handing a text over to somebody who may publish: given, commented, taken over, handed back, published, withdrawn.

Of an entry that is its draft or its working copy; of a term, a contact, a tag, a notice, which have none, it is a proposal: the
document that their form would have saved. Who publishes that does so by the same form.
"""

import hashlib

from django.utils import timezone

from faq.actions import Hindered, action
from faq.content import kinds
from faq.editing import entries, owners, working_copies
from faq.editing.writing import fresh, writing
from faq.models import Comment, Entry, Review


class Changed(Hindered):
    """What is to be decided was changed since whoever decides looked at it. Nothing was written."""

    def __init__(self):
        super().__init__(
            "Der Text wurde geändert, während Sie ihn vor sich hatten. Bitte sehen Sie ihn noch einmal an."
        )


def open_review(entry):
    """The open Review of a draft or a working copy, or None."""
    return Review.objects.open().of_text(entry).first()


def open_proposal(path):
    """The open Review of a proposal for what stands at a path, or None."""
    return Review.objects.open().filter(entry=None, path=path).first()


def text_of(review):
    """The draft or working copy that an open review is of; None for a proposal."""
    texts = Entry.rows.complete().select_related("copy_of")
    of = {"copy_of": review.entry_id} if review.of_copy else {"copy_of": None, "pk": review.entry_id}
    return texts.filter(**of).first() if review.entry_id else None


def sides(review):
    """What readers see and what they would see, each a pair of a path and its text: as it is now, or as it was decided."""
    entry = text_of(review) if review.is_open else None
    if entry is None:
        return (review.path, review.before), (review.path, review.document)
    return sides_of(entry)


def sides_of(entry):
    """The same of a draft or a working copy; of a draft readers see nothing."""
    ((path, document),) = kinds.files(entry).items()
    if not entry.copy_of_id:
        return (path, ""), (path, document)
    (public,) = kinds.files(Entry.objects.complete().get(pk=entry.copy_of_id)).items()
    return public, (path, document)


def seen(review, both=None):
    """What stands for `both` sides, as they are now or were read: who decides sends back that of what they had before them."""
    return hashlib.sha256(repr(both or sides(review)).encode()).hexdigest()[:16]


@action
def submit(entry, *, who, to=None, remark=""):
    """Hand a draft or a working copy over to `to`, or to all who may publish; once more, where it was handed back. Returns the Review.

    Raises Hindered where it is public or released, or `to` may not publish.
    """
    with writing(source="admin", who=who):
        entry = fresh(Entry.rows.complete().select_related("copy_of"), entry)
        if entry.is_released or (not entry.copy_of_id and entry.status == Entry.PUBLISHED):
            raise Hindered("Das ist schon freigegeben.")
        review = open_review(entry) or Review(entry=entry.original, of_copy=entry.copy_of_id is not None)
        return _hand(review, str(entry), *sides_of(entry), who=who, to=to, remark=remark)


@action
def propose(before, after, *, title, who, to=None, remark=""):
    """Hand over what shall stand at a path, in place of an open proposal for the same. Returns the Review.

    `before` and `after` are pairs of a path and a text. Raises Hindered where both are the same, or `to` may not publish.
    """
    with writing(source="admin", who=who):
        if before == after:
            raise Hindered("Der Vorschlag ändert nichts.")
        return _hand(open_proposal(after[0]) or Review(), title, before, after, who=who, to=to, remark=remark)


def _hand(review, title, before, after, *, who, to, remark):
    if to and to not in owners.publishers():
        raise Hindered(f"{owners.name_of(to)} darf nicht veröffentlichen.")
    last = review.comments.exclude(act="").last() if review.pk else None
    stands = (review.state, review.by, review.to, review.document)
    if last and (last.text, *stands) == (remark, Review.WAITING, who, to, after[1]):
        return review  # sent twice
    review.path, review.title = after[0], title[:300]
    review.before, review.document = before[1], after[1]
    review.state, review.by, review.to, review.handed = Review.WAITING, who, to, timezone.now()
    review.decided_by = None
    review.save()
    review.note(Comment.HANDED, who, remark, to=to)
    return review


@action
def comment(review, text, *, who, **passage):
    """Say something about a review that is open; beside a passage, where `quote` holds its words (see Comment). Returns the Comment."""
    with writing(source="admin", who=who):
        return _open(review).note("", who, text, **passage)


@action
def take(review, *, who):
    """Take over what waits for somebody else, or for all. Returns the Review."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        review = _open(review, Review.WAITING)
        if review.to != who:
            review.to = who
            review.save()
            review.note(Comment.TAKEN, who)
        return review


@action
def hand_back(review, reason, *, who):
    """Hand back to whoever handed it over, with a reason. Returns the Review."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        review = _open(review, Review.WAITING)
        review.state, review.decided_by = Review.RETURNED, who
        review.save()
        review.note(Comment.RETURNED, who, reason)
        return review


@action
def withdraw(review, *, who, reason=""):
    """Take back what was handed over; its text stays as it is. For whoever gave it, and those who may publish. Returns the Review."""
    with writing(source="admin", who=who) as change:
        review = _open(review)
        if review.by != who:
            change.require_publisher()
        review.decide(Review.WITHDRAWN, who, reason, sides(review)[1][1])
        return review


@action
def publish(review, *, who, seen_then, why="", over_newer=False):
    """Let readers see a draft or working copy that was handed over. Returns the entry.

    `seen_then` is what `seen` said of it when `who` looked. Raises Changed, Outdated, AddressTaken, NotAllowed;
    Hindered for a proposal.
    """
    with writing(source="admin", who=who, why=why) as change:
        change.require_publisher()
        review = _open(review)
        if seen(review) != seen_then:
            raise Changed
        entry = text_of(review)
        if entry is None:
            raise Hindered("Das wird in seinem Formular veröffentlicht.")
        if entry.copy_of_id:
            return working_copies.publish(entry, who=who, why=why, over_newer=over_newer)
        return entries.publish_draft(entry, who=who, why=why)


@action
def published_otherwise(review, *, who, document):
    """A proposal was published by the form of its thing, with what stands in `document` now. Returns the Review."""
    with writing(source="admin", who=who) as change:
        change.require_publisher()
        review = _open(review)
        review.decide(Review.PUBLISHED, who, document=document)
        return review


def _open(review, *states):
    return fresh(Review.objects.open().filter(state__in=states or Review.OPEN), review)
