"""Pictures in texts, as readers and machines get them: everywhere, described, of a fitting size, and only while they are public."""

import json
import re

import feedparser
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from markdown_it import MarkdownIt

from faq.content.documents import Step
from faq.models import Category, Notice, Site, Term
from faq.public.preview import preview_link
from tests.drawings import png
from tests.factories import edit, make_entry, make_picture, make_walkthrough, store
from tests.forms import filled_in

pytestmark = pytest.mark.django_db

ORIGIN = "http://127.0.0.1:8000"
ALONE = "Davor.\n\n![](bild:fenster)\n\nDanach."


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def html(client, path):
    return client.get(path).content.decode()


def images(page):
    """The attributes of each picture of a page."""
    return [
        dict(re.findall(r'([\w:-]+)="([^"]*)"', tag.replace("&quot;", "'")))
        for tag in re.findall(r"<img ([^>]*)>", page)
    ]


def graph(page):
    """The structured data of a page."""
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.S)[1])["@graph"]


def addresses(image):
    """All under which a page offers a picture."""
    return [part.split()[0] for part in image["srcset"].split(", ")]


# On pages

EVERYWHERE = {
    "entry": (lambda: make_entry("frage", body=ALONE), ["/faq/frage/", "/allgemein/", "/alles/"]),
    "step": (lambda: make_walkthrough("ablauf", steps=[Step(title="Eins", body=ALONE)]), ["/faq/ablauf/handzettel/"]),
    "category": (lambda: (make_entry("frage"), edit(Category.objects.get(), intro=ALONE)), ["/allgemein/"]),
    "site": (lambda: store(Site(pk=1, title="Hilfe", intro=ALONE, imprint_text=ALONE)), ["/", "/impressum/"]),
    "term": (lambda: store(Term(slug="olp", name="OLP", definition=ALONE)), ["/glossar/#olp"]),
    "notice": (lambda: store(Notice(slug="heute", text=ALONE)), ["/", "/glossar/"]),
}


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_picture_is_shown_in_whatever_text_it_stands(client, where):
    make_picture()
    make, paths = EVERYWHERE[where]
    make()
    for path in paths:
        [image] = images(html(client, path))
        assert image["alt"] == "Beschreibung fenster"
        for address in addresses(image):
            assert client.get(address).headers["Content-Type"] == "image/webp"


def test_a_page_reserves_a_pictures_room_and_lets_the_browser_choose_its_size(client):
    make_picture()
    make_picture("hoch", png(width=300, height=3000, text="hoch"))
    make_entry("frage", body="![](bild:fenster)\n\n![](bild:hoch)")
    wide, high = images(html(client, "/faq/frage/"))
    assert (wide["width"], wide["height"]) == ("640", "400")
    assert [part.split()[1] for part in wide["srcset"].split(", ")] == ["480w", "960w", "1280w"]
    assert (high["width"], high["height"]) == ("60", "600")  # one sees all of it


def test_only_the_first_picture_of_an_answer_is_fetched_before_a_reader_comes_near(client):
    make_picture()
    make_entry("frage", body="\n\n".join(["![](bild:fenster)"] * 3))
    assert [image.get("loading") for image in images(html(client, "/faq/frage/"))] == [None, "lazy", "lazy"]
    assert [image.get("loading") for image in images(html(client, "/alles/"))] == ["lazy"] * 3
    # The same page to the next reader, whichever process makes it.
    store(Notice(slug="heute", text=ALONE))
    assert [html(client, "/glossar/"), html(client, "/thema/")] == [html(client, "/glossar/"), html(client, "/thema/")]


def test_on_paper_no_picture_is_waited_for(client):
    make_picture()
    make_walkthrough("ablauf", steps=[Step(title=title, body=ALONE) for title in ("Eins", "Zwei")])
    assert [image.get("loading") for image in images(html(client, "/faq/ablauf/handzettel/"))] == [None, None]


def test_a_picture_opens_large_by_a_link_unless_it_is_an_icon_or_decoration(client):
    make_picture()
    make_picture("zahnrad", png(width=40, height=40, text=""))
    make_picture("schmuck", png(width=900, height=400, text=""), description="", decorative=True)
    make_entry("frage", body="![](bild:fenster)\n\nAuf ![](bild:zahnrad) klicken.\n\n![](bild:schmuck)")
    page = html(client, "/faq/frage/")
    assert re.findall(r'<a href="(/bild/[^"]*)"><img', page) == [addresses(images(page)[0])[-1]]


def test_a_caption_of_the_text_comes_before_the_pictures_own(client):
    make_picture(caption="Eigene")
    make_entry("frage", body='![](bild:fenster)\n\n![](bild:fenster "Hier & <jetzt>")\n\nIm Satz ![](bild:fenster).')
    page = html(client, "/faq/frage/")
    assert re.findall("<figcaption>(.*?)</figcaption>", page) == ["Eigene", "Hier &amp; &lt;jetzt&gt;"]
    assert "<span>Eigene</span></span>." in page


# For machines


def test_a_preview_of_a_link_and_search_engines_get_the_pictures(client):
    make_picture()
    make_picture("zwei", description='"Zwei" & <drei>')
    make_entry("frage", body="![](bild:zwei)\n\n![](bild:fenster)")
    make_walkthrough("ablauf", body=ALONE, steps=["Ohne", Step(title="Mit", body="![](bild:zwei)")])
    page, steps = html(client, "/faq/frage/"), html(client, "/faq/ablauf/")
    second, first = (ORIGIN + addresses(image)[-1] for image in images(page))
    assert f'<meta property="og:image" content="{second}">' in page
    assert '<meta property="og:image:alt" content="&quot;Zwei&quot; &amp; &lt;drei&gt;">' in page
    assert graph(page)[0]["mainEntity"][0]["acceptedAnswer"]["image"] == [second, first]
    how_to = graph(steps)[0]
    assert how_to["image"] == [first]
    assert [step.get("image") for step in how_to["step"]] == [None, [second]]
    questions = graph(html(client, "/allgemein/"))[0]["mainEntity"]
    assert sorted(one["acceptedAnswer"]["image"] for one in questions) == sorted([[second, first], [first, second]])


def test_a_page_without_pictures_says_nothing_of_any(client):
    make_picture()
    make_entry("frage")
    for path in ("/faq/frage/", "/allgemein/", "/feed.xml"):
        page = html(client, path)
        assert not [word for word in ("og:image", '"image"', "bild/", "enclosure") if word in page]


def test_the_feed_encloses_the_pictures_of_an_answer(client):
    make_picture()
    entry = make_walkthrough("ablauf", body=ALONE, steps=[Step(title="Eins", body=ALONE)])
    edit(entry, title="Neu?")
    [found] = feedparser.parse(client.get("/feed.xml").content).entries
    [enclosure] = found.enclosures
    answer = client.get(enclosure.href.removeprefix(ORIGIN))
    assert (enclosure.type, int(enclosure.length)) == ("image/webp", len(answer.content))
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"  # a reading program's page may show it


@pytest.mark.parametrize(
    ("written", "alt", "title"),
    [
        ("![](bild:fenster)", 'Was *[man]* sieht: "A_b_" & <c> \\', 'Eigene "U"'),
        ("![Anders [hier]](bild:fenster)", "Anders [hier]", 'Eigene "U"'),
        ("![](bild:fenster \"Im 'Satz'\")", 'Was *[man]* sieht: "A_b_" & <c> \\', "Im 'Satz'"),
        ('![A & B](<bild:fenster> "C")', "A & B", "C"),
    ],
)
def test_the_markdown_shows_a_picture_anywhere_with_what_is_said_of_it(client, written, alt, title):
    make_picture(description='Was *[man]* sieht: "A_b_" & <c> \\', caption='Eigene "U"')
    make_entry("frage", body=f"Davor {written} danach.")
    text = html(client, "/faq/frage.md").partition("---\n\n")[2]
    [shown] = [token for block in MarkdownIt().parse(text) for token in block.children or [] if token.type == "image"]
    [image] = images(html(client, "/faq/frage/"))
    assert shown.attrs["src"] == ORIGIN + addresses(image)[-1]
    assert (shown.content.replace("\\", ""), shown.attrs["title"]) == (alt.replace("\\", ""), title)


def test_where_words_alone_are_shown_a_picture_is_what_is_said_of_it(client):
    make_picture(description="Leuchtturm & <Meer>", caption="Unterschrift")
    entry = make_entry("frage", body="Davor.\n\n![](bild:fenster)\n\nDanach.")
    edit(entry, title="Neu?")
    words = "Davor. Leuchtturm & <Meer> Unterschrift Danach."
    page = html(client, "/faq/frage/")
    assert graph(page)[0]["mainEntity"][0]["acceptedAnswer"]["text"] == words
    assert 'name="description" content="Davor. Leuchtturm &amp; &lt;Meer&gt; Unterschrift Danach."' in page
    assert feedparser.parse(client.get("/feed.xml").content).entries[0].summary == words
    [hit] = client.get("/suche.json?q=leuchtturm").json()["results"]
    assert "<img" not in json.dumps(hit)
    found = html(client, "/suche/?q=leuchtturm")
    assert "<mark>Leuchtturm</mark>" in found
    assert not images(found)


# /bild/


def rendition(client, path="/faq/frage/"):
    return addresses(images(html(client, path))[0])[0]


def test_a_picture_is_kept_by_browsers_alone_and_cannot_run(client):
    make_picture()
    make_entry("frage", body=ALONE)
    address = rendition(client)
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert not {"Content-Encoding", "Vary", "Set-Cookie"} & {*answer.headers}
    head = client.head(address)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(answer.content)))
    assert client.post(address).status_code == 405


def test_what_is_no_name_of_a_picture_is_not_found(client):
    master = make_picture().stored.sha256
    make_entry("frage", body=ALONE)
    digest = rendition(client).removeprefix("/bild/").partition(".")[0]
    names = ["", "x", "x.webp", f"{'0' * 64}.webp", "../../portal.sqlite3", "%00.webp", digest, f"{digest}.png"]
    names += [f"{digest}.webp/", f"{digest}.webp.webp", f"{master}.png", f"{master}.webp"]
    assert {name: client.get(f"/bild/{name}").status_code for name in names} == dict.fromkeys(names, 404)


def test_a_picture_is_there_while_readers_see_it_and_a_preview_shows_it_before(client, admin_client):
    make_picture()
    entry, editor = make_entry("frage", body=ALONE, status="draft"), User.objects.create_user("erika", is_staff=True)
    preview = html(client, preview_link(entry, editor).removeprefix(ORIGIN))
    previewed = rendition(client, preview_link(entry, editor).removeprefix(ORIGIN))
    address = previewed.partition("?")[0]
    assert "og:image" not in preview
    assert client.get(address).status_code == 404
    assert client.get(previewed).headers["Cache-Control"] == "private, no-store"
    assert client.get(previewed[:-1] + "_").status_code == 404
    form = reverse("admin:faq_entry_change", args=[entry.pk])
    typed = filled_in(admin_client, form, body="Neu: ![](bild:fenster)") | {"_preview": "1"}
    [image] = images(admin_client.post(form, typed).content.decode())
    assert client.get(addresses(image)[0]).status_code == 200
    edit(entry, status="published")
    assert rendition(client) == address
    assert client.get(address).status_code == 200
    edit(entry, status="draft")
    assert client.get(address).status_code == 404
