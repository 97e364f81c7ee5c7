"""What the chooser of Markdown fields finds, and what can be made from there."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from faq.content.documents import Step
from faq.editing import versions, working_copies
from faq.models import Attachment, Contact, Gap, Picture
from tests.accounts import client_of
from tests.drawings import png
from tests.factories import edit, make_entry, make_walkthrough, store
from tests.papers import pdf
from tests.queries import written

pytestmark = pytest.mark.django_db

STEPS = [Step(title=f"Anmeldung {number}") for number in range(1, 9)]


@pytest.fixture
def things(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    make_walkthrough(
        "bestellvorgang-olp", title="Wie bestelle ich im OLP-Bereich?", steps=STEPS, body="[](kontakt:lizenzteam)"
    )
    make_entry("stornierung", title="Wie kann ich falsche Bestellungen stornieren?", aliases=["storno"])
    make_entry("umzug", title="Was gilt beim Umzug?", status="draft", body="[Formular](offen:formular)")
    store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 1"))


def found(client, query="", kind=""):
    """What is offered, but for what could be made."""
    response = client.post(reverse("admin:text_targets"), {"q": query, "kind": kind})
    assert response.status_code == 200, response.content
    return [target for target in response.json()["targets"] if target["kind"] != "Neu"]


def offered(client, query):
    response = client.post(reverse("admin:text_targets"), {"q": query})
    return [target for target in response.json()["targets"] if target["kind"] == "Neu"]


@pytest.mark.parametrize(
    ("query", "written", "label"),
    [
        ("olp 7", "faq:bestellvorgang-olp#anmeldung-7", "Schritt 7"),
        ("OLP Schritt 7", "faq:bestellvorgang-olp#anmeldung-7", "Schritt 7"),
        ("Schritt 7", "faq:bestellvorgang-olp#anmeldung-7", "Schritt 7"),
        ("stornieren", "faq:stornierung", "Wie kann ich falsche Bestellungen stornieren?"),
        ("storniern", "faq:stornierung", "Wie kann ich falsche Bestellungen stornieren?"),
        ("umzug", "faq:umzug", "Was gilt beim Umzug?"),
        ("lizenz", "kontakt:lizenzteam", "Lizenzteam"),
        ("formular", "offen:formular", "Formular"),
        ("https://example.org/a", "https://example.org/a", "example.org/a"),
        ("team@example.org", "mailto:team@example.org", "team@example.org"),
        ("tel:+49574494", "tel:+49574494", "+49574494"),
        ("{portal}/faq/stornierung/", "faq:stornierung", "Wie kann ich falsche Bestellungen stornieren?"),
        ("{portal}/faq/storno/", "faq:stornierung", "Wie kann ich falsche Bestellungen stornieren?"),
        ("{portal}/faq/bestellvorgang-olp/#anmeldung-7", "faq:bestellvorgang-olp#anmeldung-7", "Schritt 7"),
        ("{portal}/suche/", "{portal}/suche/", None),
        ("faq:bestellvorgang-olp#schritt-7", "faq:bestellvorgang-olp#anmeldung-7", "Schritt 7"),
    ],
)
def test_a_query_finds_what_is_meant_first(things, admin_client, settings, query, written, label):
    query, written = (text.format(portal=settings.PUBLIC_URL) for text in (query, written))
    first = found(admin_client, query)[0]
    assert first["written"] == written
    assert label in (None, first["label"])


def test_a_step_is_found_by_its_title(things, admin_client):
    assert found(admin_client, "Anmeldung 3", "schritt")[0]["written"] == "faq:bestellvorgang-olp#anmeldung-3"


def test_what_readers_do_not_see_says_so(things, admin_client):
    assert [target["note"] for target in found(admin_client, "umzug")] == ["Entwurf"]
    assert found(admin_client, "stornieren")[0]["note"] == ""


def test_a_working_copy_is_no_target_of_its_own(things, admin_client):
    entry = make_entry("frage", title="Wie ist das mit Zwackel?")
    edit(working_copies.start_working_copy(entry, who=None), title="Wie ist das mit Zwackeln?")
    assert [target["written"] for target in found(admin_client, "Zwackel")] == ["faq:frage"]


def test_without_a_query_there_is_what_is_linked_most_then_what_was_changed_last(things, admin_client):
    make_entry("eins", body="[](kontakt:lizenzteam)")
    make_entry("zwei", body="[](kontakt:lizenzteam)")
    written = [target["written"] for target in found(admin_client)]
    assert written[:3] == ["kontakt:lizenzteam", "offen:formular", "faq:zwei"]


def test_one_kind_alone_can_be_looked_for(things, admin_client):
    assert {target["kind"] for target in found(admin_client, "olp", "schritt")} <= {"Schritt"}
    assert {target["kind"] for target in found(admin_client, "", "faq")} == {"Eintrag"}


@pytest.mark.parametrize(
    "query",
    ["%", "_", "\\", "'\"`", "🙂", "ß" * 600, "a " * 300, "https://[", "faq:", "7", "-", "(", "schritt", "9" * 400],
)
def test_any_query_is_answered(things, admin_client, query):
    found(admin_client, query)


def test_to_look_for_something_writes_nothing(things, admin_client):
    found(admin_client, "olp")
    with written() as statements:
        found(admin_client, "olp 7")
    assert statements == []


def test_as_often_asked_where_there_is_more(things, admin_client):
    def count():
        asked = {}
        for query in ("", "olp 7", "bestell", "faq:stornierung"):
            found(admin_client, query)
            with CaptureQueriesContext(connection) as captured:
                found(admin_client, query)
            asked[query] = len(captured)
        return asked

    few = count()
    for number in range(12):
        make_walkthrough(
            f"bestell-olp-{number}", title=f"Bestellen nach OLP {number}?", steps=STEPS, body="[](kontakt:lizenzteam)"
        )
        store(Contact(slug=f"bestell-{number}", name=f"Bestellung {number}", phone="05744 1"))
    assert count() == few


def uploaded(client, data=None, name="image.png", **posted):
    upload = SimpleUploadedFile(name, data or png())
    return client.post(reverse("admin:text_create"), {"kind": "bild", "upload": upload} | posted)


def test_whoever_writes_puts_a_picture_into_a_text_and_finds_it_by_its_words(things):
    client = client_of("Redaktion")
    target = uploaded(client, description="Fenster mit der Liste der Lizenzen").json()["target"]
    assert target["written"] == "bild:fenster-mit-der-liste-der-lizenzen"
    assert client.get(target["src"]).status_code == 200
    for query in ("liste", "Fenster LIZENZ", "bild:fenster-mit"):
        assert [one["written"] for one in found(client, query, "bild")] == [target["written"]]
    assert found(client, "Drucker", "bild") == []


def test_decoration_has_an_address_all_the_same(things, admin_client):
    written = [uploaded(admin_client, decorative="on").json()["target"]["written"] for _ in range(2)]
    assert written == ["bild:bild", "bild:bild-2"]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "was man auf dem Bild sieht"),
        ({"description": "IMG_1234.png"}, "sagt nicht, was man auf dem Bild sieht"),
        ({"description": "Ein Fenster", "name": "x.gif"}, "dieser Art"),
        ({"description": "Ein Fenster", "data": b"kein Bild"}, ""),
    ],
)
def test_what_is_refused_of_a_picture_is_said_and_stores_nothing(things, admin_client, posted, said):
    answer = uploaded(admin_client, **posted)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert not Picture.objects.exists()


def test_a_picture_is_no_target_of_a_link(things, admin_client):
    uploaded(admin_client, description="Fenster mit Liste")
    make_entry("mit-bild", body="![](bild:fenster-mit-liste)")
    for query in ("", "Fenster", "bild:fenster-mit-liste"):
        assert not any(target["written"].startswith("bild:") for target in found(admin_client, query))


def test_who_may_not_publish_makes_files_and_no_contacts(things, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of("Redaktion")
    assert [target.get("make") for target in offered(client, "Neues Blatt")] == [None, "datei"]
    data = {"kind": "datei", "title": "Neues Blatt", "upload": SimpleUploadedFile("x.pdf", pdf())}
    assert client.post(reverse("admin:text_create"), data).json()["target"]["written"] == "datei:neues-blatt"
    assert client.get("/datei/neues-blatt/").status_code == 404
    assert client.post(reverse("admin:text_create"), {"kind": "kontakt", "name": "X", "phone": "1"}).status_code == 403
    assert Contact.objects.count() == 1
    assert [target.get("make") for target in offered(client_of("Freigabe", "frieda"), "Neues Blatt")] == [
        None,
        "kontakt",
        "datei",
    ]


def test_a_contact_is_made_as_its_form_does(things, admin_client):
    made = admin_client.post(
        reverse("admin:text_create"), {"kind": "kontakt", "name": "Lizenzteam", "phone": "05744 2"}
    )
    assert made.json()["target"]["written"] == "kontakt:lizenzteam-2"
    contact = Contact.objects.get(slug="lizenzteam-2")
    assert contact.position == 1
    assert versions.newest_of(contact).who.username == "admin"
    refused = admin_client.post(reverse("admin:text_create"), {"kind": "kontakt", "name": "Ohne Nummer"})
    assert refused.status_code == 400
    assert refused.json()["error"] == "Bitte geben Sie Telefon, E-Mail oder Seite an."


def test_a_file_is_put_in_as_its_form_does(things, admin_client):
    data = {"kind": "datei", "title": "Antrag für Vereine", "upload": SimpleUploadedFile("x.pdf", pdf())}
    made = admin_client.post(reverse("admin:text_create"), data)
    assert made.json()["target"] == {
        "group": "datei",
        "kind": "Datei",
        "written": "datei:antrag-fuer-vereine",
        "title": "Antrag für Vereine",
        "label": "Antrag für Vereine",
        "note": "antrag-fuer-vereine.pdf",
    }
    data["upload"] = SimpleUploadedFile("x.pdf", b"kein PDF")
    refused = admin_client.post(reverse("admin:text_create"), data)
    assert (refused.status_code, refused.json()["error"]) == (400, "Der Inhalt ist kein PDF.")
    assert Attachment.objects.count() == 1


def test_a_new_gap_never_takes_the_place_of_another(things, admin_client):
    assert offered(admin_client, "Formular")[0]["written"] == "offen:formular-2"
    assert Gap.objects.get().slug == "formular"


def test_only_who_writes_texts_is_answered(things, client):
    client.force_login(User.objects.create_user("gast", is_staff=True))
    assert client.post(reverse("admin:text_targets"), {"q": "olp"}).status_code == 403
