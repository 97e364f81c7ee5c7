"""What readers see at once is proposed by who may not publish it, and published by who may: by the form of the thing itself."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from faq.admin.proposals import ProposalsAdmin, proposal_address
from faq.content import kinds
from faq.editing import reviews
from faq.editing.merging import merge
from faq.models import Category, Contact, Entry, Gap, Notice, Review, Revision, Site, Tag, Term, Version
from tests.factories import delete, edit, make_category, make_entry, store
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db

# Of each kind the field that is changed; and what a new one needs.
CHANGED = {
    Term: "name", Contact: "phone", Tag: "name", Notice: "text", Category: "title", Site: "title", Gap: "name",
}  # fmt: skip
NEW = {
    Term: {"name": "Zwackel", "search": "zwack"},
    Contact: {"name": "Zwackel", "slug": "zwackel", "phone": "0123"},
    Tag: {"name": "Zwackel"},
    Notice: {"text": "Zwackel."},
    Category: {"title": "Zwackel", "position": "7"},
}
WITH_PROPOSALS = {m for m, model_admin in admin.site._registry.items() if isinstance(model_admin, ProposalsAdmin)}


@pytest.fixture
def things(db):
    """One of each kind."""
    store(Contact(slug="team", name="Team", phone="05744 1", note="Für alles"), Term(slug="olp", name="OLP"))
    store(Site(pk=1, title="Hilfe"), Notice(slug="stoerung", text="Störung"))
    make_entry("storno", tags=["VLSC"], body="[Gesetz](offen:gesetz)")


def client_of(name, group):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def anna(db):
    return client_of("anna", "Redaktion")


@pytest.fixture
def berta(db):
    return client_of("berta", "Freigabe")


def url_of(row, name="propose"):
    return reverse(f"admin:faq_{row._meta.model_name}_{name}", args=[row.pk])


def new_url(model, name="propose_new"):
    return reverse(f"admin:faq_{model._meta.model_name}_{name}")


def send(client, url, **changes):
    """Fill in the form at an address and send it; the answer."""
    return client.post(url, filled_in(client, url, **changes))


def propose(client, row, **changes):
    """Propose a change, and the open Review of it."""
    response = send(client, url_of(row), **changes)
    assert response.status_code == 302, errors(response)
    return Review.objects.open().latest("handed")


def stored():
    return [kinds.files(row) for model in CHANGED for row in model.objects.order_by("pk")]


def test_all_that_is_public_at_once_can_be_proposed():
    assert set(CHANGED) == WITH_PROPOSALS
    assert set(NEW) == {m for m in WITH_PROPOSALS if admin.site.get_model_admin(m).proposes_new}


@pytest.mark.parametrize("model", CHANGED)
def test_a_change_is_proposed_and_published_by_the_form_of_the_thing(things, anna, berta, model):
    row, name = model.objects.first(), CHANGED[model]
    before, versions, revision = stored(), Version.objects.count(), Revision.objects.current()
    review = propose(anna, row, **{name: "Zwackel"}, remark="Bitte ansehen.")
    assert (stored(), Version.objects.count(), Revision.objects.current()) == (before, versions, revision)
    assert review.by.username == "anna"
    assert review.comments.get().text == "Bitte ansehen."
    (_, now), (_, then) = reviews.sides(review)
    assert "Zwackel" in then
    assert "Zwackel" not in now
    address = proposal_address(review, User.objects.get(username="berta"))
    assert "Zwackel" in berta.get(address).content.decode()
    response = send(berta, address)
    assert response.status_code == 302, errors(response)
    assert getattr(model.objects.get(pk=row.pk), name) == "Zwackel"
    review.refresh_from_db()
    assert (review.state, review.decided_by.username) == ("published", "berta")
    assert "Zwackel" in review.document
    newest = Version.objects.filter(path=review.path).first()
    assert (newest.who.username, newest.why) == ("berta", "Vorschlag von anna")


@pytest.mark.parametrize("model", NEW)
def test_something_new_is_proposed_and_published(things, anna, berta, model):
    number = model.objects.count()
    response = send(anna, new_url(model), **NEW[model])
    assert response.status_code == 302, errors(response)
    review, shown = Review.objects.get(), next(iter(NEW[model].values()))
    assert str(review) == shown
    assert model.objects.count() == number
    address = proposal_address(review, User.objects.get(username="berta"))
    response = send(berta, address)
    assert response.status_code == 302, errors(response)
    assert model.objects.count() == number + 1
    review.refresh_from_db()
    assert review.state == "published"
    assert kinds.files(model.objects.latest("pk")) == {review.path: review.document}


@pytest.mark.parametrize("model", CHANGED)
def test_the_form_and_the_list_say_that_something_is_proposed(things, anna, berta, model):
    row = model.objects.first()
    assert url_of(row) in anna.get(url_of(row, "change")).content.decode()
    link = f'href="{url_of(propose(anna, row, **{CHANGED[model]: "Zwackel"}), "change")}"'
    for client in (anna, berta):
        assert link in client.get(url_of(row, "change")).content.decode()
        if model is not Site:
            assert link in client.get(new_url(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", CHANGED)
def test_who_opens_it_again_finds_the_proposal_and_corrects_it(things, anna, model):
    row = model.objects.first()
    first = propose(anna, row, **{CHANGED[model]: "Zwackel"})
    colleague = client_of("clara", "Redaktion")
    page = colleague.get(url_of(row)).content.decode()
    assert "Vorschlag von anna" in page
    assert "Zwackel" in page
    assert propose(colleague, row, **{CHANGED[model]: "Zwackel 2"}) == first
    assert ("Zwackel 2" in Review.objects.get().document, Review.objects.get().by.username) == (True, "clara")
