"""A start with the folder of the last import does not read it again, and never overlooks that it is another one."""

from io import StringIO

import pytest
from django.core.management import call_command

from faq import importing
from faq.content import folder
from faq.models import Entry
from tests.factories import edit
from tests.importing.test_importing import FILES, Content

pytestmark = pytest.mark.django_db
READ, NOT_READ = "Einträge:", "ist unverändert."


@pytest.fixture
def content(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path / "content"
    return Content(settings.CONTENT_DIR).write(**FILES)


def prepare():
    """What a start says."""
    out = StringIO()
    call_command("prepare", "--no-static", "--new", stdout=out, stderr=out)
    return out.getvalue()


def test_an_unchanged_folder_is_read_once_whatever_was_edited_meanwhile(content):
    assert READ in prepare()
    assert NOT_READ in prepare()
    edit(Entry.objects.get(slug="frage"), body="Von Hand.")
    assert NOT_READ in prepare()
    assert "1 behalten" in content.run()[1]  # as an import would have said
    assert Entry.objects.get(slug="frage").body == "Von Hand."


@pytest.mark.parametrize(
    "files",
    [
        {"kat/frage.md": FILES["kat/frage.md"].replace("Antwort", "antwort")},
        {"kat/andere.md": None},
        {"kat/neu.md": FILES["kat/frage.md"]},
        {"_privacy.md": None},
        {"_dateien/_dateien.yaml": "[]\n"},
    ],
)
def test_any_change_of_a_file_is_noticed(content, files):
    prepare()
    content.write(**files)
    assert NOT_READ not in prepare()
    assert NOT_READ in prepare()


def test_a_folder_in_conflict_is_read_until_it_is_decided(content):
    prepare()
    edit(Entry.objects.get(slug="frage"), body="Von Hand.")
    content.write(**{"kat/frage.md": FILES["kat/frage.md"].replace("Antwort", "Neu")})
    for _ in range(2):
        assert "1 in Konflikt" in prepare()
    content.run("--force")
    assert READ in prepare()
    assert NOT_READ in prepare()


def test_after_another_folder_the_first_one_is_read_again(content, tmp_path):
    prepare()
    other = Content(tmp_path / "other").write(**FILES | {"kat/frage.md": "---\ntitle: Andere Frage\n---\n\nAntwort.\n"})
    importing.run(folder.read(other.root))
    assert "1 geändert" in prepare()
    assert NOT_READ in prepare()


def test_a_folder_that_is_refused_says_so_at_each_start(content):
    content.write(**{"kat/frage.md": "---\ntitel: Frage\n---\n"})
    for _ in range(2):
        assert "Nichts wurde eingelesen" in prepare()
