"""What was renamed, moved or pruned by files: the same entries under other addresses, and no link left behind."""

import pytest

from faq.content import exporting, folder, format
from faq.importing import run
from faq.models import Category, Entry
from tests.factories import edit

pytestmark = pytest.mark.django_db


def content(entries, **categories):
    """A folder of entries, each given as its path and document."""
    categories = categories or {"k": format.Category(title="K")}
    placed = {path.rpartition("/")[2]: (path.rpartition("/")[0], entry) for path, entry in entries.items()}
    return folder.Folder(categories=categories, entries=placed)


def states(report):
    return {outcome.path: outcome.state for outcome in report.outcomes}


def test_a_file_with_the_stored_name_as_a_former_one_renames_the_entry():
    """So it is exported by a portal where an editor renamed the entry."""
    run.run(content({"k/alt": format.Entry("Frage")}))
    before = Entry.objects.get()
    renamed = content({"k/neu": format.Entry("Frage", aliases=["alt"])})
    assert states(run.run(renamed))["k/neu.md"] == run.UPDATED
    assert Entry.objects.get() == before
    assert exporting.stored_folder().files() == renamed.files()
    assert set(states(run.run(renamed)).values()) == {run.UNCHANGED}


def test_a_folder_with_the_stored_name_as_a_former_one_renames_the_category(client):
    run.run(content({"k/frage": format.Entry("Frage")}))
    before = Category.objects.get()
    renamed = content({"neu/frage": format.Entry("Frage")}, neu=format.Category("K", aliases=["k"]))
    run.run(renamed)
    assert Category.objects.get() == before
    assert exporting.stored_folder().files() == renamed.files()
    assert client.get("/k/").headers["Location"] == "/neu/"


def test_a_renamed_file_is_in_conflict_with_what_was_edited():
    run.run(content({"k/alt": format.Entry("Frage")}))
    run.run(content({"k/alt": format.Entry("Frage", body="Von Hand.")}))
    edit(Entry.objects.get(), body="Anders.")
    report = run.run(content({"k/neu": format.Entry("Frage", aliases=["alt"])}))
    assert states(report)["k/neu.md"] == run.CONFLICT
    assert Entry.objects.get().slug == "alt"


def test_pruning_takes_a_category_with_its_entries():
    run.run(content({"k/a": format.Entry("A", body="[b](faq:b)"), "k/b": format.Entry("B", body="[a](faq:a)")}))
    other = content({}, z=format.Category("Z"))
    run.run(other, prune=True)
    assert exporting.stored_folder().files() == other.files()


def test_pruning_what_a_file_links_to_is_refused_as_a_whole():
    linking = format.Entry("A", body="[b](faq:b)")
    run.run(content({"k/a": linking, "k/b": format.Entry("B")}))
    with pytest.raises(folder.FolderError, match="Unbekanntes Ziel „faq:b“"):
        run.run(content({"k/a": linking}), prune=True)
    assert Entry.objects.count() == 2
