"""What is found by what it means, where it shares no word with what was asked."""

import io
import shutil

import pytest
from django.core.management import call_command
from django.urls import reverse

from faq.content.documents import Step
from faq.models import SearchDocument, SearchQuery
from faq.operations import doctor, search_counts, to_do
from faq.search import table
from tests.factories import edit, make_entry, make_walkthrough

pytestmark = pytest.mark.django_db
ASKED = "abonnement abmelden"  # shares no word with the entry that answers


@pytest.fixture
def texts():
    """Entries of several subjects, none with a term."""
    make_entry(
        "drucker", title="Wie richte ich einen Drucker ein?", body="Schalten Sie ihn ein, und laden Sie den Treiber."
    )
    make_entry("urlaub", title="Wie viele Urlaubstage habe ich?", body="Jeder Mitarbeiter hat dreißig Tage im Jahr.")
    return make_entry(
        "kuendigen", title="Wie kann ich den Vertrag kündigen?", body="Kündigen Sie schriftlich zum Monatsende."
    )


@pytest.fixture
def without_table(monkeypatch, tmp_path):
    monkeypatch.setattr(table, "PATH", tmp_path / "words.bin")


def results(client, query):
    return client.get("/suche.json", {"q": query}).json()["results"]


def slugs(client, query):
    return [hit["slug"] for hit in results(client, query)]


def test_an_entry_is_found_by_what_a_question_means(client, texts):
    hit, *_ = results(client, ASKED)
    assert hit["slug"] == "kuendigen"
    assert "<mark>" not in hit["title"] + hit["snippet"]
    assert hit["snippet"] == "Kündigen Sie schriftlich zum Monatsende."


def test_the_step_that_comes_nearest_is_the_one_it_leads_to(client, texts):
    steps = [
        Step(title="Anrufen", body="Rufen Sie das Team an."),
        Step(title="Bezahlen", body="Überweisen Sie den Betrag."),
    ]
    make_walkthrough("ablauf", title="Wie läuft ein Kauf ab?", steps=steps)
    hit, *_ = results(client, "geld senden per bank")
    assert hit["url"].endswith("/faq/ablauf/#bezahlen")
    assert hit["snippet"] == "Überweisen Sie den Betrag."


@pytest.mark.parametrize("query", ["xqzwvkjy", "gebratene nudeln mit speck", "0221 4711"])
def test_what_means_nothing_here_finds_nothing(client, texts, query):
    assert slugs(client, query) == []
    assert "nichts gefunden" in client.get("/suche/", {"q": query}).content.decode()


def test_a_draft_is_not_found_by_its_meaning_either(client, texts):
    edit(texts, status="draft")
    assert "kuendigen" not in slugs(client, ASKED)


def test_meaning_follows_every_change(client, texts):
    edit(texts, title="Wie backe ich Brot?", body="Mehl, Wasser, Hefe und Salz.")
    assert "kuendigen" not in slugs(client, ASKED)
    assert slugs(client, "teig im ofen")[0] == "kuendigen"


def test_what_must_stand_in_a_hit_or_must_not_holds_for_meaning_too(client, texts):
    assert slugs(client, f"{ASKED} -schriftlich") == []
    assert slugs(client, f'{ASKED} "zum Quartal"') == []
    assert slugs(client, f'{ASKED} "zum Monatsende"') == ["kuendigen"]


def test_half_a_word_is_completed_by_its_letters_alone(client, texts):
    assert client.get("/suche/feld.json", {"q": ASKED}).json()["suggestions"] == []


@pytest.mark.usefixtures("without_table")
def test_without_the_table_words_alone_find(client, texts):
    assert slugs(client, "vertrag kündigen") == ["kuendigen"]
    assert slugs(client, ASKED) == []
    assert client.get("/suche/", {"q": ASKED}).status_code == 200


def test_a_table_that_is_damaged_is_as_good_as_none_and_the_operator_hears_of_it(client, texts, monkeypatch, tmp_path):
    damaged = tmp_path / "words.bin"
    shutil.copy(table.PATH, damaged)
    with damaged.open("r+b") as file:
        file.truncate(100_000)
    monkeypatch.setattr(table, "PATH", damaged)
    assert slugs(client, "vertrag kündigen") == ["kuendigen"]
    assert slugs(client, ASKED) == []
    assert "beschädigt" in said_by_doctor()


@pytest.mark.usefixtures("without_table")
def test_the_operator_hears_that_the_table_is_missing(texts):
    assert "Wörtertabelle der Suche fehlt" in said_by_doctor()


def said_by_doctor():
    return " ".join(finding.what for group in doctor.examine() for finding in group[1])


def test_what_was_stored_by_another_table_is_made_anew(client, texts):
    SearchDocument.objects.update(table="0123456789abcdef")
    out = io.StringIO()
    with pytest.raises(Exception, match="Unterschied"):
        call_command("check_search", stdout=out)
    assert slugs(client, ASKED) == []
    call_command("rebuild_search", stdout=out)
    assert slugs(client, ASKED)[0] == "kuendigen"
    call_command("check_search", stdout=out)


def test_what_was_found_by_meaning_alone_stands_on_the_start_page_until_a_spelling_makes_it_certain(
    client, admin_client, texts
):
    client.get("/suche/", {"q": ASKED})
    to_do.refresh()
    assert SearchQuery.objects.get().outcome == SearchQuery.MEANING
    assert not search_counts.vain()
    page = admin_client.get("/admin/").content.decode()
    assert "1 Suche, nur dem Sinn nach gefunden" in page
    assert "Wie kann ich den Vertrag kündigen?" in page
    assert ASKED in admin_client.get("/admin/faq/searchquery/?ergebnis=sinn").content.decode()
    url = reverse("admin:faq_searchquery_spelling", args=[SearchQuery.objects.get().pk])
    page = admin_client.post(url, {"spelling": ASKED, "name": "Kündigung"}, follow=True).content.decode()
    assert f"„{ASKED}“ findet jetzt" in page
    assert "nur dem Sinn nach gefunden" not in page


def test_editors_see_that_meaning_found_it_and_what_came_nearest(admin_client, texts):
    page = admin_client.get("/admin/suche/", {"q": ASKED}).content.decode()
    assert "sicher, aber nur dem Sinn nach" in page
    assert "Kündigen Sie schriftlich zum Monatsende." in page
