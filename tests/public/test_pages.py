"""The pages readers get: addresses, anchors, links, what is missing said honestly, and what machines read."""

import itertools
import json
import re
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from faq.content import documents
from faq.models import Category, Contact, Entry, Site
from faq.public import sitemaps
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db


def html(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def ids(page):
    return re.findall(r'\bid="([^"]+)"', page)


def test_a_category_page_has_every_answer_open_in_order_under_its_anchor(client):
    for slug, position in (("c", 2), ("a", 1), ("b", None)):
        make_entry(slug, position=position)
    page = html(client, "/allgemein/")
    assert [i for i in ids(page) if i in "abc"] == ["a", "c", "b"]
    assert all(f"Antwort {slug}." in page for slug in "abc")


def test_a_walkthrough_numbers_its_steps_through_its_sections(client):
    steps = [documents.Step("Eins"), documents.Step("Zwei", "Danach"), documents.Step("Drei", "Danach")]
    make_walkthrough("ablauf", steps=steps)
    assert [i for i in ids(html(client, "/faq/ablauf/")) if i.startswith("schritt-")] == [
        "schritt-1",
        "schritt-2",
        "schritt-3",
    ]
    for url in ("/allgemein/", "/alles/"):
        assert {f"ablauf_schritt-{n}" for n in (1, 2, 3)} <= set(ids(html(client, url)))
    assert re.search(r'<(?:ol[^>]* start|li[^>]* value)="2"', html(client, "/faq/ablauf/"))


def test_former_addresses_lead_on_for_ever(client):
    entry = make_entry("alt")
    for slug in ("neu", "neuer"):
        edit(entry, slug=slug)
    edit(entry.category, slug="allerlei")
    for slug in ("alt", "neu"):
        assert client.get(f"/faq/{slug}/").headers["Location"] == "/faq/neuer/"
        assert client.get(f"/faq/{slug}.md").headers["Location"] == "/faq/neuer.md"
        assert client.get(f"/faq/{slug}/").status_code == 301
    assert client.get("/allgemein/").headers["Location"] == "/allerlei/"
    for url in ("/allerlei/", "/alles/"):
        assert {"alt", "neu", "neuer"} <= set(ids(html(client, url)))


def test_an_entry_that_moved_keeps_its_anchors_on_the_page_it_left(client):
    entry = make_entry("frage", aliases=["frueher"])
    edit(entry, category=make_category("andere"))
    page = html(client, "/allgemein/")
    assert {"frage", "frueher"} <= set(ids(page))
    assert 'href="/faq/frage/"' in page
    edit(entry, category=Category.objects.get(slug="allgemein"))
    assert ids(html(client, "/allgemein/")).count("frage") == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[dort](faq:ziel)", f'<a href="/faq/ziel/" data-address="{settings.PUBLIC_URL}/faq/ziel/">dort</a>'),
        ("[](faq:ziel)", f'<a href="/faq/ziel/" data-address="{settings.PUBLIC_URL}/faq/ziel/">Ziel &amp; Zweck?</a>'),
        (
            "[Schritt](faq:ziel#schritt-2)",
            f'<a href="/faq/ziel/#schritt-2" data-address="{settings.PUBLIC_URL}/faq/ziel/#schritt-2">Schritt</a>',
        ),
        ("[Team](kontakt:team)", 'Team (<a href="tel:+495744944194">05744 - 944 194</a>)'),
        ("[](kontakt:team)", '<a href="tel:+495744944194">05744 - 944 194</a>'),
        ("[Plan](offen:plan)", "folgt"),
    ],
)
def test_links_of_the_portal_become(client, written, shown):
    make_walkthrough("ziel", title="Ziel & Zweck?")
    store(Contact(slug="team", name="Team", phone="05744 - 944 194"))
    make_entry("frage", body=f"Siehe {written}.")
    for url in ("/faq/frage/", "/allgemein/", "/alles/"):
        assert shown in html(client, url)


def test_a_link_is_right_after_a_rename_and_a_new_number_shows_everywhere(client):
    ziel = make_entry("ziel")
    team = store(Contact(slug="team", name="Team", phone="05744 - 1"))
    frage = make_entry("frage", body="[dort](faq:ziel) [Team](kontakt:team)")
    edit(ziel, slug="umbenannt")
    edit(team, phone="05744 - 2")
    page = html(client, "/faq/frage/")
    assert f'<a href="/faq/umbenannt/" data-address="{settings.PUBLIC_URL}/faq/umbenannt/">dort</a>' in page
    assert "05744 - 2" in page
    assert Entry.objects.get(pk=frage.pk).changed == frage.changed
    assert client.get("/suche.json?q=05744-2").json()["results"][0]["slug"] == "frage"


def test_a_link_to_a_step_that_is_gone_leads_to_the_entry(client):
    ziel = make_walkthrough("ziel")
    make_entry("frage", body="[dort](faq:ziel#schritt-2)")
    with door_open():
        ziel.steps.get(number=2).delete()
    assert f'<a href="/faq/ziel/" data-address="{settings.PUBLIC_URL}/faq/ziel/">dort</a>' in html(
        client, "/faq/frage/"
    )


def test_what_is_missing_is_said_with_the_number_of_those_who_help(client, seed):
    page = html(client, "/faq/office-365-verlaengern/")
    assert "„Laufzeit der Office 365-Pläne“ folgt noch." in page
    assert page.count("tel:+495744944194") >= 3  # in the text, beside what is missing, and in the block of each page


@pytest.mark.parametrize(("url", "level"), [("/faq/frage/", 2), ("/allgemein/", 3), ("/alles/", 4)])
def test_headings_of_a_text_stand_below_those_of_the_page_and_none_skips_a_level(client, url, level):
    make_entry("frage", body="## Unter\n\n### Darunter")
    make_walkthrough("ablauf", steps=[documents.Step("Eins", body="#### Im Schritt")])
    main = html(client, url).partition("<main")[2].partition("</main>")[0]
    assert f"<h{level}>Unter</h{level}>" in main
    assert f"<h{level + 1}>Darunter</h{level + 1}>" in main
    found = [int(number) for number in re.findall(r"<h([1-6])", main)]
    assert found.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(found)), found


def test_the_markdown_of_an_entry_reads_well_anywhere_and_says_nothing_internal(client, seed):
    entry = Entry.objects.get(slug="bestellvorgang-olp")
    edit(entry, reviewed=entry.review)
    text = html(client, "/faq/bestellvorgang-olp.md")
    assert text.startswith("---\ntitle: Wie läuft der allgemeine Bestellvorgang")
    assert "O365 Setup Dashboard (folgt)" in text
    assert "(05744 - 944 194)" in text
    for internal in ("note:", "review", "status:", "Bitte prüfen", "offen:", "kontakt:"):
        assert internal not in text
    assert "](http://127.0.0.1:8000/faq/ansprechpartner/)" in html(client, "/faq/stornierung.md")


def test_pages_work_with_nothing_but_one_entry(client):
    make_entry("frage")
    assert not Site.objects.exists()
    urls = [
        "/",
        "/allgemein/",
        "/faq/frage/",
        "/alles/",
        "/glossar/",
        "/vor-mir/",
        "/thema/",
        "/suche/",
        "/suche/?q=x",
        "/datenschutz/",
    ]
    for url in [
        *urls,
        "/barrierefreiheit/",
        "/impressum/",
        "/feed.xml",
        "/sitemap.xml",
        "/robots.txt",
        "/opensearch.xml",
        "/llms.txt",
    ]:
        html(client, url)


def test_the_help_of_all_is_the_address_of_old_links(client):
    assert client.get("/faq/").headers["Location"] == "/alles/"
    assert client.get("/faq/").status_code == 301


@pytest.mark.parametrize(
    "url", ["/gibt-es-nicht/", "/faq/gibt-es-nicht/", "/faq/gibt-es-nicht.md", "/thema/gibt-es-nicht/", "/a/b/c"]
)
def test_unknown_addresses_say_so_in_german_and_offer_the_search(client, url):
    make_entry("frage")
    page = html(client, url, 404)
    assert "nicht gefunden" in page
    assert 'name="q"' in page


@pytest.mark.parametrize("url", ["/faq/weg/", "/faq/weg.md", "/faq/frueher/"])
def test_the_address_of_a_deleted_entry_says_what_was_there(client, url):
    delete(make_entry("weg", title="Was war hier?", aliases=["frueher"]))
    page = html(client, url, 410)
    assert "Was war hier?" in page
    assert 'name="q"' in page


# Search


def test_the_json_of_the_search_has_the_agreed_form(client, seed):
    answer = client.get("/suche.json?q=Lizenzen&limit=3").json()
    assert set(answer) == {"query", "corrected", "count", "results", "answers"}
    assert len(answer["results"]) == 3
    first = answer["results"][0]
    assert set(first) == {"slug", "title", "url", "category", "snippet", "score", "confident"}
    assert first["url"].startswith("/faq/")
    assert "&" not in first["title"]


@pytest.mark.parametrize("limit", ["0", "-1", "51", "abc", "", "1.5", "٣٣٣"])
def test_a_bad_limit_is_refused(client, limit):
    response = client.get("/suche.json", {"q": "olp", "limit": limit})
    assert response.status_code == 400
    assert response.json()["error"]


def test_the_start_page_says_nothing_twice(client, seed):
    page = html(client, "/")
    for once in ('/faq/bestellvorgang-olp/"', '/faq/stornierung/"', "tel:+495744944194", ">Hilfe und Support</"):
        assert page.split("<body>")[1].count(once) == 1, once


def test_the_search_field_is_told_what_the_browser_is(client, seed, settings):
    _, titles, _, urls = client.get("/suche/vorschlaege/?q=interne").json()
    shown = client.get("/suche/feld.json?q=interne").json()["suggestions"]
    assert ["".join(each["parts"]) for each in shown] == titles
    assert [url.removeprefix(settings.PUBLIC_URL) for url in urls] == [each["url"] for each in shown]
    steps = [
        f"/faq/{slug}/#interne-bestellung-bei-microsoft" for slug in ("bestellvorgang-olp", "bestellvorgang-open-value")
    ]
    assert set(steps) <= {each["url"] for each in shown}


def test_suggestions_follow_opensearch(client, seed):
    response = client.get("/suche/vorschlaege/?q=storn")
    assert response.headers["Content-Type"] == "application/x-suggestions+json"
    query, titles, empty, urls = response.json()
    assert (query, empty) == ("storn", [])
    assert urls[titles.index("Wie kann ich falsche Bestellungen stornieren?")].endswith("/faq/stornierung/")


@pytest.mark.parametrize(
    "query", ['"', "AND", "a:b", "\x00", "<script>alert(1)</script>", "🙂", "x" * 5000, "\u202e", "%", "((("]
)
def test_whatever_is_typed_there_is_a_page(client, query):
    make_entry("frage")
    for url in ("/suche/", "/suche.json", "/suche/vorschlaege/", "/suche/feld.json"):
        response = client.get(url, {"q": query})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content or url != "/suche/"


# Machines


def test_structured_data_says_what_the_page_says_and_cannot_be_broken_out_of(client):
    make_entry("frage", title="Was heißt </script><script>alert(1)</script>?", body="Das & <b>.")
    make_walkthrough("ablauf")
    page = html(client, "/allgemein/")
    assert "</script><script>alert" not in page
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])["@graph"]
    faq = next(part for part in graph if part["@type"] == "FAQPage")
    assert faq["mainEntity"][1]["name"] == "Was heißt </script><script>alert(1)</script>?"
    graph = json.loads(re.search(r"ld\+json\">(.*?)</script>", html(client, "/faq/ablauf/"), re.S)[1])["@graph"]
    how_to, way = graph
    assert [step["name"] for step in how_to["step"]] == ["Anrufen", "Bestellen"]
    assert [item["name"] for item in way["itemListElement"]] == ["Start", "Allgemein", "Frage ablauf?"]


def test_what_machines_read_is_well_formed_and_absolute(client, seed):
    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").content)
    locations = [element.text for element in sitemap.iter() if element.tag.endswith("loc")]
    assert "http://127.0.0.1:8000/faq/stornierung/" in locations
    assert all(location.startswith("http://127.0.0.1:8000/") for location in locations)
    feed = ElementTree.fromstring(client.get("/feed.xml").content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.find(f"{atom}link").get("href") == "http://127.0.0.1:8000/"
    opensearch = ElementTree.fromstring(client.get("/opensearch.xml").content)
    assert len(opensearch.find("{http://a9.com/-/spec/opensearch/1.1/}ShortName").text) <= 16
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in html(client, "/robots.txt")
    llms = html(client, "/llms.txt")
    assert llms.startswith("# Hilfe und Support\n\n> ")
    assert llms.count("](http://127.0.0.1:8000/faq/") == 9


def test_whoever_finds_a_weakness_is_told_where_to_report_it(client, seed, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:sicherheit@firma.example"
    answer = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:sicherheit@firma.example"
    assert lines["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    assert 170 < (datetime.fromisoformat(lines["Expires"]) - timezone.now()).days < 365
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("kind", ["entries", "tags", "categories"])
def test_a_sitemap_of_too_many_addresses_is_an_index_of_its_parts(client, seed, monkeypatch, kind):
    whole = set(locations(client, "/sitemap.xml"))
    for other in sitemaps.SITEMAPS.values():
        monkeypatch.setattr(other, "limit", 40)
    monkeypatch.setattr(sitemaps.SITEMAPS[kind], "limit", 2)
    parts = [part.removeprefix("http://127.0.0.1:8000") for part in locations(client, "/sitemap.xml")]
    assert f"/sitemap/{kind}.xml?p=2" in parts
    assert sorted(address for part in parts for address in locations(client, part)) == sorted(whole)
    assert "<lastmod>" not in html(client, "/sitemap.xml")
    edit(Entry.objects.first(), body="Neu.")
    assert f"entries.xml</loc><lastmod>{timezone.localdate()}</lastmod>" in html(client, "/sitemap.xml")


def locations(client, address):
    """The addresses a sitemap, or an index of sitemaps, names."""
    root = ElementTree.fromstring(client.get(address).content)
    return [element.text for element in root.iter() if element.tag.endswith("}loc")]
