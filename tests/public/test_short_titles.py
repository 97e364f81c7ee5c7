"""A short title stands where many entries stand side by side; the question stays the heading, and what others are told."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from faq.content import documents
from faq.editing import working_copies
from faq.models import Entry
from tests.accounts import client_of
from tests.admin.test_comparison import between, compared, words
from tests.factories import edit, make_entry, make_walkthrough
from tests.forms import errors, filled_in
from tests.importing.test_importing import content  # noqa: F401  a folder of files

pytestmark = pytest.mark.django_db
QUESTION, SHORT = "Wie läuft der Bestellvorgang?", "Bestellen"


@pytest.fixture
def entry():
    make_entry("nachbar", position=2, tags=["Kauf"], body="Siehe [](faq:weg).")
    make_walkthrough("anderer", title="Wie läuft der andere?", category="gruppe", steps=["Anrufen"])
    steps = [documents.Step("Anrufen", actors="Reseller")]
    return make_walkthrough("weg", title=QUESTION, short=SHORT, position=1, tags=["Kauf"], steps=steps)


def html(client, path):
    return client.get(path).content.decode()


def test_it_stands_in_lists_trails_and_tabs(client, entry):
    named = {
        "/": rf'<h3><a href="/faq/weg/">{SHORT}</a></h3>',
        "/allgemein/": rf'<a href="#weg">{SHORT}</a>',
        "/thema/kauf/": rf'<a href="/faq/weg/">{SHORT}</a>',
        "/faq/nachbar/": rf"<span>Vorige Frage</span> {SHORT}</a>",
        "/faq/weg/handzettel/": rf'<li><a href="/faq/weg/">{SHORT}</a></li><li aria-current="page">Handzettel</li>',
        "/faq/weg/rueckmeldung/": rf'<li><a href="/faq/weg/">{SHORT}</a></li>',
        "/vergleich/": rf'<a href="/faq/weg/">{SHORT}</a>',
    }
    for path, expected in named.items():
        assert expected in html(client, path), path
    assert f"<title>{SHORT} – " in html(client, "/faq/weg/")
    assert f"<title>{SHORT} (Handzettel) – " in html(client, "/faq/weg/handzettel/")
    assert QUESTION not in html(client, "/")


def test_the_question_stays_the_heading_and_what_others_are_told(client, entry):
    page = html(client, "/faq/weg/")
    assert re.search(rf"<h1[^>]*>{re.escape(QUESTION)}</h1>", page)
    assert f'<meta property="og:title" content="{QUESTION}">' in page
    assert f'"name": "{QUESTION}"' in page.replace('":"', '": "')
    assert f'<a href="/faq/weg/" data-address="{settings.PUBLIC_URL}/faq/weg/">{QUESTION}</a>' in html(
        client, "/faq/nachbar/"
    )  # a link without words
    (result,) = [r for r in client.get("/suche.json?q=Bestellvorgang").json()["results"] if r["slug"] == "weg"]
    assert result["title"] == QUESTION
    assert re.search(r"<h2><a href=\"/faq/weg/[^>]*>Wie läuft der <mark>", html(client, "/suche/?q=Bestellvorgang"))
    assert QUESTION in html(client, "/llms.txt")
    assert f"title: {QUESTION}\nshort: {SHORT}\n" in html(client, "/faq/weg.md")


def test_without_one_the_question_stands_there(client, entry):
    edit(entry, short="")
    assert f'<a href="/faq/weg/">{QUESTION}</a>' in html(client, "/")
    assert f"<title>{QUESTION} – " in html(client, "/faq/weg/")


def test_an_editor_gives_it_in_a_working_copy_and_reads_what_changed(client, entry):
    editor = client_of("Freigabe", "berta")
    copy = working_copies.start_working_copy(entry, who=None)
    url = reverse("admin:faq_entry_change", args=[copy.pk])
    refused = editor.post(url, filled_in(editor, url, short="x" * 61))
    assert any("höchstens 60 Zeichen" in error for error in errors(refused))
    assert editor.post(url, filled_in(editor, url, short="Jetzt bestellen")).status_code == 302
    assert "Kurztitel" in words(compared(editor, copy))
    assert SHORT in html(client, "/")
    working_copies.publish(Entry.rows.get(pk=copy.pk), who=None)
    assert "Jetzt bestellen" in html(client, "/")
    assert "Kurztitel" in words(between(editor, entry))


def test_a_file_has_it_behind_the_title(content):  # noqa: F811
    text = "---\ntitle: Frage\nshort: Kurz\nposition: 1\n---\n\nAntwort.\n"
    assert content.write(**{"kat/frage.md": text}).run()[0] == 0
    assert Entry.objects.get(slug="frage").short_title == "Kurz"
    code, out = content.write(**{"kat/frage.md": text.replace("Kurz", "x" * 61)}).run()
    assert code == 1
    assert "kat/frage.md:3: „short“: " in out
