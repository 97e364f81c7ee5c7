"""A link to a step means that step, whatever is renamed, inserted, moved or taken out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq import importing, slugs
from faq.content import canonical, documents, folder, kinds, mapping, reading, step_names
from faq.editing import upgrading, working_copies
from faq.editing.merging import merge
from faq.editing.restoring import restore
from faq.models import Entry, Version
from tests.admin.test_forms import change_url
from tests.factories import edit, make_entry, make_walkthrough
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db
STEP = documents.Step


def names(entry):
    return list(entry.steps.values_list("name", flat=True))


def ids(client, path):
    """The names among a page's ids, each with the number of its step; 0 above all steps."""
    place, found = 0, {}
    for name in re.findall(r' id="([^"]+)"', client.get(path).content.decode()):
        if step := re.fullmatch(r"schritt-(\d+)", name):
            place = int(step[1])
        found[name] = place
    return found


def folder_of(**entries):
    return folder.Folder(
        categories={"k": documents.Category("K")}, entries={slug: ("k", entry) for slug, entry in entries.items()}
    )


def walkthrough(*titles, **values):
    steps = [STEP(title, body=f"Text {title}.") if isinstance(title, str) else title for title in titles]
    return documents.Entry("Ablauf", kind="walkthrough", steps=steps, **values)


@pytest.fixture
def abc():
    return make_walkthrough(steps=["Anrufen", "Bestellen", "Zahlen"])


def save(client, entry, **changes):
    url = change_url(entry)
    response = client.post(url, filled_in(client, url, **changes), follow=True)
    assert not errors(response), errors(response)
    return response.content.decode()


# In the admin


def test_a_step_is_found_by_its_name_and_by_its_place(client, abc):
    assert ids(client, "/faq/ablauf/") | {"bestellen": 2, "schritt-2": 2, "zahlen": 3} == ids(client, "/faq/ablauf/")
    assert 'id="ablauf_bestellen"' in client.get("/allgemein/").content.decode()
    assert 'href="/faq/ablauf/#bestellen" data-copy' in client.get("/faq/ablauf/").content.decode()


def test_a_name_stays_when_the_step_is_renamed_moved_and_stands_behind_a_new_one(admin_client, client, abc):
    save(admin_client, abc, steps__1__title="Auslösen", steps__2__place="1", steps__0__place="2", steps__1__place="3")
    assert names(abc) == ["zahlen", "anrufen", "bestellen"]
    assert ids(client, "/faq/ablauf/")["bestellen"] == 3
    assert "### Auslösen {#bestellen}" in client.get("/faq/ablauf.md").content.decode()


def test_the_form_names_the_link_and_refuses_a_title_that_reads_as_a_name(admin_client, abc):
    assert "faq:ablauf#bestellen" in admin_client.get(change_url(abc)).content.decode()
    url = change_url(abc)
    response = admin_client.post(url, filled_in(admin_client, url, steps__0__title="Anrufen {#x}"))
    assert any("wäre das der Name" in text for text in errors(response))


@pytest.mark.parametrize(("taken_out", "leads_to"), [([0], 1), ([1], 2), ([2], 0), ([0, 1], 1), ([1, 2], 0)])
def test_the_name_of_a_step_taken_out_leads_to_what_took_its_place(admin_client, client, abc, taken_out, leads_to):
    before = names(abc)
    for place in taken_out:
        make_entry(f"verweis-{place}", body=f"[dort](faq:ablauf#{before[place]})")
    save(admin_client, abc, **{f"steps__{place}__DELETE": "on" for place in taken_out})
    found = ids(client, "/faq/ablauf/")
    assert {found[before[place]] for place in taken_out} == {leads_to}
    assert client.get("/faq/ablauf/").content.decode().count("gibt es nicht mehr") == len(taken_out)
    # Texts of ours lead to the whole then: what leaves can come back elsewhere.
    assert {Entry.objects.get(slug=f"verweis-{place}").body for place in taken_out} == {"[dort](faq:ablauf)"}


def test_a_step_that_is_there_again_has_its_name_back(admin_client, client, abc):
    save(admin_client, abc, steps__1__DELETE="on")
    left = mapping.document_of(Entry.objects.complete().get(pk=abc.pk)).steps
    assert ids(client, "/faq/ablauf/")["bestellen"] == 2
    with_it = documents.Entry("A", kind="walkthrough", steps=[*left, STEP("Bestellen")])
    importing.run(folder_of(ablauf=with_it), force=True)
    assert ids(client, "/faq/ablauf/")["bestellen"] == 3
    assert "gibt es nicht mehr" not in client.get("/faq/ablauf/").content.decode()


def test_the_words_of_a_link_follow_its_step(admin_client, abc):
    verweis = make_entry("verweis", body="[Schritt 2](faq:ablauf#bestellen), [Schritt 3 und 2](faq:ablauf#schritt-3)")
    save(admin_client, abc, steps__0__DELETE="on")
    verweis.refresh_from_db()
    assert verweis.body == "[Schritt 1](faq:ablauf#bestellen), [Schritt 2 und 2](faq:ablauf#schritt-2)"


def test_a_working_copy_keeps_the_names_of_its_original(admin_client, client, abc):
    copy = working_copies.start_working_copy(abc, who=None)
    save(admin_client, copy, steps__1__title="Auslösen", steps__0__DELETE="on")
    working_copies.publish(copy, who=None)
    assert names(abc) == ["bestellen", "zahlen"]
    assert ids(client, "/faq/ablauf/")["anrufen"] == 1


def test_the_steps_of_an_entry_that_became_part_of_another_lead_to_its_head(client, abc):
    other = make_walkthrough("anderer", steps=["Anrufen", "Liefern"])
    merge(abc, other, who=None)
    found = ids(client, "/faq/ablauf/")
    assert (found["anrufen"], found["liefern"]) == (1, 0)
    assert client.get("/faq/ablauf/").content.decode().count('id="anrufen"') == 1


# In files

TITLES = st.sampled_from(["Anrufen", "Anrufen", "Schritt", "Schritt 3", "???", "Größe", "a" * 150])
NAMES = st.sampled_from(["", "", "anrufen", "anrufen-2", "ein-schritt", "schritt-3-2", "ganz-anders"])


@given(st.lists(st.tuples(TITLES, NAMES), min_size=1, max_size=6))
def test_whatever_names_steps_have_a_file_gives_them_back(pairs):
    taken = set()
    steps = [
        STEP(title, name="" if name in taken else taken.add(name) or name)
        for title, name in ((title, name) for title, name in pairs)
    ]
    for step, name in zip(steps, step_names.filled(steps), strict=True):
        step.name = name
    assert len({step.name for step in steps}) == len(steps)
    assert not any(step_names.problem(step.name) or slugs.problem(step.name) for step in steps)
    text = canonical.write(walkthrough(*steps))
    read = reading.read(documents.Entry, text).steps
    assert step_names.filled(read) == [step.name for step in steps]
    assert [step.title for step in read] == [step.title for step in steps]
    assert canonical.write(walkthrough(*read)) == text


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("### A {#Groß}", "kein gültiger Anker"),
        ("### A {#schritt-3}", "meint die Stelle"),
        ("### A {#}", "ist leer"),
        ("### A {#a}\n\n### B {#a}", "hat in diesem Ablauf schon"),
    ],
)
def test_a_name_that_is_none_is_refused_with_its_line(title, message):
    with pytest.raises(ValueError, match=rf"Zeile \d: .*{message}"):
        reading.read(documents.Entry, f"---\ntitle: A\nkind: walkthrough\n---\n\n{title}\n")


def test_a_file_that_changes_a_title_alone_keeps_the_name_and_is_told_to_write_it(client):
    importing.run(folder_of(ablauf=walkthrough("Anrufen", "Bestellen")))
    changed = walkthrough("Anrufen", STEP("Auslösen", body="Text Bestellen."))
    for state in (importing.UPDATED, importing.UNCHANGED):
        report = importing.run(folder_of(ablauf=changed))
        assert [o.state for o in report.outcomes if o.path == "k/ablauf.md"] == [state]
        assert [said.partition("schreiben Sie ")[2] for said in report.said] == ["„### Auslösen {#bestellen}“."]
    assert ids(client, "/faq/ablauf/")["bestellen"] == 2
    compared = importing.compare(folder_of(ablauf=changed))
    assert compared.said == report.said
    assert {outcome.state for outcome in compared.outcomes} == {importing.UNCHANGED}
    # An unchanged file is in nobody's way, however much is edited here.
    written = importing.run(
        folder_of(ablauf=walkthrough("Anrufen", STEP("Auslösen", body="Text Bestellen.", name="bestellen")))
    )
    assert not written.said


def test_a_file_left_as_it_is_never_conflicts_with_what_is_edited_here(admin_client):
    changed = walkthrough("Anrufen", STEP("Auslösen", body="Text Bestellen."))
    for file in (walkthrough("Anrufen", "Bestellen"), changed):
        importing.run(folder_of(ablauf=file))
    save(admin_client, Entry.objects.get(), steps__1__title="Ganz anders", steps__1__body="Ganz anders.")
    report = importing.run(folder_of(ablauf=changed))
    assert not report.conflicts
    assert Entry.objects.get().steps.last().title == "Ganz anders"


def test_the_name_of_a_step_that_a_file_takes_out_leads_to_what_took_its_place(client):
    importing.run(folder_of(ablauf=walkthrough("Anrufen", "Bestellen", "Zahlen")))
    make_entry("verweis", body="[dort](faq:ablauf#bestellen)")
    importing.run(folder_of(ablauf=walkthrough("Anrufen", "Liefern", "Zahlen")))
    assert ids(client, "/faq/ablauf/")["bestellen"] == 2
    assert Entry.objects.get(slug="verweis").body == "[dort](faq:ablauf)"


def test_an_import_names_links_that_mean_another_step_now():
    linking = documents.Entry("Verweis", body="[Schritt 2](faq:ablauf#schritt-2), [Schritt 2](faq:ablauf#bestellen)")
    importing.run(folder_of(ablauf=walkthrough("Anrufen", "Bestellen"), verweis=linking))
    report = importing.run(folder_of(ablauf=walkthrough("Suchen", "Anrufen", "Bestellen"), verweis=linking))
    assert report.said == [
        "„Verweis“: Der Link „faq:ablauf#schritt-2“ meinte „Bestellen“ und führt jetzt zu „Anrufen“.",
        "„Verweis“: Der Link „faq:ablauf#bestellen“ heißt „Schritt 2“; das ist jetzt Schritt 3.",
    ]


# At the upgrade


@pytest.fixture
def linking():
    """A walkthrough and a text that links to the place of a step, both from files."""
    file = folder_of(
        ablauf=walkthrough("Anrufen", "Bestellen"), verweis=documents.Entry("V", body="[da](faq:ablauf#schritt-2)")
    )
    importing.run(file)
    return file


def stored(slug="verweis"):
    return Entry.objects.get(slug=slug).body


def test_an_upgrade_names_the_steps_in_links_and_no_file_undoes_it(linking, client):
    upgrading.name_steps_in_links()
    assert stored() == "[da](faq:ablauf#bestellen)"
    assert 'href="/faq/ablauf/#bestellen"' in client.get("/faq/verweis/").content.decode()
    assert not importing.run(linking).conflicts
    assert stored() == "[da](faq:ablauf#bestellen)"
    assert Version.objects.first().source != "upgrade" or stored() in Version.objects.first().document


def test_after_an_upgrade_a_changed_file_is_read_in_as_before(linking):
    upgrading.name_steps_in_links()
    linking.entries["verweis"] = ("k", documents.Entry("V", body="Neu."))
    assert not importing.run(linking).conflicts
    assert stored() == "Neu."


def test_after_an_upgrade_what_was_edited_here_stays(linking, admin_client):
    save(admin_client, Entry.objects.get(slug="verweis"), body="Hier: [da](faq:ablauf#schritt-2)")
    upgrading.name_steps_in_links()
    assert not importing.run(linking).conflicts
    assert stored() == "Hier: [da](faq:ablauf#bestellen)"
    linking.entries["verweis"] = ("k", documents.Entry("V", body="Neu."))
    assert len(importing.run(linking).conflicts) == 1


def test_a_document_of_before_steps_had_names_gives_those_that_they_have(abc):
    old = Version.objects.filter(entry=abc).latest("pk").document
    assert "{#" not in old
    assert kinds.files(abc) == {"allgemein/ablauf.md": old}


# Found by reading, once the parts stood beside each other


def test_after_an_import_with_fewer_steps_links_to_their_places_lead_to_the_whole():
    importing.run(folder_of(ablauf=walkthrough("Anrufen", "Bestellen", "Zahlen")))
    make_entry("verweis", body="Siehe [C](faq:ablauf#schritt-3).")
    report = importing.run(folder_of(ablauf=walkthrough("Anrufen", "Bestellen")))
    assert stored() == "Siehe [C](faq:ablauf)."
    assert report.said == [
        "„Frage verweis?“: Der Link „faq:ablauf#schritt-3“ meinte „Zahlen“ und führt jetzt zum ganzen Eintrag."
    ]


def test_a_link_written_with_the_save_that_takes_its_step_out_leads_to_the_whole(admin_client, abc):
    save(admin_client, abc, body="Siehe [C](faq:ablauf#zahlen).", steps__2__DELETE="on")
    assert stored("ablauf") == "Siehe [C](faq:ablauf)."


def test_a_working_copy_without_the_step_its_text_links_to_is_saved_again_and_published(admin_client):
    original = make_walkthrough(steps=["Anrufen", "Bestellen"], body="Siehe [B](faq:ablauf#bestellen).")
    copy = working_copies.start_working_copy(original, who=None)
    save(admin_client, copy, steps__1__DELETE="on")
    save(admin_client, copy, title="Neu")
    working_copies.publish(Entry.rows.get(pk=copy.pk), who=None)
    assert stored("ablauf") == "Siehe [B](faq:ablauf)."


def test_an_upgrade_makes_no_working_copy_older_than_what_it_was_made_from(abc):
    other = make_entry("verweis", body="[da](faq:ablauf#schritt-2)")
    copy = edit(working_copies.start_working_copy(other, who=None), body="Ganz neu.")
    upgrading.name_steps_in_links()
    working_copies.publish(Entry.rows.get(pk=copy.pk), who=None)
    assert stored() == "Ganz neu."


def test_a_restored_draft_has_the_names_that_it_had(admin_client, admin_user):
    draft = make_walkthrough(steps=["Anrufen", "Bestellen"], status="draft")
    first = Version.objects.filter(entry=draft).latest("pk")
    save(admin_client, draft, steps__0__title="Bestellen", steps__1__title="Anrufen")
    assert names(draft) == ["anrufen", "bestellen"]
    restore(first, who=admin_user)
    assert list(draft.steps.values_list("title", "name")) == [("Anrufen", "anrufen"), ("Bestellen", "bestellen")]
