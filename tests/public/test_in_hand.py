"""What a reader has before them leads to the step that it belongs to, or to the answer that explains it."""

import re
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.content import documents
from faq.editing import entries
from faq.editing.merging import merge
from faq.models import Alias, Category, Entry, Reference, Term, Version
from tests.accounts import client_of
from tests.admin.test_comparison import words
from tests.factories import delete, door_open, edit, make_entry, make_walkthrough, store
from tests.forms import errors, filled_in
from tests.importing.test_importing import content  # noqa: F401  a folder of files

pytestmark = pytest.mark.django_db
STEP = documents.Step
NOTHING = "Noch ist hier nichts zugeordnet."


def page(client, path="/vor-mir/"):
    return client.get(path).content.decode()


def plain(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def said(client):
    """What the page says of each thing, by its id, in one line."""
    parts = re.split(r'<section class="held" id="([^"]+)">', page(client))[1:]
    return {slug: plain(text.partition("</section>")[0]) for slug, text in zip(parts[::2], parts[1::2], strict=True)}


def offered(client, path="/"):
    """What can be chosen there: names by the address that each leads to."""
    return dict(re.findall(r'<a href="((?:/vor-mir/)?#[a-z0-9-]+)">([^<]+)</a></li>', page(client, path)))


@pytest.fixture
def order():
    steps = [
        STEP("Anrufen", actors="Reseller"),
        STEP("Auftrag schicken", actors="Lizenzteam", gets="Laufzettel (LZ)"),
        STEP("Freischalten", actors="Reseller", needs="Zugang zum Portal, Nummer aus dem Laufzettel"),
        STEP("Fertig", applies_to="Postfächer"),
    ]
    return make_walkthrough("bestellen", title="Wie bestelle ich?", short="Bestellen", steps=steps)


@pytest.fixture
def term(order):
    return store(Term(slug="laufzettel", name="Laufzettel", aliases=["LZ"], definition="Ein Zettel."))


def test_what_steps_give_and_need_leads_to_them_and_to_whoever_is_next(client, term):
    assert offered(client) == {"/vor-mir/#laufzettel": "Laufzettel"}
    assert offered(client, "/vor-mir/") == {"#laufzettel": "Laufzettel"}
    assert said(client)["laufzettel"] == (
        "Laufzettel auch LZ Ein Zettel. "
        "Bestellen Schritt 2: Auftrag schicken Lizenzteam Sie erhalten Laufzettel (LZ) Danach Schritt 3: Freischalten Reseller "
        "Bestellen Schritt 3: Freischalten Reseller Sie brauchen Zugang zum Portal, Nummer aus dem Laufzettel "
        "Danach Schritt 4: Fertig Wer: noch offen nur bei Postfächer"
    )
    for address in ("/faq/bestellen/#auftrag-schicken", "/faq/bestellen/#freischalten", "/faq/bestellen/#fertig"):
        assert f'<a href="{address}">' in page(client)


def test_words_about_a_document_are_none(client, order):
    store(Term(slug="portal", name="Portal", definition="Dort wird freigeschaltet."))
    store(Term(slug="anmelden", name="anmelden", search=["Laufzettel", "Zugang"]))
    store(Term(slug="zettel", name="Zettel", definition="Papier."))
    assert said(client) == {}


def test_where_no_step_names_it_the_answer_explains_it_word_for_word(client, term):
    make_entry(
        "post", body="Erst kommt eine Mail.\n\n- Darin ist die **Liste** mit allem. Sie ist lang.\n- Und sonst nichts."
    )
    store(Term(slug="liste", name="Liste", search=["Aufstellung"], leads="faq:post"))
    assert said(client)["liste"] == "Liste Frage post? Darin ist die Liste mit allem. Sie ist lang."
    store(Term(slug="karte", name="Karte", leads="faq:post"))
    assert said(client)["karte"] == "Karte Frage post?"
    assert list(offered(client).values()) == ["Karte", "Laufzettel", "Liste"]


def test_a_term_leads_to_a_step_and_stays_right_whatever_becomes_of_that(client, order):
    mail = store(Term(slug="mail", name="Mail", leads="faq:bestellen#auftrag-schicken"))
    assert said(client)["mail"] == (
        "Mail Bestellen Schritt 2: Auftrag schicken Lizenzteam Danach Schritt 3: Freischalten Reseller"
    )
    edit(order, slug="ordern")
    assert "/faq/ordern/#auftrag-schicken" in page(client)
    by_place = store(Term(slug="zettel", name="Zettel", leads="faq:ordern#schritt-3"))
    admin = client_of("Freigabe", "berta")
    url = reverse("admin:faq_entry_change", args=[order.pk])
    admin.post(url, filled_in(admin, url, steps__1__DELETE="on"))
    by_place.refresh_from_db()
    assert by_place.leads == "faq:ordern#schritt-2"
    assert said(client)["mail"] == "Mail Wie bestelle ich?"  # of a step that is gone its whole walkthrough is left
    entries.delete([Entry.objects.get(pk=order.pk)], who=None)
    mail.refresh_from_db()
    assert mail.leads == ""
    assert said(client) == {}


def test_who_deletes_an_entry_is_told_that_a_term_leads_there(order):
    store(Term(slug="mail", name="Die Mail", leads="faq:bestellen#auftrag-schicken"))
    admin = client_of("Freigabe", "berta")
    assert "Die Mail" in page(admin, reverse("admin:faq_entry_delete", args=[order.pk]))


@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft"},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"expire_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_is_not_public_is_no_choice(client, term, order, state):
    make_entry("geheim", title="Zwackelmann?", body="Zwackel: die Liste.", **state)
    store(Term(slug="liste", name="Liste", leads="faq:geheim"))
    assert set(said(client)) == {"laufzettel"}
    edit(order, **state)
    assert NOTHING in page(client)
    assert "Zwackel" not in page(client) + page(client, "/")


def test_without_terms_the_page_says_so_and_the_start_page_says_nothing(client, order):
    assert NOTHING in page(client)
    assert '"vor_mir_"' not in page(client, "/")
    assert client.get("/vor-mir/").status_code == 200


def test_every_document_that_the_source_names_is_one_click_away(client, seed):
    chips = {name: address for address, name in offered(client).items()}
    there = said(client)
    expected = {
        "Rechnung": "Zum einen die Rechnung mit allen bestellten Artikeln.",
        "Excel-Datei": "Zum anderen ist eine Excel-Datei angefügt.",
        "Beipackzettel": "Außerdem enthält diese E-Mail einen Beipackzettel.",
        "Order Confirmation": "OLP bestellen Schritt 5: Buchung und Weiterleitung der OC an den Reseller Lizenzteam",
        "Welcome Letter": "Open Value bestellen Schritt 5: Welcome Letter von Microsoft an Reseller und Endkunde Microsoft",
        "Key": "OLP bestellen Schritt 8: Aktivierung der Keys im O365 Setup Dashboard Reseller nur bei Office 365",
        "E-Mail von Microsoft zur Signatur": "Open Value bestellen Schritt 3: Bestätigung der Vertragsbedingungen durch den Endkunden Endkunde",
    }
    for name, words_ in expected.items():
        assert words_ in there[chips[name].partition("#")[2]], name
    assert "Schritt 7: Aktivierung und Herunterladen" in there["order-confirmation"]
    # What helps the search alone, and what is done, nobody holds.
    assert not {"bestellen", "vlsc", "reseller", "office-365", "software-lizenz"} & set(there)


def test_a_category_that_stood_there_is_named_where_it_was(client):
    make_entry("frage", category="zettel")
    assert "früher hier" not in page(client)
    with door_open():
        Alias.objects.create(slug="vor-mir", category=Category.objects.get(slug="zettel"))
    assert '<a href="/zettel/">Zettel</a>' in page(client).partition("früher hier")[2]


# In files


def test_it_travels_in_the_exchange(content, tmp_path, client):  # noqa: F811
    terms = "- slug: plan\n  name: Plan\n  definition: Ein Blatt.\n  leads: faq:frage\n- slug: liste\n  name: Liste\n  leads: faq:andere\n"
    assert content.write(**{"_terms.yaml": terms}).run()[0] == 0
    assert set(said(client)) == {"plan", "liste"}
    call_command("export_content", str(tmp_path / "out"), stdout=StringIO())
    assert (tmp_path / "out/_terms.yaml").read_text() == terms
    assert content.write(**{"_terms.yaml": terms.replace("leads: faq:frage", "leads: faq:andere")}).run()[0] == 0
    assert Term.objects.get(slug="plan").leads == "faq:andere"
    assert Reference.objects.get(term__slug="plan").target.slug == "andere"


@pytest.mark.parametrize(
    ("leads", "message"),
    [
        ("faq:gibt-es-nicht", "_terms.yaml:4: Unbekanntes Ziel „faq:gibt-es-nicht“."),
        ("'faq:frage#schritt-9'", "_terms.yaml:4: Unbekanntes Ziel „faq:frage#schritt-9“."),
        (
            "kontakt:team",
            "_terms.yaml:4: „leads“: Bitte wählen Sie einen Eintrag oder Schritt: faq:anker oder faq:anker#schritt.",
        ),
        ("Die Antwort", "_terms.yaml:4: „leads“: Bitte wählen Sie"),
    ],
)
def test_a_target_that_is_unknown_changes_nothing(content, leads, message):  # noqa: F811
    terms = f"- slug: plan\n  name: Plan\n  definition: Ein Blatt.\n  leads: {leads}\n"
    code, out = content.write(**{"_terms.yaml": terms}).run()
    assert code == 1
    assert message in out
    assert not Term.objects.exists()


# In the admin


@pytest.fixture
def editor():
    return client_of("Freigabe", "berta")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("faq:bestellen", "faq:bestellen"),
        ("faq:bestellen#freischalten", "faq:bestellen#freischalten"),
        ("faq:bestellen#schritt-3", "faq:bestellen#freischalten"),
        ("http://127.0.0.1:8000/faq/bestellen/#freischalten", "faq:bestellen#freischalten"),
        (" http://127.0.0.1:8000/faq/bestellen/ ", "faq:bestellen"),
        ("", ""),
    ],
)
def test_an_editor_chooses_what_a_term_leads_to(editor, order, typed, stored):
    url = reverse("admin:faq_term_add")
    html = page(editor, url)
    assert '<option value="faq:bestellen#freischalten">Schritt 3: Freischalten – Wie bestelle ich?</option>' in html
    response = editor.post(url, filled_in(editor, url, name="Zettel", leads=typed))
    assert response.status_code == 302, errors(response)
    assert Term.objects.get(slug="zettel").leads == stored
    assert set(said(Client())) == ({"zettel"} if stored else set())


@pytest.mark.parametrize(
    "typed",
    ["faq:gibt-es-nicht", "faq:bestellen#nie", "kontakt:team", "https://example.org/", "Bestellen", "faq:", "x" * 400],
)
def test_what_leads_nowhere_is_said_beside_the_field(editor, order, typed):
    url = reverse("admin:faq_term_add")
    response = editor.post(url, filled_in(editor, url, name="Zettel", leads=typed))
    assert not Term.objects.exists()
    assert any("Bitte wählen Sie aus der Liste" in error for error in errors(response)), errors(response)


def test_it_has_a_history_and_goes_over_when_two_terms_become_one(editor, term):
    edit(term, leads="faq:bestellen#freischalten", who=None)
    other = store(Term(slug="lauf", name="Lauf"))
    merge(other, Term.objects.get(pk=term.pk), who=None)
    other.refresh_from_db()
    assert other.leads == "faq:bestellen#freischalten"
    edit(other, leads="faq:bestellen")
    version = Version.objects.first()
    assert "Führt zu: faq:bestellen" in words(page(editor, reverse("admin:faq_version_change", args=[version.pk])))
    delete(other)
    assert not Reference.objects.filter(slug="bestellen").exists()


def test_things_stand_in_german_order(client, order):
    for number, name in enumerate(("Zettel", "eAgreement", "Änderung", "EDU-Nachweis")):
        store(Term(slug=f"begriff-{number}", name=name, leads="faq:bestellen"))
    assert list(offered(client).values()) == ["Änderung", "eAgreement", "EDU-Nachweis", "Zettel"]
    ids = re.findall(r'<section class="held" id="begriff-(\d)"', page(client))
    assert ids == ["2", "1", "3", "0"]
    levels = [int(level) for level in re.findall(r"<h(\d)", page(client))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
