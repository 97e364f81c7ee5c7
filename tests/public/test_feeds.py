"""What feed readers and search engines read: valid, and the same thing under the same name."""

import datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from faq.models import Entry
from faq.public import sitemaps
from tests.factories import edit, make_entry, make_walkthrough

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
DAY = datetime.date(2026, 2, 1)


def feed_of(client):
    """The feed as a reading program understands it; it is valid."""
    body = client.get("/feed.xml").content
    etree.RelaxNG(file=DATA / "atom.rng").assertValid(etree.fromstring(body))
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return parsed


def test_the_feed_is_valid_and_leads_to_the_entries_that_editors_changed(client, seed):
    assert feed_of(client).entries == []
    edit(Entry.objects.get(slug="stornierung"), body="Neu & <anders>.")
    edit(Entry.objects.get(slug="bestellvorgang-olp"), title="Neu?")
    found = feed_of(client)
    assert {entry.link for entry in found.entries} == {
        "http://127.0.0.1:8000/faq/stornierung/",
        "http://127.0.0.1:8000/faq/bestellvorgang-olp/",
    }
    assert found.feed.updated == found.entries[0].updated


def test_a_feed_without_entries_is_the_same_each_time(client, seed):
    assert client.get("/feed.xml").content == client.get("/feed.xml").content


def test_an_entry_of_the_feed_stays_the_same_whatever_it_is_called_and_wherever_it_stands(client):
    entry = make_entry("frage", updated=DAY)
    (before,) = feed_of(client).entries
    edit(entry, slug="ganz-anders", category=make_entry("andere", category="neu").category, title="Anders?")
    (after,) = feed_of(client).entries
    assert after.link != before.link
    assert after.id == before.id


def test_what_looks_like_markup_in_an_answer_is_text_in_the_feed(client):
    text = "Drücken Sie `<Enter>`, dann schreiben Sie AT&T. Der Text <img src=x onerror=alert(1)> ist nur Text."
    make_entry("frage", title="Was tut <Enter> & Co.?", body=text, updated=DAY)
    (found,) = feed_of(client).entries
    assert (found.summary_detail.type, found.title_detail.type) == ("text/plain", "text/plain")
    assert found.summary == text.replace("`", "")
    assert found.title == "Was tut <Enter> & Co.?"


def test_a_feed_costs_the_same_however_many_walkthroughs_it_has(client, django_assert_max_num_queries):
    for number in range(5):
        make_walkthrough(f"ablauf-{number}", updated=DAY)
    with django_assert_max_num_queries(6):
        assert len(feed_of(client).entries) == 5


@pytest.mark.parametrize("limit", [2000, 3])
def test_the_sitemap_is_valid_also_as_an_index_of_its_parts(client, seed, monkeypatch, limit):
    edit(Entry.objects.get(slug="stornierung"), body="Neu.")
    for kind in sitemaps.SITEMAPS.values():
        monkeypatch.setattr(kind, "limit", limit)
    schema = etree.RelaxNG(file=DATA / "sitemap.rng")
    root = etree.fromstring(client.get("/sitemap.xml").content)
    schema.assertValid(root)
    if limit == 3:
        for part in root.iter("{*}loc"):
            schema.assertValid(etree.fromstring(client.get(part.text.partition(":8000")[2]).content))


def test_the_markdown_of_an_entry_names_the_page_that_it_is_of(client):
    make_entry("frage", aliases=["alt"])
    assert client.get("/faq/frage.md").headers["Link"] == '<http://127.0.0.1:8000/faq/frage/>; rel="canonical"'
    assert client.get("/faq/alt.md").headers["Location"] == "/faq/frage.md"
