"""Importing and exporting content: nothing edited is overwritten, nothing is half-written, every byte comes back."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.portal import write_content
from faq import importing
from faq.content import canonical, documents, folder, kinds
from faq.importing import targets
from faq.models import Alias, Category, Contact, Entry, Revision, Site, Term, Version
from tests.factories import delete, door_open, edit, make_entry, store

pytestmark = pytest.mark.django_db

FILES = {
    "_site.md": "---\ntitle: Hilfe\ncontact: team\n---\n\nWillkommen.\n",
    "_privacy.md": "Wir speichern nichts.\n",
    "_contacts.yaml": "- slug: team\n  name: Team\n  phone: 05744 - 1\n",
    "_terms.yaml": "- slug: olp\n  name: OLP\n  definition: Ein Programm.\n",
    "kat/_category.md": "---\ntitle: Kategorie\nposition: 1\n---\n",
    "kat/frage.md": "---\ntitle: Frage\n---\n\nAntwort.\n",
    "kat/andere.md": "---\ntitle: Andere\n---\n\nSiehe [dort](faq:frage), [Team](kontakt:team), [Plan](offen:plan).\n",
}


@pytest.fixture
def content(tmp_path):
    """A content folder; write to it with `content.write`."""
    return Content(tmp_path / "content").write(**FILES)


class Content:
    def __init__(self, root):
        self.root = root

    def write(self, **files):
        for path, text in files.items():
            target = self.root / path
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return self

    def run(self, *options):
        """Run the command; returns its exit code and what it said."""
        out = StringIO()
        try:
            call_command("import_content", str(self.root), *options, stdout=out)
        except CommandError as error:
            return 1, out.getvalue() + str(error)
        return 0, out.getvalue()

    def read(self):
        return {p.relative_to(self.root).as_posix(): p.read_text("utf-8") for p in self.root.rglob("*") if p.is_file()}


def stored(slug):
    entry = Entry.objects.complete().filter(slug=slug).first()
    return "".join(kinds.files(entry).values()) if entry else None


def write_by_hand(slug, body):
    edit(Entry.objects.get(slug=slug), body=body)


SAME, CHANGED, ABSENT = "same", "changed", "absent"
OLD = FILES["kat/frage.md"]
NEW = OLD.replace("Antwort", "Neu")

# All kinds of items, each said by one word of its text; everything else stays as it is.
ITEMS = {
    "kat/frage.md": (Entry, {"slug": "frage"}, "body"),
    "_terms.yaml#olp": (Term, {"slug": "olp"}, "definition"),
    "_contacts.yaml#zentrale": (Contact, {"slug": "zentrale"}, "note"),
    "leer/_category.md": (Category, {"slug": "leer"}, "intro"),
    "_privacy.md": (Site, {}, "privacy_text"),
}


def saying(word):
    """The files with each item's text saying `word`; None: without the items."""
    terms, contacts = "- slug: ov\n  name: OV\n", "- slug: team\n  name: Team\n  phone: 1\n"
    if word is None:
        return {"kat/frage.md": None, "leer/_category.md": None, "_privacy.md": None} | {
            "_terms.yaml": terms,
            "_contacts.yaml": contacts,
        }
    return {
        "kat/frage.md": f"---\ntitle: Frage\n---\n\n{word}\n",
        "leer/_category.md": f"---\ntitle: Leer\n---\n\n{word}\n",
        "_privacy.md": f"{word}\n",
        "_terms.yaml": f"{terms}- slug: olp\n  name: OLP\n  definition: {word}\n",
        "_contacts.yaml": f"{contacts}- slug: zentrale\n  name: Zentrale\n  phone: 2\n  note: {word}\n",
    }


def said_by_items():
    """What each item's text says as it is stored, None where there is none."""
    rows = {path: model.objects.filter(**which).first() for path, (model, which, _) in ITEMS.items()}
    return {path: (row and getattr(row, ITEMS[path][2])) or None for path, row in rows.items()}


def say_in_the_admin(word):
    for model, which, field in ITEMS.values():
        row = model.objects.get(**which)
        if word is None and model is not Site:
            delete(row)
        else:
            edit(row, **{field: word or ""})


@pytest.mark.parametrize(
    ("file", "database", "outcome", "then"),
    [
        (SAME, SAME, importing.UNCHANGED, "Alt"),
        (CHANGED, SAME, importing.UPDATED, "Neu"),
        (ABSENT, SAME, importing.KEPT, "Alt"),
        (SAME, CHANGED, importing.KEPT, "Hand"),
        (CHANGED, CHANGED, importing.CONFLICT, "Hand"),
        (ABSENT, CHANGED, importing.KEPT, "Hand"),
        (SAME, ABSENT, importing.KEPT, None),
        (CHANGED, ABSENT, importing.CONFLICT, None),
        (ABSENT, ABSENT, None, None),
    ],
)
def test_each_state_of_file_and_database_has_one_outcome(content, file, database, outcome, then):
    """For entries, terms, contacts, categories and the site's texts alike."""
    content.write(**saying("Alt"), **{"kat/andere.md": None}).run()
    content.write(**{SAME: {}, CHANGED: saying("Neu"), ABSENT: saying(None)}[file])
    if database != SAME:
        say_in_the_admin("Hand" if database == CHANGED else None)
    for _ in range(2):  # and the next import says the same, but for what is written by then
        report = importing.run(folder.read(content.root))
        states = {o.path: o.state for o in report.outcomes if o.path in ITEMS}
        assert states == (dict.fromkeys(ITEMS, outcome) if outcome else {})
        assert said_by_items() == dict.fromkeys(ITEMS, then)
        outcome = importing.UNCHANGED if outcome == importing.UPDATED else outcome


@pytest.mark.parametrize(
    ("change", "edit_row", "row_value"),
    [
        ({"_terms.yaml": FILES["_terms.yaml"].replace("Ein", "Kein")}, (Term, "definition"), "Kein Programm."),
        ({"_contacts.yaml": FILES["_contacts.yaml"].replace("- 1", "- 2")}, (Contact, "phone"), "05744 - 2"),
        ({"kat/_category.md": FILES["kat/_category.md"].replace("Kat", "K")}, (Category, "title"), "Kegorie"),
        ({"_site.md": FILES["_site.md"].replace("Will", "Un")}, (Site, "intro"), "Unkommen."),
        ({"_privacy.md": "Anders.\n"}, (Site, "privacy_text"), "Anders."),
    ],
)
def test_other_files_are_taken_kept_or_in_conflict_like_entries(content, change, edit_row, row_value):
    model, field = edit_row
    content.run()
    before = getattr(model.objects.get(), field)
    content.write(**change)
    assert content.run()[0] == 0
    assert getattr(model.objects.get(), field) == row_value

    edit(model.objects.get(), **{field: "Von Hand"})
    assert content.run()[0] == 0
    assert getattr(model.objects.get(), field) == "Von Hand"

    content.write(**{path: FILES[path] for path in change})
    code, said = content.run()
    assert (code, "Konflikt" in said, before in said, "Von Hand" in said) == (1, True, True, True)
    assert content.run("--force")[0] == 0
    assert getattr(model.objects.get(), field) == before


def test_a_conflict_is_named_with_both_texts_and_the_rest_is_written(content):
    content.run()
    write_by_hand("frage", "Von Hand.")
    content.write(**{"kat/frage.md": NEW, "kat/andere.md": FILES["kat/andere.md"].replace("Andere", "Neuer Titel")})
    code, said = content.run()
    assert code == 1
    assert "Konflikt: kat/frage.md" in said
    assert "-Von Hand." in said
    assert "+Neu." in said
    assert Entry.objects.get(slug="andere").title == "Neuer Titel"
    assert content.run("--force")[0] == 0
    assert stored("frage") == NEW
    assert Version.objects.filter(document__contains="Von Hand.").exists()


def test_an_import_takes_over_the_dates_that_a_file_writes_and_makes_none(content, client):
    content.run()
    content.write(**{"kat/frage.md": NEW}).run()
    assert list(Entry.objects.for_feed()) == []
    dated = FILES["kat/andere.md"].replace("title:", "updated: 2026-02-01\ntitle:")
    content.write(**{"kat/andere.md": dated}).run()
    assert [(entry.slug, str(entry.updated)) for entry in Entry.objects.for_feed()] == [("andere", "2026-02-01")]
    content.write(**{"kat/andere.md": FILES["kat/andere.md"]}).run()
    assert list(Entry.objects.for_feed()) == []


def test_importing_the_same_twice_writes_nothing_at_all(content):
    content.run()
    revision = Revision.objects.current()
    with CaptureQueriesContext(connection) as queries:
        code, said = content.run()
    assert code == 0
    assert "2 unverändert" in said
    assert not [q["sql"] for q in queries if re.match(r"INSERT|UPDATE|DELETE", q["sql"])]
    assert Revision.objects.current() == revision


def test_importing_many_again_asks_as_often_as_for_few(tmp_path):
    asked = {}
    for number in (20, 200):
        write_content(tmp_path / str(number), number)
        content = folder.read(tmp_path / str(number))
        importing.run(content, force=True, prune=True)
        with CaptureQueriesContext(connection) as queries:
            importing.run(content)
        asked[number] = len(queries)
    assert asked[200] <= asked[20]


def test_pruning_deletes_what_came_by_import_and_has_no_file_any_more(content):
    content.run()
    make_entry("von-hand", category="kat")
    with door_open():
        Version.objects.filter(entry__slug="von-hand").update(source="admin")
    content.write(**{"kat/andere.md": None, "_terms.yaml": None})
    assert content.run()[0] == 0
    assert Entry.objects.filter(slug="andere").exists()
    assert content.run("--prune")[0] == 0
    assert set(Entry.objects.values_list("slug", flat=True)) == {"frage", "von-hand"}
    assert not Term.objects.exists()


def test_pruning_never_deletes_what_was_edited_unless_forced(content):
    content.run()
    write_by_hand("andere", "Von Hand.")
    content.write(**{"kat/andere.md": None})
    code, said = content.run("--prune")
    assert (code, "Konflikt: kat/andere.md" in said) == (1, True)
    assert content.run("--prune", "--force")[0] == 0
    assert not Entry.objects.filter(slug="andere").exists()


def test_pruning_a_contact_that_a_text_needs_is_refused_in_words(content):
    content.run()
    site = FILES["_site.md"].replace("contact: team\n", "")
    content.write(**{"_contacts.yaml": None, "_site.md": site, "kat/andere.md": None})
    make_entry("mit-kontakt", category="kat", body="[Team](kontakt:team)")
    code, said = content.run("--prune")
    assert code == 1
    assert "wird noch gebraucht und bleibt: Frage mit-kontakt? verweist darauf" in said
    assert Contact.objects.filter(slug="team").exists()


def test_pruning_an_entry_that_another_text_links_to_is_refused_in_words(content):
    content.run()
    content.write(**{"kat/frage.md": None, "kat/andere.md": None})
    linking = make_entry("von-hand", category="kat", body="[dort](faq:frage)")
    code, said = content.run("--prune")
    assert code == 1
    assert "wird noch gebraucht und bleibt: Frage von-hand? verweist darauf" in said
    assert Entry.objects.filter(slug="frage").exists()
    edit(linking, body="Ohne Link.")
    assert content.run("--prune")[0] == 0
    assert not Entry.objects.filter(slug="frage").exists()


def test_checking_writes_nothing_and_fails_on_any_difference(content):
    assert content.run("--check")[0] == 1
    assert not Entry.objects.exists()
    content.run()
    assert content.run("--check")[0] == 0
    content.write(**{"kat/frage.md": NEW})
    code, said = content.run("--check")
    assert (code, "+Neu." in said) == (1, True)
    assert stored("frage") == OLD


def test_every_error_is_listed_with_file_and_line_and_nothing_is_written(content):
    content.write(
        **{
            "kat/frage.md": "---\ntitle: Frage\n---\n\nGut.\n\n[x](faq:gibt-es-nicht) und [y](faq:andere#schritt-1)\n",
            "kat/andere.md": "---\ntitle: Andere\n---\n\n![Bild](https://x.de/b.png)\n",
        }
    )
    code, said = content.run()
    assert code == 1
    assert "kat/frage.md:7: Unbekanntes Ziel „faq:gibt-es-nicht“" in said
    assert "kat/frage.md:7: Unbekanntes Ziel „faq:andere#schritt-1“" in said
    assert "kat/andere.md:5: Bilder" in said
    assert not Category.objects.exists()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"kat/frage.md": "---\ntitel: x\n---\n"}, "kat/frage.md:2: Unbekannte Angabe"),
        ({"kat/Groß.md": OLD}, "kat/Groß.md:1: „Groß“ ist kein gültiger Anker"),
        ({"kat/schritt-3.md": OLD}, "reserviert"),
        (
            {"faq/_category.md": FILES["kat/_category.md"]},
            "faq/_category.md:1: „faq“ ist für das Portal selbst reserviert",
        ),
        ({"neu/frage-2.md": OLD}, "hat keine gültige _category.md"),
        ({"neu/_category.md": FILES["kat/_category.md"], "neu/frage.md": OLD}, "„frage“ gibt es schon im Ordner „kat“"),
        ({"kat/frage.md": "---\ntitle: x\naliases: [andere]\n---\n"}, "„andere“ steht schon in"),
        ({"kat/frage.md": "---\ntitle: x\naliases: [kat]\n---\n"}, "„kat“ steht schon in kat/_category.md"),
        ({"lose.md": OLD}, "gehört in den Ordner einer Kategorie"),
        ({"kat/notiz.txt": "x"}, "nur Dateien mit der Endung .md"),
        ({"_site.md": "---\ntitle: x\ncontact: niemand\n---\n"}, "Unbekannter Ansprechpartner „niemand“"),
        ({"_terms.yaml": "- slug: x\n  nam: X\n"}, "_terms.yaml:2: Unbekannte Angabe „nam“"),
    ],
)
def test_a_faulty_folder_is_refused_as_a_whole(content, files, message):
    content.run()
    code, said = content.write(**files).run()
    assert code == 1
    assert message in said
    assert stored("frage") == OLD


def test_what_is_wrong_in_several_files_is_listed_in_one_go(content):
    content.write(
        **{
            "_contacts.yaml": "- slug: team\n  name: Team\n",
            "kat/frage.md": "---\ntitel: x\n---\n",
            "kat/andere.md": "---\ntitle: Andere\naliases: [dritte]\n---\n",
            "kat/dritte.md": OLD,
            "kat/kaputt.md": "---\ntitle: [\n---\n",
        }
    )
    code, said = content.run()
    wrong = re.findall(r"^(\S+?\.\w+):\d+:", said, re.M)
    assert (code, set(wrong)) == (1, {"_contacts.yaml", "kat/frage.md", "kat/dritte.md", "kat/kaputt.md"})
    assert not Contact.objects.exists()


def test_a_contact_deleted_in_the_admin_stays_away_with_the_site_that_named_it(content):
    content.run()
    write_by_hand("andere", "Ohne Link.")
    edit(Site.objects.get(), contact=None)
    delete(Contact.objects.get(slug="team"))
    assert content.run()[0] == 0
    assert not Contact.objects.exists()
    content.write(**{"_site.md": FILES["_site.md"].replace("Will", "Un")})
    code, said = content.run()
    assert (code, "Konflikt: _site.md" in said) == (1, True)
    assert content.run("--force")[0] == 0
    assert Site.objects.get().contact.slug == "team"


def test_an_export_after_a_rename_in_the_admin_imports_as_it_is(content):
    content.run()
    edit(Entry.objects.get(slug="frage"), slug="umbenannt")
    edit(Category.objects.get(slug="kat"), slug="gruppe")
    call_command("export_content", str(content.root), "--prune")
    assert set(content.read()) >= {"gruppe/_category.md", "gruppe/umbenannt.md", "gruppe/andere.md"}
    assert "kat/frage.md" not in content.read()
    revision = Revision.objects.current()
    assert content.run("--check")[0] == 0
    assert content.run()[0] == 0
    assert Revision.objects.current() == revision
    content.write(**{"gruppe/umbenannt.md": content.read()["gruppe/umbenannt.md"].replace("Antwort", "Neu")})
    assert content.run()[0] == 0
    assert "Neu." in stored("umbenannt")


def test_a_file_that_is_not_utf8_is_named(content):
    (content.root / "kat/frage.md").write_bytes("---\ntitle: Für\n---\n".encode("latin-1"))
    assert "kat/frage.md:2: Die Datei ist nicht in UTF-8" in content.run()[1]


def test_what_was_renamed_or_moved_in_the_admin_stays_so(content):
    content.run()
    other = store(Category(slug="neue-kat", title="Neu"))
    edit(Entry.objects.get(slug="frage"), slug="umbenannt", category=other)
    assert content.run()[0] == 0
    assert list(Entry.objects.values_list("slug", flat=True).order_by("slug")) == ["andere", "umbenannt"]
    code, said = content.write(**{"kat/frage.md": NEW}).run()
    assert (code, "Konflikt: kat/frage.md" in said) == (1, True)
    assert content.run("--force")[0] == 0
    for _ in range(2):  # and stays so
        assert stored("frage") == NEW.replace("title: Frage\n", "title: Frage\naliases: [umbenannt]\n")
        assert content.run()[0] == 0


def test_a_category_renamed_in_the_admin_still_takes_its_folder(content):
    content.run()
    category = edit(Category.objects.get(slug="kat"), slug="kategorie")
    code, _ = content.write(**{"kat/dritte.md": OLD}).run()
    assert code == 0
    assert Entry.objects.get(slug="dritte").category == category


def test_a_former_slug_may_wander_to_another_entry(content):
    aliased = "---\ntitle: {}\naliases: [frueher]\n---\n"
    content.write(**{"kat/frage.md": aliased.format("Frage")}).run()
    content.write(**{"kat/frage.md": OLD, "kat/andere.md": aliased.format("Andere")})
    assert content.run()[0] == 0
    assert Alias.objects.get(slug="frueher").entry.slug == "andere"


def test_a_file_moved_to_another_folder_moves_the_entry_and_keeps_its_anchor(content, client):
    content.run()
    content.write(**{"zwei/_category.md": "---\ntitle: Zwei\n---\n", "zwei/frage.md": OLD, "kat/frage.md": None})
    assert content.run()[0] == 0
    assert Entry.objects.get(slug="frage").category.slug == "zwei"
    assert 'id="frage"' in client.get("/kat/").content.decode()


def test_an_address_taken_in_the_admin_is_a_conflict_not_an_error(content):
    content.run()
    make_entry("neu", category="kat")
    with door_open():
        Version.objects.filter(entry__slug="neu").update(source="admin")
    code, said = content.write(**{"kat/frage.md": "---\ntitle: x\naliases: [neu]\n---\n"}).run()
    assert code == 1
    assert "Der Anker „neu“ gehört hier zu" in said
    assert stored("frage") == OLD


def test_terms_and_contacts_stand_in_the_order_of_the_file(content):
    terms = [f"- slug: t{n}\n  name: T{n}\n" for n in range(4)]
    content.write(**{"_terms.yaml": "".join(terms)}).run()
    revision = Revision.objects.current()
    content.write(**{"_terms.yaml": "".join(reversed(terms))}).run()
    assert Revision.objects.current() == revision + 1  # readers see them in that order
    assert list(Term.objects.exclude(slug="olp").values_list("slug", flat=True)) == ["t3", "t2", "t1", "t0"]

    delete(Term.objects.get(slug="t2"))
    with CaptureQueriesContext(connection) as queries:
        content.run()
    assert not [q["sql"] for q in queries if q["sql"].startswith("UPDATE")]


def test_a_folder_of_entries_alone_is_enough(content, client):
    for path in ("_site.md", "_privacy.md", "_contacts.yaml", "_terms.yaml", "kat/andere.md"):
        content.write(**{path: None})
    assert content.run()[0] == 0
    assert client.get("/").status_code == 200


IMPORT_THAT_DIES = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection

folder, last, writes = sys.argv[1], int(sys.argv[2]), 0

def die_in_time(execute, sql, *rest):
    global writes
    writes += sql.startswith(("INSERT", "UPDATE", "DELETE"))
    if last and writes == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

if not last:
    call_command("migrate", verbosity=0)
with connection.execute_wrapper(die_in_time):
    call_command("import_content", folder, stdout=open(os.devnull, "w"))
print(writes)
"""


def test_a_killed_import_leaves_nothing_half_written(content, tmp_path):
    """Killed early in its work, and at its last write: the database holds what it held before, byte for byte."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "portal.sqlite3").touch()  # no connection begins one by itself
    own = {
        "DATA_DIR": str(tmp_path / "data"),
        "SECRET_KEY": "0123456789abcdef" * 4,
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
    }
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | own

    def run(last=0):
        command = [sys.executable, "-c", IMPORT_THAT_DIES, str(content.root), str(last)]
        return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)

    def held():
        with sqlite3.connect(tmp_path / "data" / "portal.sqlite3") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return list(database.iterdump())

    run()
    content.write(**{"kat/frage.md": NEW})
    done = run()
    assert done.returncode == 0, done.stderr
    before = held()
    assert any("Neu." in line for line in before)
    content.write(**{"kat/frage.md": OLD})
    for last in (3, int(done.stdout)):
        assert run(last).returncode == -9
        assert held() == before


# Exporting


def test_export_after_import_gives_the_same_bytes(content, tmp_path):
    content.run()
    call_command("export_content", str(tmp_path / "out"))
    assert Content(tmp_path / "out").read() == FILES


def test_the_portals_own_content_is_canonical(seed, tmp_path):
    call_command("export_content", str(tmp_path / "out"))
    assert Content(tmp_path / "out").read() == Content(settings.CONTENT_DIR).read()


def test_export_after_import_gives_the_same_bytes_for_generated_content(tmp_path):
    rng = random.Random(1)
    words = [
        "Straße",
        "für",
        "Größe: 5",
        "„Anführung“",
        "#Raute",
        "'Hochkomma'",
        "[Klammer]",
        "- Strich",
        "0365",
        "ja",
        "🙂",
    ]
    made = Content(tmp_path / "in").write(**{"k/_category.md": "---\ntitle: K\n---\n"})
    for number in range(40):
        entry = documents.Entry(
            title=f"{rng.choice(words)} {number}",
            position=rng.choice([None, number]),
            status=rng.choice(["published", "draft"]),
            tags=rng.sample(words, 3),
            aliases=[f"frueher-{number}"] if number % 5 == 0 else [],
            note="\n".join(rng.sample(words, 2)),
            body="\n\n".join(
                rng.choice(["| ä | b |\n| --- | --- |\n| 1 | 2 |", "```\n## x\n```", "- a\n    - b", "Text."])
                for _ in range(3)
            ),
        )
        made.write(**{f"k/eintrag-{number}.md": canonical.write(entry)})
    assert made.run()[0] == 0
    call_command("export_content", str(tmp_path / "out"))
    assert Content(tmp_path / "out").read() == made.read()


def test_an_export_names_what_belongs_to_nothing_and_removes_it_only_when_told(content, capsys):
    content.run()
    delete(Entry.objects.get(slug="andere"))
    call_command("export_content", str(content.root))
    assert "kat/andere.md: dazu ist nichts gespeichert" in capsys.readouterr().out
    assert (content.root / "kat/andere.md").exists()
    call_command("export_content", str(content.root), "--prune")
    assert not (content.root / "kat/andere.md").exists()


def test_an_export_leaves_folders_with_other_things_alone(content, tmp_path):
    content.run()
    (tmp_path / "fremd").mkdir()
    (tmp_path / "fremd" / "brief.txt").write_text("x")
    with pytest.raises(CommandError, match="nicht leer"):
        call_command("export_content", str(tmp_path / "fremd"))
    shutil.rmtree(tmp_path / "fremd")


def test_what_an_import_changes_is_fresh_for_readers(content):
    def raised_by(**changed):
        before = Revision.objects.current()
        if changed:
            (content.root / "kat" / "frage.md").write_text("---\ntitle: Frage?\n---\n\n{text}\n".format(**changed))
        importing.run(folder.read(content.root))
        return Revision.objects.current() - before

    assert raised_by(text="Zuerst.") == 1
    assert raised_by() == 0
    assert raised_by(text="Anders.") == 1
    draft = "---\ntitle: Entwurf?\nstatus: draft\n---\n\nNoch nicht.\n"
    (content.root / "kat" / "entwurf.md").write_text(draft)
    assert raised_by() == 0


def test_after_a_conflict_that_was_kept_the_next_save_is_in_the_history(content):
    path = content.root / "kat" / "frage.md"
    path.write_text("---\ntitle: Frage?\n---\n\nEins.\n")
    importing.run(folder.read(content.root))
    entry = edit(Entry.objects.get(slug="frage"), body="Zwei.")
    path.write_text("---\ntitle: Frage?\n---\n\nDrei.\n")
    importing.run(folder.read(content.root), keep=["kat/frage.md"])
    before, versions = Revision.objects.current(), Version.objects.filter(entry=entry).count()
    edit(entry, body="Drei.")
    assert Revision.objects.current() == before + 1
    assert Version.objects.filter(entry=entry).count() == versions + 1
    assert "Drei." in Version.objects.filter(entry=entry).first().document


def test_a_conflict_takes_no_former_address_away(content):
    (content.root / "kat" / "frage.md").write_text("---\ntitle: Frage?\naliases: [kuerzel]\n---\n\nEins.\n")
    importing.run(folder.read(content.root))
    make_entry("besetzt", category="kat")
    (content.root / "kat" / "frage.md").write_text("---\ntitle: Frage?\naliases: [kuerzel, besetzt]\n---\n\nEins.\n")
    assert [outcome.path for outcome in importing.run(folder.read(content.root)).conflicts] == ["kat/frage.md"]
    assert [alias.slug for alias in Entry.objects.get(slug="frage").aliases.all()] == ["kuerzel"]


def test_a_former_address_that_a_conflict_keeps_goes_to_nobody_else(content):
    aliased = "---\ntitle: {}\naliases: [{}]\n---\n"
    content.write(**{"kat/frage.md": aliased.format("Frage", "kuerzel")}).run()
    make_entry("besetzt", category="kat")
    content.write(
        **{"kat/frage.md": aliased.format("Frage", "besetzt"), "kat/andere.md": aliased.format("Andere", "kuerzel")}
    )
    code, said = content.run()
    assert code == 1
    assert "Konflikt: kat/frage.md" in said
    assert "Konflikt: kat/andere.md. Der Anker „kuerzel“ gehört hier zu „Frage“." in said
    assert Alias.objects.get(slug="kuerzel").entry.slug == "frage"


def test_an_address_may_begin_with_a_digit(content):
    assert content.write(**{"kat/365-lizenz.md": OLD}).run()[0] == 0
    assert Entry.objects.get(slug="365-lizenz")


def test_the_difference_of_two_hostile_texts_is_said_soon(content):
    lines, others = ([str(number * by % 101) for number in range(12_000)] for by in (1, 7))
    content.write(**{"kat/frage.md": f"{OLD.partition('Antwort')[0]}{chr(10).join(lines)}\n"}).run()
    with door_open():
        Entry.objects.filter(slug="frage").update(body="\n".join(others))
    began = time.process_time()
    code, said = content.run("--check")
    assert time.process_time() - began < 3
    assert (code, "kat/frage.md unterscheidet sich" in said, "  +42\n" in said) == (1, True, True)


def test_an_import_of_many_texts_that_crawl_ends_with_the_first_of_them(content, monkeypatch):
    monkeypatch.setattr(targets, "ALL_SLOW", 1)
    crawling = {f"kat/{number}.md": OLD + "[`]`" * 4000 for number in range(5)}
    code, said = content.write(**crawling).run()
    assert (code, said.count("zu verschachtelt")) == (1, 1)
    assert "Alles Weitere wurde nicht mehr angesehen." in said
