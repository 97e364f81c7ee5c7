"""Pictures in the exchange format, and in everything a text goes through: the same bytes come back, and what is wrong is named."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from faq import search
from faq.actions import Hindered
from faq.editing import entries, finding, replacing
from faq.editing.comparison import Comparison
from faq.editing.finding import Wanted
from faq.models import Entry, Picture, StoredFile
from tests.drawings import png, saved, screenshot
from tests.factories import make_entry, make_walkthrough
from tests.papers import zipped
from tests.postgres import empty_postgres
from tests.running import manage, managed

pytestmark = pytest.mark.django_db

FILES = {
    "fenster.png": png(),
    "foto.jpg": saved(screenshot(text="Foto"), "JPEG", quality=70),
    "noch ein Foto (2).jpeg": saved(screenshot(text="Noch eins"), "JPEG"),
    "netz.webp": saved(screenshot(text="Netz"), "WEBP"),
}
LIST = """\
- slug: fenster
  file: fenster.png
  description: Fenster mit Liste
  caption: Das Setup-Dashboard
- slug: foto
  file: foto.jpg
  description: 'Zwei Knöpfe: [Ja] und [Nein]'
- slug: foto-2
  file: noch ein Foto (2).jpeg
  decorative: yes
- slug: netz
  file: netz.webp
  description: Plan des Netzes
"""
TEXT = """\
So:

![](bild:fenster)

- Erst ![Knopf \\[Ja\\]](bild:foto "Hier \\"Ja\\" drücken!")
- Dann ![](bild:foto-2)

| Netz |
| --- |
| ![Netz](bild:netz) |

\\![kein Bild](faq:edu)
"""


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def write(root, name, content):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def read_all(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    """A content folder with pictures of every kind, and a text that shows them."""
    root = tmp_path / "content"
    write(root, "_bilder/_bilder.yaml", LIST)
    for name, data in FILES.items():
        write(root, f"_bilder/{name}", data)
    write(root, "allgemein/_category.md", "---\ntitle: Allgemein\n---\n")
    write(root, "allgemein/edu.md", f"---\ntitle: Wie?\n---\n\n{TEXT}")
    return root


def test_an_export_gives_back_the_same_bytes(folder, tmp_path, client):
    call_command("import_content", folder)
    page = client.get("/faq/edu/").content.decode()
    assert page.count("<img") == 4
    assert "Das Setup-Dashboard" in page
    call_command("export_content", tmp_path / "out")
    assert read_all(tmp_path / "out") == read_all(folder)
    call_command("import_content", folder, check=True)
    before = StoredFile.objects.count()
    call_command("import_content", tmp_path / "out")
    assert StoredFile.objects.count() == before


def test_a_file_with_more_in_it_is_drawn_anew_once_and_its_export_is_the_same_for_ever(folder, tmp_path, capsys):
    write(
        folder, "_bilder/foto.jpg", saved(screenshot(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0", comment=b"geheim")
    )
    call_command("import_content", folder)
    call_command("export_content", tmp_path / "out")
    assert b"geheim" not in (tmp_path / "out/_bilder/foto.jpg").read_bytes()
    call_command("import_content", folder, check=True)  # the file as it was means the same
    call_command("import_content", tmp_path / "out", check=True)
    capsys.readouterr()
    call_command("import_content", tmp_path / "out")
    assert "4 unverändert" in capsys.readouterr().out


def test_a_picture_in_the_folder_is_replaced_and_one_changed_in_the_admin_is_kept(folder, admin_client, capsys):
    call_command("import_content", folder)
    write(folder, "_bilder/fenster.png", png(text="Zwei"))
    with pytest.raises(CommandError):
        call_command("import_content", folder, check=True)
    call_command("import_content", folder)
    picture = Picture.objects.get(slug="fenster")
    assert picture.stored.file.size == len(png(text="Zwei"))
    url = reverse("admin:faq_picture_change", args=[picture.pk])
    admin_client.post(url, {"description": "Anders", "caption": picture.caption})
    call_command("import_content", folder)
    assert "Bilder: 3 unverändert, 1 behalten" in capsys.readouterr().out
    write(folder, "_bilder/_bilder.yaml", LIST.replace("mit Liste", "ohne Liste"))
    with pytest.raises(CommandError, match="1 in Konflikt"):
        call_command("import_content", folder)
    assert Picture.objects.get(slug="fenster").description == "Anders"


def test_pictures_that_are_gone_from_the_folder_are_pruned_where_no_text_needs_them(folder):
    call_command("import_content", folder)
    without = LIST.partition("- slug: netz")[0]
    write(folder, "_bilder/_bilder.yaml", without)
    (folder / "_bilder/netz.webp").unlink()
    with pytest.raises(CommandError, match="bild:netz"):
        call_command("import_content", folder, prune=True)
    assert Picture.objects.filter(slug="netz").exists()
    write(folder, "allgemein/edu.md", f"---\ntitle: Wie?\n---\n\n{TEXT.replace('![Netz](bild:netz)', 'Netz')}")
    call_command("import_content", folder, prune=True)
    assert not Picture.objects.filter(slug="netz").exists()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"_bilder/_bilder.yaml": ""}, "_bilder/fenster.png:1: Diese Datei steht nicht in _bilder.yaml."),
        ({"_bilder/mehr.png": png()}, "_bilder/mehr.png:1: Diese Datei steht nicht in _bilder.yaml."),
        ({"_bilder/fenster.png": None}, "_bilder/_bilder.yaml:2: Die Datei „fenster.png“ gibt es nicht."),
        ({"_bilder/fenster.png": b"<svg/>"}, "_bilder/_bilder.yaml:2: „fenster.png“: Die Datei lässt sich nicht als Bild"),
        ({"_bilder/fenster.png": FILES["foto.jpg"]}, "_bilder/_bilder.yaml:2: „fenster.png“: Die Datei ist in Wahrheit ein Bild der Art „jpg“."),
        ({"_bilder/_bilder.yaml": LIST.replace("fenster.png", "../fenster.png")}, "_bilder/_bilder.yaml:2: „../fenster.png“ ist kein"),
        ({"_bilder/_bilder.yaml": LIST.replace("fenster.png", "fenster.gif")}, "_bilder/_bilder.yaml:2: „fenster.gif“ ist kein"),
        ({"_bilder/_bilder.yaml": LIST.replace("fenster.png", "fenster.pdf")}, "_bilder/_bilder.yaml:2: „fenster.pdf“ ist kein"),
        ({"_bilder/_bilder.yaml": LIST.replace("caption", "untertitel")}, "_bilder/_bilder.yaml:4: Unbekannte Angabe „untertitel“"),
        ({"_bilder/_bilder.yaml": LIST.replace("  decorative: yes", "  decorative: vielleicht")}, "_bilder/_bilder.yaml:10: "),
        ({"_bilder/_bilder.yaml": LIST.replace("  decorative: yes", "  description: Rand\n  decorative: yes")}, "Ein Bild, das nur Schmuck ist, hat keine Beschreibung."),
        ({"_bilder/_bilder.yaml": LIST.replace("Fenster mit Liste", "IMG_2041.png")}, "_bilder/_bilder.yaml:3: „description“: „IMG_2041.png“ sagt nicht"),
        ({"_bilder/_bilder.yaml": LIST + "- slug: netz\n  file: zwei.webp\n  description: Netz\n", "_bilder/zwei.webp": FILES["netz.webp"]}, "netz"),
        ({"_bilder/_bilder.yaml": LIST + "- slug: zwei\n  file: netz.webp\n  description: Netz\n"}, "_bilder/_bilder.yaml:15: Die Datei „netz.webp“ steht hier zweimal."),
        ({"_bilder/_bilder.yaml": LIST.replace("  description: Fenster mit Liste\n", "")}, "allgemein/edu.md:7: Das Bild „fenster“ hat keine Beschreibung."),
        ({"allgemein/edu.md": "---\ntitle: Wie?\n---\n\n![x](bild:fehlt)\n"}, "edu.md:5: Unbekanntes Ziel „bild:fehlt“."),
        ({"allgemein/edu.md": "---\ntitle: Wie?\n---\n\n![Fenster](bild:fenster#oben)\n"}, "edu.md:5: Unbekanntes Ziel „bild:fenster#oben“."),
        ({"allgemein/edu.md": "---\ntitle: Wie?\n---\n\n![screenshot.png](bild:fenster)\n"}, "edu.md:5: „screenshot.png“ sagt nicht"),
        ({"_bilder/tiefer/x.png": png()}, "_bilder/tiefer:1: Diese Datei steht nicht"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_faulty_list_is_refused_with_file_and_line_and_nothing_is_imported(folder, uploads, files, message):
    for name, content in files.items():
        (folder / name).unlink() if content is None else write(folder, name, content)
    with pytest.raises(CommandError) as refused:
        call_command("import_content", folder)
    assert message in str(refused.value)
    assert not Entry.objects.exists()
    assert not uploads.exists() or list(uploads.iterdir()) == []


def test_the_zip_of_the_admin_holds_the_pictures_and_brings_them_back(folder, admin_client, uploads):
    call_command("import_content", folder)
    data = admin_client.get(reverse("admin:exchange_download")).getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == read_all(folder)
    before = sorted(uploads.iterdir())
    changed = zipped(files | {"_bilder/fenster.png": png(text="Neu")})
    page = admin_client.post(reverse("admin:exchange"), {"file": SimpleUploadedFile("x.zip", changed)})
    assert "_bilder/_bilder.yaml#fenster: geändert" in page.content.decode()
    assert sorted(uploads.iterdir()) == before
    token = page.content.decode().partition('name="upload" value="')[2].partition('"')[0]
    admin_client.post(reverse("admin:exchange_confirm"), {"upload": token})
    assert Picture.objects.get(slug="fenster").stored.file.size == len(png(text="Neu"))


# On both databases


@pytest.mark.sqlite
def test_it_goes_through_a_backup_and_to_another_database(folder, tmp_path, settings):
    """The same bytes in the export of what a backup brings back, and of its copy in PostgreSQL."""
    data = tmp_path / "portal"
    data.mkdir()
    env = {"DATA_DIR": str(data), "CONTENT_DIR": str(folder), "SECRET_KEY": settings.SECRET_KEY, "DATABASE_URL": ""}
    manage(env, "prepare", "--no-static", "--new")
    manage(env, "backup")
    (backup,) = (data / "backups").glob("portal-*.tar.gz")
    size = next((data / "uploads").glob("*.webp"))
    size.unlink()
    assert size.name in managed(env, "doctor", code=1)
    manage(env, "restore", backup)
    assert size.exists()
    with empty_postgres() as env["DATABASE_URL"]:
        manage(env, "copy_database", f"sqlite:///{data}/portal.sqlite3")
        manage(env, "export_content", tmp_path / "out")
        assert read_all(tmp_path / "out") == read_all(folder)


# Comparing, finding, searching


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("![Fenster](bild:fenster)", "![Knopf](bild:fenster)", "<del><em>Fenster</em></del><ins><em>Knopf</em></ins>"),
        ("![Fenster](bild:fenster)", "![Fenster](bild:netz)", "<del><em>fenster</em></del><ins><em>netz</em></ins>"),
        ('![F](bild:fenster "Alt")', '![F](bild:fenster "Neu")', "<del><em>Alt</em></del><ins><em>Neu</em></ins>"),
        ("![F](bild:fenster)\n\nText", "Text", "<del><em>Bild: F (bild:fenster)</em></del>"),
        ("Text", "Text\n\n- a ![F](bild:fenster)", "Bild: F (bild:fenster)"),
    ],
)
def test_another_picture_description_or_caption_is_shown_as_a_change(folder, before, after, shown):
    call_command("import_content", folder)
    text = "---\ntitle: Wie?\n---\n\n{}\n\nEnde.\n"
    (compared,) = Comparison(text.format(before), text.format(after), "allgemein/edu.md").texts
    assert shown in compared.html
    assert compared.html.rstrip().endswith("<p>Ende.</p>")
    assert "<img" not in compared.html


def test_a_picture_itself_is_compared_by_its_fields():
    one = "- slug: a\n  file: a.png\n  description: Fenster\n"
    other = "- slug: a\n  file: a.png\n  decorative: yes\n  caption: Da\n"
    compared = Comparison(one, other, "_bilder/_bilder.yaml#a")
    assert {change.label: (change.out, change.came) for change in compared.changes} == {
        "Beschreibung": (["Fenster"], []),
        "Nur Schmuck": ([], ["ja"]),
        "Bildunterschrift": ([], ["Da"]),
    }


def test_words_of_a_picture_are_found_and_replaced_and_what_would_leave_it_without_words_is_refused(folder):
    write(folder, "_bilder/_bilder.yaml", LIST.replace("  description: Plan des Netzes\n", ""))
    call_command("import_content", folder)
    body = '![Zwackel im Fenster](bild:foto-2 "Der Zwackel")\n\n![Zwackel](bild:fenster)\n\nZwackel bild:fenster'
    entry = make_entry("zwackel", body=body)
    wanted = Wanted("Zwackel")

    keys = [place.key for place in finding.places(entry, wanted) if place.field == "body" and not place.fixed]
    assert len(keys) == 4
    replacing.replace(wanted, "Fuchs", [(f"entry-{entry.pk}", key) for key in keys], who=None)
    assert Entry.objects.get(pk=entry.pk).body == body.replace("Zwackel", "Fuchs")
    places = finding.places(Entry.objects.get(pk=entry.pk), Wanted("fenster", whole=False, case=False))
    assert [place.fixed for place in places] == [False, True, True]
    silent = make_entry("ohne", body="![Zwackel](bild:netz)")
    (place,) = finding.places(silent, wanted)
    with pytest.raises(Hindered, match="Das Bild „netz“ hat keine Beschreibung"):
        replacing.replace(wanted, "", [(f"entry-{silent.pk}", place.key)], who=None)


def test_links_follow_their_steps_and_pictures_beside_them_keep_their_words(folder):
    """Whatever signs these have in them."""
    call_command("import_content", folder)
    walkthrough = make_walkthrough("ablauf", steps=["Anrufen", "Bestellen"])
    link, picture = "[Weiter](faq:ablauf#bestellen)", '![a](bild:netz "sagt \\"so\\" (ja)")'
    entry = make_entry("verweis", body=f"{picture} {link} {picture} \\!{link} {picture}")
    entries.delete([walkthrough], who=None, links_to=make_entry("neu"))
    assert Entry.objects.get(pk=entry.pk).body == entry.body.replace("faq:ablauf#bestellen", "faq:neu")


def test_captions_and_descriptions_are_found_by_the_search(folder):
    call_command("import_content", folder)
    entry = make_entry("suche", body='![Zwackelmann](bild:netz "Der Quastenflosser")')
    found = {
        word: [hit.entry_id for hit in search.search(word, among=Entry.objects.published()).hits]
        for word in ("Quastenflosser", "Zwackelmann")
    }
    assert found == {"Quastenflosser": [entry.pk], "Zwackelmann": [entry.pk]}
