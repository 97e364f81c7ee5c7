"""A document is read in, and its proposals become drafts, one by one."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from faq.cutting.proposals import Picture as SourcePicture
from faq.cutting.proposals import Proposal, Source
from faq.cutting.proposals import Step as SourceStep
from faq.editing import entries
from faq.editing.merging import merge
from faq.models import Category, Entry, Gap, Picture, SourceDocument, SourceProposal, Step
from faq.models.site import RevisionManager
from faq.sources import decisions, sentences
from tests.drawings import png
from tests.factories import make_category, make_entry
from tests.forms import errors, filled_in
from tests.queries import count

pytestmark = pytest.mark.django_db

DOCUMENTS = Path(__file__).parent.parent / "sources" / "documents"
READ = reverse("admin:faq_sourcedocument_add")
TEXT = """Hinweise vorab, die zu keiner Frage gehören.

Fragen zur Rechnung

Wann kommt die Rechnung?

Am Monatsende. Sie kommt als PDF.

Wie kann ich eine Rechnung beanstanden?

1. Schritt: Rechnung prüfen
2. Schritt: Beim Lizenzteam anrufen

Wo steht die Kundennummer?

Oben rechts.
"""


def editor(name="anna"):
    user = User.objects.create_user(name, password="x", is_staff=True, first_name=name.capitalize())
    user.groups.add(Group.objects.get(name="Redaktion"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def anna(db):
    return editor()


# As the text above is cut; how well that is done is tested with the reading.
HEADING = "Fragen zur Rechnung"
STEPS = (SourceStep("Rechnung prüfen"), SourceStep("Beim Lizenzteam anrufen"))
CUT = [
    Proposal("rest", "", "Hinweise vorab.", words="Hinweise vorab.", place="Absatz 1"),
    Proposal(
        "question", "Wann kommt die Rechnung?", "Am Monatsende. Sie kommt als PDF.", HEADING,
        words="Wann kommt die Rechnung?\nAm Monatsende. Sie kommt als PDF.", passage="<p>Am Monatsende. Sie kommt als PDF.</p>",
    ),
    Proposal(
        "walkthrough", "Wie kann ich eine Rechnung beanstanden?", "", HEADING, STEPS,
        words="Wie kann ich eine Rechnung beanstanden?\n1. Schritt: Rechnung prüfen\n2. Schritt: Beim Lizenzteam anrufen",
    ),
    Proposal(
        "question", "Wo steht die Kundennummer?", "Oben rechts.", HEADING, words="Wo steht die Kundennummer?\nOben rechts."
    ),
]  # fmt: skip


def take_in(*proposals, **pictures):
    return decisions.take_in("fragen.docx", Source(proposals, pictures), who=None)


def read_in(client):
    return take_in(*CUT)


def upload(client, name, data):
    return client.post(READ, {"file": SimpleUploadedFile(name, data), "text": "", "html": ""})


def url_of(document):
    return reverse("admin:faq_sourcedocument_change", args=[document.pk])


def html_of(client, document):
    return " ".join(client.get(url_of(document)).content.decode().split())


def row(title):
    return SourceProposal.objects.get(title=title)


def fields(client, document):
    """What a browser would send of the page, without its buttons."""
    cards = client.get(url_of(document)).context["cards"]
    sent = {f"seen-{card.part.row.pk}": card.part.seen for card in cards}
    for card in cards:
        sent |= {f"title-{card.part.row.pk}": card.title, f"category-{card.part.row.pk}": card.category}
        if card.part.row.nearest_id:
            sent[f"there-{card.part.row.pk}"] = card.part.row.nearest_id
        sent |= {f"part-{joined.pk}": card.part.row.pk for joined in card.part.joined}
    return sent


def press(client, document, button, title, follow=True, **more):
    data = fields(client, document) | {button: row(title).pk} | more
    return client.post(reverse("admin:faq_sourcedocument_decide", args=[document.pk]), data, follow=follow)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_a_document_becomes_drafts_that_no_reader_sees(anna, client):
    document = read_in(anna)
    html = html_of(anna, document)
    assert "4 Vorschläge sind noch offen" in html
    assert "Neu anlegen: Fragen zur Rechnung" in html
    for title in ("Wann kommt die Rechnung?", "Wie kann ich eine Rechnung beanstanden?"):
        press(anna, document, "accept", title)
    drafts = {entry.title: entry for entry in Entry.objects.all()}
    question = drafts["Wann kommt die Rechnung?"]
    assert (question.status, question.slug, question.owner.username) == ("draft", "wann-kommt-die-rechnung", "anna")
    assert "Am Monatsende." in question.body
    assert question.category.title == "Fragen zur Rechnung"
    assert Category.objects.count() == 1
    steps = Step.objects.filter(entry=drafts["Wie kann ich eine Rechnung beanstanden?"])
    assert [step.title for step in steps] == ["Rechnung prüfen", "Beim Lizenzteam anrufen"]
    assert client.get("/faq/wann-kommt-die-rechnung/").status_code == 404
    assert client.get(f"/{question.category.slug}/").status_code == 404
    assert "Wann kommt die Rechnung?" not in client.get("/alles/").content.decode()


def test_a_file_is_read_in_and_leads_to_its_first_proposal(anna):
    response = upload(anna, "fragen.txt", TEXT.encode())
    document = SourceDocument.objects.get()
    assert (document.name, document.who.username) == ("fragen.txt", "anna")
    assert response.url.startswith(f"{url_of(document)}#vorschlag-")
    assert "Eingelesen von Anna" in html_of(anna, document)
    assert row("Wann kommt die Rechnung?").state == "open"


def test_a_document_of_word_is_read_with_its_picture_of_which_somebody_has_to_say_what_one_sees(anna):
    word = DOCUMENTS / "word-headings.docx"
    assert upload(anna, word.name, word.read_bytes()).status_code == 302
    html = html_of(anna, SourceDocument.objects.get())
    assert "Was sieht man auf dem Bild" in html
    assert html.count('<img class="source-picture"') == 2  # in the passage, and in what it would be


@pytest.mark.parametrize("name", ["seed.txt", "word-bold.docx", "libreoffice.html", "outlook.html", "handbuch.md"])
def test_all_of_a_document_can_be_taken_and_no_sentence_is_lost(anna, name):
    upload(anna, name, (DOCUMENTS / name).read_bytes())
    document = SourceDocument.objects.get()
    assert "stehen in keinem Vorschlag" not in html_of(anna, document)
    make_category("allgemein")
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    data = fields(anna, document)
    keys = document.proposals.exclude(kind="rest").values_list("pk", flat=True)
    data |= {f"category-{key}": Category.objects.get().pk for key in keys if not data[f"category-{key}"]}
    response = anna.post(url, data | {"several": "accept", "chosen": list(keys)}, follow=True)
    assert said(response) == []
    assert Entry.objects.count() == len(keys)
    for entry in Entry.objects.all():  # each is one that its form saves
        form = reverse("admin:faq_entry_change", args=[entry.pk])
        saved = anna.post(form, filled_in(anna, form))
        assert saved.status_code == 302, errors(saved)


def test_what_stands_in_no_proposal_or_an_entry_would_not_say_is_shown(anna):
    proposal = Proposal("question", "Wie?", "So.", words="Wie?\nSo. Das fehlt hier.")
    document = decisions.take_in("fragen.docx", Source((proposal,), lost=("Das ging unter.",)), who=None)
    html = html_of(anna, document)
    assert "stehen in keinem Vorschlag" in html
    assert "<li>Das ging unter.</li><li>Das fehlt hier.</li>" in html


def test_accepted_and_opened_leads_to_the_form(anna):
    document = read_in(anna)
    response = press(anna, document, "accept_open", "Wo steht die Kundennummer?", follow=False)
    assert response.url == reverse("admin:faq_entry_change", args=[Entry.objects.get().pk])
    assert anna.get(response.url).status_code == 200


def test_the_next_open_one_is_where_one_goes_on(anna):
    document = read_in(anna)
    response = press(anna, document, "leave", "Wann kommt die Rechnung?", follow=False)
    assert response.url == f"{url_of(document)}#vorschlag-{row('Wie kann ich eine Rechnung beanstanden?').pk}"


def test_every_sentence_is_counted_and_none_is_lost(anna):
    document = read_in(anna)
    whole = sum(len(sentences(proposal.words)) for proposal in CUT)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    press(anna, document, "leave", "Wo steht die Kundennummer?")
    counts = decisions.counts(decisions.outline(document))
    assert counts["accepted"] == 3
    assert counts["left_out"] == 2
    assert sum(counts.values()) == whole
    html = html_of(anna, document)
    assert f"Von {whole} Sätzen: 3 in Entwürfen, 0 schon vorhanden, {counts['open']} offen, 2 weggelassen." in html


def test_what_stood_under_no_question_needs_a_title(anna):
    document = read_in(anna)
    rest = document.proposals.get(kind="rest")
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    make_category("allgemein")
    data = fields(anna, document) | {"accept": rest.pk}
    response = anna.post(url, data)
    assert "Bitte schreiben Sie die Frage" in response.content.decode()
    assert "Bitte wählen Sie eine Kategorie" in response.content.decode()
    assert response.content.decode().count(" autofocus") == 1
    assert not Entry.objects.exists()
    data |= {f"title-{rest.pk}": "Was gilt vorab?", f"category-{rest.pk}": Category.objects.get().pk}
    anna.post(url, data)
    assert Entry.objects.get().title == "Was gilt vorab?"


def test_a_heading_of_what_has_no_title_is_cut_between_words_and_says_so(anna):
    words = "Alle Preise verstehen sich ohne Umsatzsteuer und gelten für Bestellungen, die bis zum Ende des Monats eingehen."
    document = take_in(Proposal("rest", "", words, words=words))
    (heading,) = re.findall(r"<h2[^>]*>(1\. .*?)</h2>", html_of(anna, document))
    assert heading.endswith("…")


def test_what_was_typed_for_others_stays_when_one_is_decided(anna):
    make_category("rechnung", title=HEADING)
    document = take_in(*CUT)
    other = row("Wo steht die Kundennummer?")
    press(anna, document, "leave", "Wann kommt die Rechnung?", **{f"title-{other.pk}": "Wo finde ich die Nummer?"})
    assert 'value="Wo finde ich die Nummer?"' in html_of(anna, document)
    press(anna, document, "leave", "Wie kann ich eine Rechnung beanstanden?", **{f"title-{other.pk}": other.title})
    assert 'value="Wo finde ich die Nummer?"' not in html_of(anna, document)
    data = fields(anna, document) | {f"title-{other.pk}": "Wo finde ich die Nummer?"}
    anna.post(reverse("admin:faq_sourcedocument_decide", args=[document.pk]), data | {"several": "leave"})
    assert 'value="Wo finde ich die Nummer?"' in html_of(anna, document)
    press(anna, document, "accept", "Wo steht die Kundennummer?")
    assert Entry.objects.get().title == "Wo finde ich die Nummer?"
    assert 'value="Wo finde ich die Nummer?"' not in html_of(editor("berta"), take_in(*CUT))


def test_a_category_of_the_same_or_a_similar_name_is_chosen(anna):
    make_category("rechnung", title="Rechnungen")
    make_category("zur-rechnung", title="Fragen zur rechnung")
    document = read_in(anna)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    assert Entry.objects.get().category.slug == "zur-rechnung"
    assert Category.objects.count() == 2


def test_once_another_category_was_chosen_for_a_heading_it_is_for_all_under_it(anna):
    other = make_category("sonstiges", title="Sonstiges")
    document = read_in(anna)
    title = "Wann kommt die Rechnung?"
    press(anna, document, "accept", title, **{f"category-{row(title).pk}": other.pk})
    press(anna, document, "accept", "Wo steht die Kundennummer?")
    assert {entry.category for entry in Entry.objects.all()} == {other}


def test_what_was_left_out_comes_back(anna):
    document = read_in(anna)
    press(anna, document, "leave", "Wo steht die Kundennummer?")
    assert row("Wo steht die Kundennummer?").state == "left_out"
    press(anna, document, "unsay", "Wo steht die Kundennummer?")
    assert row("Wo steht die Kundennummer?").state == "open"


def test_two_are_joined_accepted_as_one_and_parted_before_that(anna):
    document = read_in(anna)
    press(anna, document, "join", "Wo steht die Kundennummer?")
    assert "Verbunden mit: Wo steht die Kundennummer?" in html_of(anna, document)
    press(anna, document, "unsay", "Wo steht die Kundennummer?")
    assert row("Wo steht die Kundennummer?").state == "open"
    press(anna, document, "join", "Wo steht die Kundennummer?")
    press(anna, document, "accept", "Wie kann ich eine Rechnung beanstanden?")
    entry = Entry.objects.get()
    assert [step.title for step in entry.steps.all()][-1] == "Wo steht die Kundennummer?"
    assert entry.steps.last().body == "Oben rechts."
    accepted = sum(part.sentences for part in document.proposals.filter(number__gte=3))
    assert decisions.counts(decisions.outline(document))["accepted"] == accepted


def test_the_first_one_and_one_behind_a_decided_one_cannot_be_joined(anna):
    document = read_in(anna)
    press(anna, document, "leave", "Wann kommt die Rechnung?")
    cards = anna.get(url_of(document)).context["cards"]
    assert [card.may_join for card in cards] == [False, False, False, True]
    response = press(anna, document, "join", "Wie kann ich eine Rechnung beanstanden?")
    assert "Darüber hat inzwischen jemand entschieden" in said(response)[0]
    assert row("Wie kann ich eine Rechnung beanstanden?").state == "open"


def test_what_there_is_already_is_named_compared_and_marked(anna):
    there = make_entry("rechnung", title="Wann kommt die Rechnung?", body="Am 5. des Monats.")
    make_entry("anderes", title="Wie storniere ich?")
    document = read_in(anna)
    assert row("Wann kommt die Rechnung?").nearest == there
    page = anna.get(
        reverse("admin:faq_sourcedocument_there", args=[document.pk]),
        {"vorschlag": row("Wann kommt die Rechnung?").pk},
    )
    html = page.content.decode()
    assert "Am 5. des Monats." in html.replace("<del>", "").replace("</del>", "")
    assert "Sie kommt als PDF." in html.replace("<ins>", "").replace("</ins>", "")
    press(anna, document, "there", "Wann kommt die Rechnung?")
    assert (row("Wann kommt die Rechnung?").state, row("Wann kommt die Rechnung?").entry) == ("there", there)
    assert "1 schon vorhanden" not in html_of(anna, document)
    assert "3 schon vorhanden" in html_of(anna, document)
    assert Entry.objects.count() == 2
    press(anna, document, "unsay", "Wann kommt die Rechnung?")
    assert (row("Wann kommt die Rechnung?").state, row("Wann kommt die Rechnung?").entry) == ("open", None)


def test_another_entry_is_found_for_what_there_is_already(anna):
    other = make_entry("kosten", title="Was kostet der Zwackel?", body="Viel.", status="draft")
    document = read_in(anna)
    url = reverse("admin:faq_sourcedocument_there", args=[document.pk])
    page = anna.get(url, {"vorschlag": row("Wo steht die Kundennummer?").pk, "q": "Was kostet der Zwackel"})
    assert page.context["candidates"] == [other]


def test_a_draft_that_is_deleted_leaves_its_proposal_open(anna):
    document = read_in(anna)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    entry = Entry.objects.get()
    html = html_of(anna, document)
    url = reverse("admin:faq_entry_delete", args=[entry.pk])
    assert url in html
    anna.post(url, {"post": "yes"})
    assert not Entry.objects.exists()
    assert row("Wann kommt die Rechnung?").state == "open"
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    assert Entry.objects.get().slug == "wann-kommt-die-rechnung"


def test_a_draft_that_goes_into_another_entry_takes_its_proposal_along(anna):
    document = read_in(anna)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    kept = make_entry("rechnung")
    merge(kept, Entry.objects.get(title="Wann kommt die Rechnung?"), who=None)
    assert row("Wann kommt die Rechnung?").entry == kept
    assert row("Wann kommt die Rechnung?").state == "accepted"
    assert "Übernommen" in html_of(anna, document)


def test_several_are_taken_or_left_out_at_once(anna):
    document = read_in(anna)
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    questions = [row("Wann kommt die Rechnung?").pk, row("Wo steht die Kundennummer?").pk]
    anna.post(url, fields(anna, document) | {"several": "accept", "chosen": questions})
    assert Entry.objects.count() == 2
    rest = document.proposals.filter(state="open").values_list("pk", flat=True)
    anna.post(url, fields(anna, document) | {"several": "leave", "chosen": list(rest)})
    assert "Fertig: Über alles ist entschieden." in html_of(anna, document)
    nothing = anna.post(url, fields(anna, document) | {"several": "accept"}, follow=True)
    assert said(nothing) == ["Bitte kreuzen Sie zuerst an, worum es geht."]


def test_a_decision_that_comes_too_late_is_refused_and_says_who_was_first(anna):
    document, berta = read_in(anna), editor("berta")
    seen = fields(berta, document)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    for button in ("accept", "leave", "join", "accept_open"):
        response = berta.post(url, seen | {button: row("Wann kommt die Rechnung?").pk}, follow=True)
        assert "Jetzt steht dort: übernommen von Anna." in said(response)[0]
    assert Entry.objects.count() == 1
    press(anna, document, "join", "Wo steht die Kundennummer?")
    response = berta.post(url, seen | {"accept": row("Wie kann ich eine Rechnung beanstanden?").pk}, follow=True)
    assert "Darüber hat inzwischen jemand entschieden" in said(response)[0]
    assert Entry.objects.count() == 1
    both = [row("Wie kann ich eine Rechnung beanstanden?").pk, document.proposals.get(kind="rest").pk]
    berta.post(url, seen | {"several": "leave", "chosen": both})
    assert not document.proposals.filter(state="left_out").exists()


def test_what_is_decided_is_not_decided_otherwise_by_whoever_saw_that(anna):
    document = read_in(anna)
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    for button in ("accept", "leave", "join", "unsay"):
        press(anna, document, button, "Wann kommt die Rechnung?")
    assert row("Wann kommt die Rechnung?").state == "accepted"
    assert Entry.objects.count() == 1


def test_a_double_click_makes_one_draft(anna):
    document = read_in(anna)
    data = fields(anna, document) | {"accept": row("Wann kommt die Rechnung?").pk}
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    assert [anna.post(url, data).status_code for _ in range(2)] == [302, 200]
    assert Entry.objects.count() == 1


def test_pictures_become_the_portals_own_with_the_proposal_that_shows_them(anna, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    make_category("allgemein")
    shows = Proposal("question", "Wie sieht das aus?", "So:\n\n![](bild:schirm)\n\n![Ein Knopf](bild:knopf)")
    broken = Proposal("question", "Und das?", "![Ein Diagramm](bild:kaputt)")
    document = take_in(
        shows,
        broken,
        schirm=SourcePicture("image1.png", png(), ""),
        knopf=SourcePicture("image2.png", png(text="Knopf"), "Ein Knopf"),
        kaputt=SourcePicture("image3.emf", b"\x01\x00\x00\x00", "Ein Diagramm"),
    )
    assert not Picture.objects.exists()
    html = html_of(anna, document)
    assert "Was sieht man auf dem Bild „image1.png“?" in html
    address = reverse("admin:faq_sourcedocument_picture", args=[document.pk])
    assert f'src="{address}?bild=schirm"' in html
    shown = anna.get(address, {"bild": "schirm"})
    assert shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert anna.get(address, {"bild": "kaputt"}).status_code == 404
    key, category = row("Wie sieht das aus?").pk, Category.objects.get().pk
    refused = press(anna, document, "accept", "Wie sieht das aus?", **{f"category-{key}": category})
    assert "Bitte schreiben Sie, was man auf dem Bild sieht." in refused.content.decode()
    described = {f"category-{key}": category, f"description-{key}-schirm": "Das Fenster mit der Liste"}
    press(anna, document, "accept", "Wie sieht das aus?", **described)
    first, second = Picture.objects.order_by("pk")
    assert (first.description, second.description) == ("Das Fenster mit der Liste", "Ein Knopf")
    assert f"![](bild:{first.slug})" in Entry.objects.get().body
    press(anna, document, "accept", "Und das?", **{f"category-{row('Und das?').pk}": category})
    assert Entry.objects.get(title="Und das?").body == "[Ein Diagramm](offen:kaputt)"
    assert Gap.objects.get().name == "Ein Diagramm"


def test_a_text_that_no_form_would_take_becomes_no_draft(anna):
    make_category("allgemein")
    step = SourceStep("Anrufen", "## Falsch")
    document = take_in(Proposal("walkthrough", "Wie geht das?", steps=(step,)))
    response = press(
        anna, document, "accept", "Wie geht das?", **{f"category-{row('Wie geht das?').pk}": Category.objects.get().pk}
    )
    assert "wird so kein Entwurf" in said(response)[0]
    assert not Entry.objects.exists()


def test_a_decision_that_is_refused_loses_nothing_that_was_typed(anna):
    document, berta = read_in(anna), editor("berta")
    asked, other = row("Wann kommt die Rechnung?"), row("Wo steht die Kundennummer?")
    typed = fields(berta, document) | {f"title-{other.pk}": "Wo finde ich die Kundennummer?"}
    press(anna, document, "leave", "Wann kommt die Rechnung?")
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    response = berta.post(url, typed | {"several": "accept", "chosen": [asked.pk, other.pk]}, follow=True)
    assert "Darüber hat inzwischen jemand entschieden" in said(response)[0]
    cards = {card.part.row.pk: card for card in response.context["cards"]}
    assert cards[other.pk].title == "Wo finde ich die Kundennummer?"
    assert response.context["ticked"] == [asked.pk, other.pk]
    assert not Entry.objects.exists()


def test_what_is_no_document_is_refused_beside_its_field_and_nothing_is_kept(anna):
    for data, expected in (
        ({}, "Bitte wählen Sie eine Datei"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "a.exe"),
        ({"file": SimpleUploadedFile("leer.txt", b"\n")}, "„leer.txt“ ist leer."),
        ({"file": SimpleUploadedFile("a.txt", b"Text"), "text": "Text"}, "entweder eine Datei oder den Text"),
    ):
        response = anna.post(READ, {"text": "", "html": ""} | data)
        assert response.status_code == 200
        assert expected in response.content.decode(), expected
    assert not SourceDocument.objects.exists()


def test_what_is_too_long_for_an_entry_says_so_and_keeps_the_page_small(anna):
    long = "Ein Satz, der nicht endet. " * 20_000
    document = take_in(Proposal("question", "Wie?", long, "Neues", passage=f"<p>{long}</p>", words=f"Wie?\n{long}"))
    response = anna.get(url_of(document))
    assert "Das ist zu lang für einen Eintrag." in response.content.decode()
    assert len(response.content) < 300_000
    assert "wird so kein Entwurf" in said(press(anna, document, "accept", "Wie?"))[0]


def test_many_are_taken_at_the_first_try(anna, monkeypatch):
    """What their texts need is made before the lock: others wait no longer than it takes to store it."""
    tries = []
    monkeypatch.setattr(RevisionManager, "lock", lambda self, lock=RevisionManager.lock: [tries.append(1), lock(self)])
    document = take_in(*(Proposal("question", f"Frage {n}?", f"Antwort {n}.", "VLSC") for n in range(8)))
    keys, data = list(document.proposals.values_list("pk", flat=True)), fields(anna, document)
    url = reverse("admin:faq_sourcedocument_decide", args=[document.pk])
    anna.post(url, data | {"accept": keys[0]})
    tries.clear()
    anna.post(url, data | {"several": "accept", "chosen": keys[1:]})
    assert (len(tries), Entry.objects.count()) == (1, 8)


def test_too_many_proposals_are_refused(anna, monkeypatch):
    monkeypatch.setattr(decisions, "MOST", 3)
    response = upload(anna, "fragen.txt", TEXT.encode())
    assert "höchstens 3 gehen auf einmal" in response.content.decode()


def test_plain_text_can_be_pasted_without_a_script(anna):
    anna.post(READ, {"text": TEXT, "html": ""})
    document = SourceDocument.objects.get()
    assert document.name.startswith("Eingefügt: Hinweise vorab")
    assert row("Wann kommt die Rechnung?").document == document


def test_a_document_is_gone_on_with_by_a_colleague_and_deleted_when_it_is_done(anna):
    document, berta = read_in(anna), editor("berta")
    press(anna, document, "accept", "Wann kommt die Rechnung?")
    assert "3 von 4 Vorschlägen offen" in berta.get(reverse("admin:faq_sourcedocument_changelist")).content.decode()
    desk = berta.get(reverse("admin:index")).content.decode()
    assert f'<a href="{url_of(document)}">fragen.docx</a> <span class="quiet">3 von 4 offen' in desk
    assert READ in desk
    assert READ in berta.get(reverse("admin:faq_entry_changelist")).content.decode()
    press(berta, document, "accept", "Wo steht die Kundennummer?")
    url = reverse("admin:faq_sourcedocument_remove", args=[document.pk])
    assert "Über 2 Vorschläge ist noch nicht entschieden" in berta.get(url).content.decode()
    berta.post(url)
    assert not SourceDocument.objects.exists()
    assert Entry.objects.count() == 2


def test_who_may_not_write_entries_sees_nothing_of_a_document(anna):
    document = read_in(anna)
    reader = User.objects.create_user("reader", is_staff=True)
    client = Client()
    client.force_login(reader)
    for name in ("change", "remove", "there", "picture"):
        assert client.get(reverse(f"admin:faq_sourcedocument_{name}", args=[document.pk])).status_code == 403
    assert client.get(READ).status_code == 403
    assert client.post(READ, {"text": TEXT}).status_code == 403
    assert client.post(reverse("admin:faq_sourcedocument_decide", args=[document.pk])).status_code == 403


def test_a_long_document_has_pages_and_each_asks_as_little(anna):
    make_category("allgemein")
    few = take_in(*(Proposal("question", f"Frage {n}?", f"Antwort {n}.", "VLSC") for n in range(3)))
    many = take_in(*(Proposal("question", f"Frage {n}?", f"Antwort {n}.", "VLSC") for n in range(70)))
    anna.get(url_of(few))
    assert count(anna, url_of(few)) == count(anna, url_of(many))
    assert "Seite 1 von 4" in html_of(anna, many)
    key = many.proposals.get(number=70).pk
    data = {"leave": key, f"seen-{key}": f"{key}open"}
    url = reverse("admin:faq_sourcedocument_decide", args=[many.pk])
    first = many.proposals.get(number=1).pk
    assert anna.post(url, data).url == f"{url_of(many)}#vorschlag-{first}"
    key = many.proposals.get(number=60).pk
    following = many.proposals.get(number=61).pk
    response = anna.post(url, {"leave": key, f"seen-{key}": f"{key}open"})
    assert response.url == f"{url_of(many)}?seite=4#vorschlag-{following}"


def test_deleting_an_entry_that_was_there_already_asks_about_it_again(anna):
    make_entry("rechnung", title="Wann kommt die Rechnung?", status="draft")
    document = read_in(anna)
    press(anna, document, "there", "Wann kommt die Rechnung?")
    entries.delete([Entry.objects.get()], who=None)
    assert row("Wann kommt die Rechnung?").state == "open"
