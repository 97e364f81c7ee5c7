"""Documents as Word, LibreOffice and Outlook write them become the drafts that were expected before there was a reader."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from faq import importing, markup, sources
from faq.content import folder
from faq.cutting.formats import as_html
from faq.models import Contact
from faq.sources import drafts
from tests.factories import make_entry, store

DOCUMENTS = Path(__file__).parent / "documents"
CUTS = [
    "seed.txt", "word-headings.docx", "word-bold.docx", "word-plain.docx", "libreoffice.docx", "libreoffice.html", "outlook.html",
    "handbuch.md",
]  # fmt: skip
pytestmark = pytest.mark.django_db


def read(name):
    return sources.read(name, (DOCUMENTS / name).read_bytes())


def cut(source):
    """A Source in the lines of the expected cuts."""
    lines, category, gaps = [], None, []
    for proposal in source.proposals:
        if proposal.kind == "rest":
            lines.append(f"Rest: {plain(proposal.body.partition(chr(10) * 2)[0])}")
            continue
        if proposal.category != category:
            lines.append(f"Kategorie: {proposal.category}".strip())
            category = proposal.category
        lines.append(f"{'Ablauf' if proposal.steps else 'Frage'}: {proposal.title}")
        section = ""
        for step in proposal.steps:
            if step.section != section:
                lines.append(f"Abschnitt: {step.section}")
                section = step.section
            lines.append(f"Schritt: {step.title}")
        gaps += re.findall(r"\[([^]]*)\]\(offen:", "".join([proposal.body, *(step.body for step in proposal.steps)]))
    return lines + [f"Offen: {gap}" for gap in gaps]


def said(source):
    """All that its proposals say to readers, and the names of categories."""
    for proposal in source.proposals:
        texts = [proposal.title, proposal.body]
        for step in proposal.steps:
            texts += [step.section, f"{step.title}\n{step.body}"]
        yield proposal.category
        yield from (plain(text) for text in texts)
        yield " ".join(plain("\n\n".join(texts)).split())


def plain(text):
    return markup.plain_text(markup.render(re.sub(r"\[\]\(kontakt:[^)]*\)", "NUMMER", text)))


@pytest.mark.parametrize("name", CUTS)
def test_a_document_is_cut_as_expected(name):
    expected = (DOCUMENTS / name).with_suffix(".cut").read_text().splitlines()
    lines = cut(read(name))
    # The preface is found where the category is that it stands under.
    assert sorted(lines) == sorted(line.strip() for line in expected)
    assert [line for line in lines if not line.startswith(("Rest", "Kategorie"))] == [
        line for line in expected if not line.startswith(("Rest", "Kategorie"))
    ]


@pytest.mark.parametrize("name", CUTS)
def test_no_sentence_is_lost(name):
    html = as_html((DOCUMENTS / name).read_bytes(), name.rpartition(".")[2])
    text = BeautifulSoup(
        re.sub(r"\s+", " ", re.sub("</(?:p|li|td|h[1-6])>|<[ou]l>|<br[^>]*>", "\\g<0>¶", html)), "html.parser"
    )
    for hidden in text.find_all(["style", "title", "xml"]):
        hidden.decompose()
    words = re.sub(r"·\s+|\bo\s{2,}", "", text.get_text()).replace("¶", "\n")
    source = read(name)
    assert sources.missing(words, said(source)) == []
    assert sources.missing(words, [proposal.words for proposal in source.proposals]) == []


@pytest.mark.parametrize("name", CUTS)
def test_what_is_written_can_be_imported(name, committing, tmp_path):
    drafted, left_out = drafts.folder_of(read(name), name)
    folder.write(drafted, tmp_path)
    report = importing.run(importing.read(tmp_path))
    assert not left_out
    assert report.count("entry") == {importing.CREATED: len(drafted.entries)}


def test_the_text_of_the_seed_needs_no_correction():
    source = read("seed.txt")
    entries = [proposal for proposal in source.proposals if proposal.kind != "rest"]
    assert len({entry.category for entry in entries}) == 3
    assert len(entries) == 9
    assert [[bool(step.section) for step in entry.steps] for entry in entries if entry.steps] == [
        [False] * 7 + [True] * 2,
        [False] * 6,
    ]


def test_numbers_of_known_contacts_become_links_to_them():
    store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 - 944 194"))
    body = read("seed.txt").proposals[1].body
    assert "[](kontakt:lizenzteam)" in body
    assert "944" not in body


@pytest.mark.parametrize(
    "number", ["(05744 944194)", "Tel.: (05744) 944-194", "+49 (0) 5744 944194", "05744 – 944 194"]
)
def test_a_number_is_known_however_it_is_written_and_takes_no_bracket_with_it(number):
    store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 - 944 194"))
    (proposal,) = sources.read("a.txt", f"Wer hilft?\n\nDas Team, {number}.".encode()).proposals
    body = proposal.body
    assert "[](kontakt:lizenzteam)" in body
    assert body.count("(") == body.count(")")
    assert not any(sign.isdigit() for sign in body)


def test_a_step_that_names_a_number_says_it_in_its_text():
    store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 - 944 194"))
    text = "Wie geht das?\n\nSchritt 1: Rufen Sie das Lizenzteam unter 05744 944194 an.\nSchritt 2: Warten (Tel. 05744 944)"
    (proposal,) = sources.read("a.txt", text.encode()).proposals
    assert [(step.title, step.body) for step in proposal.steps] == [
        ("Rufen Sie das Lizenzteam an", "Rufen Sie das Lizenzteam unter [](kontakt:lizenzteam) an."),
        ("Warten (Tel. 05744 944)", ""),
    ]


def test_links_to_pages_of_the_portal_lead_to_what_there_is(settings):
    make_entry("stornierung")
    page = "<h1>Was nun?</h1><p>{} und {}</p>".format(
        *(f'<a href="{settings.PUBLIC_URL}/faq/{slug}/">Text</a>' for slug in ("stornierung", "nirgends"))
    )
    (proposal,) = sources.read_html(page).proposals
    assert proposal.body == f"[Text](faq:stornierung) und [Text]({settings.PUBLIC_URL}/faq/nirgends/)"


def test_umlauts_are_read_as_each_program_writes_them():
    page = "<meta charset=windows-1252><h1>Für wen?</h1><p>Für Schüler.</p>"
    said = [
        sources.read("a.html", page.encode("cp1252")),
        sources.read_html(page),
        *(
            sources.read("a.txt", "Für wen?\n\nFür Schüler.".encode(name))
            for name in ("utf-8", "utf-8-sig", "cp1252", "utf-16")
        ),
    ]
    assert {(source.proposals[0].title, source.proposals[0].body) for source in said} == {("Für wen?", "Für Schüler.")}
