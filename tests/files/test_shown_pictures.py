"""A picture is readers' while a text that they see shows it, and nobody's before and after; previews show it all the same."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from faq.content.documents import Step
from faq.editing import restoring, working_copies
from faq.models import Category, Entry, Notice, Picture, Rendition, Site, StoredFile, Term, Version
from faq.public.preview import preview_link
from tests.accounts import client_of
from tests.drawings import png, saved, screenshot
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db

SHOWN = "Hier: ![Fenster](bild:fenster)."
NOW = timezone.now()
SOON, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)
PAGES = (
    "/",
    "/alles/",
    "/allgemein/",
    "/faq/verweis/",
    "/faq/verweis.md",
    "/feed.xml",
    "/glossar/",
    "/suche/?q=verweis",
)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def picture(uploads):
    """A picture that Redaktion has uploaded, in three sizes."""
    upload = SimpleUploadedFile("x.png", png(width=1_400, height=700))
    fields = {"description": "Fenster mit Liste", "slug": "fenster", "upload": upload}
    response = client_of("Redaktion").post("/admin/faq/picture/add/", fields)
    assert response.status_code == 302, response.content.decode()
    return Picture.objects.get()


def addresses(picture):
    return [f"/bild/{size.stored.sha256}.webp" for size in picture.stored.renditions.select_related("stored")]


def statuses(client, picture):
    """What readers get at the addresses of all sizes, and where they would find the file itself."""
    master = f"/bild/{picture.stored.sha256}.png"
    return {client.get(url).status_code for url in addresses(picture)}, client.get(master).status_code


def on_pages(client):
    """The pages that show it."""
    return [url for url in PAGES if "/bild/" in client.get(url).content.decode()]


def with_page(slug):
    make_entry("darin", category=slug)
    return Category.objects.get(slug=slug)


def a_copy(**values):
    copy = working_copies.start_working_copy(make_entry("verweis"), who=None)
    return edit(copy, body=SHOWN, **values)


# The texts that may show it: what makes one that readers see, and one that they do not.
SEEN = {
    "an entry": lambda: make_entry("verweis", body=SHOWN),
    "a step": lambda: make_walkthrough("verweis", steps=[Step("Los", body=SHOWN)]),
    "a category": lambda: edit(with_page("gruppe"), intro=SHOWN),
    "a term": lambda: store(Term(slug="ding", name="Ding", definition=SHOWN)),
    "a notice": lambda: store(Notice(slug="meldung", text=SHOWN)),
    "the site": lambda: store(Site(pk=1, title="Hilfe", intro=SHOWN)),
    "the imprint": lambda: store(Site(pk=1, title="Hilfe", imprint_text=SHOWN)),
    "a published working copy": lambda: working_copies.publish(a_copy(), who=None),
}
UNSEEN = {
    "nothing": lambda: None,
    "a draft": lambda: make_entry("verweis", body=SHOWN, status="draft"),
    "a planned entry": lambda: make_entry("verweis", body=SHOWN, publish_at=SOON),
    "an expired entry": lambda: make_entry("verweis", body=SHOWN, expire_at=BEFORE),
    "a step of a draft": lambda: make_walkthrough("verweis", steps=[Step("Los", body=SHOWN)], status="draft"),
    "a working copy": a_copy,
    "a released working copy": lambda: working_copies.publish(a_copy(publish_at=SOON), who=None),
    "a discarded working copy": lambda: working_copies.discard(a_copy(), who=None),
    "a category without a page": lambda: make_category("leer", intro=SHOWN),
    "a planned notice": lambda: store(Notice(slug="meldung", text=SHOWN, begins=SOON)),
    "a notice that is over": lambda: store(Notice(slug="meldung", text=SHOWN, ends=BEFORE)),
    "code in an entry": lambda: make_entry("verweis", body="`![Fenster](bild:fenster)`"),
}
TEXT = {"Category": "intro", "Site": "intro", "Term": "definition", "Notice": "text", "Entry": "body"}


@pytest.mark.parametrize("where", UNSEEN)
def test_readers_get_nothing_of_a_picture_that_no_text_of_theirs_shows(picture, client, where):
    UNSEEN[where]()
    assert statuses(client, picture) == ({404}, 404)
    assert on_pages(client) == []


@pytest.mark.parametrize("where", SEEN)
def test_readers_get_a_picture_while_a_text_of_theirs_shows_it_and_no_longer(picture, client, where):
    text = SEEN[where]()
    assert statuses(client, picture) == ({200}, 404)
    row = Entry.objects.get(slug="verweis") if where == "a published working copy" else text
    edit(row, **{name: "Ohne." for name in (TEXT[type(row).__name__], "imprint_text") if hasattr(row, name)})
    if where == "a step":
        assert statuses(client, picture) == ({200}, 404)
        delete(Entry.objects.get(slug="verweis"))
    assert statuses(client, picture) == ({404}, 404)
    assert on_pages(client) == []


@pytest.mark.parametrize("end", ["withdrawn", "expired", "deleted", "over", "category empty"])
def test_what_was_withdrawn_is_gone_at_once_from_page_and_address(picture, client, end):
    if end == "over":
        text = store(Notice(slug="meldung", text=SHOWN))
    elif end == "category empty":
        text = edit(with_page("gruppe"), intro=SHOWN)
    else:
        text = make_entry("verweis", body=SHOWN)
        assert on_pages(client)
    assert statuses(client, picture) == ({200}, 404)
    etag = client.get(addresses(picture)[0]).headers.get("ETag", '"x"')
    match end:
        case "withdrawn":
            edit(text, status="draft")
        case "deleted":
            delete(text)
        case "category empty":
            edit(Entry.objects.get(slug="darin"), status="draft")
        case _:  # a moment alone, nobody saves anything
            with door_open():
                type(text).objects.filter(pk=text.pk).update(**{"expire_at" if end == "expired" else "ends": BEFORE})
    assert statuses(client, picture) == ({404}, 404)
    assert client.get(addresses(picture)[0], headers={"If-None-Match": etag}).status_code == 404
    assert on_pages(client) == []


@pytest.mark.parametrize(
    "where", ["a draft", "a planned entry", "a working copy", "a released working copy", "an expired entry"]
)
def test_a_signed_preview_shows_what_readers_do_not_get_yet(picture, client, admin_user, where):
    UNSEEN[where]()
    shown = Entry.rows.filter(copy_of__isnull="copy" not in where).get()
    page = client.get(preview_link(shown, admin_user)).content.decode()
    (large,) = re.findall(r'<a href="(/bild/[^"]+)"', page)
    urls = [large, *re.findall(r"(/bild/\S+) \d+w", page)]
    assert len(urls) == 4
    for url in urls:
        response = client.get(url)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        assert client.get(url.partition("?")[0]).status_code == 404
        assert client.get(url[:-1] + ("x" if url[-1] != "x" else "y")).status_code == 404
    other = addresses(picture)[0] if addresses(picture)[0] not in large else addresses(picture)[1]
    assert client.get(f"{other}?{large.partition('?')[2]}").status_code == 404


def test_two_pictures_that_look_alike_are_shown_while_one_of_them_is(picture, client, admin_client):
    """They share their files: the draft's one is not taken away with the other, nor shows it when nobody shows either."""
    again = SimpleUploadedFile("y.png", png(width=1_400, height=700))
    admin_client.post("/admin/faq/picture/add/", {"description": "Noch einmal", "slug": "zwei", "upload": again})
    assert Picture.objects.get(slug="zwei").stored == picture.stored
    make_entry("entwurf", body="![Zwei](bild:zwei)", status="draft")
    text = make_entry("verweis", body=SHOWN)
    assert statuses(client, picture) == ({200}, 404)
    edit(text, body="Ohne.")
    assert statuses(client, picture) == ({404}, 404)
    admin_client.post(f"/admin/faq/picture/{picture.pk}/delete/", {"post": "yes"})
    assert StoredFile.objects.count() == 4


def test_a_picture_is_not_deleted_while_a_text_shows_it_and_goes_with_all_its_sizes(picture, admin_client, uploads):
    text = make_entry("verweis", body=SHOWN, status="draft")
    url = f"/admin/faq/picture/{picture.pk}/delete/"
    page = admin_client.post(url, {"post": "yes"}).content.decode()
    assert "Frage verweis?" in page
    assert Picture.objects.exists()
    edit(text, body="Ohne.")
    admin_client.post(url, {"post": "yes"})
    assert not Picture.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Rendition.objects.exists()
    assert list(uploads.iterdir()) == []


def test_a_picture_that_looks_like_its_own_size_is_erased_too(admin_client, uploads):
    """A small WebP file without loss is drawn to the same bytes again."""

    upload = SimpleUploadedFile("x.webp", saved(screenshot(120, 80), "WEBP", lossless=True, method=1))
    admin_client.post("/admin/faq/picture/add/", {"description": "Fenster", "slug": "klein", "upload": upload})
    picture = Picture.objects.get()
    assert picture.stored.sha256 in {size.stored.sha256 for size in picture.renditions}
    admin_client.post(f"/admin/faq/picture/{picture.pk}/delete/", {"post": "yes"})
    assert not StoredFile.objects.exists()
    assert list(uploads.iterdir()) == []


def test_the_former_file_of_a_picture_is_there_in_its_versions_and_comes_back(picture, admin_client, client, uploads):
    url = f"/admin/faq/picture/{picture.pk}/"
    make_entry("verweis", body=SHOWN)
    before = addresses(picture)
    new = SimpleUploadedFile("y.png", png(width=600, height=300, text="Neu"))
    admin_client.post(f"{url}change/", {"description": "Fenster mit Liste", "upload": new})
    after = Picture.objects.get()
    assert {client.get(each).status_code for each in before} == {404}
    assert {client.get(each).status_code for each in addresses(after)} == {200}
    listed = re.findall(r'href="([^"]+\?fassung=\d+)"', admin_client.get(f"{url}change/").content.decode())
    former = b"".join(admin_client.get(listed[-1]))
    assert former == png(width=1_400, height=700)
    admin_client.post(
        f"{url}change/", {"description": "Fenster mit Liste", "upload": SimpleUploadedFile("z.png", former)}
    )
    assert Picture.objects.get().stored == picture.stored
    assert {client.get(each).status_code for each in before} == {200}
    admin_client.post(f"{url}fruehere-loeschen/")
    assert len(list(uploads.iterdir())) == StoredFile.objects.count() == 4


def test_a_text_whose_picture_is_gone_is_restored_with_its_words(picture, admin_client):
    """What could not be shown any more stands there as a sentence."""
    text = make_entry("verweis", body='Eins.\n\n![Fenster \\[mit\\] Liste](bild:fenster "Sagt \\"Ja\\"")\n\nZwei.')
    edit(text, body="Ohne.")
    admin_client.post(f"/admin/faq/picture/{picture.pk}/delete/", {"post": "yes"})
    version = Version.objects.filter(document__contains="bild:fenster").latest("pk")
    copy = restoring.restore(version, who=None)
    assert copy.body == "Eins.\n\nFenster \\[mit\\] Liste\n\nZwei."
