"""What is quoted above the results: word for word, of what readers see, or nothing."""

import csv
import html
import io
import re
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command

from faq.content.documents import Step
from faq.models import Contact, Gap
from tests.factories import edit, make_entry, make_picture, make_walkthrough, store

pytestmark = pytest.mark.django_db

QUESTIONS = settings.BASE_DIR / "tests/search/answers/shipped.tsv"


@pytest.fixture
def shipped():
    call_command("import_content", settings.BASE_DIR / "content", stdout=io.StringIO())


def quoted(client, query):
    """The quotations of both faces, which say the same: address and text."""
    found = client.get("/suche.json", {"q": query}).json()["answers"]
    page = client.get("/suche/", {"q": query}).content.decode()
    boxes = re.findall(r'<blockquote cite="([^"]*)"><p>(.*?)</p></blockquote>', page)
    assert [(html.unescape(url), html.unescape(text)) for url, text in boxes] == [(a["url"], a["text"]) for a in found]
    return [(answer["url"], answer["text"]) for answer in found]


def words_of(client, url):
    """The words of a page, without tags."""
    page = client.get(url.partition("#")[0]).content.decode()
    main = re.sub(r"</(?:p|li|h\d|div)>|<br>", " ", page[page.index("<main") :])
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", main)).split())


def test_a_sure_answer_is_quoted_and_leads_to_its_entry(client):
    make_entry(
        "storno",
        title="Wie kann ich stornieren?",
        body="Rufen Sie uns an. Aufträge lassen sich innerhalb von 21 Tagen stornieren. Danach geht es nicht mehr.",
    )
    assert quoted(client, "Wie viele Tage stornieren?") == [
        ("/faq/storno/", "Aufträge lassen sich innerhalb von 21 Tagen stornieren.")
    ]
    (answer,) = client.get("/suche.json?q=Tage+stornieren").json()["answers"]
    assert (answer["slug"], answer["confident"]) == ("storno", True)


def test_the_box_names_the_question_and_says_when_it_was_checked(client):
    entry = make_entry("frage", title="Wie lange ist die Lieferzeit?", body="Die Lieferzeit beträgt fünf Stunden.")
    page = client.get("/suche/?q=Lieferzeit+Stunden").content.decode()
    assert re.search(
        r'<h2 id="antwort_">Antwort aus „<a href="/faq/frage/">Wie lange ist die Lieferzeit\?</a>“</h2>', page
    )
    assert "Geprüft am" not in page
    edit(entry, reviewed=date(2026, 3, 9))
    page = client.get("/suche/?q=Lieferzeit+Stunden").content.decode()
    assert 'Geprüft am <time datetime="2026-03-09">9. März 2026</time>' in page


def test_a_step_is_quoted_by_its_title_and_leads_to_the_step(client):
    make_walkthrough(
        "ablauf", title="Wie bestelle ich?", steps=[Step("Anfrage beim Team"), Step("Weiterleitung der Urkunde")]
    )
    assert quoted(client, "Weiterleitung der Urkunde") == [
        ("/faq/ablauf/#weiterleitung-der-urkunde", "Weiterleitung der Urkunde")
    ]
    assert "</a>“, Schritt 2</h2>" in client.get("/suche/?q=Weiterleitung+der+Urkunde").content.decode()


def test_what_only_stands_below_the_right_question_is_not_quoted(client):
    make_walkthrough("weg", title="Wie geht der Ablauf?", steps=["Anrufen", "Bestellen"])
    assert quoted(client, "Ablauf") == []
    assert quoted(client, "Bestellen") == [("/faq/weg/#bestellen", "Bestellen")]


def test_nothing_is_quoted_where_the_search_is_unsure(client, shipped):
    for query in (
        "",
        "xqzwvkjy",
        "Kaffeemaschine",
        "Flug stornieren",
        "Photoshop Lizenz",
        "Wie kündige ich meinen Handyvertrag?",
        "Faxnummer Lizenzteam",
    ):
        assert quoted(client, query) == [], query


def test_what_was_asked_of_this_help_first_is_answered(client, shipped):
    for query, url, said in (
        ("Telefonnummer Lizenzteam", "/faq/ansprechpartner/", "05744 - 944 194"),
        ("Kunde will 3 Lizenzen", "/faq/mindestanzahl/", "Mindestanzahl von 5 Lizenzen"),
    ):
        ((quoted_from, text),) = quoted(client, query)
        assert quoted_from == url
        assert said in text


def test_a_draft_is_never_quoted(client):
    entry = make_entry("frage", title="Wie lange ist die Lieferzeit?", body="Die Lieferzeit beträgt fünf Stunden.")
    assert quoted(client, "Lieferzeit Stunden")
    edit(entry, status="draft")
    assert quoted(client, "Lieferzeit Stunden") == []


def test_an_edit_changes_what_is_quoted(client):
    entry = make_entry("frage", title="Wie lange ist die Lieferzeit?", body="Die Lieferzeit beträgt fünf Stunden.")
    edit(entry, body="Die Lieferzeit beträgt sieben Stunden.")
    assert quoted(client, "Lieferzeit Stunden") == [("/faq/frage/", "Die Lieferzeit beträgt sieben Stunden.")]


def test_a_new_number_stands_in_the_quotation(client):
    team = store(Contact(slug="team", name="Team", phone="05744 - 1"))
    make_entry("frage", title="Wen rufe ich an?", body="Die Telefonnummer vom Team ist [](kontakt:team).")
    assert quoted(client, "Telefonnummer Team") == [("/faq/frage/", "Die Telefonnummer vom Team ist 05744 - 1.")]
    edit(team, phone="05744 - 2")
    assert quoted(client, "Telefonnummer Team") == [("/faq/frage/", "Die Telefonnummer vom Team ist 05744 - 2.")]


@pytest.mark.parametrize(
    "body",
    [
        "Die Lieferzeit in Stunden steht in der [Übersicht](offen:uebersicht).",
        "Die Lieferzeit in Stunden steht hier: [](faq:andere).",
        "Die Lieferzeit in Stunden umfasst:",
        "Wie viele Stunden Lieferzeit?",
        "## Lieferzeit in Stunden",
        "Lieferzeit in ~~fünf~~ sieben Stunden.",
        "| Lieferzeit | Stunden. |\n| --- | --- |\n| eine Lieferzeit | zwei Stunden. |",
        "```\nLieferzeit 5 Stunden.\n```",
        "![Lieferzeit in Stunden.](bild:fenster)",
        "Lieferzeit in Stunden: ![Die Lieferzeit.](bild:fenster) siehe Bild.",
        "Die Lieferzeit in Stunden ist " + "eine Lieferzeit in Stunden, " * 10 + "sonst nichts.",
    ],
)
def test_what_is_no_whole_sentence_that_holds_is_not_quoted(client, body):
    make_picture("fenster")
    store(Gap(slug="uebersicht", name="Übersicht"))
    make_entry("andere")
    make_entry("frage", title="Lieferzeit in Stunden", body=body)
    assert client.get("/suche.json?q=Lieferzeit+Stunden").json()["results"][0]["confident"]
    assert quoted(client, "Lieferzeit Stunden") == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "Vorher. Die Lieferzeit beträgt z. B. Stunden bzw. Tage. Nachher.",
            "Die Lieferzeit beträgt z. B. Stunden bzw. Tage.",
        ),
        ("Vorher. Die Lieferzeit hat lt. Nr. 5 ca. 3 Stunden. Nachher.", "Die Lieferzeit hat lt. Nr. 5 ca. 3 Stunden."),
        ("Vorher. Die Lieferzeit sind ab dem 3. Mai Stunden. Nachher.", "Die Lieferzeit sind ab dem 3. Mai Stunden."),
        ("Es gilt:\n\n- Erstens.\n- Die Lieferzeit beträgt Stunden.\n- Drittens.", "Die Lieferzeit beträgt Stunden."),
        ("Die Lieferzeit\\\nbeträgt **fünf** Stunden & mehr. Nachher.", "Die Lieferzeit beträgt fünf Stunden & mehr."),
    ],
)
def test_a_sentence_is_quoted_whole(client, body, sentence):
    make_entry("frage", title="Wie lange dauert es?", body=body)
    assert quoted(client, "Lieferzeit Stunden") == [("/faq/frage/", sentence)]


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it(client):
    make_entry(
        "frage",
        title="Was gilt?",
        body="Eine Ausnahme sind Testgeräte. Hier beträgt die Lieferzeit zwei Stunden. Und Schluss.",
    )
    assert quoted(client, "Lieferzeit Stunden") == [
        ("/faq/frage/", "Eine Ausnahme sind Testgeräte. Hier beträgt die Lieferzeit zwei Stunden.")
    ]


def test_every_quotation_stands_word_for_word_on_the_page_it_leads_to(client, shipped):
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        questions = [row["question"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    found = [each for question in questions for each in quoted(client, question)]
    assert found
    for url, text in found:
        assert text in words_of(client, url)


def test_the_shipped_help_answers_the_questions_written_for_it(shipped):
    lines = io.StringIO()
    call_command("search_eval", QUESTIONS, "--answers", "--fails", stdout=lines)
    printed = lines.getvalue()
    rows = {row.split()[0]: list(map(int, row.split()[1:])) for row in printed.splitlines()[1:] if row[0] != " "}
    _, shown, right, _ = rows["answered"]
    assert shown >= 14, printed
    assert right >= 0.85 * shown, printed
    assert rows["all"][3] <= 0.02 * rows["all"][0], printed
    assert rows["offtopic"][1] == 0, printed


def test_an_editor_sees_what_is_quoted_and_the_hits_in_the_order_of_readers(admin_client, client, shipped):
    page = html.unescape(admin_client.get("/admin/suche/", {"q": "Kunde will 3 Lizenzen"}).content.decode())
    assert f"Darüber steht als Antwort: <q>{quoted(client, 'Kunde will 3 Lizenzen')[0][1]}</q>" in page
    first = client.get("/suche.json?q=Kunde+will+3+Lizenzen").json()["results"][0]
    assert first["slug"] == "mindestanzahl"
    assert re.search(r"<h3>1\. <a [^>]*>Wie hoch ist die Mindestanzahl", page)
