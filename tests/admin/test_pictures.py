"""The list of pictures, and what it says of their words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from faq.content.documents import Step
from faq.files import storing
from faq.models import Picture
from tests.drawings import png
from tests.factories import door_open, make_entry, make_walkthrough
from tests.forms import errors

SAYS = "Fenster mit der Liste der Lizenzen"


@pytest.fixture
def picture(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with storing.no_orphans(), door_open():
        stored = storing.store("fenster.png", png(width=1280, height=800))
        return Picture.objects.create(slug="fenster", description=SAYS, name="fenster.png", stored=stored)


def listed(client):
    return client.get(reverse("admin:faq_picture_changelist")).content.decode()


def test_the_list_shows_size_and_the_line_for_a_text(picture, admin_client):
    html = listed(admin_client)
    assert "1280 × 800, PNG" in html
    assert "<code>![](bild:fenster)</code>" in html
    form = admin_client.get(reverse("admin:faq_picture_change", args=[picture.pk])).content.decode()
    assert "Im Text: <code>![](bild:fenster)</code>" in form


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{SAYS}.\n\n![](bild:fenster)", "wiederholt, was daneben steht"),
        (f"![](bild:fenster)\n\nHier: {SAYS}", "wiederholt, was daneben steht"),
        (f"- eins\n\n  ![Eine Seite mit Knopf](bild:fenster '{SAYS}')\n\n  {SAYS}!", "wiederholt, was daneben steht"),
        (f"![](bild:fenster '{SAYS}')", "Beschreibung und Unterschrift sagen dasselbe"),
        (f"{SAYS}.\n\nEin Satz dazwischen.\n\n![](bild:fenster)", ""),
        (f"{SAYS}.\n\n![Ein Knopf zum Aktivieren](bild:fenster)", ""),
        ("Der Knopf.\n\n![Knopf](bild:fenster)", ""),
    ],
)
def test_words_that_stand_twice_are_marked(picture, admin_client, body, said):
    make_entry("frage", body=body)
    html = listed(admin_client)
    assert ('class="wrong"' in html) == bool(said)
    assert said in html


def test_they_are_marked_in_steps_too(picture, admin_client):
    make_walkthrough("ablauf", steps=[Step(title="Eins", body=f"{SAYS}\n\n![](bild:fenster)")])
    assert "wiederholt, was daneben steht" in listed(admin_client)


def test_a_missing_description_is_marked(picture, admin_client):
    with door_open():
        Picture.objects.update(description="")
    assert "Beschreibung fehlt" in listed(admin_client)
    with door_open():
        Picture.objects.update(decorative=True)
    assert "Nur Schmuck" in listed(admin_client)


@pytest.mark.parametrize(
    ("values", "slugs"),
    [
        ({"decorative": "on"}, ["bild", "bild-2"]),
        ({"description": "Ein Fenster mit der Liste"}, ["ein-fenster-mit-der-liste", "ein-fenster-mit-der-liste-2"]),
    ],
)
def test_two_that_are_described_alike_or_not_at_all_get_names_of_their_own(
    admin_client, settings, tmp_path, values, slugs
):
    settings.MEDIA_ROOT = tmp_path
    url = reverse("admin:faq_picture_add")
    for height in (300, 400):
        upload = SimpleUploadedFile("image.png", png(height=height))
        response = admin_client.post(url, {"caption": "", "slug": "", "upload": upload} | values)
        assert response.status_code == 302, errors(response)
    assert list(Picture.objects.values_list("slug", flat=True)) == slugs
