"""What is not public is not there, on any surface; and a page costs the same whatever the number of entries."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from faq import markup
from faq.content.documents import Change, Step
from faq.content.portal_links import UNAVAILABLE
from faq.editing import working_copies
from faq.models import Category, Entry, TaggedEntry
from tests import queries
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough
from tests.forms import errors, filled_in
from tests.papers import pdf

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 2, 1)  # else no feed would have an entry
TOMORROW, YESTERDAY = (timezone.now() + datetime.timedelta(days=days) for days in (1, -1))
SURFACES = [
    "/", "/allgemein/", "/alles/", "/thema/", "/thema/geheim/", "/thema/offen/", "/glossar/", "/vor-mir/", "/faq/nachbar/", "/faq/nachbar.md",
    "/suche/?q=Zwackelmann", "/suche.json?q=Zwackelmann", "/suche/vorschlaege/?q=Zwack", "/suche/feld.json?q=Zwack", "/feed.xml", "/sitemap.xml", "/llms.txt",
    "/gibt-es-nicht/", "/vergleich/", "/neues/", "/neues/2026-02/", "/allgemein/feed.xml", "/thema/offen/feed.xml", "/faq/nachbar/feed.xml",
]  # fmt: skip


CHANGES = [Change(DAY, "Zwackelmann? ist neu.")]
KNOWN = {"tags": ["Geheim", "Offen"], "position": 1, "updated": DAY, "changes": CHANGES}


def hide_as_draft():
    make_entry("zwackel", title="Zwackelmann?", status="draft", **KNOWN)


def hide_until_tomorrow():
    make_entry("zwackel", title="Zwackelmann?", publish_at=TOMORROW, **KNOWN)


def hide_since_yesterday():
    make_entry("zwackel", title="Zwackelmann?", expire_at=YESTERDAY, **KNOWN)


def hide_as_draft_of_a_walkthrough():
    make_walkthrough("zwackel", title="Zwackelmann?", status="draft", **KNOWN)


@pytest.mark.parametrize(
    "hide", [hide_as_draft, hide_until_tomorrow, hide_since_yesterday, hide_as_draft_of_a_walkthrough]
)
def test_what_is_not_public_is_on_no_surface(client, hide):
    hide()
    said = {"updated": DAY, "changes": [Change(DAY, "Gesagt.")]}
    make_entry("nachbar", body="Siehe [dort](faq:zwackel).", tags=["Offen"], position=2, **said)
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
    for path in ("/thema/geheim/", "/thema/geheim/feed.xml", "/faq/zwackel/feed.xml"):
        assert client.get(path).status_code == 404
    assert "Siehe dort." in client.get("/faq/nachbar/").content.decode()


# Links to what is not public

STATES = {
    "a draft": {"status": "draft"},
    "not yet": {"publish_at": TOMORROW},
    "no more": {"expire_at": YESTERDAY},
    "a deleted draft": {"status": "draft"},
}
# Each as readers find it in a text. The target has a former slug, and a step.
HIDDEN_LINKS = {
    "[dort](faq:zwackel)": "dort",
    "[](faq:zwackel)": UNAVAILABLE,
    "[dort](faq:zwackel#schritt-1)": "dort",
    "[](faq:zwackel#schritt-1)": UNAVAILABLE,
    "[](faq:zwackel 'Mehr')": UNAVAILABLE,
    "[](faq:alter-zwackel)": UNAVAILABLE,
    "[dort\nhinten](faq:alter-zwackel#schritt-2)": "dort hinten",
    "[dort][1] und [][1]\n\n[1]: faq:zwackel": f"dort und {UNAVAILABLE}",
}
OTHER_LINKS = {
    "[Team](kontakt:team)": "Team (05744 - 944 194)",
    "[](kontakt:team)": "05744 - 944 194",
    "[Antrag](datei:antrag)": "Antrag (PDF, ",
    "[](datei:antrag)": "Formular (PDF, ",
    "[Plan](offen:plan)": "Plan (folgt)",
    "[](offen:plan)": "Plan (folgt)",
}
TEXT = "\n\n".join(f"Siehe {link}" for link in [*OTHER_LINKS, *HIDDEN_LINKS])
PLACES = {  # where each text is shown
    "/": "Startseite", "/gruppe/": "Kategorie", "/faq/nachbar/": "Antwort", "/faq/weg/": "Schritt", "/faq/weg/handzettel/": "Schritt", "/glossar/": "Begriff", "/impressum/": "Impressum",
    "/datenschutz/": "Datenschutz", "/alles/": "Antwort", "/llms.txt": "Startseite", "/feed.xml": "Antwort", "/suche/": "Meldung",
}  # fmt: skip
SEARCHES = [
    f"/{page}?q={word}"
    for page in ("suche/", "suche.json", "suche/vorschlaege/", "suche/feld.json")
    for word in ("Zwackelmann", "Siehe")
]
READ = [
    *SURFACES, *PLACES, *SEARCHES, "/faq/nachbar.md", "/faq/weg.md", "/barrierefreiheit/", "/faq/weg/handzettel/reseller/", "/faq/nachbar/rueckmeldung/", "/opensearch.xml",
    "/robots.txt", "/geheimes/", "/vergleich/?links=weg&rechts=zwackel",
]  # fmt: skip


def written(admin_client, model, **values):
    """Something made by the form of the admin."""
    url = reverse(f"admin:faq_{model}_add")
    response = admin_client.post(url, filled_in(admin_client, url, **values))
    assert response.status_code == 302, errors(response)


def words_of(client, url):
    """What a surface says, in one line, without what was asked."""
    text = b"".join(client.get(url)).decode()
    for asked in (
        'value="Zwackelmann"',
        "Zwackelmann“",
        "Suche: Zwackelmann",
        '"query": "Zwackelmann"',
        '["Zwackelmann"',
        '["Zwack"',
    ):
        text = text.replace(asked, "")
    return text


@pytest.mark.parametrize("state", STATES)
def test_no_text_says_anything_of_what_is_not_public(admin_client, client, settings, tmp_path, state):
    settings.MEDIA_ROOT = tmp_path
    written(admin_client, "contact", slug="team", name="Team", phone="05744 - 944 194")
    written(admin_client, "attachment", slug="antrag", title="Formular", upload=SimpleUploadedFile("a.pdf", pdf()))
    hidden = {
        "title": "Zwackelmann?",
        "aliases": ["alter-zwackel"],
        "tags": ["Geheim"],
        "category": "geheimes",
        "updated": DAY,
    }
    found = make_walkthrough("zwackel", steps=("Zwackeln", "Zwackelig"), **hidden | STATES[state])
    make_entry("nachbar", body=f"Antwort: {TEXT}", updated=DAY)
    make_walkthrough("weg", steps=[Step("Los", body=f"Schritt: {TEXT}", actors="Reseller")])
    make_category("gruppe", intro=f"Kategorie: {TEXT}")
    make_entry("einzige", category="gruppe")
    written(admin_client, "term", name="Ding", definition=f"Begriff: {TEXT}")
    texts = {"imprint_text": f"Impressum: {TEXT}", "privacy_text": f"Datenschutz: {TEXT}"}
    written(admin_client, "site", title="Hilfe", intro=f"Startseite: {TEXT}", **texts)
    written(admin_client, "notice", slug="meldung", text=f"Meldung: {TEXT}")
    if state == "a deleted draft":
        delete(found)  # as an import does; an editor is asked about the links first

    for url in READ:
        assert not re.search("zwack", words_of(client, url), re.I), url
    for url, place in PLACES.items():
        said = markup.plain_text(words_of(client, url).partition(f"{place}:")[2])
        for link, shown in (OTHER_LINKS | HIDDEN_LINKS).items():
            assert f"Siehe {shown}" in said, (url, link)
    answer = 410 if state == "a deleted draft" else 404
    for url in ("/faq/zwackel/", "/faq/zwackel.md", "/faq/alter-zwackel/", "/faq/zwackel/handzettel/"):
        assert client.get(url).status_code == answer, url
    assert client.get("/geheimes/").status_code == 404


def test_the_search_knows_an_entry_by_its_own_words_alone_whatever_comes_of_those_it_leads_to(client, admin_client):
    """What is kept of an entry stays as it is when another one comes, goes or is named anew."""
    found = make_entry("zwackel", title="Zwackelmann?", publish_at=TOMORROW, updated=DAY)
    make_entry("nachbar", body="Siehe [](faq:zwackel) und [Zwickel](faq:zwackel).", updated=DAY)
    make_walkthrough("weg", steps=[Step("Los", body="Siehe [](faq:zwackel).")])

    def hits(word):
        return {hit["slug"] for hit in client.get(f"/suche.json?q={word}").json()["results"]}

    assert (hits("Zwackelmann"), hits("Zwickel"), hits("verfügbar")) == (set(), {"nachbar"}, set())
    with door_open():
        Entry.objects.filter(pk=found.pk).update(publish_at=YESTERDAY)
    assert "Siehe <a" in client.get("/faq/nachbar/").content.decode()
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="nachbar").pk])
    admin_client.post(url, filled_in(admin_client, url, title="Anders?"))
    assert (hits("Zwackelmann"), hits("Zwickel")) == ({"zwackel"}, {"nachbar"})
    assert "Siehe … und" in client.get("/suche/?q=Zwickel").content.decode().replace("<mark>", "")


# Categories in which nothing is public


def changed(admin_client, stored, **values):
    """Something changed in its form of the admin."""
    url = reverse(f"admin:faq_{stored._meta.model_name}_change", args=[stored.pk])
    response = admin_client.post(url, filled_in(admin_client, url, **values))
    assert response.status_code == 302, errors(response)


def deleted(admin_client, entry):
    admin_client.post(reverse("admin:faq_entry_delete", args=[entry.pk]), {"post": "yes", "links_to": ""})


@pytest.mark.parametrize("state", [*STATES, "nothing"])
def test_a_category_without_anything_public_is_nowhere(admin_client, client, state):
    category = make_category("zwackelei", title="Zwackelei", intro="Zwackeln.")
    if state != "nothing":
        found = make_entry("verborgen", category="zwackelei", tags=["Geheim"], **STATES[state])
    if state == "a deleted draft":
        deleted(admin_client, found)
    make_entry("nachbar", body="Siehe [](faq:verborgen).", tags=["Offen"])
    changed(admin_client, category, slug="zwackelkram")
    written(admin_client, "notice", slug="meldung", text="Zwackelmeldung", category=category.pk)
    for url in [*SURFACES, *SEARCHES, "/suche/?q=Frage&kategorie=zwackelkram", "/barrierefreiheit/"]:
        if "kategorie=" not in url:
            assert not re.search("zwackel[eikm]", words_of(client, url).replace("Zwackelmann", "")), url
        assert not re.search("Zwackele|Zwackelm(?!ann)|Zwackeln", words_of(client, url)), url
    for url in ("/zwackelkram/", "/zwackelei/"):
        assert client.get(url).status_code == 404, url


def test_a_category_all_of_whose_entries_left_keeps_their_anchors_and_nothing_else(admin_client, client):
    category = make_category("alt", title="Alte Kategorie", intro="Alte Einleitung.")
    moved = make_entry("umzug", category="alt", aliases=["frueher"])
    gone = make_entry("weg", category="alt", title="Was war hier?")
    changed(admin_client, moved, category=make_category("neu").pk)
    deleted(admin_client, gone)
    make_entry("entwurf", category="alt", status="draft")
    changed(admin_client, category, slug="geheimsache", title="Geheimsache", intro="Streng geheim.")

    assert client.get("/alt/").headers["Location"] == "/geheimsache/"
    page = client.get("/geheimsache/").content.decode()
    for anchor in ("umzug", "frueher", "weg"):
        assert page.count(f'id="{anchor}"') == 1
    assert 'href="/faq/umzug/"' in page
    assert "Was war hier?" in page
    assert not re.search("Geheimsache|geheim\\.|Frage entwurf|Alte ", page)
    for url in ("/", "/sitemap.xml", "/alles/", "/llms.txt"):
        assert "eheimsache" not in client.get(url).content.decode(), url

    changed(admin_client, moved, status="draft")
    assert client.get("/geheimsache/").status_code == 200
    again = make_entry("weg", category="neu")
    assert 'href="/faq/weg/"' in client.get("/geheimsache/").content.decode()
    changed(admin_client, again, status="draft")
    assert [client.get(url).status_code for url in ("/geheimsache/", "/alt/")] == [404, 404]


# What was deleted


NEWCOMERS = [state for state in STATES if state != "no more"]


@pytest.mark.parametrize("state", NEWCOMERS)
@pytest.mark.parametrize("slug", ["weg", "frueher"])
def test_a_deleted_entry_is_gone_until_something_public_is_at_its_address(admin_client, client, slug, state):
    addresses = [f"/faq/{slug}{rest}" for rest in ("/", ".md", "/rueckmeldung/", "/rueckmeldung/ja/", "/handzettel/")]
    pages = ("/allgemein/", "/alles/")
    deleted(admin_client, make_walkthrough("weg", title="Was war hier?", aliases=["frueher"]))
    make_entry("nachbar")
    found = make_walkthrough(slug, title="Zwackelmann?", **STATES[state])
    if state == "a deleted draft":
        deleted(admin_client, found)
    for url in addresses:
        response = client.get(url)
        assert (response.status_code, "Was war hier?" in response.content.decode()) == (410, True), url
    for url in (*addresses, *pages, *SEARCHES):
        assert "Zwackelmann?" not in words_of(client, url), url
    for url in pages:
        assert client.get(url).content.decode().count(f'id="{slug}"') == 1

    if state == "a deleted draft":
        make_walkthrough(slug, title="Zwackelmann?")
    elif state == "not yet":
        with door_open():  # as time does it
            Entry.objects.filter(pk=found.pk).update(publish_at=YESTERDAY)
    else:
        changed(admin_client, found, status="published")
    for url in addresses:
        assert client.get(url).status_code == 200, url
    for url in pages:
        html = client.get(url).content.decode()
        assert html.count(f'id="{slug}"') == 1, url
        assert "Zwackelmann?" in html
        assert html.count("Was war hier?") == 1  # at its other address


def test_a_category_at_the_address_of_a_deleted_entry_makes_it_no_less_gone(admin_client, client):
    deleted(admin_client, make_entry("weg"))
    make_entry("nachbar", category="weg")
    assert [client.get(url).status_code for url in ("/weg/", "/faq/weg/", "/faq/weg.md")] == [200, 410, 410]


def test_a_working_copy_is_on_no_surface(client):
    entry = make_entry("zwackel", title="Alt?", body="Alt.", tags=["Offen"])
    copy = working_copies.start_working_copy(entry, who=None)
    edit(copy, title="Zwackelmann?", slug="neu", body="Heimlich vorbereitet.")
    make_entry("nachbar", body="Siehe [](faq:zwackel), [](faq:neu) und [dort](faq:neu).")
    for url in [*SURFACES, "/faq/zwackel/"]:
        text = b"".join(client.get(url)).decode()
        assert "Zwackelmann?" not in text, url
        assert "Heimlich" not in text, url
        assert "/faq/neu" not in text, url
    assert client.get("/faq/neu/").status_code == 404
    assert f">Alt?</a>, {UNAVAILABLE} und dort." in client.get("/faq/nachbar/").content.decode()


def test_a_timed_entry_appears_and_goes_by_itself(client):
    entry = make_entry("zwackel", publish_at=TOMORROW)
    assert client.get("/faq/zwackel/").status_code == 404
    with door_open():
        Entry.objects.filter(pk=entry.pk).update(publish_at=YESTERDAY)
    assert client.get("/faq/zwackel/").status_code == 200
    with door_open():
        Entry.objects.filter(pk=entry.pk).update(expire_at=timezone.now())
    assert client.get("/faq/zwackel/").status_code == 404


def add_entries(category, number, slug="viele"):
    """Many entries at once, with tags, none of them in the search."""
    tag = Entry.objects.first().tag_list[0]
    many = [
        Entry(
            category=category,
            slug=f"{slug}-{n}",
            title=f"Frage {n}?",
            status="published",
            updated=DAY,
            body_html="<p>x</p>",
            position=n,
        )
        for n in range(number)
    ]
    with door_open():
        made = Entry.objects.bulk_create(many)
        TaggedEntry.objects.bulk_create(TaggedEntry(tag=tag, content_object=entry) for entry in made)


@pytest.mark.parametrize("number", [90, 2000])
def test_a_page_costs_the_same_number_of_queries_however_many_entries_there_are(client, seed, number):
    pages = ["/", "/bestellprozess/", "/faq/stornierung/", "/faq/bestellvorgang-olp/", "/faq/stornierung.md", "/alles/"]
    pages += [
        "/thema/",
        "/thema/bestellung/",
        "/glossar/",
        "/vor-mir/",
        "/suche/?q=storno",
        "/suche/?q=qqqq",
        "/suche.json?q=storno",
        "/feed.xml",
        "/bestellprozess/feed.xml",
        "/thema/bestellung/feed.xml",
        "/neues/",
        "/sitemap.xml",
        "/llms.txt",
        "/vergleich/",
    ]
    with door_open():
        Entry.objects.update(updated=DAY)
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


def test_a_tag_of_many_entries_has_pages_that_lead_to_each_other(client):
    make_entry("erste", tags=["Viel"])
    add_entries(make_category(), 200, "viel")
    pages = [client.get(f"/thema/viel/{query}").content.decode() for query in ("", "?seite=2", "?seite=3")]
    assert [page.count('<li><a href="/faq/') for page in pages] == [100, 100, 1]
    assert len({slug for page in pages for slug in re.findall(r'<li><a href="/faq/([^"]+)/', page)}) == 201
    assert [re.findall(r'rel="(prev|next)" href="([^"]+)"', page) for page in pages] == [
        [("next", "?seite=2")],
        [("prev", "?seite=1"), ("next", "?seite=3")],
        [("prev", "?seite=2")],
    ]
    own = [re.search('rel="canonical" href="[^"]*(/thema[^"]*)"', page)[1] for page in pages]
    assert own == ["/thema/viel/", "/thema/viel/?seite=2", "/thema/viel/?seite=3"]
    assert "Seite 2 von 3" in pages[1]
    assert client.get("/thema/viel/?seite=1").content == client.get("/thema/viel/").content
    for query in ("4", "0", "-1", "x", "²", "9" * 5000, ""):
        assert client.get(f"/thema/viel/?seite={query}").status_code == 404, query


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
