"""What was renamed, moved or pruned by files: the same entries under other addresses, and no link left behind."""

import pytest

from faq import importing
from faq.content import documents, exporting, folder
from faq.models import Category, Entry
from tests.factories import edit

pytestmark = pytest.mark.django_db


def content(entries, **categories):
    """A folder of entries, each given as its path and document."""
    categories = categories or {"k": documents.Category(title="K")}
    placed = {path.rpartition("/")[2]: (path.rpartition("/")[0], entry) for path, entry in entries.items()}
    return folder.Folder(categories=categories, entries=placed)


def states(report):
    return {outcome.path: outcome.state for outcome in report.outcomes}


def test_a_file_with_the_stored_name_as_a_former_one_renames_the_entry():
    """So it is exported by a portal where an editor renamed the entry."""
    importing.run(content({"k/alt": documents.Entry("Frage")}))
    before = Entry.objects.get()
    renamed = content({"k/neu": documents.Entry("Frage", aliases=["alt"])})
    assert states(importing.run(renamed))["k/neu.md"] == importing.UPDATED
    assert Entry.objects.get() == before
    assert exporting.stored_folder().files() == renamed.files()
    assert set(states(importing.run(renamed)).values()) == {importing.UNCHANGED}


def test_a_folder_with_the_stored_name_as_a_former_one_renames_the_category(client):
    importing.run(content({"k/frage": documents.Entry("Frage")}))
    before = Category.objects.get()
    renamed = content({"neu/frage": documents.Entry("Frage")}, neu=documents.Category("K", aliases=["k"]))
    importing.run(renamed)
    assert Category.objects.get() == before
    assert exporting.stored_folder().files() == renamed.files()
    assert client.get("/k/").headers["Location"] == "/neu/"


def test_a_renamed_file_is_in_conflict_with_what_was_edited():
    importing.run(content({"k/alt": documents.Entry("Frage")}))
    importing.run(content({"k/alt": documents.Entry("Frage", body="Von Hand.")}))
    edit(Entry.objects.get(), body="Anders.")
    report = importing.run(content({"k/neu": documents.Entry("Frage", aliases=["alt"])}))
    assert states(report)["k/neu.md"] == importing.CONFLICT
    assert Entry.objects.get().slug == "alt"


def test_pruning_takes_a_category_with_its_entries():
    importing.run(
        content({"k/a": documents.Entry("A", body="[b](faq:b)"), "k/b": documents.Entry("B", body="[a](faq:a)")})
    )
    other = content({}, z=documents.Category("Z"))
    importing.run(other, prune=True)
    assert exporting.stored_folder().files() == other.files()


def test_pruning_what_a_file_links_to_is_refused_as_a_whole():
    linking = documents.Entry("A", body="[b](faq:b)")
    importing.run(content({"k/a": linking, "k/b": documents.Entry("B")}))
    with pytest.raises(folder.FolderError, match="Unbekanntes Ziel „faq:b“"):
        importing.run(content({"k/a": linking}), prune=True)
    assert Entry.objects.count() == 2
