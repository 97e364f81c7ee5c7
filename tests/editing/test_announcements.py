"""A sentence about a change: it waits with the text that it belongs to, has its day when readers get that, and goes with it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from faq import importing
from faq.content import exporting, folder
from faq.content.documents import Change
from faq.content.folder import FolderError
from faq.content.mapping import changes_of
from faq.editing import entries, finding, restoring, working_copies
from faq.editing.comparison import Comparison
from faq.editing.merging import merge
from faq.models import Announcement, Entry, Version
from tests.factories import door_open, edit, make_entry
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
OLD = Change(date(2026, 3, 1), "Früher gesagt.")
NEW = "Neue Rufnummer."


def told(entry):
    return [str(change) for change in changes_of(Entry.rows.get(pk=entry.pk))]


def dated(day, text):
    return f"{day:%d.%m.%Y} {text}"


def save(client, entry, refused=False, **changes):
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    response = client.post(url, filled_in(client, url, **changes))
    assert (response.status_code == 200) == refused, errors(response)
    return errors(response) if refused else response


def begin(entry, admin_client, **changes):
    """A working copy of an entry, with a sentence that waits."""
    copy = working_copies.start_working_copy(entry, who=None)
    save(admin_client, copy, **{"news": NEW} | changes)
    return Entry.rows.get(pk=copy.pk)


@pytest.fixture
def entry():
    return make_entry("frage", changes=[OLD])


def test_a_working_copy_keeps_its_sentence_until_it_is_published(client, admin_client, admin_user, entry):
    copy = begin(entry, admin_client)
    assert (told(copy), told(entry)) == ([NEW, str(OLD)], [str(OLD)])
    url = reverse("admin:faq_entry_change", args=[copy.pk])
    assert filled_in(admin_client, url)["news"] == [NEW]
    assert NEW not in client.get("/faq/frage/").content.decode()
    working_copies.publish(copy, who=admin_user)
    assert told(entry) == [dated(TODAY, NEW), str(OLD)]


def test_a_preview_shows_what_waits(admin_client, entry):
    copy = begin(entry, admin_client)
    url = reverse("admin:faq_entry_change", args=[copy.pk])
    page = admin_client.post(url, filled_in(admin_client, url) | {"_preview": "1"}).content.decode()
    assert f"Ab der Veröffentlichung: {NEW}" in page


def test_a_draft_keeps_its_sentence_until_it_is_published(admin_client, admin_user):
    draft = make_entry("neu", status="draft")
    save(admin_client, draft, news=NEW)
    save(admin_client, draft, body="Weiter geschrieben.")
    assert told(draft) == [NEW]
    entries.publish_draft(draft, who=admin_user)
    assert told(draft) == [dated(TODAY, NEW)]


def test_a_planned_working_copy_announces_on_the_day_on_which_readers_get_it(admin_client, admin_user, entry):
    later = timezone.localtime() + timedelta(days=3)
    copy = begin(entry, admin_client, publish_at=f"{later:%Y-%m-%dT%H:%M}")
    working_copies.publish(copy, who=admin_user)
    assert (told(copy), told(entry)) == ([NEW, str(OLD)], [str(OLD)])
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    working_copies.take_over_due()
    assert told(entry) == [dated(TODAY, NEW), str(OLD)]


def test_an_entry_for_later_announces_on_its_first_day_also_when_that_becomes_another(client, admin_client):
    draft = make_entry("neu", status="draft")
    first, then = (timezone.localtime() + timedelta(days=days) for days in (3, 9))
    save(admin_client, draft, news=NEW, status="published", publish_at=f"{first:%Y-%m-%dT%H:%M}")
    assert told(draft) == [dated(first, NEW)]
    assert NEW not in client.get("/neues/").content.decode()
    save(admin_client, draft, publish_at=f"{then:%Y-%m-%dT%H:%M}")
    assert told(draft) == [dated(then, NEW)]
    save(admin_client, draft, changes=dated(then, "Anders gesagt."))
    assert told(draft) == [dated(then, "Anders gesagt.")]
    save(admin_client, draft, publish_at="")
    assert told(draft) == [dated(TODAY, "Anders gesagt.")]


def test_an_announcement_is_corrected_and_withdrawn_and_the_history_knows(client, admin_client, entry):
    save(admin_client, entry, changes="1.3.2026 Richtig gesagt.\r\n2026-02-01 Noch früher.")
    assert told(entry) == ["01.03.2026 Richtig gesagt.", "01.02.2026 Noch früher."]
    save(admin_client, entry, changes="")
    assert told(entry) == []
    assert "Änderungen</h2>" not in client.get("/faq/frage/").content.decode()
    history = admin_client.get(reverse("admin:faq_entry_history", args=[entry.pk])).content.decode()
    assert history.count("Ankündigungen") == 2
    after, before = Version.objects.filter(entry=entry).order_by("-pk")[:2]
    (change,) = Comparison(before.document, after.document, after.path).changes
    assert [str(gone) for gone in change.out] == ["01.03.2026 Richtig gesagt.", "01.02.2026 Noch früher."]


def test_who_may_not_publish_reads_what_was_announced_and_announces_by_a_working_copy(client, entry):
    rita = User.objects.create_user("rita", password="x", is_staff=True)
    rita.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(rita)
    page = client.get(reverse("admin:faq_entry_change", args=[entry.pk])).content.decode()
    assert str(OLD) in page
    assert 'name="news"' not in page
    copy = begin(entry, client)
    assert (told(copy), told(entry)) == ([NEW, str(OLD)], [str(OLD)])


def test_to_announce_is_no_change_of_the_answer_itself(admin_client, entry):
    save(admin_client, entry, news=NEW)
    assert Entry.objects.get(pk=entry.pk).updated is None


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("changes", "Neu", "Am Anfang steht der Tag"),
        ("changes", "1.3.2026 Gut.\r\n31.2.2026 Neu", "Zeile 2: Den Tag 2026-02-31 gibt es nicht"),
        ("changes", "1.3.2026", "nicht mit einem Datum"),
        ("changes", "1.3.2996 Neu", "kommt erst noch"),
        ("changes", f"1.3.2026 {'x' * 201}", "höchstens 200 Zeichen"),
        ("news", "28.11.2026: Neu", "nicht mit einem Datum"),
        ("news", "x" * 201, "höchstens 200 Zeichen"),
        ("news", "a\x07b", "ohne Steuerzeichen"),
    ],
)
def test_what_is_no_announcement_is_said_at_its_field(admin_client, entry, field, typed, said):
    found = save(admin_client, entry, refused=True, **{field: typed})
    assert any(said in message for message in found)
    assert told(entry) == [str(OLD)]


def test_a_sentence_that_was_pasted_in_lines_is_one(admin_client, entry):
    save(admin_client, entry, news="Neue  Nummer\r\n für alle. ")
    assert told(entry)[0] == dated(TODAY, "Neue  Nummer für alle.")


def test_a_form_that_is_saved_unchanged_leaves_the_document_as_it_is(admin_client):
    for status, changes in (("published", [OLD]), ("draft", [Change(None, NEW), OLD])):
        entry = make_entry(f"frage-{status}", status=status, changes=changes)
        save(admin_client, entry)
        assert Version.objects.filter(entry=entry).count() == 1


def test_what_was_announced_meanwhile_stays_when_a_copy_takes_over(admin_client, admin_user, entry):
    later = timezone.localtime() + timedelta(days=3)
    copy = begin(entry, admin_client, body="Später.", publish_at=f"{later:%Y-%m-%dT%H:%M}")
    working_copies.publish(copy, who=admin_user)
    save(admin_client, entry, news="Dazwischen gesagt.", note="x")
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    working_copies.take_over_due()
    assert told(entry) == [dated(TODAY, NEW), dated(TODAY, "Dazwischen gesagt."), str(OLD)]
    assert Entry.objects.get(pk=entry.pk).body == "Später."


def test_what_was_announced_meanwhile_stays_when_a_copy_goes_over_a_newer_text(admin_client, admin_user, entry):
    copy = begin(entry, admin_client, body="Ganz anders.")
    save(admin_client, entry, body="Dazwischen.", news="Dazwischen gesagt.")
    working_copies.publish(copy, who=admin_user, over_newer=True)
    assert told(entry) == [dated(TODAY, NEW), dated(TODAY, "Dazwischen gesagt."), str(OLD)]


def test_what_was_announced_meanwhile_stays_when_a_copy_is_released_over_a_newer_text(admin_client, admin_user, entry):
    later = timezone.localtime() + timedelta(days=3)
    copy = begin(entry, admin_client, body="Später.", publish_at=f"{later:%Y-%m-%dT%H:%M}")
    save(admin_client, entry, body="Dazwischen.", news="Dazwischen gesagt.")
    working_copies.publish(copy, who=admin_user, over_newer=True)
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    working_copies.take_over_due()
    assert told(entry) == [dated(TODAY, NEW), dated(TODAY, "Dazwischen gesagt."), str(OLD)]
    assert Entry.objects.get(pk=entry.pk).body == "Später."


def test_where_both_correct_what_was_announced_nothing_takes_over_by_itself(admin_client, admin_user, entry):
    later = timezone.localtime() + timedelta(days=3)
    copy = begin(entry, admin_client, changes="1.3.2026 So.", publish_at=f"{later:%Y-%m-%dT%H:%M}")
    working_copies.publish(copy, who=admin_user)
    save(admin_client, entry, changes="1.3.2026 Oder so.")
    with door_open():
        Entry.rows.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(seconds=1))
    working_copies.take_over_due()
    assert told(entry) == ["01.03.2026 Oder so."]
    assert Entry.rows.get(pk=copy.pk).release == Entry.STOPPED


def test_what_was_announced_meanwhile_stays_where_a_copy_corrects_what_was_said_before(admin_client, admin_user, entry):
    copy = begin(entry, admin_client, changes="1.3.2026 So.", news=NEW)
    save(admin_client, entry, body="Dazwischen.", news="Dazwischen gesagt.")
    working_copies.publish(copy, who=admin_user, over_newer=True)
    assert told(entry) == [dated(TODAY, NEW), dated(TODAY, "Dazwischen gesagt."), "01.03.2026 So."]


def test_an_older_text_that_comes_back_unsays_nothing(admin_client, admin_user, entry):
    old = Version.objects.filter(entry=entry).first()
    save(admin_client, entry, body="Neu.", news=NEW)
    copy = restoring.restore(old, who=admin_user)
    working_copies.publish(copy, who=admin_user)
    assert Entry.objects.get(pk=entry.pk).body == "Antwort frage."
    assert told(entry) == [dated(TODAY, NEW), str(OLD)]
    entries.delete([entry], who=admin_user)
    last = Version.objects.filter(path="allgemein/frage.md").exclude(document="").first()
    assert told(restoring.restore(last, who=admin_user)) == [dated(TODAY, NEW), str(OLD)]


def test_a_working_copy_that_waits_is_brought_back_from_the_history(admin_client, admin_user, entry):
    copy = begin(entry, admin_client, body="Angefangen.")
    version = Version.objects.filter(entry=entry, working_copy=True).first()
    working_copies.discard(copy, who=admin_user)
    assert restoring.restore(version, who=admin_user).body == "Angefangen."


def test_a_copy_of_an_entry_has_announced_nothing(admin_user, entry):
    (twin,) = entries.duplicate([entry], who=admin_user)
    assert told(twin) == []


def test_two_entries_that_become_one_have_said_what_both_have(admin_user, entry):
    other = make_entry("andere", changes=[Change(date(2026, 4, 1), "Dort gesagt."), Change(date(2026, 1, 1), "Alt.")])
    merge(entry, other, who=admin_user)
    assert told(entry) == ["01.04.2026 Dort gesagt.", str(OLD), "01.01.2026 Alt."]


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"publish_at": timezone.now() + timedelta(days=3)}], ids=["draft", "later"]
)
def test_what_readers_never_saw_is_not_said_because_it_becomes_part_of_another_entry(admin_user, entry, hidden):
    merge(entry, make_entry("andere", changes=[Change(date(2026, 4, 1), NEW)], **hidden), who=admin_user)
    assert told(entry) == [str(OLD)]


def test_what_was_said_stays_as_it_was_said_when_a_word_is_replaced(entry):
    assert finding.find(finding.Wanted("gesagt")) == ([], True)


# Files


def put(root, text):
    (root / "allgemein").mkdir(parents=True, exist_ok=True)
    (root / "allgemein/_category.md").write_text("---\ntitle: Allgemein\n---\n")
    (root / "allgemein/frage.md").write_text(text)
    return folder.read(root)


CANONICAL = """---
title: Frage?
updated: 2026-11-01
changes:
- '2026-11-28 Achtung: „neu“ #1'
- 2026-11-28 Neue Rufnummer.
- 2026-02-01 Früher.
note: Intern.
---

Antwort.
"""


def test_an_import_takes_what_a_file_says_and_an_export_writes_the_same_bytes(tmp_path):
    importing.run(put(tmp_path, CANONICAL))
    assert exporting.stored_folder().files()["allgemein/frage.md"] == CANONICAL
    assert [str(one) for one in importing.run(put(tmp_path, CANONICAL)).outcomes if one.state != "unchanged"] == []
    unordered = CANONICAL.replace("- 2026-02-01 Früher.\n", "").replace(
        "changes:\n", "changes:\n- 2026-02-01 Früher.\n"
    )
    importing.run(put(tmp_path, unordered))
    assert exporting.stored_folder().files()["allgemein/frage.md"] == CANONICAL


def test_a_draft_in_a_file_may_have_a_sentence_that_waits_and_a_published_text_may_not(tmp_path, admin_user):
    text = CANONICAL.replace("- 2026-02-01 Früher.\n", "").replace("changes:\n", "changes:\n- Noch nicht gesagt.\n")
    draft = text.replace("updated", "status: draft\nupdated")
    importing.run(put(tmp_path, draft))
    assert exporting.stored_folder().files()["allgemein/frage.md"] == draft
    with pytest.raises(FolderError, match=r"allgemein/frage.md:5: „changes“: Vor dem Satz fehlt der Tag"):
        put(tmp_path, text)
    entries.publish_draft(Entry.objects.get(), who=admin_user)
    assert told(Entry.objects.get())[0] == dated(TODAY, "Noch nicht gesagt.")


def test_readers_have_heard_of_nothing_on_a_day_that_has_yet_to_come(tmp_path):
    ahead = CANONICAL.replace("- 2026-02-01 Früher.\n", "").replace("changes:\n", "changes:\n- 2996-01-01 Erst dann.\n")
    with pytest.raises(FolderError, match=r"allgemein/frage.md:5: „changes“: Der Tag vor dem Satz kommt erst noch"):
        put(tmp_path, ahead)
    put(tmp_path, ahead.replace("updated", "publish_at: 2996-01-01\nupdated"))


def test_an_import_replaces_and_withdraws_what_the_file_does(tmp_path):
    importing.run(put(tmp_path, CANONICAL))
    importing.run(put(tmp_path, CANONICAL.replace("Neue Rufnummer.", "Andere Rufnummer.")))
    assert Announcement.objects.filter(text="Andere Rufnummer.").exists()
    importing.run(put(tmp_path, "---\ntitle: Frage?\n---\n\nAntwort.\n"))
    assert not Announcement.objects.exists()


def test_what_was_announced_here_and_what_a_file_says_otherwise_is_a_conflict(tmp_path, admin_client):
    importing.run(put(tmp_path, CANONICAL))
    save(admin_client, Entry.objects.get(), news=NEW)
    report = importing.run(put(tmp_path, CANONICAL.replace("Früher.", "Damals.")))
    assert [one.state for one in report.outcomes if one.path == "allgemein/frage.md"] == ["conflict"]
    assert told(Entry.objects.get())[0] == dated(TODAY, NEW)


def test_what_is_edited_here_and_exported_stays_as_it_was_when_it_is_imported_elsewhere(tmp_path, admin_client, entry):
    save(admin_client, entry, news='"Neu": #1 [x], {y} & 100 % – oder?')
    save(admin_client, edit(entry, body="Anders."), news="edit" * 50)
    text = exporting.stored_folder().files()["allgemein/frage.md"]
    entries.delete([entry], who=None)
    importing.run(put(tmp_path, text))
    assert exporting.stored_folder().files()["allgemein/frage.md"] == text
