"""A word is found in all that readers see, replaced as one change, and taken back as one."""

import html
import re
import time

import pytest

from faq.content import documents, kinds
from faq.editing import finding, working_copies
from faq.editing.finding import Wanted
from faq.models import Contact, Entry, Gap, Notice, Revision, Site, Term, Version
from tests.accounts import client_of
from tests.factories import edit, make_category, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db

URL = "/admin/ersetzen/"
DEFAULTS = {"whole": "on", "case": "on"}


class Page:
    """What was found: each place with its value for the form, whether it is ticked, and what one reads."""

    def __init__(self, client, find, replacement="", **options):
        self.client = client
        self.posted = {"find": find, "replacement": replacement} | (DEFAULTS | options)
        self.posted = {name: value for name, value in self.posted.items() if value}
        self.read(client.get(URL, self.posted).content.decode())

    def read(self, page):
        self.html, self.places = page, []
        for item in re.findall(r"<li><label>(.*?)</label>", self.html, re.S):
            box = re.search(r'name="place" value="([^"]*)"( checked)?', item)
            said = " ".join(
                html.unescape(re.sub(r"<[^>]*>", "", item.replace("<mark>", "[").replace("</mark>", "]"))).split()
            )
            self.places.append((box and html.unescape(box[1]), bool(box and box[2]), said))

    @property
    def ticked(self):
        return [value for value, ticked, _ in self.places if ticked]

    def said(self, ticked):
        return [said for _, is_ticked, said in self.places if is_ticked == ticked]

    def replace(self, *places, why="Neuer Name"):
        places = places or self.ticked
        return self.client.post(URL, self.posted | {"place": places, "_why": why}, follow=True).content.decode()


def undo(client):
    page = client.get(URL).content.decode()
    batch = re.search(r'name="undo" value="([^"]*)"', page)[1]
    return client.post(URL, {"undo": batch}, follow=True).content.decode()


@pytest.fixture
def editor_client():
    """Somebody of the group Redaktion: who may not publish."""
    return client_of("Redaktion", "redakteurin")


# Of every kind and column that readers see: where the word stands.
EVERYWHERE = {
    "title of an entry": (lambda: make_entry("eins", title="Was ist Zwackel?"), "title"),
    "answer": (lambda: make_entry("eins", body="Das ist **Zwackel**."), "body"),
    "draft": (lambda: make_entry("eins", status="draft", body="Das ist Zwackel."), "body"),
    "title of a category": (lambda: make_category("leer", title="Alles Zwackel"), "title"),
    "introduction of a category": (lambda: make_category("leer", intro="Alles Zwackel."), "intro"),
    "name of a term": (lambda: store(Term(slug="z", name="Zwackel")), "name"),
    "definition": (lambda: store(Term(slug="z", name="Z", definition="Ein Zwackel.")), "definition"),
    "note of a contact": (lambda: store(Contact(slug="t", name="T", phone="1", note="bei Zwackel")), "note"),
    "hours of a contact": (lambda: store(Contact(slug="t", name="T", phone="1", hours="nach Zwackel")), "hours"),
    "notice": (lambda: store(Notice(slug="s", text="Zwackel fällt aus.")), "text"),
    "start page": (lambda: store(Site(pk=1, title="Hilfe", intro="Zu Zwackel.")), "intro"),
    "imprint": (lambda: store(Site(pk=1, title="Hilfe", imprint_text="Zwackel AG")), "imprint_text"),
    "gap": (lambda: make_entry("eins", body="[](offen:z)") and edit(Gap.objects.get(), name="Zwackel"), "name"),
}


@pytest.mark.parametrize("where", EVERYWHERE)
def test_it_is_found_replaced_and_taken_back_wherever_readers_see_it(admin_client, where):
    make, field = EVERYWHERE[where]
    row = make()
    before = kinds.files(whole(row))
    slug = getattr(row, "slug", None)
    page = Page(admin_client, "Zwackel", "Quirl").replace()
    assert "Ersetzt: 1 Stelle in einem Text" in page
    assert "Quirl" in getattr(whole(row), field)
    assert "Zwackel" not in getattr(whole(row), field)
    assert getattr(whole(row), "slug", None) == slug
    assert "Rückgängig gemacht: 1 Stelle" in undo(admin_client)
    assert kinds.files(whole(row)) == before


def whole(row):
    rows = Entry.rows.complete() if isinstance(row, Entry) else type(row).objects
    return rows.get(pk=row.pk)


STEP = {"title": "Zwackel holen", "section": "Der Zwackel", "duration": "ein Zwackel", "applies_to": "Zwackel", "needs": "Ihren Zwackel", "gets": "Einen Zwackel", "body": "Nur Zwackel."}  # fmt: skip


@pytest.mark.parametrize("state", ["public", "copy"])
def test_all_of_a_step_is_looked_at_also_in_a_working_copy(admin_client, state):
    row = make_walkthrough("ablauf", steps=[documents.Step(**STEP)])
    if state == "copy":
        row = working_copies.start_working_copy(row, who=None)
    page = Page(admin_client, "Zwackel", "Quirl")
    chosen = [value for value in page.ticked if value.startswith(f"entry-{row.pk} ")]
    assert len(chosen) == len(STEP)
    before = kinds.files(whole(row))
    page.replace(*chosen)
    assert "Zwackel" not in str(kinds.files(whole(row))).replace("zwackel", "")
    assert whole(row).steps.get().name == "zwackel-holen"
    undo(admin_client)
    assert kinds.files(whole(row)) == before


def test_inflections_and_other_cases_are_near_misses_that_nobody_ticked(admin_client):
    make_entry("eins", body="Die Verlängerung. Viele Verlängerungen, alles verlängert. Der Verlängerungspreis.")
    page = Page(admin_client, "Verlängerung")
    assert page.said(True) == ["Die [Verlängerung]. (Antwort)"]
    assert page.said(False) == [
        "Viele [Verlängerungen], alles verlängert. (Antwort)",
        "Viele Verlängerungen, alles [verlängert]. (Antwort)",
    ]
    assert "Ähnlich, 2 Stellen" in page.html


@pytest.mark.parametrize(
    ("find", "body", "near"),
    [
        ("Test Test", "Tests Tests Tests", ["Tests Tests"]),
        ("Test Test", "Tests Tests Tests Tests", ["Tests Tests", "Tests Tests"]),
        ("EDU", "EDU2 und Edu", ["Edu"]),
        ("EDU2", "EDU und EDU3 und Edu2", ["Edu2"]),
        ("Office 365", "office 365 und Office 366", ["office 365"]),
    ],
)
def test_near_misses_overlap_none_and_have_no_other_digits(admin_client, find, body, near):
    make_entry("eins", body=body)
    found = [re.search(r"\[(.*?)\]", said)[1] for said in Page(admin_client, find).said(False)]
    assert found == near


@pytest.mark.parametrize(
    ("options", "ticked"),
    [
        ({}, ["olp"]),
        ({"case": ""}, ["OLP", "olp", "OLP"]),
        ({"whole": ""}, ["olp", "olp"]),
        ({"whole": "", "case": ""}, 4),
    ],
)
def test_whole_words_and_case_are_the_default_and_can_be_left_out(admin_client, options, ticked):
    make_entry("eins", body="OLP, olp, OLP-Bereich, volpe.")
    found = [re.search(r"\[(.*?)\]", said)[1] for said in Page(admin_client, "olp", **options).said(True)]
    assert found == ticked or len(found) == ticked


def test_addresses_and_code_are_shown_but_not_ticked(admin_client):
    body = "[Zwackel](https://zwackel.de/Zwackel) und `Zwackel` und https://example.org/Zwackel.\n\n```\nZwackel\n```\n\n!!! hinweis\n    Zwackel"
    make_entry("eins", body=body)
    page = Page(admin_client, "Zwackel")
    assert len(page.said(True)) == 2
    assert [said for said in page.said(False) if "in einer Adresse oder in Code" not in said] == [
        "[Zwackel](https://zwackel"
    ] * 0
    assert len(page.said(False)) >= 4


def test_all_is_one_change_with_one_reason(admin_client, admin_user):
    for number in range(3):
        make_entry(f"eins-{number}", body="Ein Zwackel, noch ein Zwackel.")
    store(Term(slug="z", name="Zwackel"))
    revision = Revision.objects.current()
    Page(admin_client, "Zwackel", "Quirl").replace(why="Umbenannt")
    assert Revision.objects.current() == revision + 1
    versions = Version.objects.filter(why="Umbenannt")
    assert {version.who for version in versions} == {admin_user}
    assert len({version.batch for version in versions}) == 1
    assert len(versions) == 4


@pytest.mark.parametrize("body", ["Hallo Zwackel", "Hallo Zwackel\n\nund Zwackel", "Hallo Zwackel, du  \n"])
def test_spaces_that_are_left_over_hinder_no_way_back(admin_client, body):
    row = make_entry("eins", title="Was ist Zwackel?", body=body)
    Page(admin_client, "Zwackel").replace()
    assert whole(row).body == whole(row).body.strip()
    assert "Das bleibt" not in undo(admin_client)
    assert (whole(row).title, whole(row).body) == ("Was ist Zwackel?", body.strip())


def test_what_somebody_changed_since_stays_and_is_named(admin_client):
    one, other = (
        make_entry("eins", title="Eins?", body="Ein Zwackel."),
        make_entry("zwei", title="Zwei?", body="Kein Zwackel."),
    )
    Page(admin_client, "Zwackel", "Quirl").replace()
    edit(other, body="Kein Quirl mehr.")
    edit(one, note="Beachten")  # another field: the text is still as it was left
    page = html.unescape(undo(admin_client))
    assert whole(one).body == "Ein Zwackel."
    assert whole(one).note == "Beachten"
    assert whole(other).body == "Kein Quirl mehr."
    assert "Das bleibt, weil jemand es inzwischen geändert hat: „Zwei?“" in page
    assert "zurückgenommen" in page
    assert 'name="undo"' not in page


def test_what_is_gone_is_named_by_its_title(admin_client):
    row = make_entry("eins", title="Eins?", body="Ein Zwackel.")
    copy = working_copies.start_working_copy(row, who=None)
    page = Page(admin_client, "Zwackel", "Quirl")
    page.replace(*(value for value in page.ticked if value.startswith(f"entry-{copy.pk} ")))
    working_copies.discard(copy, who=None)
    said = html.unescape(undo(admin_client))
    assert "Das bleibt, weil es inzwischen veröffentlicht oder gelöscht ist: „Eins?“." in said
    assert "Rückgängig gemacht:" not in said


def test_who_undoes_twice_is_told_that_nothing_is_left_to_undo(admin_client):
    make_entry("eins", body="Ein Zwackel.")
    Page(admin_client, "Zwackel", "Quirl").replace()
    again = {"undo": Version.objects.exclude(batch=None).first().batch}
    assert "Rückgängig gemacht: 1 Stelle" in admin_client.post(URL, again, follow=True).content.decode()
    said = admin_client.post(URL, again, follow=True).content.decode()
    assert "Hier gibt es nichts mehr rückgängig zu machen." in said
    assert "Rückgängig gemacht" not in said
    assert "Das bleibt" not in said


def test_a_place_that_is_another_by_now_is_not_replaced_but_named(admin_client):
    one, other = (
        make_entry("eins", title="Eins?", body="Ein Zwackel."),
        make_entry("zwei", title="Zwei?", body="Kein Zwackel."),
    )
    page = Page(admin_client, "Zwackel", "Quirl")
    edit(one, body="Ganz neu, ein Zwackel.")
    said = html.unescape(page.replace())
    assert whole(one).body == "Ganz neu, ein Zwackel."
    assert whole(other).body == "Kein Quirl."
    assert "Nicht ersetzt, weil dort inzwischen etwas anderes steht: „Eins?“" in said


@pytest.mark.parametrize(
    "replacement", ["![Bild](x.png)", "[x](faq:gibt-es-nicht)", "[x](javascript:alert)", "x\u2028y"]
)
def test_what_makes_a_text_invalid_is_refused_by_name_and_nothing_is_written(admin_client, replacement):
    one, term = make_entry("eins", title="Eins?", body="Ein Zwackel."), store(Term(slug="z", name="Zwackel"))
    said = html.unescape(Page(admin_client, "Zwackel", replacement).replace())
    assert "Nichts wurde ersetzt" in said
    assert "„Eins?“" in said or "„Zwackel“" in said
    assert (whole(one).body, whole(term).name) == ("Ein Zwackel.", "Zwackel")


@pytest.mark.parametrize(
    ("body", "replacement"),
    [
        ("Das **Zwackel** hilft.", ""),
        ("Eins.\n\n## Zwackel\n\nZwei.", ""),
        ("- Zwackel\n- Quirl", ""),
        ("Siehe [Zwackel](https://example.org/).", ""),
        ("| Zwackel | b |\n| --- | --- |\n| c | d |", ""),
        ("Zwackel war schön.", "2026."),
        ("Zwackel war schön.", "# Herbst"),
        ("Zwackel war schön.", "- Quirl"),
    ],
)
def test_what_would_be_more_than_other_words_is_refused(admin_client, body, replacement):
    one, other = make_entry("eins", title="Eins?", body=body), make_entry("zwei", body="Ein Zwackel.")
    said = html.unescape(Page(admin_client, "Zwackel", replacement).replace())
    assert "In „Eins?“ würde daraus etwas anderes als Text: „" in said
    assert (whole(one).body, whole(other).body) == (body, "Ein Zwackel.")


@pytest.mark.parametrize(
    ("body", "replacement", "becomes"),
    [
        ("Das **Zwackel X** hilft.", "Quirl", "Das **Quirl X** hilft."),
        ("# Zwackel\n\n1. Zwackel", "2 Quirle", "# 2 Quirle\n\n1. 2 Quirle"),
        ("Siehe [Zwackel](https://example.org/).", "A & B", "Siehe [A & B](https://example.org/)."),
    ],
)
def test_other_words_are_replaced_in_headings_lists_and_links(admin_client, body, replacement, becomes):
    one = make_entry("eins", body=body)
    Page(admin_client, "Zwackel", replacement).replace()
    assert whole(one).body == becomes


@pytest.mark.parametrize("ticked", [1, 0])
def test_a_refused_replacement_keeps_what_was_typed_and_ticked(admin_client, ticked):
    make_entry("eins", title="Eins?", body="Ein Zwackel.")
    make_entry("zwei", title="Zwei?", body="Kein Zwackel.")
    page = Page(admin_client, "Zwackel", "![Bild](x.png)")
    chosen = page.ticked[:ticked]
    response = admin_client.post(URL, page.posted | {"place": chosen, "_why": "Ein Bild"})
    page.read(response.content.decode())
    assert response.status_code == 409
    assert ("Nichts wurde ersetzt" if ticked else "Bitte kreuzen Sie an") in page.html
    assert page.ticked == chosen
    assert len(page.places) == 2
    assert 'name="_why" value="Ein Bild"' in page.html
    assert page.html.count('name="replacement" value="![Bild](x.png)"') == 2  # to search again, and to replace


def test_a_title_that_would_be_empty_or_too_long_is_refused(admin_client):
    one = make_entry("eins", title="Zwackel", body="Text.")
    for replacement in ("", "x" * 200):
        edit(one, title="Zwackel" if not replacement else "Zwackel Zwackel")
        assert "Nichts wurde ersetzt" in Page(admin_client, "Zwackel", replacement).replace()


def test_who_may_not_publish_prepares_working_copies(editor_client):
    public, draft = (
        make_entry("eins", title="Eins?", body="Ein Zwackel."),
        make_entry("zwei", status="draft", body="Zwackel."),
    )
    term = store(Term(slug="z", name="Zwackel"))
    revision = Revision.objects.current()
    page = Page(editor_client, "Zwackel", "Quirl")
    assert "Das ändert nur, wer veröffentlichen darf." in page.html
    assert len(page.ticked) == 2
    page.replace()
    assert whole(public).body == "Ein Zwackel."
    assert working_copies.working_copy(public).body == "Ein Quirl."
    assert whole(draft).body == "Quirl."
    page.replace(f"term-{term.pk} 0.name.0.0")
    assert whole(term).name == "Zwackel"
    assert Revision.objects.current() == revision
    assert "Bitte ersetzen Sie dort" in Page(editor_client, "Zwackel").html
    undo(editor_client)
    assert working_copies.working_copy(public).body == "Ein Zwackel."


def test_nobody_else_gets_there(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("leserin", is_staff=True))
    assert client.get(URL).status_code == 403


def test_nonsense_is_no_fault(admin_client):
    assert admin_client.get(URL, {"find": "(["}).status_code == 200
    assert admin_client.get(URL, {"find": " "}).status_code == 200
    for posted in (
        {"undo": "x"},
        {"undo": "00000000-0000-0000-0000-000000000000"},
        {"find": "a", "place": ["x", "entry-x y", "gibt-1 x"]},
    ):
        assert admin_client.post(URL, posted).status_code in (200, 302, 404)


def test_many_places_come_in_parts_with_a_sentence(admin_client, monkeypatch):
    make_entry("eins", body="Zwackel. " * 600)
    page = Page(admin_client, "Zwackel")
    assert len(page.places) == finding.MOST
    assert "es gibt noch mehr" in page.html


def test_thousands_of_entries_are_searched_in_little_time(django_assert_max_num_queries):
    category = make_category()
    from tests.factories import door_open

    with door_open():
        words = "Hier steht ein langer Text über Lizenzen, Bestellungen und Verlängerungen. " * 20
        Entry.objects.bulk_create(
            Entry(
                category=category, slug=f"e-{n}", title=f"Frage {n}?", body=words + ("Zwackel" if n % 1000 == 7 else "")
            )
            for n in range(5000)
        )
    began = time.monotonic()
    with django_assert_max_num_queries(30):
        found, complete = finding.find(Wanted("Zwackel"))
    assert len(found) == 5
    assert complete
    assert time.monotonic() - began < 3
