"""What readers see at once is proposed by who may not publish it, and published by who may: by the form of the thing itself."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from faq.admin.proposals import ProposalsAdmin, proposal_address
from faq.content import kinds
from faq.editing import reviews
from faq.editing.merging import merge
from faq.models import Category, Contact, Gap, Notice, Review, Revision, Site, Tag, Term, Version
from tests.accounts import client_of
from tests.factories import delete, edit, make_entry, store
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
ADMINS = [admin.site.get_model_admin(model) for model in kinds.BY_MODEL]
WITH_PROPOSALS = {each.model for each in ADMINS if isinstance(each, ProposalsAdmin)}


@pytest.fixture
def things(db):
    """One of each kind."""
    store(Contact(slug="team", name="Team", phone="05744 1", note="Für alles"), Term(slug="olp", name="OLP"))
    store(Site(pk=1, title="Hilfe"), Notice(slug="stoerung", text="Störung"))
    make_entry("storno", tags=["VLSC"], body="[Gesetz](offen:gesetz)")


@pytest.fixture
def anna(db):
    return client_of("Redaktion", "anna")


@pytest.fixture
def berta(db):
    return client_of("Freigabe", "berta")


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
    assert str(review) == ("Meldung: zwackel" if model is Notice else shown)
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
    colleague = client_of("Redaktion", "clara")
    page = colleague.get(url_of(row)).content.decode()
    assert "Vorschlag von anna" in page
    assert "Zwackel" in page
    assert propose(colleague, row, **{CHANGED[model]: "Zwackel 2"}) == first
    assert ("Zwackel 2" in Review.objects.get().document, Review.objects.get().by.username) == (True, "clara")


def published(client, review, **changes):
    """Publish a proposal by the form of its thing; the answer."""
    return send(client, proposal_address(review, User.objects.get(username="berta")), **changes)


def test_what_was_changed_meanwhile_stays_beside_what_is_proposed(things, anna, berta):
    contact = Contact.objects.get()
    review = propose(anna, contact, phone="05744 2")
    edit(contact, note="Für Lizenzen")
    assert published(berta, review).status_code == 302
    contact.refresh_from_db()
    assert (contact.phone, contact.note) == ("05744 2", "Für Lizenzen")


def test_where_both_changed_the_same_the_form_has_the_proposal_and_says_so(things, anna, berta):
    contact = Contact.objects.get()
    review = propose(anna, contact, phone="05744 2")
    edit(contact, phone="05744 3")
    page = berta.get(proposal_address(review, User.objects.get(username="berta"))).content.decode()
    assert "Inzwischen wurde auch hier geändert: Telefon." in page
    assert 'value="05744 2"' in page
    (_, now), (_, then) = reviews.sides(review)
    assert ("05744 3" in now, "05744 2" in then) == (True, True)


def test_who_saves_the_form_as_it_was_leaves_the_proposal_open(things, anna, berta):
    contact = Contact.objects.get()
    propose(anna, contact, phone="05744 2")
    send(berta, url_of(contact, "change"), note="Für Lizenzen")
    assert Review.objects.get().state == "waiting"


def test_a_proposal_that_was_corrected_meanwhile_is_looked_at_again(things, anna, berta):
    contact = Contact.objects.get()
    review = propose(anna, contact, phone="05744 2")
    address = proposal_address(review, User.objects.get(username="berta"))
    data = filled_in(berta, address, note="Getippt")
    propose(anna, contact, phone="05744 3")
    response = berta.post(address, data)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Inzwischen wurde der Text geändert oder zurückgegeben." in page
    assert "Getippt" in page
    assert Contact.objects.get().phone == "05744 1"
    reviews.withdraw(review, who=User.objects.get(username="anna"))
    assert "ist inzwischen freigegeben oder zurückgezogen" in berta.post(address, data).content.decode()
    assert Contact.objects.get().phone == "05744 1"


def test_who_writes_over_a_proposal_has_seen_it(things, anna):
    contact, clara = Contact.objects.get(), client_of("Redaktion", "clara")
    data = filled_in(clara, url_of(contact), phone="05744 3", remark="Von Clara")
    propose(anna, contact, phone="05744 2")
    response = clara.post(url_of(contact), data)
    page = response.content.decode()
    assert (response.status_code, "05744 2" in Review.objects.get().document) == (200, True)
    assert 'value="05744 3"' in page
    assert "Von Clara" in page
    assert "Vorschlag von anna" in page
    assert "Er steht in diesem Formular" not in page
    assert "2</del>" in page
    assert f'href="{url_of(contact)}">Diesen Vorschlag öffnen' in page
    assert clara.post(url_of(contact), data).status_code == 200


def seen_in(response):
    """The stamp of the proposals that a page has shown."""
    return response.content.decode().partition('name="_seen" value="')[2].partition('"')[0]


def test_a_proposal_that_a_colleague_writes_over_is_kept_in_the_history(things, anna):
    contact, clara = Contact.objects.get(), client_of("Redaktion", "clara")
    data = filled_in(clara, url_of(contact), email="x@example.com")
    review = propose(anna, contact, phone="05744 999")
    refused = clara.post(url_of(contact), data)
    assert clara.post(url_of(contact), data | {"_seen": seen_in(refused)}).status_code == 302
    assert "05744 999" not in Review.objects.get().document
    page = clara.get(url_of(review, "change")).content.decode()
    assert page.count("<summary>Der Vorschlag von damals</summary>") == 1
    assert "05744 999" in page


def test_who_publishes_an_older_proposal_sees_the_newer_one_first_and_it_is_kept(things, anna, berta):
    contact = Contact.objects.get()
    review = propose(anna, contact, phone="05744 999")
    address = proposal_address(review, User.objects.get(username="berta"))
    data = filled_in(berta, address, _why="Eilig")
    propose(anna, contact, phone="05744 111222")
    refused = berta.post(address, data)
    page = refused.content.decode()
    assert "Er steht in diesem Formular" not in page
    assert ("111222</del>" in page, "999</ins>" in page) == (True, True)
    assert f'href="{address}">Diesen Vorschlag öffnen' in page
    assert 'value="Eilig"' in page
    assert Contact.objects.get().phone == "05744 1"
    assert berta.post(address, data | {"_seen": seen_in(refused)}).status_code == 302
    assert Contact.objects.get().phone == "05744 999"
    assert "05744 111222" in berta.get(url_of(review, "change")).content.decode()


def test_a_fault_beside_a_field_does_not_hide_that_the_proposal_is_a_newer_one(things, anna):
    contact, clara = Contact.objects.get(), client_of("Redaktion", "clara")
    data = filled_in(clara, url_of(contact), name="")
    propose(anna, contact, phone="05744 999")
    page = clara.post(url_of(contact), data).content.decode()
    assert "Er steht in diesem Formular" not in page
    assert "999</del>" in page


def test_the_text_of_an_older_proposal_is_shown_as_it_is_written(things, anna):
    notice = Notice.objects.get()
    review = propose(anna, notice, text="Erst **so** & `<so>`.")
    propose(anna, notice, text="Dann so.")
    page = anna.get(url_of(review, "change")).content.decode().partition("Der Vorschlag von damals")[2]
    assert "Erst **so** &amp; `&lt;so&gt;`." in page


def test_who_publishes_a_proposal_may_give_it_another_anchor_at_once(things, anna, berta):
    term = Term.objects.get()
    review = propose(anna, term, name="Zwackel")
    response = published(berta, review, slug="anders")
    assert response.status_code == 302, errors(response)
    review.refresh_from_db()
    term.refresh_from_db()
    assert (term.slug, term.name, review.state) == ("anders", "Zwackel", "published")


def test_a_new_category_keeps_the_anchor_that_was_proposed(things, anna, berta):
    send(anna, new_url(Category), title="Ganz anderer Titel", slug="kurz", position="7")
    assert published(berta, Review.objects.get()).status_code == 302
    assert Category.objects.get(title="Ganz anderer Titel").slug == "kurz"


def test_a_notice_is_named_in_lists_and_mails_without_its_text(things, anna):
    send(anna, new_url(Notice), text="Störung am Montag.\n\nGeheime Nummer.", slug="montag")
    assert str(Review.objects.get()) == "Meldung: montag"
    assert str(propose(anna, Notice.objects.get(), text="Anders.\n\nNoch geheim.")) == "Meldung: stoerung"


def test_what_stands_in_the_subject_of_a_mail_is_one_line(things):
    (path, before), who = next(iter(kinds.files(Contact.objects.get()).items())), User.objects.create_user("emil")
    assert str(reviews.propose((path, before), (path, "Anders"), title=" Zwei\n\nZeilen", who=who)) == "Zwei Zeilen"


def test_what_can_no_longer_be_filled_in_is_proposed_anew_at_the_first_try(things, anna):
    entry = make_entry("frist")
    send(anna, new_url(Notice), text="Zwackel.", entry=entry.pk)
    delete(entry)
    review = Review.objects.get()
    response = send(anna, proposal_address(review, User.objects.get(username="anna")), text="Neu.")
    assert response.status_code == 302, errors(response)
    assert [comment.document == Review.objects.get().document for comment in review.comments.all()] == [False, True]


def test_two_that_propose_something_new_of_the_same_name_lose_nothing(things, anna):
    clara = client_of("Redaktion", "clara")
    send(anna, new_url(Term), name="Zwackel", definition="Von Anna")
    response = send(clara, new_url(Term), name="Zwackel", definition="Von Clara")
    page = response.content.decode()
    assert "Dafür gibt es schon einen Vorschlag: „Zwackel“." in page
    assert "Von Clara" in page
    assert "Von Anna" in Review.objects.get().document


def test_what_is_new_is_opened_again_and_may_get_another_anchor(things, anna):
    send(anna, new_url(Term), name="Zwackel", definition="Von Anna")
    review = Review.objects.get()
    address = proposal_address(review, User.objects.get(username="anna"))
    assert send(anna, address, slug="zwackel-2").status_code == 302
    review.refresh_from_db()
    assert (review.path, "slug: zwackel-2" in review.document) == ("_terms.yaml#zwackel-2", True)


def test_what_is_new_and_taken_by_now_asks_for_another_anchor(things, anna, berta):
    send(anna, new_url(Term), name="Zwackel", definition="Von Anna")
    store(Term(slug="zwackel", name="Anderer Zwackel"))
    review = Review.objects.get()
    assert reviews.sides(review)[0] == ("_terms.yaml#zwackel", "")
    response = published(berta, review)
    assert errors(response)
    assert "Von Anna" in response.content.decode()
    assert published(berta, review, slug="zwackel-2").status_code == 302
    assert Review.objects.get().state == "published"


@pytest.mark.parametrize("model", [Term, Contact, Tag, Notice])
def test_with_the_thing_goes_what_was_proposed_for_it(things, anna, berta, model):
    row = model.objects.first()
    review = propose(anna, row, **{CHANGED[model]: "Zwackel"})
    response = berta.post(url_of(row, "delete"), {"post": "yes", "_why": "Unnötig"})
    assert (response.status_code, model.objects.filter(pk=row.pk).exists()) == (302, False)
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert "Zwackel" in review.document
    assert anna.get(proposal_address(review, None) or url_of(review, "change")).status_code == 200


@pytest.mark.parametrize("model", [Term, Tag])
def test_with_one_of_two_that_are_merged_goes_what_was_proposed_for_it(things, anna, model):
    if model is Tag:
        make_entry("frist", tags=["OLP"])
    else:
        store(Term(slug="vlsc", name="VLSC"))
    kept, gone = model.objects.order_by("pk")
    review = propose(anna, gone, name="Zwackel")
    merge(kept, gone, who=None)
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert review.comments.last().text.startswith("Zusammengeführt mit")


@pytest.mark.parametrize("model", [Term, Notice, Category])
def test_what_is_called_otherwise_takes_its_proposal_along(things, anna, berta, model):
    row = model.objects.first()
    review = propose(anna, row, **{CHANGED[model]: "Zwackel"})
    assert send(berta, url_of(row, "change"), slug="anders").status_code == 302
    review.refresh_from_db()
    assert reviews.row_of(review) == row
    assert "Zwackel" in anna.get(url_of(row)).content.decode()
    assert published(berta, review).status_code == 302
    assert (model.objects.get(pk=row.pk).slug, Review.objects.get().state) == ("anders", "published")


def test_a_category_that_an_import_renamed_is_found_by_its_former_address(things, anna):
    category = Category.objects.get()
    review = propose(anna, category, title="Zwackel")
    edit(category, slug="anders")
    assert reviews.row_of(review) == category
    assert reviews.sides(review)[0][0] == "anders/_category.md"
    assert propose(anna, category, title="Zwackel 2") == review
    assert Review.objects.get().path == "anders/_category.md"


def test_a_proposal_fills_in_no_other_form_than_that_of_its_thing(things, anna, berta):
    store(Contact(slug="zwei", name="Zwei", phone="05744 9"))
    review = propose(anna, Contact.objects.get(slug="team"), phone="05744 2")
    other = f"{url_of(Contact.objects.get(slug='zwei'), 'change')}?vorschlag={review.pk}"
    assert "05744 2" not in berta.get(other).content.decode()
    assert send(berta, other).status_code == 302
    assert Review.objects.get().state == "waiting"


def test_what_a_proposal_names_and_is_gone_by_now_is_said(things, anna, berta):
    entry = make_entry("frist")
    send(anna, new_url(Notice), text="Zwackel.", entry=entry.pk)
    delete(entry)
    review = Review.objects.get()
    page = berta.get(proposal_address(review, User.objects.get(username="berta"))).content.decode()
    assert "lässt sich nicht mehr in das Formular übernehmen" in page
    assert 'name="_seen"' not in page


def test_several_texts_of_the_portal_are_several_proposals(things, anna, berta):
    site = Site.objects.get()
    assert send(anna, url_of(site), title="Zwackel", imprint_text="Wir.").status_code == 302
    found = {review.path: str(review) for review in Review.objects.all()}
    assert found == {"_site.md": "Hilfe", "_imprint.md": "Impressum (eigener Text)"}
    assert published(berta, Review.objects.get(path="_imprint.md")).status_code == 302
    site.refresh_from_db()
    assert (site.title, site.imprint_text) == ("Hilfe", "Wir.")
    assert send(anna, url_of(site), imprint_text="Wir alle.").status_code == 302
    assert Review.objects.get(path="_site.md").comments.count() == 1


@pytest.mark.parametrize("remark", ["", "Bitte!"])
def test_what_changes_nothing_is_no_proposal(things, anna, remark):
    response = send(anna, url_of(Contact.objects.get()), remark=remark)
    assert "Der Vorschlag ändert nichts." in response.content.decode()
    assert remark in response.content.decode()
    assert not Review.objects.exists()


def test_who_takes_back_all_of_a_proposal_is_told_how(things, anna):
    contact = Contact.objects.get()
    propose(anna, contact, phone="05744 2")
    response = send(anna, url_of(contact), phone="05744 1")
    assert "ändert so nichts mehr" in response.content.decode()
    assert Review.objects.get().state == "waiting"


def test_what_the_form_refuses_is_refused_here_too_with_all_that_was_typed(things, anna):
    response = send(anna, url_of(Notice.objects.get()), text="[x](faq:nirgends)", remark="Getippt")
    page = response.content.decode()
    assert "Zeile 1: Das Linkziel „faq:nirgends“ gibt es nicht." in page
    assert "Getippt" in page
    assert "Zur Freigabe geben" in page
    assert not Review.objects.exists()


def test_what_is_sent_twice_is_handed_over_once(things, anna):
    url = url_of(Contact.objects.get())
    data = filled_in(anna, url, phone="05744 2")
    first, second = (anna.post(url, data) for _ in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    assert Review.objects.get().comments.count() == 1


def test_it_is_given_to_one_of_those_who_may_publish(things, anna, berta):
    contact, account = Contact.objects.get(), User.objects.get(username="berta")
    assert propose(anna, contact, phone="05744 2", to=account.pk).to == account
    response = send(anna, url_of(contact), phone="05744 3", to=User.objects.get(username="anna").pk)
    assert response.status_code == 200
    assert "05744 3" in response.content.decode()


def test_who_may_publish_proposes_too(things, berta):
    contact = Contact.objects.get()
    propose(berta, contact, phone="05744 2")
    assert Contact.objects.get().phone == "05744 1"


def test_who_may_only_read_proposes_nothing(things):
    contact, reader = Contact.objects.get(), User.objects.create_user("leser", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_contact", "view_entry"]))
    client = Client()
    client.force_login(reader)
    assert url_of(contact) not in client.get(url_of(contact, "change")).content.decode()
    assert (client.get(url_of(contact)).status_code, client.get(new_url(Contact)).status_code) == (403, 403)


def test_a_tag_has_a_history_also_one_that_a_text_made(things, berta):
    tag = Tag.objects.get()
    assert not Version.objects.filter(path__startswith="_tags").exists()
    data = filled_in(berta, url_of(tag, "change"), name="Später")
    send(berta, url_of(tag, "change"), name="Lizenzen")
    response = berta.post(url_of(tag, "change"), data)
    assert "Inzwischen hat berta eine neuere Fassung gesichert." in response.content.decode()
    berta.post(url_of(tag, "delete"), {"post": "yes"})
    said = Version.objects.filter(path="_tags.yaml#vlsc").order_by("pk").values_list("document", flat=True)
    assert list(said) == ["- slug: vlsc\n  name: VLSC\n", "- slug: vlsc\n  name: Lizenzen\n", ""]


def test_a_tag_that_no_reader_sees_is_renamed_without_their_pages_being_made_anew(things, berta):
    make_entry("entwurf", status="draft", tags=["Geheim"])
    before = Revision.objects.current()
    assert send(berta, url_of(Tag.objects.get(name="Geheim"), "change"), name="Anders").status_code == 302
    assert Revision.objects.current() == before
