"""What needs doing: short lists for the start page of the admin, and the ways to do it."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from faq.editing import owners
from faq.editing.writing import may_publish
from faq.links import checking
from faq.models import Entry, Feedback, Gap, ImportConflict, OldText, Review, Site, SourceDocument, Version
from faq.models.entries import of_last_version
from faq.operations import search_counts
from faq.words import counted

SHOWN = 8
DECIDED_SHOWN = 14  # days
LOOKED_AT_AGAIN = 30  # of the searches in vain


class Kind(NamedTuple):
    """What a list is called, with one row and with many; the model that one has to be allowed to see, and what narrows its list."""

    one: str
    many: str
    model: str = "entry"
    condition: str = ""


KINDS = {
    "reviews": Kind("Freigabe wartet auf Sie", "Freigaben warten auf Sie", "entry"),
    "returned": Kind("zurückgegebener Text", "zurückgegebene Texte", "entry"),
    "decided": Kind("entschiedene Freigabe", "entschiedene Freigaben", "entry"),
    "due": Kind("Eintrag zu prüfen", "Einträge zu prüfen", "entry", "?faellig=ja"),
    "unpublished": Kind("in Arbeit", "in Arbeit"),
    "feedback": Kind("Rückmeldung", "Rückmeldungen", "feedback", "?stand=offen"),
    "vain": Kind("vergebliche Suche", "vergebliche Suchen", "searchquery", "?ergebnis=vergeblich"),
    "by_meaning": Kind(
        "Suche, nur dem Sinn nach gefunden",
        "Suchen, nur dem Sinn nach gefunden",
        "searchquery",
        "?ergebnis=sinn",
    ),
    "gaps": Kind("offene Stelle", "offene Stellen", "gap", "?stand=offen"),
    "to_come": Kind("geplant", "geplant", "entry", "?zeit=geplant"),
    "run_out": Kind("abgelaufen", "abgelaufen", "entry", "?zeit=abgelaufen"),
    "old_texts": Kind("Text von früher", "Texte von früher"),
    "conflicts": Kind("beim Einlesen offen geblieben", "beim Einlesen offen geblieben"),
    "legal": Kind("Rechtsangabe fehlt", "Rechtsangaben fehlen", "site"),
    "broken": Kind("gebrochener Link", "gebrochene Links", "weblink", "?stand=gebrochen"),
    "documents": Kind("eingelesenes Dokument", "eingelesene Dokumente", "sourcedocument", "?stand=offen"),
    "left_behind": Kind("von Konten, die abgeschaltet sind", "von Konten, die abgeschaltet sind"),
}


def due_for_review():
    """Entries whose date for the next review has come, the longest overdue first."""
    return Entry.objects.filter(review__lte=timezone.localdate()).select_related("owner").order_by("review", "pk")


def unpublished():
    """Drafts, and working copies that wait for somebody; the newest first."""
    return Entry.rows.open().filter(release="").with_review().order_by("-changed")


def in_work():
    """All that is begun and readers do not see, planned or not: `writer` is the key of who wrote its last version, and when
    that was stands in `written`."""
    texts = (Entry.rows.open() | Entry.rows.to_come()).with_review()
    texts = texts.annotate(writer=of_last_version("who"), written_by=of_last_version("who__username"))
    return texts.annotate(written=Coalesce(of_last_version("when"), F("changed")))


def left_behind(who=None):
    """What is in the hands of accounts that are switched off, as far as `who` may take it over."""
    return owners.held_by(owners.gone().values("pk"), who=who).order_by("-changed")


def in_hand(user):
    """Drafts and working copies in somebody's hands, with the version of the public text that is newer than the copy as `newer`."""
    newest = Version.objects.filter(entry=OuterRef("copy_of"), working_copy=False).order_by("-pk").values("pk")[:1]
    return Entry.rows.held_by([user.pk]).open().with_review().annotate(newest=Subquery(newest)).order_by("-changed")


def reviews(user):
    """What was handed over, by what it is for somebody: to decide, to go on with, or to know what became of it."""
    asked = Review.objects.without_texts()
    found = {"reviews": asked.waiting_for(user, owners.publishers())} if may_publish(user) else {}
    since = timezone.now() - timedelta(days=DECIDED_SHOWN)
    return found | {"returned": asked.handed_back_to(user), "decided": asked.decided_for(user, since)}


def to_come():
    """What readers will see from a moment on, and what was stopped on the way; the next first."""
    return (Entry.rows.stopped() | Entry.rows.to_come()).order_by("publish_at", "pk")


def open_gaps():
    """Gaps that some text has, the oldest first."""
    return Gap.objects.open().order_by("created", "pk")


def documents():
    """Documents that were read in and of which something is still to be decided, the newest first; `open_parts` says how much."""
    return SourceDocument.objects.with_parts().filter(open_parts__gt=0).select_related("who")


def last_changes():
    """The newest versions, with who made them; of gaps that an import made with its texts none."""
    versions = Version.objects.select_related("who", "entry")
    return versions.exclude(source="import", entry=None, path__startswith="_gaps")[:SHOWN]


def lists():
    """What needs doing, each kind by its name."""
    return {
        "feedback": Feedback.objects.open().select_related("entry"),
        "vain": search_counts.vain(),
        "by_meaning": search_counts.by_meaning().select_related("nearest"),
        "due": due_for_review(),
        "gaps": open_gaps(),
        "to_come": to_come(),
        "run_out": Entry.rows.run_out(),
        "left_behind": left_behind(),
        "unpublished": unpublished(),
        "legal": Site.objects.with_legal_gaps(),
        "broken": checking.broken(),
        "conflicts": ImportConflict.objects.all(),
        "old_texts": OldText.objects.standing(),
    }


def mine(user):
    """The same, of what concerns one editor first."""
    return {
        "due": due_for_review().filter(owner=user),
        "feedback": Feedback.objects.open().filter(entry__owner=user).select_related("entry"),
        "vain": search_counts.vain().filter(nearest__owner=user).select_related("nearest"),
        "gaps": open_gaps().filter(in_charge=user),
    }


def section(name, rows, *, more="", most=SHOWN):
    """A list by its first rows, for a page or a mail: its heading, and where the whole of it is; None where it is empty."""
    one, many, model, condition = KINDS[name]
    if not (count := rows.count()):
        return None
    return {
        "name": name,
        "count": count,
        "heading": counted(count, one, many),
        "rows": list(rows[:most]),
        "more": max(count - most, 0),
        "address": reverse(f"admin:faq_{model}_changelist") + condition + more if condition else "",
    }


def refresh():
    """Write what was searched, and look again at what was not surely found by its words: every minute, so that to look at the lists writes nothing."""
    search_counts.write()
    search_counts.look_at_first(LOOKED_AT_AGAIN)
