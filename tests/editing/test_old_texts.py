"""What is stored from before stays as readers see it, until somebody edits it: also what today's Markdown refuses or reads otherwise."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from faq import importing, markup
from faq.content import documents, exporting, folder
from faq.editing import entries, references, restoring, versions, working_copies
from faq.editing.render_anew import render_anew, render_anew_if_due
from faq.editing.writing import action, writing
from faq.models import Category, Entry, Notice, OldText, Reference, Revision, Site, Step, Term, Version
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db

REFUSED = "Der Rabatt[^1] gilt.\n\n[^1]: 5 %"
OTHERWISE = "Bringen Sie mit:\n- Ausweis\n- Vertrag"
OLD = {"refused": REFUSED, "otherwise": OTHERWISE}


def left_by_a_former_release(row, field, text):
    """The text of a row as a release before this one stored it; then the upgrade."""
    html = dict(row.texts())[field]
    with door_open():
        type(row)._base_manager.filter(pk=row.pk).update(**{field: text, html: markup.render_as_before(text)})
        if isinstance(row, Entry):
            last = versions.latest_version(row)
            Version.objects.filter(pk=last.pk).update(document=last.document.replace("Antwort frage.", text))
    render_anew()


@pytest.fixture(params=OLD)
def text(request):
    return OLD[request.param]


@pytest.fixture
def old(text):
    """An entry with an old text."""
    entry = make_entry(tags=["Rabatt"])
    left_by_a_former_release(entry, "body", text)
    return Entry.objects.get(pk=entry.pk)


def shown(client, entry):
    page = client.get(f"/faq/{entry.slug}/").content.decode()
    return markup.render_as_before(entry.body) in page


def start_page(client):
    return client.get(reverse("admin:index")).content.decode()


def save(client, entry, **changes):
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    return client.post(url, filled_in(client, url, **changes))


def test_readers_see_an_old_text_as_before_and_the_start_page_names_line_and_reason(old, client, admin_client, text):
    assert shown(client, old)
    page = start_page(admin_client)
    assert "1 Text von früher" in page
    assert ("Zeile 1: Fußnoten" if text == REFUSED else "Zeile 2: Ab hier würde dieser Text heute anders") in page
    assert reverse("admin:faq_entry_change", args=[old.pk]) in page


def test_what_has_nothing_to_do_with_the_text_can_be_changed_without_mending_it(old, client, admin_client):
    admin_client.post(reverse("admin:faq_entry_still_true", args=[old.pk]))
    assert save(admin_client, old, tags="Rabatt, Preise", review="2030-01-01").status_code == 302
    old.refresh_from_db()
    assert (old.reviewed, str(old.review)) == (timezone.localdate(), "2030-01-01")
    assert {tag.name for tag in old.tags.all()} == {"Rabatt", "Preise"}
    assert shown(client, old)
    assert "1 Text von früher" in start_page(admin_client)


def test_who_edits_an_old_text_mends_it_and_then_it_is_no_old_one(old, client, admin_client, text):
    answer = save(admin_client, old, body=f"{text}\n\nMehr.")
    if text == REFUSED:
        assert "Zeile 1: Fußnoten gibt es hier nicht" in errors(answer)[0]
        assert shown(client, old)
        save(admin_client, old, body="Der Rabatt (5 %) gilt.")
    page = client.get("/faq/frage/").content.decode()
    assert ("Der Rabatt (5 %) gilt." if text == REFUSED else "<li>Ausweis</li>") in page
    assert "von früher" not in start_page(admin_client)


def test_a_working_copy_of_an_old_text_begins_as_readers_see_it(old, client, admin_client):
    copy = Entry.rows.get(pk=working_copies.start_working_copy(old, who=None).pk)
    assert copy.body_html == markup.render_as_before(old.body)
    assert save(admin_client, copy, title="Neue Frage?").status_code == 302
    working_copies.publish(Entry.rows.get(pk=copy.pk), who=None)
    old.refresh_from_db()
    assert old.title == "Neue Frage?"
    assert shown(client, old)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: make_walkthrough().steps.first(), "body"),
        (lambda: make_category(), "intro"),
        (lambda: store(Term(slug="a", name="A", definition="B")), "definition"),
        (lambda: store(Site(pk=1, title="Hilfe")), "intro"),
        (lambda: store(Site(pk=1, title="Hilfe")), "privacy_text"),
        (lambda: store(Notice(slug="n", text="N")), "text"),
        (lambda: working_copies.start_working_copy(make_entry(), who=None), "body"),
    ],
    ids=["step", "category", "term", "site", "privacy", "notice", "copy"],
)
def test_every_kind_of_text_stays_and_is_named(make, field, text, admin_client):
    row = make()
    left_by_a_former_release(row, field, text)
    row = type(row)._base_manager.get(pk=row.pk)
    edit(row.entry if isinstance(row, Step) else row)  # saved as it is
    row = type(row)._base_manager.get(pk=row.pk)
    assert getattr(row, dict(row.texts())[field]) == markup.render_as_before(text)
    assert "1 Text von früher" in start_page(admin_client)


def test_what_looks_the_same_or_is_merely_a_link_more_is_rendered_anew(client, admin_client):
    entry = make_entry()
    left_by_a_former_release(entry, "body", "- a\n- b\n\n- c\n\nMehr auf https://example.org.")
    entry.refresh_from_db()
    assert entry.body_html == markup.render(entry.body)
    assert Reference.objects.get(entry=entry).web.url == "https://example.org"
    assert "von früher" not in start_page(admin_client)


def test_an_upgrade_renders_once_and_readers_see_it_at_once():
    entry, html = make_entry(body="~ https://example.org ~"), "<p>~ https://example.org ~</p>"

    def started():
        with door_open():
            Entry.objects.filter(pk=entry.pk).update(body_html=html)
        render_anew_if_due()
        return Entry.objects.get(pk=entry.pk).body_html

    Revision.objects.update(dialect=1)
    before = Revision.objects.current()
    assert "<a href=" in started()
    assert Revision.objects.current() == before + 1
    assert started() == html


def test_links_in_an_old_text_follow_their_targets():
    target, linking = make_walkthrough(steps=["Anrufen", "Bestellen"]), make_entry()
    left_by_a_former_release(linking, "body", f"{REFUSED}\n\n[dort](faq:ablauf#schritt-2)")

    @action
    def renumber():
        with writing(source="admin") as change:
            entry = Entry.objects.get(pk=target.pk)
            change.record(references.renumber(entry, {1: 2, 2: 1}))

    edit(linking, review=timezone.localdate())
    renumber()
    linking.refresh_from_db()
    assert linking.body.endswith("(faq:ablauf#schritt-1)")
    assert linking.body_html == markup.render_as_before(linking.body)
    entries.delete([target], who=None)
    linking.refresh_from_db()
    assert linking.body.endswith("\n\ndort")
    assert "Der Rabatt[^1] gilt." in linking.body_html


# Files


@pytest.fixture
def content(tmp_path, old):
    """The content folder that was imported last, with the old text."""
    folder.write(exporting.stored_folder(), tmp_path / "content")
    importing.run(importing.read(tmp_path / "content"))
    return tmp_path / "content"


def run(root, *options):
    out, err = StringIO(), StringIO()
    try:
        call_command("import_content", str(root), *options, stdout=out, stderr=err)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue() + err.getvalue()


def test_a_file_that_is_as_it_was_is_not_judged_anew_however_the_entry_was_edited(content, old):
    assert "Einträge: 1 unverändert" in run(content)
    edit(old, body="Der Rabatt (5 %) gilt.")
    with door_open():
        OldText.objects.all().delete()
    assert "Einträge: 1 behalten" in run(content)
    assert Entry.objects.get().body == "Der Rabatt (5 %) gilt."


@pytest.mark.parametrize("text", [REFUSED])
def test_a_file_that_was_changed_is_judged_with_the_line_of_the_file(content, old):
    file = content / "allgemein" / "frage.md"
    file.write_text(file.read_text().replace("gilt.", "gilt nicht."))
    number = file.read_text().split("\n").index("Der Rabatt[^1] gilt nicht.") + 1
    assert f"allgemein/frage.md:{number}: Fußnoten" in run(content)


@pytest.mark.parametrize("text", [REFUSED])
def test_an_export_of_a_former_release_is_refused_unless_the_import_is_told_to_take_old_texts(
    content, old, client, admin_client
):
    delete(old)
    with door_open():
        OldText.objects.all().delete()
        Version.objects.all().delete()
    assert "2 Fehler" in run(content)
    said = run(content, "--old-texts")
    assert "Übernommen, wie es früher war" in said
    assert "allgemein/frage.md:9: Fußnoten" in said or "allgemein/frage.md:6: Fußnoten" in said
    entry = Entry.objects.get()
    assert shown(client, entry)
    assert "1 Text von früher" in start_page(admin_client)
    folder.write(exporting.stored_folder(), content.parent / "again")
    assert (content.parent / "again/allgemein/frage.md").read_bytes() == (content / "allgemein/frage.md").read_bytes()


def test_what_no_release_took_is_refused_also_then(tmp_path):
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "_category.md").write_text("---\ntitle: K\n---\n")
    (tmp_path / "k" / "frage.md").write_text(f"---\ntitle: F\n---\n\n{'x' * 50_001}\n")
    assert "zu lang" in run(tmp_path, "--old-texts")
    assert Category.objects.count() == 0


@pytest.mark.parametrize("text", [REFUSED])
def test_an_older_version_comes_back_as_it_was_shown_then(old, client):
    version = Version.objects.filter(entry=old).first()
    edit(old, body="Der Rabatt (5 %) gilt.", status=Entry.DRAFT)
    with door_open():
        OldText.objects.all().delete()
        Version.objects.filter(pk=version.pk).update(
            document="---\ntitle: Frage?\nstatus: draft\n---\n\n" + REFUSED + "\n"
        )
    entry = restoring.restore(Version.objects.get(pk=version.pk), who=None)
    assert entry.body == REFUSED
    assert Entry.objects.get().body_html == markup.render_as_before(REFUSED)


def test_an_old_text_is_known_by_its_words_alone(old):
    twin = make_entry("gleich", body="X")
    left_by_a_former_release(twin, "body", old.body)
    assert OldText.objects.count() == 1
    assert len(OldText.objects.get().places()) == 2
    assert documents.Entry(title="x").texts() == [("", 0)]
