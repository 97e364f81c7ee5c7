"""A list or form of the admin asks the database as often for many rows, each with many texts around it, as for a few."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from faq.content import kinds
from faq.content.documents import Step
from faq.editing import reviews, working_copies
from faq.files import storing
from faq.models import (
    Attachment,
    Contact,
    Entry,
    Feedback,
    ImportConflict,
    Notice,
    Picture,
    SearchDay,
    SearchQuery,
    Site,
    SourceDocument,
    Term,
    WebLink,
)
from faq.sources import Picture as SourcePicture
from faq.sources import Proposal, Source, decisions
from faq.sources import Step as SourceStep
from tests.drawings import png
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store
from tests.papers import pdf
from tests.queries import count

pytestmark = pytest.mark.django_db

SHARED = "[a](kontakt:k0) [b](datei:d0) [c](offen:o0) [d](https://example.org/0) [e](faq:ziel) [f](faq:ziel#schritt-1)"
PICTURE = "\n\n![](bild:b0)"


@pytest.fixture
def portal(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    make_walkthrough("ziel")
    store(Site(pk=1, title="Hilfe"))


def add(number):
    """One more of everything, and one more text that refers to the first of each."""
    own = SHARED.replace("0)", f"{number})")
    user = User.objects.create_superuser(f"u{number}")
    user.groups.add(Group.objects.create(name=f"G{number}"))
    with storing.no_orphans(), door_open():
        stored = storing.store(f"d{number}.pdf", pdf(str(number)))
        drawn = storing.store("b.png", png(text=str(number)))
    store(
        Attachment(slug=f"d{number}", title=f"Datei {number}", name=f"d{number}.pdf", stored=stored),
        Picture(slug=f"b{number}", description=f"Fenster {number}", name=f"b{number}.png", stored=drawn),
        Contact(slug=f"k{number}", name=f"Kontakt {number}", phone="05744 1"),
    )
    category = make_category(f"kategorie-{number}", intro=f"{SHARED} {own}")
    entry = make_entry(
        f"frage-{number}",
        category=category.slug,
        body=f"{SHARED} {own}{PICTURE}",
        tags=["OLP", f"Wort {number}"],
        aliases=[f"frueher-{number}"],
        review=timezone.localdate(),
    )
    store(
        Term(slug=f"t{number}", name=f"Begriff {number}", definition=f"{SHARED} {own}"),
        Notice(slug=f"n{number}", text=f"{SHARED} {own}", entry=entry),
    )
    edit(category, slug=f"rubrik-{number}", who=user)
    edit(entry, body=f"{SHARED} {own} Neu.{PICTURE}", who=user)
    ziel = Entry.objects.get(slug="ziel")
    edit(ziel, slug=f"ziel-{number}", who=user)
    edit(ziel, slug="ziel", who=user)
    reviews.comment(reviews.submit(working_copies.start_working_copy(entry, who=None), who=user), "Gut.", who=user)
    reviews.hand_back(reviews.submit(make_entry(f"entwurf-{number}", status="draft"), who=user), "Nein.", who=user)
    path = f"_contacts.yaml#k{number}"
    ((_, before),) = kinds.files(Contact.objects.get(slug=f"k{number}")).items()
    reviews.propose((path, before), (path, before.replace("05744 1", "05744 2")), title=f"Kontakt {number}", who=user)
    delete(make_entry(f"weg-{number}"))
    Feedback.objects.create(entry=entry, helpful=False, text="Fehlt.")
    Feedback.objects.create(entry=entry, helpful=False, done=timezone.now(), done_by=user)
    query = SearchQuery.objects.create(text=f"zwackel{number}", outcome=SearchQuery.NOTHING)
    SearchDay.objects.create(query=query, day=timezone.localdate(), count=2, vain=2)
    ImportConflict.objects.create(path=f"{number}.md")
    read_in(number, user, entry)
    WebLink.objects.update(failures=3, problem="Weg.")
    many = [Step(title=f"Schritt {n}", body=own) for n in range(number + 2)]
    make_walkthrough(f"ablauf-{number}", steps=many)


def read_in(number, user, entry):
    """A document with as many proposals of each state, one more picture, and what a draft of it names."""
    text, cut = f"{SHARED} {{}} ![](bild:s0)", []
    for n in range(number + 1):
        own = text.format(SHARED.replace("0)", f"{n})"))
        steps = tuple(SourceStep(f"Schritt {each}", own) for each in range(n))
        cut += [Proposal("question", entry.title, own, f"Kategorie {n}", steps)] * 5
    pictures = {f"s{n}": SourcePicture(f"s{n}.png", b"", f"Bild {n}") for n in range(number + 1)}
    document = decisions.take_in(f"Dokument {number}", Source(tuple(cut), pictures), who=user)
    keys = list(document.proposals.values_list("pk", flat=True))
    for n in range(0, len(keys), 5):
        decisions.leave_out(document, [(keys[n], f"{keys[n]}open")], who=user)
        decisions.there_already(document, keys[n + 1], f"{keys[n + 1]}open", entry, who=user)
        decisions.join_to_previous(document, keys[n + 3], f"{keys[n + 3]}open", who=user)


def pages():
    """Every list, and the form of the row that has the most around it; the start page."""
    yield "index", reverse("admin:index")
    for model in filter(admin.site.is_registered, apps.get_models()):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        # The document that was read in last is the longest.
        row = model._default_manager.order_by("-pk" if model is SourceDocument else "pk").first()
        if model is not Site:
            yield f"{model.__name__} list", reverse(f"{name}_changelist")
        yield f"{model.__name__} form", reverse(f"{name}_change", args=[row.pk])
        if model is Entry:
            walkthrough = Entry.objects.filter(slug__startswith="ablauf").latest("pk")
            yield "Walkthrough form", reverse(f"{name}_change", args=[walkthrough.pk])
            yield "Entry history", reverse(f"{name}_history", args=[row.pk])


def counted(client):
    """The queries of each page, once all that is cached is there."""
    for _, url in pages():
        client.get(url)
    return {name: count(client, url) for name, url in pages()}


def test_no_page_asks_more_where_there_is_more(portal, admin_client):
    for number in range(2):
        add(number)
    few = counted(admin_client)
    for number in range(2, 5):
        add(number)
    many = counted(admin_client)
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
