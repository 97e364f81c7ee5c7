"""`manage.py read_document FILE DIR` writes drafts that `import_content` takes."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from faq.models import Category, Contact, Entry
from tests.factories import make_category, make_entry, store

DOCUMENTS = Path(__file__).parent / "documents"


def read(name, folder, capsys):
    call_command("read_document", str(DOCUMENTS / name), str(folder))
    return capsys.readouterr().out


def test_a_document_becomes_drafts_with_the_contacts_they_name(committing, tmp_path, capsys):
    store(Contact(slug="lizenzteam", name="Lizenzteam", phone="05744 - 944 194"))
    store(Contact(slug="empfang", name="Empfang", phone="05744 944 0"))
    said = read("seed.txt", tmp_path / "neu", capsys)
    assert "9 Entwürfe in 3 Kategorien" in said
    assert "Ohne Eintrag, Absatz 1:\nFAQs / Hilfe und Support" in said
    assert re.findall("slug: (.*)", (tmp_path / "neu/_contacts.yaml").read_text()) == ["lizenzteam"]
    call_command("import_content", str(tmp_path / "neu"))
    assert {entry.status for entry in Entry.objects.all()} == {"draft"}
    assert [entry.steps.count() for entry in Entry.objects.filter(kind="walkthrough").order_by("position")] == [9, 6]
    assert "1 unverändert" in _again(tmp_path / "neu", capsys)


def _again(folder, capsys):
    capsys.readouterr()
    call_command("import_content", str(folder))
    return capsys.readouterr().out


def test_what_is_there_already_keeps_its_address(committing, tmp_path, capsys):
    make_category("allgemeine-fragen", title="Allgemeine Fragen", position=7)
    make_entry("gibt-es-lizenzen-fuer-spezielle-gruppen", category="allgemeine-fragen", position=3, body="Alt.")
    read("seed.txt", tmp_path / "neu", capsys)
    call_command("import_content", str(tmp_path / "neu"))
    assert Category.objects.filter(title="Allgemeine Fragen").count() == 1
    assert Entry.objects.at("gibt-es-lizenzen-fuer-spezielle-gruppen").body == "Alt."
    assert "offen:gov-edu-dateien" in Entry.objects.at("gibt-es-lizenzen-fuer-spezielle-gruppen-2").body


def test_pictures_come_along(committing, tmp_path, capsys):
    read("word-headings.docx", tmp_path / "neu", capsys)
    assert [file.suffix for file in (tmp_path / "neu/_bilder").iterdir() if file.suffix != ".yaml"] == [".png"]
    call_command("import_content", str(tmp_path / "neu"))


def test_a_list_that_looks_like_the_facts_of_a_step_stays_a_list(committing, tmp_path):
    (tmp_path / "a.txt").write_text(
        "Wie läuft das?\n\n1. Schritt: Anfragen\n- Wer: Müller\n- Dauer: 2 Tage\n2. Schritt: Ende"
    )
    call_command("read_document", str(tmp_path / "a.txt"), str(tmp_path / "neu"))
    call_command("import_content", str(tmp_path / "neu"))
    step = Entry.objects.get().steps.get(number=1)
    assert (step.actors, step.duration) == ("", "")
    assert "<li>Wer: Müller</li>" in step.body_html


@pytest.mark.django_db
@pytest.mark.parametrize("there", ["file", "folder"])
def test_nothing_is_written_over_what_is_there(there, tmp_path):
    target = tmp_path / "da"
    if there == "file":
        target.write_text("x")
    else:
        target.mkdir()
        (target / "x").write_text("x")
    with pytest.raises(CommandError, match="kein leerer Ordner"):
        call_command("read_document", str(DOCUMENTS / "seed.txt"), str(target))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"), [("Nur ein Satz ohne Frage.", "keine Frage"), ("", "leer"), (None, "gibt es nicht")]
)
def test_a_document_of_which_nothing_comes_leaves_nothing_behind(text, said, tmp_path):
    if text is not None:
        (tmp_path / "a.txt").write_text(text)
    before = {*tmp_path.iterdir()}
    with pytest.raises(CommandError, match=said):
        call_command("read_document", str(tmp_path / "a.txt"), str(tmp_path / "neu"))
    assert {*tmp_path.iterdir()} == before
