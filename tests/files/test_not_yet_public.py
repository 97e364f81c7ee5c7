"""A file that was uploaded is nobody's until a public text has referred to it once; then it is readers' for good."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from faq.content.documents import Step
from faq.editing import working_copies
from faq.models import Attachment, Category, Entry, Notice, Revision, Site, StoredFile, Term
from tests.accounts import client_of
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store
from tests.forms import filled_in
from tests.papers import pdf

pytestmark = pytest.mark.django_db

ADD = "/admin/faq/attachment/add/"
LINK = "Hier: [Blatt](datei:blatt)."
NOW = timezone.now()
SOON, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def redaktion():
    return client_of("Redaktion")


@pytest.fixture
def uploaded(redaktion):
    """A file that Redaktion has uploaded."""
    upload(redaktion, "Blatt", pdf("eins"))
    return Attachment.objects.get()


def upload(client, title, data):
    response = client.post(ADD, {"title": title, "upload": SimpleUploadedFile("x.pdf", data)})
    assert response.status_code == 302, response.content.decode()


def page_of(attachment, name="change"):
    return reverse(f"admin:faq_attachment_{name}", args=[attachment.pk])


def replace(client, attachment, data):
    return client.post(page_of(attachment), {"title": "Blatt", "upload": SimpleUploadedFile("x.pdf", data)})


def served(client):
    """What readers get at its address; None where there is nothing."""
    response = client.get("/datei/blatt/")
    return b"".join(response) if response.status_code == 200 else None


def with_page(slug):
    """A category that readers see."""
    make_entry("darin", category=slug)
    return Category.objects.get(slug=slug)


# The texts that may refer to it: what makes one that readers see.
SEEN = {
    "an entry": lambda: make_entry("verweis", body=LINK),
    "a step": lambda: make_walkthrough("verweis", steps=[Step("Los", body=LINK)]),
    "a category": lambda: edit(with_page("gruppe"), intro=LINK),
    "a term": lambda: store(Term(slug="ding", name="Ding", definition=LINK)),
    "a notice": lambda: store(Notice(slug="meldung", text=LINK)),
    "the site": lambda: store(Site(pk=1, title="Hilfe", intro=LINK)),
    "the imprint": lambda: store(Site(pk=1, title="Hilfe", imprint_text=LINK)),
}
UNSEEN = {
    "nothing": lambda: None,
    "a draft": lambda: make_entry("verweis", body=LINK, status="draft"),
    "a planned entry": lambda: make_entry("verweis", body=LINK, publish_at=SOON),
    "a working copy": lambda: edit(working_copies.start_working_copy(make_entry("verweis"), who=None), body=LINK),
    "a planned working copy": lambda: working_copies.publish(
        edit(working_copies.start_working_copy(make_entry("verweis"), who=None), body=LINK, publish_at=SOON), who=None
    ),
    "a category without a page": lambda: make_category("leer", intro=LINK),
    "a planned notice": lambda: store(Notice(slug="meldung", text=LINK, begins=SOON)),
}


@pytest.mark.parametrize("where", UNSEEN)
def test_an_upload_is_on_no_surface_while_no_public_text_refers_to_it(uploaded, client, where):
    UNSEEN[where]()
    for name in ("eins", "zwei"):
        assert served(client) is None
        etag = f'"{uploaded.stored.sha256}"'
        assert client.get("/datei/blatt/", headers={"If-None-Match": etag}).status_code == 404
        for url in ("/", "/alles/", "/sitemap.xml", "/llms.txt", "/feed.xml", "/suche/?q=Blatt", "/suche.json?q=Blatt"):
            assert "datei/blatt" not in b"".join(client.get(url)).decode(), url
        store(Term(slug=name, name=name))  # and any other change makes it none of theirs


@pytest.mark.parametrize("where", SEEN)
def test_a_file_is_public_once_a_public_text_refers_to_it_and_for_good(uploaded, client, where):
    text = SEEN[where]()
    assert served(client) == pdf("eins")
    if isinstance(text, Entry):
        edit(text, status="draft")
        assert served(client) == pdf("eins")
    delete(*([*Entry.objects.filter(category=text), text] if isinstance(text, Category) else [text]))
    assert served(client) == pdf("eins")


@pytest.mark.parametrize("kind", ["an entry", "a planned notice", "a working copy"])
def test_a_moment_alone_makes_a_file_public_and_another_takes_nothing_away(uploaded, client, kind):
    """Nobody saves anything between."""
    model, name, end = (Notice, "begins", "ends") if "notice" in kind else (Entry, "publish_at", "expire_at")
    UNSEEN["a planned working copy" if "copy" in kind else kind if "notice" in kind else "a planned entry"]()
    rows = model.objects if model is Notice else Entry.rows.filter(publish_at=SOON)
    assert served(client) is None
    key = rows.get().pk
    with door_open():
        rows.update(**{name: BEFORE})
    working_copies.take_over_due()
    assert served(client) == pdf("eins")
    if model is Entry:  # readers saw it until then
        with door_open():
            Entry.objects.filter(slug="verweis").update(**{end: NOW - timedelta(minutes=1)})
        assert served(client) == pdf("eins")
    else:
        edit(Notice.objects.get(pk=key), text="Ohne.")
        assert served(client) == pdf("eins")


def test_publishing_a_draft_of_redaktion_takes_its_file_along(uploaded, redaktion, client):
    """The way that editors go: a file, a draft with it, somebody publishes."""
    url = reverse("admin:faq_entry_add")
    key = make_category().pk
    redaktion.post(url, filled_in(redaktion, url, title="Wo?", body=LINK, category=key))
    draft = reverse("admin:faq_entry_change", args=[Entry.objects.get().pk])
    freigabe = client_of("Freigabe", "frieda")
    preview = redaktion.post(draft, filled_in(redaktion, draft) | {"_preview": "1"}).content.decode()
    assert "Blatt (PDF, " in preview
    assert served(client) is None
    freigabe.post(draft, filled_in(freigabe, draft) | {"_publish": "1"})
    assert "Blatt (PDF, " in client.get("/faq/wo/").content.decode()
    assert served(client) == pdf("eins")


def test_redaktion_replaces_and_deletes_what_is_not_public_yet(uploaded, redaktion, client, uploads):
    revision = Revision.objects.current()
    page = redaktion.get(page_of(uploaded)).content.decode()
    assert "noch nicht öffentlich: sobald ein öffentlicher Text darauf verweist" in page
    assert f'<a href="{page_of(uploaded, "file")}">/datei/blatt/</a>' in page
    assert f'<div><a href="{page_of(uploaded, "file")}?fassung=' in page
    assert "noch nicht öffentlich" in redaktion.get("/admin/faq/attachment/?verwendung=neu").content.decode()
    assert replace(redaktion, uploaded, pdf("zwei")).status_code == 302
    assert b"".join(redaktion.get(page_of(uploaded, "file"))) == pdf("zwei")
    redaktion.post(page_of(uploaded, "delete"), {"post": "yes"})
    assert not Attachment.objects.exists()
    assert list(uploads.iterdir()) == []
    assert Revision.objects.current() == revision


def test_redaktion_changes_nothing_of_a_public_file_and_is_told_who_may(uploaded, redaktion, client):
    client_of("Freigabe", "frieda")
    make_entry("verweis", body=LINK)
    said = redaktion.get(page_of(uploaded)).content.decode()
    assert "Laden Sie die neue Fassung als eigene Datei hoch" in said
    assert "die Gruppe Freigabe (frieda)" in said
    assert "deletelink" not in said
    chosen = {"action": "delete_selected", "_selected_action": [uploaded.pk], "post": "yes"}
    for refused in (
        replace(redaktion, uploaded, pdf("zwei")),
        redaktion.post(page_of(uploaded), {"title": "Anders"}),
        redaktion.post(page_of(uploaded, "delete"), {"post": "yes"}),
        redaktion.post("/admin/faq/attachment/", chosen),
    ):
        assert refused.status_code in (200, 403)
        assert Attachment.objects.get().title == "Blatt"
        assert served(client) == pdf("eins")


def test_a_file_that_was_public_once_keeps_its_former_versions_from_who_deletes_the_same_bytes(
    uploaded, redaktion, admin_client
):
    make_entry("verweis", body=LINK)
    replace(admin_client, uploaded, pdf("zwei"))
    upload(redaktion, "Dasselbe", pdf("eins"))
    redaktion.post(page_of(Attachment.objects.get(slug="dasselbe"), "delete"), {"post": "yes"})
    assert StoredFile.objects.count() == 2


def test_a_file_that_an_import_brings_is_public_at_once(client, tmp_path):
    """Also where no text refers to it: it is the operator's, as it always was."""
    folder = tmp_path / "content" / "_dateien"
    folder.mkdir(parents=True)
    (folder / "blatt.pdf").write_bytes(pdf("eins"))
    (folder / "_dateien.yaml").write_text("- slug: blatt\n  title: Blatt\n  file: blatt.pdf\n")
    call_command("import_content", folder.parent)
    assert served(client) == pdf("eins")


def test_a_list_of_files_asks_as_often_where_there_are_more(uploaded, redaktion):
    def count():
        redaktion.get("/admin/faq/attachment/")
        with CaptureQueriesContext(connection) as captured:
            redaktion.get("/admin/faq/attachment/")
        return len(captured)

    few = count()
    for number in range(8):
        upload(redaktion, f"Nummer {number}", pdf(str(number)))
    assert count() == few


@pytest.mark.parametrize("later", ["an entry", "a released working copy", "a notice"])
def test_a_file_of_what_comes_by_itself_is_changed_by_who_publishes(redaktion, uploaded, later):
    """What was released is what readers get at its moment: nobody looks at it again."""
    chef = User.objects.create_superuser("chef")
    if later == "an entry":
        make_entry("bald", body=LINK, status="published", publish_at=SOON)
    elif later == "a notice":
        store(Notice(slug="bald", text=LINK, begins=SOON))
    else:
        copy = working_copies.start_working_copy(make_entry("frage", status="published"), who=None)
        edit(copy, body=LINK, publish_at=SOON)
        working_copies.publish(copy, who=chef)
    url = reverse("admin:faq_attachment_change", args=[uploaded.pk])
    before = uploaded.stored_id
    redaktion.post(url, {"title": "Anders", "upload": SimpleUploadedFile("y.pdf", pdf("zwei"))})
    found = Attachment.objects.get()
    assert (found.title, found.stored_id) == ("Blatt", before)
    assert redaktion.get(found.get_absolute_url()).status_code == 404
