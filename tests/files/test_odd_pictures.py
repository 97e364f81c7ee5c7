"""Pictures in odd places: addresses that are none, definitions, other letters, and files that two of them have or had."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from faq.files import storing
from faq.models import Picture, StoredFile
from tests.drawings import png
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def test_a_nul_in_an_address_is_not_found(client):
    assert client.get("/bild/%00.webp").status_code == 404
    assert client.get("/bild/a.%00").status_code == 404


@pytest.fixture
def add(admin_client):
    """Uploads a picture."""

    def upload(slug, data, name="x.png", **more):
        fields = {"description": f"Etwas anderes {slug}", "slug": slug, "upload": SimpleUploadedFile(name, data)} | more
        return admin_client.post("/admin/faq/picture/add/", fields)

    return upload


@pytest.fixture
def replace(admin_client):
    """Uploads another file for a picture."""

    def upload(picture, data):
        fields = {"description": picture.description, "upload": SimpleUploadedFile("y.png", data)}
        return admin_client.post(f"/admin/faq/picture/{picture.pk}/change/", fields)

    return upload


def test_markdown_of_a_picture_by_a_definition(client, add):
    add("fenster", png(width=600))
    make_entry("verweis", body="![Fenster mit Liste]\n\n[Fenster mit Liste]: bild:fenster")
    text = client.get("/faq/verweis.md").content.decode()
    assert "]:![" not in text, text


def test_a_size_that_was_another_pictures_file_stays_when_its_master_goes(admin_client, add, replace):
    """Somebody saves a picture from a page, uploads it, and replaces it later: its former file is a size of the first one too."""
    add("a", png(width=1400, height=700))
    first = Picture.objects.get(slug="a")
    size = first.renditions[-1].stored
    assert add("b", storing.read(size.file), name="x.webp").status_code == 302
    second = Picture.objects.get(slug="b")
    assert second.stored_id == size.pk
    assert replace(second, png(width=500)).status_code == 302
    response = admin_client.post(f"/admin/faq/picture/{first.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert StoredFile.objects.filter(pk=size.pk).exists(), "the former file of b is gone"


def test_former_files_of_one_that_are_former_files_of_another_stay(admin_client, add, replace):
    data = png(width=700)
    add("a", data)
    add("b", data)
    first, second = Picture.objects.order_by("pk")
    digest = first.stored.sha256
    replace(first, png(width=500))
    replace(second, png(width=510))
    admin_client.post(f"/admin/faq/picture/{first.pk}/fruehere-loeschen/", {})
    assert StoredFile.objects.filter(sha256=digest).exists()


@pytest.mark.parametrize("description", ["Окно со списком", "窗口"])
def test_described_in_other_letters(add, description):
    response = add("", png(), description=description)
    assert response.status_code == 302, response.context_data["adminform"].form.errors
