"""Handing a text over to somebody who may publish: given, commented, taken over, handed back, published, withdrawn.

Of an entry that is its draft or its working copy; of a term, a contact, a tag, a notice, which have none, it is a proposal: the
document that their form would have saved. Who publishes that does so by the same form.
"""

import hashlib
from dataclasses import fields, replace

from django.utils import timezone

from faq.actions import Hindered, action, made
from faq.content import kinds
from faq.content.documents import Text
from faq.content.values import DocumentError
from faq.editing import announcements, entries, owners, working_copies
from faq.editing.comparison import label_of, read_document
from faq.editing.writing import fresh, writing
from faq.models import Comment, Entry, Review

GONE = "Wofür dieser Vorschlag gedacht war, gibt es nicht mehr. Beim Veröffentlichen entsteht es neu."
TAKEN = "Diesen Anker oder dieses Kürzel hat inzwischen etwas anderes. Zum Veröffentlichen braucht es einen neuen."
UNREADABLE = "Der Vorschlag lässt sich nicht mehr in das Formular übernehmen."


class Changed(Hindered):
    """What is to be decided was changed since whoever decides looked at it. Nothing was written."""

    def __init__(self):
        super().__init__("Inzwischen wurde der Text geändert oder zurückgegeben. Bitte sehen Sie ihn noch einmal an.")


def open_review(entry):
    """The open Review of a draft or a working copy, or None."""
    return Review.objects.open().of_text(entry).first()


def proposals(paths=None):
    """The open Reviews of proposals, or of those for what stands at some paths."""
    found = Review.objects.open().filter(entry=None).select_related("by")
    return found if paths is None else found.filter(path__in=paths)


def stamp(found):
    """What stands for some proposals as they are: who decides about them, or writes over them, sends back that of what they saw."""
    said = sorted((review.pk, review.path, review.document, review.handed.timestamp()) for review in found)
    return _fingerprint(said) if said else ""


def row_of(review):
    """What a proposal is for; None where that is new, or gone."""
    is_new = not review.before and review.path not in kinds.of_path(review.path).field_files
    return None if is_new else kinds.row_at(review.path)


def proposed(review):
    """What an open proposal makes of what is there now: its Document, and the names of the fields that were changed there too.

    Raises DocumentError for a text that is none any more.
    """
    base, ours, theirs = (_read(review.path, text) for text in (review.before, review.document, _now(review)[1]))
    if base is None or theirs is None:
        return ours, []
    names = [each.name for each in fields(ours) if each.compare]
    changed = {name: getattr(ours, name) for name in names if getattr(ours, name) != getattr(base, name)}
    both = [name for name in changed if getattr(theirs, name) not in (getattr(base, name), changed[name])]
    return replace(theirs, **changed), both


def matters(review):
    """What is to be said of an open proposal beside its comparison: sentences, in German."""
    kind, found = kinds.of_path(review.path), []
    if not review.is_open or review.entry_id or kind.model is Entry:
        return found
    if row_of(review) is None and (review.before or kinds.row_at(review.path)):
        found.append(GONE if review.before else TAKEN)
    try:
        column = kind.field_files.get(review.path)
        if both := [label_of(kind.model, column or name) for name in proposed(review)[1]]:
            found.append(f"Inzwischen wurde auch hier geändert: {', '.join(both)}. Der Vorschlag gilt.")
    except DocumentError:
        found.append(UNREADABLE)
    return found


def _read(path, text):
    is_text = path in kinds.of_path(path).field_files
    return made(read_document, path, text) or (Text("") if is_text else None)


def _now(review):
    """Path and text of what a proposal is for, as it is now."""
    row = row_of(review)
    stored = kinds.files(row) if row else {review.path: ""}
    return (review.path, stored[review.path]) if review.path in stored else next(iter(stored.items()))


def text_of(review):
    """The draft or working copy that an open review is of; None for a proposal."""
    texts = Entry.rows.complete().select_related("copy_of")
    of = {"copy_of": review.entry_id} if review.of_copy else {"copy_of": None, "pk": review.entry_id}
    return texts.filter(**of).first() if review.entry_id else None


def sides(review):
    """What readers see and what they would see, each a pair of a path and its text: as it is now, or as it was decided."""
    if not review.is_open:
        return (review.path, review.before), (review.path, review.document)
    if entry := text_of(review):
        return sides_of(entry)
    now = _now(review)
    try:
        document, _ = proposed(review)
    except DocumentError:
        return now, (review.path, review.document)
    is_empty = isinstance(document, Text) and not document.body
    return now, (now[0], "" if is_empty else kinds.of_path(review.path).text(document))


def sides_of(entry):
    """The same of a draft or a working copy; of a draft readers see nothing."""
    ((path, document),) = kinds.files(entry).items()
    if not entry.copy_of_id:
        return (path, ""), (path, document)
    (public,) = kinds.files(Entry.objects.complete().get(pk=entry.copy_of_id)).items()
    return public, (path, document)


def seen(review, both=None):
    """What stands for `both` sides, as they are now or were read, and the state: who decides sends back that of what they had before them."""
    return _fingerprint((both or sides(review), review.state))


def _fingerprint(said):
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@action
def submit(entry, *, who, to=None, remark=""):
    """Hand a draft or a working copy over to `to`, or to all who may publish; once more, where it was handed back. Returns the Review.

    Raises Hindered where it is public or released, or `to` may not publish.
    """
    with writing(source="admin", who=who):
        entry = fresh(Entry.rows.complete().select_related("copy_of"), entry)
        if not entry.is_in_preparation:
            raise Hindered("Das ist schon freigegeben.")
        review = open_review(entry) or Review(entry=entry.original, of_copy=entry.copy_of_id is not None)
        return _hand(review, str(entry), *sides_of(entry), who=who, to=to, remark=remark)


@action
def propose(before, after, *, title, who, to=None, remark="", instead=None):
    """Hand over what shall stand at a path, in place of an open proposal for the same, or of `instead`. Returns the Review.

    `before` and `after` are pairs of a path and a text. Raises Hindered where both are the same, or `to` may not publish.
    """
    with writing(source="admin", who=who):
        if before == after:
            raise Hindered("Der Vorschlag ändert nichts.")
        review = instead or proposals([after[0]]).first() or Review()
        return _hand(review, title, before, after, who=who, to=to, remark=remark)


def follow(old, new):
    """What was proposed for what stood at a path is for what stands at another now. Inside of the door."""
    if not proposals([new]).exists():
        proposals([old]).exclude(before="").update(path=new)


def _hand(review, title, before, after, *, who, to, remark):
    if to and to not in owners.publishers():
        raise Hindered(f"{owners.name_of(to)} darf nicht veröffentlichen.")
    last = review.comments.exclude(act="").last() if review.pk else None
    stands = (review.state, review.by, review.to, review.document)
    if last and (last.text, *stands) == (remark, Review.WAITING, who, to, after[1]):
        return review  # sent twice
    review.path, review.title = after[0], " ".join(title.split())[:300]
    review.before, review.document = before[1], after[1]
    review.state, review.by, review.to, review.handed = Review.WAITING, who, to, timezone.now()
    review.decided_by = None
    review.save()
    review.note(Comment.HANDED, who, remark, to=to, document=after[1] if review.entry_id is None else "")
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
        if not Review.objects.given_by(who).filter(pk=review.pk).exists():
            change.require_publisher()
        review.decide(Review.WITHDRAWN, who, reason, sides(review)[1][1])
        return review


@action
def publish(review, *, who, seen_then, why="", news=None, over_newer=False):
    """Let readers see a draft or working copy that was handed over, and be told `news` with it, or what waits in it. Returns the entry.

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
        if news is not None:
            announcements.let_wait(news, entry)
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
