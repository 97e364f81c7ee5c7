"""What one hands over and another decides: given, commented, taken over, handed back, published, withdrawn."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse

from faq.actions import Hindered
from faq.editing import entries, reviews, working_copies
from faq.editing.owners import publishers
from faq.editing.reviews import Changed
from faq.editing.working_copies import Outdated
from faq.editing.writing import NotAllowed, Vanished
from faq.models import Comment, Entry, Review, Version
from tests.accounts import make_account
from tests.factories import delete, edit, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    """Who prepares."""
    return make_account("anna", "Redaktion")


@pytest.fixture
def berta():
    """Who may publish."""
    return make_account("berta", "Freigabe")


@pytest.fixture
def copy(anna):
    entry = make_entry("storno", body="Der öffentliche Text.")
    return edit(working_copies.start_working_copy(entry, who=anna), body="Der neue Text.")


@pytest.fixture
def draft():
    return make_entry("neu", status="draft", body="Ganz neu.")


def acts(review):
    return list(review.comments.values_list("act", "who__username", "text"))


def test_a_working_copy_goes_from_hand_to_hand_until_it_is_published(copy, anna, berta):
    review = reviews.submit(copy, who=anna, remark="Neue Frist.")
    assert (review.state, review.by, review.to, str(review)) == ("waiting", anna, None, copy.title)
    reviews.take(review, who=berta)
    reviews.hand_back(review, "Bitte mit Datum.", who=berta)
    assert Review.objects.get().state == "returned"
    edit(copy, body="Der neue Text vom 1. März.")
    assert reviews.submit(copy, who=anna, to=berta, remark="Jetzt mit Datum.") == review
    review.refresh_from_db()
    entry = reviews.publish(review, who=berta, seen_then=reviews.seen(review))
    assert entry.body == "Der neue Text vom 1. März."
    review.refresh_from_db()
    assert (review.state, review.decided_by, review.is_own) == ("published", berta, False)
    assert "Der öffentliche Text." in review.before
    assert "vom 1. März" in review.document
    assert acts(review) == [
        ("handed", "anna", "Neue Frist."),
        ("taken", "berta", ""),
        ("returned", "berta", "Bitte mit Datum."),
        ("handed", "anna", "Jetzt mit Datum."),
        ("published", "berta", ""),
    ]


def test_a_draft_is_handed_over_and_published(draft, anna, berta):
    review = reviews.submit(draft, who=anna)
    assert reviews.publish(review, who=berta, seen_then=reviews.seen(review)).status == "published"
    review.refresh_from_db()
    assert (review.state, review.before) == ("published", "")


def test_what_was_changed_since_somebody_looked_is_not_published(copy, anna, berta):
    review = reviews.submit(copy, who=anna)
    looked_at = reviews.seen(review)
    edit(copy, body="Noch ein Satz.")
    with pytest.raises(Changed):
        reviews.publish(review, who=berta, seen_then=looked_at)
    looked_at = reviews.seen(review)
    edit(copy.copy_of, body="Der öffentliche Text, neuer.")
    with pytest.raises(Changed):
        reviews.publish(review, who=berta, seen_then=looked_at)
    with pytest.raises(Outdated):
        reviews.publish(review, who=berta, seen_then=reviews.seen(review))
    assert Entry.objects.get().body == "Der öffentliche Text, neuer."
    assert Review.objects.get().state == "waiting"
    reviews.publish(review, who=berta, seen_then=reviews.seen(review), over_newer=True)
    assert Entry.objects.get().body == "Noch ein Satz."


@pytest.mark.parametrize("verb", [reviews.take, reviews.publish, reviews.hand_back, reviews.withdraw])
def test_who_may_not_publish_decides_nothing(copy, anna, berta, verb):
    review = reviews.submit(copy, who=berta)
    options = {reviews.publish: {"seen_then": reviews.seen(review)}}.get(verb, {})
    with pytest.raises(NotAllowed):
        verb(review, *(["Nein."] if verb == reviews.hand_back else []), who=anna, **options)
    assert Review.objects.get().state == "waiting"
    assert Entry.objects.get().body == "Der öffentliche Text."


def test_who_handed_it_over_takes_it_back(copy, anna):
    review = reviews.withdraw(reviews.submit(copy, who=anna), who=anna, reason="Zu früh.")
    assert acts(review)[-1] == ("withdrawn", "anna", "Zu früh.")
    assert Entry.rows.filter(pk=copy.pk).exists()


def test_who_publishes_what_they_handed_over_themselves_is_shown(copy, berta):
    review = reviews.submit(copy, who=berta)
    reviews.publish(review, who=berta, seen_then=reviews.seen(review))
    assert Review.objects.get().is_own


def test_only_who_may_publish_gets_something(copy, anna, berta):
    with pytest.raises(Hindered, match="anna darf nicht veröffentlichen"):
        reviews.submit(copy, who=berta, to=anna)
    assert not Review.objects.exists()


WAYS_OUT = {
    "published elsewhere": (lambda copy, who: working_copies.publish(copy, who=who), "published"),
    "thrown away": (lambda copy, who: working_copies.discard(copy, who=who), "withdrawn"),
    "entry deleted": (lambda copy, who: delete(copy.copy_of), "withdrawn"),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_whatever_ends_the_copy_ends_what_was_handed_over(copy, anna, berta, way):
    do, state = WAYS_OUT[way]
    reviews.submit(copy, who=anna)
    do(copy, berta)
    review = Review.objects.get()
    assert review.state == state
    assert "Der neue Text." in review.document
    with pytest.raises(Vanished):
        reviews.comment(review, "Zu spät.", who=anna)


@pytest.mark.parametrize("way", ["saved as public", "deleted"])
def test_whatever_ends_the_draft_ends_what_was_handed_over(draft, anna, berta, way):
    reviews.submit(draft, who=anna)
    if way == "deleted":
        entries.delete([draft], who=berta)
    else:
        edit(draft, status="published")
    assert Review.objects.get().state == ("withdrawn" if way == "deleted" else "published")


def test_a_draft_that_is_edited_goes_on_waiting(draft, anna):
    reviews.submit(draft, who=anna)
    edit(draft, body="Mehr.")
    assert Review.objects.get().state == "waiting"


def test_the_public_text_may_change_while_its_copy_waits(copy, anna):
    reviews.submit(copy, who=anna)
    edit(copy.copy_of, title="Wie storniere ich?")
    assert Review.objects.get().state == "waiting"


def test_what_is_public_or_released_is_not_handed_over(copy, anna, berta):
    with pytest.raises(Hindered):
        reviews.submit(copy.copy_of, who=anna)


def test_it_waits_for_whom_it_was_given_or_for_all_also_where_somebody_has_left(copy, draft, anna, berta):
    clara = make_account("clara", "Freigabe")
    given = reviews.submit(copy, who=anna, to=clara)
    to_all = reviews.submit(draft, who=anna)

    def waiting(who):
        return list(Review.objects.waiting_for(who, publishers()))

    assert waiting(berta) == [to_all]
    assert waiting(clara) == [given, to_all]
    User.objects.filter(pk=clara.pk).update(is_active=False)
    assert waiting(berta) == [given, to_all]


def test_lists_know_how_it_stands(copy, draft, anna, berta):
    review = reviews.submit(copy, who=anna)
    reviews.hand_back(reviews.submit(draft, who=anna), "Nein.", who=berta)
    found = {entry.pk: (entry.review_key, entry.review_state) for entry in Entry.rows.with_review()}
    assert found[copy.pk] == (review.pk, "waiting")
    assert found[draft.pk][1] == "returned"
    assert found[copy.copy_of_id] == (None, None)


def test_a_comment_stands_beside_its_passage_and_stays_with_the_history(copy, anna, berta):
    review = reviews.submit(copy, who=anna)
    reviews.comment(review, "Welcher?", who=berta, quote="neue Text", ahead="Der ", behind=".")
    reviews.publish(review, who=berta, seen_then=reviews.seen(review))
    assert Comment.objects.get(act="").quote == "neue Text"
    assert list(Entry.objects.get().reviews.all()) == [review]


def test_what_is_said_of_a_text_is_in_no_file_and_on_no_page(client, admin_client, copy, anna, berta, tmp_path):
    review = reviews.submit(copy, who=anna, remark="Zwackelmann fragt.")
    reviews.comment(review, "Zwackelmann?", who=berta, quote="neue Text")
    for step in ("waiting", "published"):
        call_command("export_content", str(tmp_path / step))
        written = [path for path in (tmp_path / step).rglob("*") if path.is_file()]
        assert written
        assert not [path for path in written if b"Zwackelmann" in path.read_bytes()]
        assert b"Zwackelmann" not in b"".join(admin_client.get(reverse("admin:exchange_download")))
        for address in (
            "/",
            "/alles/",
            "/faq/storno/",
            "/faq/storno.md",
            "/feed.xml",
            "/suche.json?q=zwackel",
            "/llms.txt",
        ):
            assert b"Zwackelmann" not in client.get(address).content, address
        assert not [version for version in Version.objects.all() if "Zwackelmann" in version.document]
        if step == "waiting":
            reviews.publish(review, who=berta, seen_then=reviews.seen(review))
