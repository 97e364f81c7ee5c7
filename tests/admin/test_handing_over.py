"""From a form to who may publish it, and what both see of that: in the form, in lists, on the start page, in the history, by mail."""

from contextvars import Context
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from faq import after_answer
from faq.admin.entries import EntryAdmin
from faq.editing import reviews, working_copies
from faq.models import Entry, Review, ReviewMail
from tests.accounts import client_of
from tests.factories import edit, make_entry
from tests.forms import filled_in

pytestmark = pytest.mark.django_db


class Person:
    def __init__(self, name, group):
        self.client = client_of(group, name, email=f"{name}@example.org")
        self.account = self.client.user

    def page(self, address="/admin/"):
        return self.client.get(address, follow=True).content.decode()

    def desk(self):
        """What stands under „Für Sie“."""
        return self.page().partition("Für Sie")[2].partition("Für alle")[0]


@pytest.fixture
def anna(db):
    """Who prepares."""
    return Person("anna", "Redaktion")


@pytest.fixture
def berta(db):
    """Who may publish."""
    return Person("berta", "Freigabe")


@pytest.fixture
def copy(anna):
    entry = make_entry("storno", title="Wie storniere ich?", body="Der öffentliche Text.")
    return edit(working_copies.start_working_copy(entry, who=anna.account), who=anna.account, body="Der neue Text.")


def form_of(entry):
    return reverse("admin:faq_entry_change", args=[entry.pk])


def submit_page(entry):
    return reverse("admin:faq_entry_submit", args=[entry.pk])


def test_what_was_typed_is_saved_and_handed_over(anna, berta, copy):
    posted = filled_in(anna.client, form_of(copy), body="Der neueste Text.", _submit="1")
    response = anna.client.post(form_of(copy), posted)
    assert response.url == submit_page(copy)
    page = anna.page(submit_page(copy))
    assert "alle, die veröffentlichen" in page
    assert ">berta<" in page
    assert "neueste" in page  # the comparison
    response = anna.client.post(submit_page(copy), {"to": berta.account.pk, "remark": "Neue Frist."})
    review = Review.objects.get()
    assert (review.by, review.to, review.comments.get().text) == (anna.account, berta.account, "Neue Frist.")
    assert response.url == reverse("admin:faq_review_change", args=[review.pk])


def test_sent_twice_it_is_handed_over_once(anna, copy):
    for _ in range(2):
        assert anna.client.post(submit_page(copy), {"to": "", "remark": "Bitte."}).status_code == 302
    assert Review.objects.get().comments.count() == 1


def test_somebody_who_may_not_publish_gets_nothing(anna, copy):
    response = anna.client.post(submit_page(copy), {"to": anna.account.pk, "remark": "Bitte."})
    assert response.status_code == 200
    assert "Bitte." in response.content.decode()
    assert not Review.objects.exists()


def test_a_remark_that_is_too_long_is_refused_with_what_was_typed(anna, copy):
    response = anna.client.post(submit_page(copy), {"to": "", "remark": "x" * 2001})
    assert "x" * 2001 in response.content.decode()
    assert not Review.objects.exists()


def test_what_is_public_or_released_has_nothing_to_hand_over(anna, berta, copy):
    assert "_submit" not in anna.page(form_of(copy.copy_of))
    assert anna.client.get(submit_page(copy.copy_of)).status_code == 404
    assert 'name="_submit"' in anna.page(form_of(copy))
    assert 'name="_submit"' in berta.page(form_of(copy))


def test_both_see_on_their_start_page_how_it_stands(anna, berta, copy):
    review = reviews.submit(copy, who=anna.account)
    assert berta.desk().index("1 Freigabe wartet auf Sie") < berta.desk().index("Wie storniere ich?")
    assert "wartet auf Freigabe" in anna.desk()
    reviews.hand_back(review, "Bitte mit Datum.", who=berta.account)
    assert "wartet auf Sie" not in berta.desk()
    assert "1 zurückgegebener Text" in anna.desk()
    reviews.submit(copy, who=anna.account)
    reviews.publish(review, who=berta.account, seen_then=reviews.seen(review))
    assert "1 entschiedene Freigabe" in anna.desk()
    assert "freigegeben von berta" in anna.desk()
    assert "entschiedene" not in berta.desk()


def test_what_was_given_to_somebody_who_has_left_waits_for_all(anna, berta, copy):
    clara = Person("clara", "Freigabe")
    reviews.submit(copy, who=anna.account, to=clara.account)
    assert "wartet auf Sie" not in berta.desk()
    User.objects.filter(username="clara").update(is_active=False)
    assert "1 Freigabe wartet auf Sie" in berta.desk()


def test_what_was_handed_back_to_somebody_who_has_left_waits_for_all_who_publish(anna, berta, copy):
    reviews.hand_back(reviews.submit(copy, who=anna.account), "Nein.", who=berta.account)
    assert "wartet auf Sie" not in berta.desk()
    User.objects.filter(username="anna").update(is_active=False)
    assert "1 Freigabe wartet auf Sie" in berta.desk()


def test_lists_form_and_history_say_how_it_stands(anna, berta, copy):
    draft = make_entry("neu", title="Ganz neu?", status="draft")
    reviews.submit(copy, who=anna.account)
    review = reviews.submit(draft, who=anna.account)
    reviews.hand_back(review, "Nein.", who=berta.account)
    for address in ("/admin/faq/entry/", "/admin/faq/entry/offen/"):
        page = anna.page(address)
        assert "wartet auf Freigabe" in page, address
        assert "Entwurf, zurückgegeben" in page, address
    assert "Wartet auf Freigabe." in anna.page(form_of(copy))
    assert "Zurückgegeben." in anna.page(form_of(draft))
    assert reverse("admin:faq_review_change", args=[review.pk]) in anna.page(
        reverse("admin:faq_entry_history", args=[draft.pk])
    )
    assert "Freigaben" in anna.page(reverse("admin:faq_entry_history", args=[copy.copy_of_id]))


def test_a_remark_that_comes_too_late_is_shown_once_more(anna, berta, copy):
    berta.client.post(reverse("admin:faq_entry_publish", args=[copy.pk]))
    response = anna.client.post(submit_page(copy), {"to": "", "remark": "Was ich dazu schrieb."})
    assert response.status_code == 409
    assert "Was ich dazu schrieb." in response.content.decode()


def test_everybody_who_handed_it_over_sees_what_became_of_it(anna, berta, copy):
    emil = Person("emil", "Redaktion")
    reviews.submit(copy, who=anna.account)
    review = reviews.submit(copy, who=emil.account, remark="Noch einmal.")
    reviews.hand_back(review, "Nein.", who=berta.account)
    assert all("1 zurückgegebener Text" in person.desk() for person in (anna, emil))
    reviews.submit(copy, who=emil.account)
    reviews.publish(review, who=berta.account, seen_then=reviews.seen(review))
    assert all("1 entschiedene Freigabe" in person.desk() for person in (anna, emil))


def test_what_an_import_decided_is_said_so(anna, copy):
    reviews.submit(copy, who=anna.account)
    working_copies.publish(copy, who=None)
    assert "freigegeben von dem Portal" in anna.desk()


def test_what_is_released_for_later_is_said_to_be(anna, berta, copy):
    edit(copy, publish_at=timezone.now() + timedelta(days=30))
    review = reviews.submit(copy, who=anna.account)
    reviews.publish(review, who=berta.account, seen_then=reviews.seen(review))
    assert "Geplant für" in anna.page(reverse("admin:faq_review_change", args=[review.pk]))


def test_who_makes_it_public_and_hands_it_over_at_once_has_published_it(berta):
    draft = make_entry("neu", status="draft")
    posted = filled_in(berta.client, form_of(draft), status="published", _submit="1")
    response = berta.client.post(form_of(draft), posted, follow=True)
    assert response.status_code == 200
    assert Entry.objects.get(pk=draft.pk).status == "published"


# Mail


@pytest.fixture
def mailed(settings, monkeypatch, django_capture_on_commit_callbacks):
    """What was sent, as addresses and texts; by the test's own thread, which alone sees the test's transaction."""
    settings.EMAIL_HOST = "mail.example.org"
    monkeypatch.setattr(after_answer, "do", lambda function, *arguments: function(*arguments))

    def sent(client, address, **posted):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address, posted)
        found = [(message.to[0], message.subject, message.body) for message in mail.outbox]
        mail.outbox.clear()
        return found

    return sent


def test_who_wants_it_gets_a_mail_without_the_text(anna, berta, copy, mailed):
    clara = Person("clara", "Freigabe")
    for person in (anna, berta):
        person.client.post("/admin/uebersicht/", {"reviews": "ja"})
    assert clara.page("/admin/uebersicht/").count("Bestellen") == 2
    ((to, subject, text),) = mailed(anna.client, submit_page(copy), to="", remark="Die Bemerkung.")
    assert mailed(anna.client, submit_page(copy), to="", remark="Die Bemerkung.") == []  # sent twice
    assert (to, subject) == ("berta@example.org", "Zur Freigabe: Wie storniere ich?")
    assert reverse("admin:faq_review_change", args=[Review.objects.get().pk]) in text
    assert "Text." not in text
    assert "Bemerkung" not in text
    page = reverse("admin:faq_review_hand_back", args=[Review.objects.get().pk])
    ((to, subject, _),) = mailed(berta.client, page, reason="Nein.")
    assert (to, subject) == ("anna@example.org", "Zurückgegeben: Wie storniere ich?")
    ((to, subject, text),) = mailed(berta.client, form_of(copy), **filled_in(berta.client, form_of(copy), _publish="1"))
    assert (to, subject) == ("anna@example.org", "Freigegeben: Wie storniere ich?")
    assert "berta" in text
    assert Entry.objects.get().body == "Der neue Text."


def test_a_mail_can_be_done_without(anna, berta, copy, mailed):
    for wanted in ("ja", "nein"):
        berta.client.post("/admin/uebersicht/", {"reviews": wanted})
    assert not ReviewMail.objects.exists()
    assert mailed(anna.client, submit_page(copy), to="", remark="") == []


def test_what_was_typed_into_a_copy_that_is_published_while_it_is_saved_is_shown_once_more(
    anna, berta, copy, monkeypatch
):
    posted = filled_in(anna.client, form_of(copy), body="Was ich gerade tippte.")
    prepare = EntryAdmin.prepare

    def slowly(*arguments, **options):
        prepare(*arguments, **options)
        monkeypatch.setattr(EntryAdmin, "prepare", prepare)
        # An action of her own, no part of the one that is waiting.
        Context().run(berta.client.post, reverse("admin:faq_entry_publish", args=[copy.pk]))

    monkeypatch.setattr(EntryAdmin, "prepare", slowly)
    response = anna.client.post(form_of(copy), posted)
    assert response.status_code == 409
    assert "Was ich gerade tippte." in response.content.decode()
    assert Entry.objects.get().body == "Der neue Text."
