"""What readers are told of changes: on the entry's page, on /neues/ and in the feeds."""

import datetime
import re
from pathlib import Path

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from faq.content.documents import Change
from faq.editing.merging import merge
from faq.models import Alias, Announcement, Category, Tag
from faq.public import news
from tests import queries
from tests.factories import delete, door_open, edit, make_entry
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
TODAY = timezone.localdate()
NEW = "Neue Rufnummer des VLSC-Supports."


def day(text):
    return datetime.date.fromisoformat(text)


def text_of(client, path):
    return client.get(path).content.decode()


def feed_of(client, path):
    """The feed as a reading program understands it; it is valid."""
    body = client.get(path).content
    etree.RelaxNG(file=DATA / "atom.rng").assertValid(etree.fromstring(body))
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return parsed


def save(admin_client, entry, **changes):
    url = reverse("admin:faq_entry_change", args=[entry.pk])
    response = admin_client.post(url, filled_in(admin_client, url, **changes))
    assert response.status_code == 302, errors(response)


@pytest.fixture
def entry():
    return make_entry("zugriff", title="Wie geht der Zugriff?", tags=["VLSC"], category="vlsc", aliases=["zugang"])


FEEDS = ["/feed.xml", "/vlsc/feed.xml", "/thema/vlsc/feed.xml", "/faq/zugriff/feed.xml"]


def test_a_sentence_at_publishing_is_on_the_page_of_the_entry_among_the_news_and_in_every_feed(
    client, admin_client, entry
):
    save(admin_client, entry, body="Rufen Sie an: 05744 - 1.", news=NEW)
    page = text_of(client, "/faq/zugriff/")
    assert NEW in page.partition("Änderungen</h2>")[2].partition("</section>")[0]
    assert f"changes:\n- {TODAY} {NEW}\n" in text_of(client, "/faq/zugriff.md")
    month = f"/neues/{TODAY:%Y-%m}/"
    for path in ("/neues/", month):
        assert NEW in text_of(client, path)
        assert "Wie geht der Zugriff?" in text_of(client, path)
    for path in FEEDS:
        (found,) = feed_of(client, path).entries
        assert (found.summary, found.title) == (NEW, "Wie geht der Zugriff?")
        assert found.updated.startswith(f"{TODAY}T00:00:00")


def test_without_a_sentence_nothing_is_announced(client, admin_client, entry):
    save(admin_client, entry, body="Rufen Sie an: 05744 - 1.")
    assert "Änderungen</h2>" not in text_of(client, "/faq/zugriff/")
    assert "Noch ist nichts angekündigt." in text_of(client, "/neues/")
    assert client.get(f"/neues/{TODAY:%Y-%m}/").status_code == 404
    (found,) = feed_of(client, "/feed.xml").entries
    assert found.summary == "Rufen Sie an: 05744 - 1."


def test_a_sentence_is_said_once_and_the_next_save_says_nothing(client, admin_client, entry):
    save(admin_client, entry, news=NEW)
    save(admin_client, entry, body="Anders.")
    save(admin_client, entry, news="Noch etwas.")
    assert list(Announcement.objects.values_list("day", "text")) == [(TODAY, "Noch etwas."), (TODAY, NEW)]
    assert text_of(client, "/neues/").count(NEW) == 1


@pytest.mark.parametrize(
    ("updated", "told", "dated", "summary"),
    [
        (None, "2026-03-01", "2026-03-01", NEW),
        ("2026-02-01", "2026-03-01", "2026-03-01", NEW),
        ("2026-03-01", "2026-03-01", "2026-03-01", NEW),
        ("2026-03-02", "2026-03-01", "2026-03-02", "Antwort frage."),
        ("2026-03-02", None, "2026-03-02", "Antwort frage."),
    ],
)
def test_an_item_of_a_feed_has_the_later_date_and_says_what_is_newest(client, updated, told, dated, summary):
    changes = [Change(day(told), NEW), Change(day("2025-01-01"), "Alt.")] if told else []
    make_entry("frage", updated=updated and day(updated), changes=changes)
    (found,) = feed_of(client, "/feed.xml").entries
    assert (found.updated[:10], found.summary) == (dated, summary)


def test_the_items_of_a_feed_stand_by_the_later_of_both_dates(client):
    make_entry("eins", updated=day("2026-01-05"))
    make_entry("zwei", updated=day("2026-01-01"), changes=[Change(day("2026-01-09"), NEW)])
    make_entry("drei", changes=[Change(day("2026-01-07"), NEW)])
    make_entry("nie")
    assert [item.link.rpartition("faq/")[2] for item in feed_of(client, "/feed.xml").entries] == [
        "zwei/",
        "drei/",
        "eins/",
    ]


def test_a_feed_and_its_items_stay_the_same_whatever_category_tag_and_entry_are_called(client, entry):
    edit(entry, updated=TODAY)
    before = [feed_of(client, path) for path in FEEDS]
    edit(Category.objects.get(slug="vlsc"), slug="lizenzen", title="Lizenzen")
    edit(entry, slug="anders", title="Ganz anders?")
    make_entry("andere", tags=["Portal"])
    merge(Tag.objects.get(slug="portal"), Tag.objects.get(slug="vlsc"), who=None)
    moved = ["/feed.xml", "/lizenzen/feed.xml", "/thema/portal/feed.xml", "/faq/anders/feed.xml"]
    for was, path, now in zip(before, FEEDS, moved, strict=True):
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("Location", path)) == ((301, now) if now != path else (200, now))
        after = feed_of(client, now)
        assert [item.id for item in after.entries] == [item.id for item in was.entries]
        assert after.feed.id == was.feed.id or "thema" in path
    assert len({feed.feed.id for feed in before}) == len(FEEDS)


def test_a_feed_has_what_belongs_to_it_alone(client, entry):
    edit(entry, updated=TODAY)
    edit(make_entry("fremd"), updated=TODAY)
    assert [len(feed_of(client, path).entries) for path in FEEDS] == [2, 1, 1, 1]


@pytest.mark.parametrize(
    "path",
    ["/verborgen/feed.xml", "/thema/geheim/feed.xml", "/faq/geheim/feed.xml", "/faq/feed.xml", "/thema/feed.xml"],
)
def test_there_is_no_feed_of_what_is_not_public(client, path):
    make_entry("geheim", category="verborgen", tags=["Geheim"], status="draft", updated=TODAY)
    assert client.get(path).status_code == 404


def test_a_deleted_entry_is_gone_from_news_and_feeds_and_its_own_feed_says_so(client, admin_client, entry):
    save(admin_client, entry, news=NEW)
    delete(entry)
    assert client.get("/faq/zugriff/feed.xml").status_code == 410
    assert NEW not in text_of(client, "/neues/")
    assert feed_of(client, "/feed.xml").entries == []


@pytest.mark.parametrize(("page", "feed"), [*zip(["/", "/vlsc/", "/thema/vlsc/", "/faq/zugriff/"], FEEDS, strict=True)])
def test_each_page_leads_to_its_feed_by_a_word_and_for_programs(client, entry, page, feed):
    html = text_of(client, page)
    assert re.search(rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{feed}">', html)
    assert re.search(rf'<a href="{feed}"[^>]*>[^<]*(<span[^>]*>[^<]*</span>[^<]*)?\(Feed\)', html)


def test_news_stand_by_month_the_newest_first_each_at_a_place_of_its_own(client):
    changes = [
        Change(day(f"2026-{month:02}-{number:02}"), f"Satz {month}/{number}.") for month in (9, 7) for number in (2, 1)
    ]
    one = make_entry("eins", changes=[*changes, Change(day("2026-09-02"), "Am selben Tag.")])
    make_entry("zwei", changes=[Change(day("2026-08-03"), "Dazwischen.")])
    page = text_of(client, "/neues/")
    said = re.findall(r"<p>(Satz [^<]+|Dazwischen\.|Am selben Tag\.)</p>", page)
    assert said == ["Satz 9/2.", "Am selben Tag.", "Satz 9/1.", "Dazwischen.", "Satz 7/2.", "Satz 7/1."]
    assert re.findall(r"<h2><a[^>]*>(\w+ 2026)", page) == ["September 2026", "August 2026", "Juli 2026"]
    places = re.findall(r'<a class="when" href="(/neues/[^"]+)#([^"]+)"', page)
    assert len(places) == 6
    for path, anchor in places:
        assert text_of(client, path).count(f'id="{anchor}"') == 1
    assert page.count(f'id="neu_{one.pk}_2026-09-02"') == 1
    august = text_of(client, "/neues/2026-08/")
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', august) == [
        ("prev", "/neues/2026-07/"),
        ("next", "/neues/2026-09/"),
    ]
    assert "Satz 9" not in august


@pytest.mark.parametrize("month", ["2026-06", "2026-13", "0000-01", "2026-7", "9999-12"])
def test_there_is_no_page_of_a_month_without_news(client, month):
    make_entry("eins", changes=[Change(day("2026-07-01"), NEW)])
    assert client.get("/neues/2026-07/").status_code == 200
    assert client.get(f"/neues/{month}/").status_code == 404


def test_many_news_of_a_month_have_pages_and_the_first_page_shows_the_newest(client, monkeypatch):
    monkeypatch.setattr(news, "NEWEST", 3)
    monkeypatch.setattr(news, "OF_MONTH", 2)
    make_entry("eins", changes=[Change(day(f"2026-07-{number:02}"), f"Satz {number}.") for number in range(5, 0, -1)])
    pages = [text_of(client, f"/neues/2026-07/{query}") for query in ("", "?seite=2", "?seite=3")]
    assert [re.findall(r"Satz (\d)", page) for page in pages] == [["5", "4"], ["3", "2"], ["1"]]
    assert 'rel="canonical" href="http://127.0.0.1:8000/neues/2026-07/?seite=2"' in pages[1]
    first = text_of(client, "/neues/")
    assert re.findall(r"Satz (\d)", first) == ["5", "4", "3"]
    assert "Alle Monate" in first
    assert client.get("/neues/2026-07/?seite=4").status_code == 404


def test_news_cost_the_same_however_many_there_are(client):
    make_entry("eins", changes=[Change(day("2026-07-01"), NEW)])
    paths = ["/neues/", "/neues/2026-07/", "/feed.xml"]
    before = [queries.count(client, path) for path in paths]
    for number in range(5):
        make_entry(f"noch-{number}", changes=[Change(day(f"2026-0{number + 1}-01"), NEW)], updated=TODAY)
    assert [queries.count(client, path) for path in paths] == before


HOSTILE = [
    "<script>alert(1)</script> & <b>fett</b> **fett** [x](faq:y)",
    "]]> --> {{ entry }} {% url 'home' %} %s \\u003c",
    "\" onmouseover=\"alert(1)' x='",
    "# Kein Titel - - ‮verkehrt‬ 🙂 é",
    "W" * 200,
    "- 'a': \"b\" #c",
    "null",
]


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_sentence_is_text_and_nothing_else_wherever_it_stands(client, admin_client, entry, sentence):
    save(admin_client, entry, news=sentence)
    for path in ("/faq/zugriff/", "/neues/", f"/neues/{TODAY:%Y-%m}/"):
        items = etree.HTML(text_of(client, path)).iter("li")
        assert any(sentence in "".join(item.itertext()) for item in items), path
    (found,) = feed_of(client, "/feed.xml").entries
    assert found.summary == sentence
    assert found.summary_detail.type == "text/plain"


def test_a_category_that_stood_there_is_named_where_it_was(client, entry):
    make_entry("frage", category="neuigkeiten")
    assert "früher hier" not in text_of(client, "/neues/")
    with door_open():
        Alias.objects.create(slug="neues", category=Category.objects.get(slug="neuigkeiten"))
    assert '<a href="/neuigkeiten/">Neuigkeiten</a>' in text_of(client, "/neues/").partition("früher hier")[2]


def test_the_sitemap_names_the_news(client):
    assert "http://127.0.0.1:8000/neues/" in text_of(client, "/sitemap.xml")
