"""A tag's other case is the same tag, whoever writes it where."""

import unicodedata

import pytest
from django.core.management import call_command
from django.urls import reverse

from faq.models import Entry, Notice, Tag
from tests.factories import door_open, make_entry
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db

PARTS = unicodedata.normalize("NFD", "Größe")


def tags():
    return {entry.slug: [tag.name for tag in entry.tag_list] for entry in Entry.objects.complete()}


@pytest.mark.parametrize(
    ("typed", "saved"),
    [("vlsc", ["VLSC"]), ("neu, Neu", ["Neu"]), (PARTS, ["Größe"]), ("VLSC, größe, vlsc", ["VLSC", "Größe"])],
)
def test_a_form_takes_the_tag_that_there_is(admin_client, typed, saved):
    make_entry("eins", tags=["VLSC", "Größe"])
    entry = make_entry("zwei")
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    assert admin_client.post(url, filled_in(admin_client, url, tags=typed)).status_code == 302
    assert tags()["zwei"] == saved


@pytest.mark.parametrize("is_known", [True, False])
def test_files_are_read_as_if_all_wrote_it_the_same_way(tmp_path, is_known):
    if is_known:
        make_entry("frueher", tags=["VLSC", "Größe"])
    files = {"eins": "[VLSC, Größe]", "zwei": f"[vlsc, {PARTS}, Größe]", "drei": "[Vlsc]"}
    (tmp_path / "kat").mkdir()
    (tmp_path / "kat" / "_category.md").write_text("---\ntitle: Kat\n---\n")
    (tmp_path / "_notices.yaml").write_text("- slug: eins\n  text: Achtung.\n  tag: vLsC\n")
    for slug, names in files.items():
        (tmp_path / "kat" / f"{slug}.md").write_text(f"---\ntitle: Frage?\ntags: {names}\n---\n")
    call_command("import_content", tmp_path)
    (first,) = {tag.name for tag in Tag.objects.all()} - {"Größe"}
    found = tags()
    found.pop("frueher", None)
    assert found == {"eins": [first, "Größe"], "zwei": [first, "Größe"], "drei": [first]}
    assert Notice.objects.get().tag.name == first
    if not is_known:
        call_command("import_content", tmp_path, check=True)  # it is what the files say


def test_two_that_are_there_already_are_found_and_made_one(admin_client):
    with door_open():
        for name in ("VLSC", "vlsc", "Öl", "öl", "Anderes"):
            Tag.objects.create(name=name)
    page = admin_client.get(reverse("admin:faq_tag_changelist") + "?verwendung=doppelt").content.decode()
    assert [name in page for name in (">VLSC<", ">vlsc<", ">Öl<", ">öl<", ">Anderes<")] == [
        True,
        True,
        True,
        True,
        False,
    ]
    tag = Tag.objects.get(name="Anderes")
    url = reverse("admin:faq_tag_change", args=[tag.pk])
    (said,) = errors(admin_client.post(url, filled_in(admin_client, url, name="Vlsc")))
    assert "„VLSC“ gibt es schon" in said
    assert "Zwei zusammenführen" in said
    assert admin_client.post(url, filled_in(admin_client, url, name="ANDERES")).status_code == 302


def test_a_tag_that_went_into_its_other_case_is_not_made_again(admin_client, tmp_path):
    make_entry("eins", tags=["VLSC"])
    with door_open():
        Tag.objects.create(name="vlsc", merged_into=Tag.objects.get())
    make_entry("zwei", tags=["vlsc"])
    assert tags()["zwei"] == ["VLSC"]
