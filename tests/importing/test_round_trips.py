"""What leaves can come back: every state that the admin allows is exported, and imported elsewhere byte for byte."""

import random
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from faq import importing
from faq.content import exporting, folder, zip_file
from faq.models import Category, Contact, Entry, Term
from tests.factories import make_entry, make_walkthrough, store
from tests.forms import errors, filled_in
from tests.papers import pdf
from tests.rows import put_rows, rows_by_table
from tests.walks import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

STATES = 20  # of a walk; `python -m benchmarks.round_trips` takes 1,000


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def exported(root, as_zip):
    """The files that come out of the portal, as they lie somewhere else."""
    if as_zip:
        archive = root.with_suffix(".zip")
        with archive.open("wb") as file:
            zip_file.write(file)
        root = zip_file.unpack(archive, root)
    else:
        folder.write(exporting.stored_folder(), root)
    return root


def files_of(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


def assert_comes_back(empty, as_zip, tmp_path):
    root = exported(Path(tempfile.mkdtemp(dir=tmp_path)), as_zip)
    outcomes = importing.compare(folder.read(root)).outcomes
    assert [(each.path, each.file, each.stored) for each in outcomes if each.state != "unchanged"] == []
    with transaction.atomic():
        put_rows(empty)
        importing.run(folder.read(root))
        again = exported(Path(tempfile.mkdtemp(dir=tmp_path)), as_zip=False)
        transaction.set_rollback(True)
    assert files_of(again) == files_of(root)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("walk_number", range(50))
def test_every_state_of_a_random_walk_comes_back_byte_for_byte(db, admin_client, tmp_path, walk_number):
    empty = rows_by_table()
    make_walkthrough("ablauf", tags=["VLSC"])
    make_entry("frage", category="2fa", body="Siehe [dort](faq:ablauf#schritt-2).")
    store(
        Contact(slug="team", name="Team", phone="05744 - 1"), Term(slug="olp", name="OLP", definition="Ein Programm.")
    )
    seed = walk_number + 5  # the first to find what was wrong
    walk, rng, posted = Walk(admin_client, seed), random.Random(seed), []
    try:
        for _ in range(STATES):
            posted.append(walk.step())
            assert_comes_back(empty, rng.random() < 0.3, tmp_path)
    except Exception as error:
        error.add_note("\n".join(map(str, posted[-3:])))
        raise


CATEGORY = "---\ntitle: Kat\n---\n"


def written(root, **files):
    for path, content in files.items():
        file = root / path.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


@pytest.mark.parametrize("slug", ["2fa-einrichten", "0", "365", "a", "z-9"])
@pytest.mark.parametrize("category", ["2024", "kat"])
def test_an_address_may_begin_with_a_digit(tmp_path, slug, category):
    files = {f"{category}/_category.md": CATEGORY, f"{category}/{slug}.md": "---\ntitle: Wie?\n---\n\nSo.\n"}
    call_command("import_content", written(tmp_path / "in", **files))
    call_command("export_content", tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(tmp_path / "in")


@pytest.mark.parametrize("as_zip", [True, False])
def test_a_name_is_the_same_however_its_umlauts_are_composed(admin_client, tmp_path, as_zip):
    listed = "- slug: form\n  title: Form\n  file: Größe für Ämter.pdf\n"
    name, title = (unicodedata.normalize("NFD", text) for text in ("Größe für Ämter.pdf", "Welche Größe?"))
    files = {"_dateien/_dateien.yaml": listed, f"_dateien/{name}": pdf(), "kat/_category.md": CATEGORY}
    files["kat/frage.md"] = f"---\ntitle: {title}\n---\n\n{title} [Form](datei:form)\n"
    root = written(tmp_path / "in", **files)
    if as_zip:
        packed = tmp_path / "in.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for path, content in files_of(root).items():
                archive.writestr(path, content)
                archive.writestr(f"__MACOSX/{path}", b"what macOS puts beside it")
        page = admin_client.post(reverse("admin:exchange"), {"file": SimpleUploadedFile("x.zip", packed.read_bytes())})
        assert "kat/frage.md: neu" in " ".join(page.content.decode().split())
        root = zip_file.unpack(packed, tmp_path / "unpacked")
    call_command("import_content", root)
    entry = Entry.objects.get()
    assert (entry.title, entry.body) == ("Welche Größe?", "Welche Größe? [Form](datei:form)")
    call_command("export_content", tmp_path / "out")
    assert set(files_of(tmp_path / "out")) == {unicodedata.normalize("NFC", path) for path in files}


def test_two_files_whose_names_look_alike_are_named(tmp_path):
    name, files = (
        "Größe.pdf",
        {"_dateien/_dateien.yaml": "- slug: form\n  title: Form\n  file: Größe.pdf\n", "kat/_category.md": CATEGORY},
    )
    root = written(
        tmp_path, **files, **{f"_dateien/{unicodedata.normalize(form, name)}": pdf(form) for form in ("NFC", "NFD")}
    )
    with pytest.raises(CommandError, match="zwei Dateien, die gleich aussehen"):
        call_command("import_content", root)


@pytest.mark.parametrize("name", ["con", "PRN", "aux", "nul", "com1", "lpt9"])
def test_what_can_be_no_file_under_windows_gets_another_name(admin_client, tmp_path, name):
    make_entry("frage")
    url = reverse("admin:faq_entry_add")
    data = filled_in(admin_client, url, title="Neu?", body="So.", tags="", slug=name.lower())
    answer = admin_client.post(url, data | {"category": Category.objects.get().pk})
    assert "kann unter Windows keine Datei heißen" in str(errors(answer))
    upload = {"title": "Form", "slug": name.lower(), "upload": SimpleUploadedFile("x.pdf", pdf())}
    assert "So kann keine Datei heißen" in str(errors(admin_client.post(reverse("admin:faq_attachment_add"), upload)))
    listed = f"- slug: form\n  title: Form\n  file: {name}.pdf\n"
    root = written(
        tmp_path, **{"_dateien/_dateien.yaml": listed, f"_dateien/{name}.pdf": pdf(), "kat/_category.md": CATEGORY}
    )
    with pytest.raises(CommandError, match="kein einfacher Dateiname"):
        call_command("import_content", root)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_search_finds_a_word_however_its_umlauts_are_composed(client, form):
    make_entry("frage", title="Welche Größe?")
    found = client.get("/suche.json", {"q": unicodedata.normalize(form, "Größe")}).json()
    assert [hit["slug"] for hit in found["results"]] == ["frage"]
    assert unicodedata.is_normalized("NFC", found["query"])
