"""What nobody uses and what is there twice is found by the filters of the lists, and done away with from there."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from faq.files import storing
from faq.models import Attachment, Category, Entry, Term
from tests.factories import door_open, edit, make_entry, store
from tests.papers import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(admin_client):
    """The rows of a list as text, under a filter such as `verwendung=nein`."""

    def rows(model, query):
        html = admin_client.get(reverse(f"admin:faq_{model}_changelist") + f"?{query}").content.decode()
        cells = re.findall(r"<t[hd] class=\"field-(?:title|name)[^>]*>(.*?)</t[hd]>", html, re.S)
        return [re.sub(r"<[^>]*>", "", cell).strip() for cell in cells]

    return rows


def make_term(name, **values):
    store(Term(slug=name.lower().replace(" ", "-"), name=name, **values))


def test_an_attachment_that_no_text_refers_to_is_listed(listed):
    for slug in ("antrag", "merkblatt"):
        with storing.no_orphans(), door_open():
            stored = storing.store(f"{slug}.pdf", pdf(slug))
        store(Attachment(slug=slug, title=slug.capitalize(), name=f"{slug}.pdf", stored=stored))
    make_entry(body="Hier ist der [Antrag](datei:antrag).")
    assert listed("attachment", "verwendung=nein") == ["Merkblatt"]


def test_a_term_that_stands_in_no_text_is_listed_whatever_its_spellings(listed):
    make_entry("frage", title="Wie geht das?", body="Im Volumenportal, mit der Office Vorlage und zwei Anmeldungen.")
    edit(Category.objects.get(), intro="Zum Rahmenvertrag.")
    make_term("VLSC", search=["Volumenportal"], definition="Das Portal. VLSC steht für etwas. Auch Partnernetz.")
    make_term("Anmeldung")  # stands there inflected
    make_term("Rahmenvertrag")  # stands in the intro of a category
    make_term("Partnernetz")  # stands in the definition of another
    make_term("Select Plus", definition="Select Plus ist ein Programm.")  # stands in its own definition only
    make_term("Vorlage Office")  # its words stand there, but not beside each other
    assert listed("term", "verwendung=nein") == ["Select Plus", "Vorlage Office"]


def test_tags_of_one_entry_or_none_and_entries_without_tags_are_listed(listed, admin_client):
    make_entry("eins", title="Eins?", tags=["Lizenz", "OLP"])
    make_entry("zwei", title="Zwei?", tags=["Lizenz"])
    make_entry("drei", title="Drei?")
    # A working copy is no further use.
    admin_client.post(reverse("admin:faq_entry_copy", args=[Entry.objects.get(slug="eins").pk]))
    assert listed("tag", "verwendung=1") == ["OLP"]
    assert listed("entry", "thema=-") == ["Drei?"]
    admin_client.post(
        reverse("admin:faq_entry_changelist"),
        {"action": "delete_selected", "_selected_action": Entry.objects.get(slug="zwei").pk, "post": "yes"},
    )
    assert listed("tag", "verwendung=1") == ["Lizenz", "OLP"]


def test_questions_that_ask_the_same_stand_together_and_become_one_from_there(listed, admin_client, client):
    make_term("Keys", search=["Produktschlüssel"])
    make_entry("a", title="Wo finde ich meinen Produktschlüssel?")
    make_entry("b", title="Wie kann ich Bestellungen stornieren?")
    make_entry("c", title="Ich finde die Keys nicht")
    make_entry("d", title="Stornieren von Bestellung", status="draft")
    make_entry("e", title="Wer ist mein Ansprechpartner?")
    assert listed("entry", "gleich=ja") == [
        "Wo finde ich meinen Produktschlüssel?",
        "Ich finde die Keys nicht",
        "Wie kann ich Bestellungen stornieren?",
        "Stornieren von Bestellung",
    ]
    page = admin_client.get(reverse("admin:faq_entry_changelist") + "?gleich=ja").content.decode()
    pair = re.search(r'href="([^"]*/vergleich/[^"]*)">Vergleichen mit: Ich finde die Keys nicht', page)[1]
    compared = admin_client.get(pair).content.decode()
    assert "<del>" in compared
    action = re.search(r'<form method="post" action="([^"]*)"', compared)[1]
    kept, gone = (Entry.objects.get(slug=slug).pk for slug in "ac")
    admin_client.post(action, {"action": "merge_two", "_selected_action": [kept, gone], "kept": kept})
    assert client.get("/faq/c/").headers["Location"] == "/faq/a/"
    assert "Wo finde ich meinen Produktschlüssel?" not in listed("entry", "gleich=ja")


def test_a_filter_that_does_not_know_a_value_shows_all(admin_client):
    for name in ("gleich", "faellig", "zeit", "offen"):
        for value in ("", "nein?"):
            url = reverse("admin:faq_entry_changelist") + f"?{name}={value}"
            assert admin_client.get(url, follow=True).status_code == 200, url


def test_questions_that_merely_share_some_words_are_not_taken_for_the_same(listed):
    make_entry("a", title="Wie bestelle ich eine Lizenz für Schulen?")
    make_entry("b", title="Wie bestelle ich eine Lizenz für Behörden?")
    assert listed("entry", "gleich=ja") == []


def test_who_may_not_merge_sees_the_pair_only(client, django_user_model):
    editor = django_user_model.objects.create_user("redaktion", password="x", is_staff=True)
    editor.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(editor)
    pair = [make_entry(slug, title="Wie bestelle ich?").pk for slug in "ab"]
    page = client.get(reverse("admin:faq_entry_pair", args=pair)).content.decode()
    assert "<del>" in page
    assert "Zusammenführen</button>" not in page
