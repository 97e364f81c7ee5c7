"""What is not public is not there, on any surface; and a page costs the same whatever the number of entries."""

import datetime
import re

import pytest
from django.utils import timezone

from faq import changes, editing
from faq.models import Category, Entry, TaggedEntry
from tests import queries
from tests.factories import make_category, make_entry, make_walkthrough

pytestmark = pytest.mark.django_db

TOMORROW, YESTERDAY = (timezone.now() + datetime.timedelta(days=days) for days in (1, -1))
SURFACES = [
    "/", "/allgemein/", "/alles/", "/thema/", "/thema/geheim/", "/thema/offen/", "/glossar/", "/faq/nachbar/", "/faq/nachbar.md",
    "/suche/?q=Zwackelmann", "/suche.json?q=Zwackelmann", "/suche/vorschlaege/?q=Zwack", "/feed.xml", "/sitemap.xml", "/llms.txt",
    "/gibt-es-nicht/", "/vergleich/",
]  # fmt: skip


def hide_as_draft():
    make_entry("zwackel", title="Zwackelmann?", status="draft", tags=["Geheim", "Offen"], position=1)


def hide_until_tomorrow():
    make_entry("zwackel", title="Zwackelmann?", publish_at=TOMORROW, tags=["Geheim", "Offen"], position=1)


def hide_since_yesterday():
    make_entry("zwackel", title="Zwackelmann?", expire_at=YESTERDAY, tags=["Geheim", "Offen"], position=1)


def hide_as_draft_of_a_walkthrough():
    make_walkthrough("zwackel", title="Zwackelmann?", status="draft", tags=["Geheim", "Offen"], position=1)


@pytest.mark.parametrize(
    "hide", [hide_as_draft, hide_until_tomorrow, hide_since_yesterday, hide_as_draft_of_a_walkthrough]
)
def test_what_is_not_public_is_on_no_surface(client, hide):
    hide()
    make_entry("nachbar", body="Siehe [dort](faq:zwackel).", tags=["Offen"], position=2)
    for url in SURFACES:
        response = client.get(url)
        text = b"".join(response).decode().replace("Zwackelmann“", "").replace('value="Zwackelmann"', "")
        text = text.replace("Suche: Zwackelmann", "").replace('"query": "Zwackelmann"', "")
        for trace in (
            "Zwackelmann?",
            "Antwort zwackel",
            "Anrufen",
            "zwackel/",
            "zwackel.md",
            'id="zwackel',
            "#zwackel",
        ):
            assert trace not in text, url
    assert client.get("/faq/zwackel/").status_code == 404
    assert client.get("/faq/zwackel.md").status_code == 404
    assert client.get("/thema/geheim/").status_code == 404
    assert "Siehe dort." in client.get("/faq/nachbar/").content.decode()


def test_a_working_copy_is_on_no_surface(client):
    entry = make_entry("zwackel", title="Alt?", body="Alt.", tags=["Offen"])
    copy = editing.start_working_copy(entry, who=None)
    copy.title, copy.slug, copy.body = "Zwackelmann?", "neu", "Heimlich vorbereitet."
    copy.save()
    changes.record([copy], source="admin")
    make_entry("nachbar")
    for url in [*SURFACES, "/faq/zwackel/"]:
        text = b"".join(client.get(url)).decode()
        assert "Zwackelmann?" not in text, url
        assert "Heimlich" not in text, url
        assert "/faq/neu" not in text, url
    assert client.get("/faq/neu/").status_code == 404


def test_a_timed_entry_appears_and_goes_by_itself(client):
    entry = make_entry("zwackel", publish_at=TOMORROW)
    assert client.get("/faq/zwackel/").status_code == 404
    Entry.objects.filter(pk=entry.pk).update(publish_at=YESTERDAY)
    assert client.get("/faq/zwackel/").status_code == 200
    Entry.objects.filter(pk=entry.pk).update(expire_at=timezone.now())
    assert client.get("/faq/zwackel/").status_code == 404


def add_entries(category, number, slug="viele"):
    """Many entries at once, with tags, none of them in the search."""
    tag = Entry.objects.first().tag_list[0]
    made = Entry.objects.bulk_create(
        Entry(
            category=category,
            slug=f"{slug}-{n}",
            title=f"Frage {n}?",
            status="published",
            body_html="<p>x</p>",
            position=n,
        )
        for n in range(number)
    )
    TaggedEntry.objects.bulk_create(TaggedEntry(tag=tag, content_object=entry) for entry in made)


@pytest.mark.parametrize("number", [90, 2000])
def test_a_page_costs_the_same_number_of_queries_however_many_entries_there_are(client, seed, number):
    pages = ["/", "/bestellprozess/", "/faq/stornierung/", "/faq/bestellvorgang-olp/", "/faq/stornierung.md", "/alles/"]
    pages += [
        "/thema/",
        "/thema/bestellung/",
        "/glossar/",
        "/suche/?q=storno",
        "/suche/?q=qqqq",
        "/suche.json?q=storno",
        "/feed.xml",
        "/sitemap.xml",
        "/llms.txt",
        "/vergleich/",
    ]
    client.get("/suche/?q=storno")  # loads what the search keeps in memory
    before = {url: queries.count(client, url) for url in pages}
    add_entries(Category.objects.get(slug="bestellprozess"), number)
    for place in range(number // 20):
        add_entries(make_category(f"gruppe-{place}"), 1, f"gruppe-{place}")
    after = {url: queries.count(client, url) for url in pages}
    # A list that shows questions only asks for less, never for more.
    assert {url: after[url] for url in pages if after[url] > before[url]} == {}
    assert max(before.values()) <= 16, before  # in a test's transaction nothing is kept


def test_from_a_hundred_entries_a_category_shows_questions_under_their_anchors(client):
    make_entry("erste", tags=["T"])
    add_entries(make_category(), 98)
    assert "Antwort erste." in client.get("/allgemein/").content.decode()
    make_entry("letzte", aliases=["allerletzte"])
    page = client.get("/allgemein/").content.decode()
    assert "Antwort erste." not in page
    for anchor in ("erste", "letzte", "allerletzte", "viele-0", "viele-97"):
        assert page.count(f'id="{anchor}"') == 1


def test_from_three_hundred_entries_the_whole_help_shows_questions_under_their_anchors(client):
    make_entry("erste", tags=["T"])
    add_entries(make_category(), 298)
    assert "Antwort erste." in client.get("/alles/").content.decode()
    make_entry("letzte")
    page = client.get("/alles/").content.decode()
    assert "Antwort erste." not in page
    assert page.count('id="letzte"') == 1


def test_questions_stand_in_order_everywhere_those_without_a_place_at_the_end(client):
    for slug, position in (("b-ohne", None), ("zwei", 2), ("a-ohne", None), ("eins", 1), ("auch-eins", 1)):
        make_entry(slug, position=position)
    for page in ("/", "/allgemein/", "/alles/"):
        found = re.findall(r"Frage ([\w-]+)\?</a>", client.get(page).content.decode())
        assert [*dict.fromkeys(found)] == ["auch-eins", "eins", "zwei", "a-ohne", "b-ohne"], page
    for number in range(20):
        make_entry(f"viele-{number:02}", position=3)
    found = re.findall(r"Frage ([\w-]+)\?</a>", client.get("/").content.decode())
    assert found == ["auch-eins", "eins", "zwei", *(f"viele-{number:02}" for number in range(9))]
