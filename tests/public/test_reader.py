"""What readers get: explanations, handouts, comparison, related answers, filters, legal pages; the same cost however many."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from faq.content.documents import Step
from faq.content.glossary_links import Explanations
from faq.models import Contact, Feedback, Gone, Site, Term
from faq.public import search as search_pages
from faq.public.walkthroughs import differences, lanes, sections, side_by_side
from faq.slugs import slugify
from tests import queries
from tests.factories import delete, door_open, edit, make_category, make_entry, make_walkthrough, store

pytestmark = pytest.mark.django_db


def make_term(slug, name, *aliases, definition="Etwas."):
    return store(Term(slug=slug, name=name, aliases=list(aliases), definition=definition))


def make_site(**fields):
    return store(Site(pk=1, title="Hilfe", **fields))


def tomorrow():
    return timezone.now() + timedelta(days=1)


def html_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class TestExplanations:
    """Terms are linked where a text first uses them, and nowhere where a link does harm."""

    @pytest.fixture(autouse=True)
    def terms(self):
        make_term("olp", "OLP", "Open License Program")
        make_term("ov", "Open Value", "OV")
        make_term("ovs", "Open Value Subscription")
        make_term("undefined", "VLSC", definition="")
        make_term("rd", "R&D")

    @pytest.mark.parametrize(
        ("text", "explained"),
        [
            ("<p>Im OLP und im OLP</p>", ["olp:OLP"]),
            ("<p>Das Open License Program, kurz OLP</p>", ["olp:Open License Program"]),
            ("<p>Open Value Subscription, Open Value</p>", ["ovs:Open Value Subscription", "ov:Open Value"]),
            ("<p>OLP-Bereich</p>", ["olp:OLP"]),
            ("<p>OLPs, XOLP, A-OLP, olp</p>", []),
            ("<p>Im VLSC</p>", []),
            ('<p><a href="/x/">OLP</a> ist OLP</p>', ["olp:OLP"]),
            ("<h3>OLP</h3><pre><code>OLP</code></pre><p><code>OLP</code></p>", []),
            ("<p><strong>OLP</strong></p>", ["olp:OLP"]),
            ("<p>R&amp;D zahlt</p>", ["rd:R&amp;D"]),
            ('<p title="OLP">&lt;OLP&gt;</p>', ["olp:OLP"]),
        ],
    )
    def test_a_term_is_linked_where_it_first_stands(self, text, explained):
        shown = Explanations().html(text, within=1)
        found = re.findall(r'<a class="term" href="/glossar/#([a-z]+)">([^<]*)</a>', shown)
        assert [f"{slug}:{spelling}" for slug, spelling in found] == explained
        assert re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", shown) == text

    def test_each_entry_explains_anew_and_an_entry_only_once(self):
        explanations = Explanations()
        assert "term" in explanations.html("<p>OLP</p>", within=1)
        assert "term" not in explanations.html("<p>OLP</p>", within=1)
        assert "term" in explanations.html("<p>OLP</p>", within=2)

    def test_a_page_shows_them_and_asks_for_all_with_one_query(self, client):
        make_entry("frage", body="Was ist OLP?\n\n## OLP\n\nUnd Open Value?")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html = html_of(client, "/faq/frage/")
        assert html.count('class="term"') == 2
        assert sum('FROM "faq_term"' in query["sql"] for query in queries) == 1


def titles_of(places):
    return [" ".join(step.title if step else "-" for step in place.steps) for place in places]


class TestWalkthroughs:
    def test_a_section_for_one_product_alone_is_a_branch(self):
        steps = [
            Step(title="Anrufen", applies_to="Office 365"),
            Step(title="Bestellen"),
            Step(section="Mehr", title="Aktivieren", applies_to="Office 365"),
            Step(section="Mehr", title="Einrichten", applies_to="Office 365"),
        ]
        found = sections(make_walkthrough(steps=steps).steps.all())
        assert [(section.title, section.only_for, section.places) for section in found] == [
            ("", "", "Schritte 1 und 2"),
            ("Mehr", "Office 365", "Schritte 3 und 4"),
        ]

    def test_lanes_say_whose_turn_each_step_is(self):
        steps = [Step(title="a", actors="Reseller"), Step(title="b"), Step(title="c", actors="Microsoft, Reseller")]
        entry = make_walkthrough(steps=steps)
        turns = {lane.actor: [step.number for step, turn, _ in lane.turns if turn] for lane in lanes(entry)}
        assert turns == {"Reseller": [1, 3], "Microsoft": [3], "": [2]}
        assert [len(lane.turns) for lane in lanes(entry)] == [3, 3, 3]

    def test_lanes_say_which_steps_are_for_one_product_alone(self):
        steps = [Step(title="a"), Step(title="b", section="Nur OLP", applies_to="OLP"), Step(title="c", section="Ende")]
        (lane,) = lanes(make_walkthrough(steps=steps))
        assert [optional for _, _, optional in lane.turns] == [False, True, False]

    def test_equal_steps_stand_side_by_side(self):
        left = make_walkthrough("links", steps=["A", "B", "C", "D"])
        right = make_walkthrough("rechts", steps=["A", "X", "C"])
        assert titles_of(side_by_side(left, right)) == ["A A", "B -", "- X", "C C", "D -"]

    def test_steps_of_the_same_actors_between_equal_ones_correspond(self):
        def ways(*letters):
            return [Step(title=title, actors=actors, applies_to=product) for title, actors, product in letters]

        start, end = ("Start", "", ""), ("Ende", "", "")
        left = make_walkthrough("links", steps=ways(start, ("Brief", "Microsoft", ""), ("Nur so", "", ""), end))
        right = make_walkthrough("rechts", steps=ways(start, ("Signatur", "Endkunde", ""), ("Mail", "Microsoft", ""), end, ("Nach", "Reseller, Endkunde", "Azure")))  # fmt: skip
        places = side_by_side(left, right)
        assert titles_of(places) == ["Start Start", "- Signatur", "Brief Mail", "Nur so -", "Ende Ende", "- Nach"]
        assert [place.same for place in places] == [True, False, False, False, True, False]
        assert [[words for words, _ in groups] for groups in differences(places)] == [
            ["ein Schritt, bei dem niemand genannt ist"],
            ["ein Schritt des Endkunden", "ein Schritt des Resellers und des Endkunden, nur bei Azure"],
        ]

    def test_the_comparison_begins_with_what_differs(self, client):
        make_walkthrough("eins", steps=["A", "B"])
        make_walkthrough("zwei", steps=["A", "B"])
        assert "Beide Abläufe haben dieselben Schritte." in html_of(client, "/vergleich/")
        make_walkthrough(
            "drei", steps=[Step(title="A"), Step(title="Unterschreiben", actors="Endkunde"), Step(title="B")]
        )
        html = html_of(client, "/vergleich/?links=eins&rechts=drei")
        assert html.index("zusätzlich ein Schritt des Endkunden") < html.index("Unterschreiben</a>")

    def test_the_comparison_needs_two_and_lets_one_choose_from_more(self, client):
        make_walkthrough("eins")
        html_of(client, "/vergleich/", 404)
        make_walkthrough("zwei", steps=["Mahnen"])
        assert "<select" not in html_of(client, "/vergleich/")
        make_walkthrough("drei", steps=["Kündigen"])
        html = html_of(client, "/vergleich/?links=drei&rechts=zwei")
        assert html.index("Kündigen") < html.index("Mahnen")
        assert "Bestellen" not in html
        for nonsense in ("?links=drei", "?links=drei&rechts=drei", "?links=fehlt&rechts=zwei"):
            html_of(client, "/vergleich/" + nonsense)

    def test_a_walkthrough_is_compared_with_the_first_other_one_and_one_without_a_position_is_the_last(self, client):
        for slug, position in (("dieser", 1), ("ohne", None), ("zweiter", 7), ("erster", 3)):
            make_walkthrough(slug, position=position)
        assert "rechts=erster" in html_of(client, "/faq/dieser/")

    def test_a_handout_holds_one_actors_steps_with_their_own_numbers(self, client):
        steps = [Step(title="Anrufen", actors="Reseller"), Step(title="Unterschreiben", actors="Endkunde")]
        make_walkthrough(steps=steps)
        html = html_of(client, "/faq/ablauf/handzettel/endkunde/")
        assert "Unterschreiben" in html
        assert "Anrufen" not in html
        assert 'id="schritt-2"' in html
        for nobody in ("microsoft", "niemand"):
            html_of(client, f"/faq/ablauf/handzettel/{nobody}/", 404)

    def test_a_handout_and_feedback_at_a_former_address_lead_on(self, client):
        make_walkthrough("ablauf", aliases=["frueher"])
        for rest in ("handzettel/", "handzettel/reseller/", "rueckmeldung/", "rueckmeldung/ja/"):
            response = client.get(f"/faq/frueher/{rest}")
            assert (response.status_code, response.headers["Location"]) == (301, f"/faq/ablauf/{rest}")
        for made_up in ("handzettel/niemand/", "rueckmeldung/quatsch/"):
            html_of(client, f"/faq/frueher/{made_up}", 404)  # else anybody could fill the cache with such
        client.post("/faq/frueher/rueckmeldung/", {"text": "Die Frist fehlt."})
        assert Feedback.objects.get().entry.slug == "ablauf"

    def test_a_draft_has_no_handout_and_is_not_compared(self, client):
        make_walkthrough("eins")
        make_walkthrough("zwei")
        make_walkthrough("geheim", status="draft", steps=["Geheimes"])
        html_of(client, "/faq/geheim/handzettel/", 404)
        assert "geheim" not in html_of(client, "/vergleich/").lower()
        assert "geheim" not in html_of(client, "/vergleich/?links=geheim&rechts=eins").lower()


def test_related_answers_are_linked_ones_first_then_those_with_most_tags_in_common(client):
    make_entry("ziel", body="Ziel.")
    make_entry("frage", body="Siehe [dort](faq:ziel).", tags=["A", "B"])
    make_entry("ein-tag", tags=["A"])
    make_entry("zwei-tags", tags=["B", "A"])
    make_entry("fremd", tags=["C"])
    make_entry("entwurf", tags=["A", "B"], status="draft")
    make_entry("verweist", body="Siehe [hier](faq:frage).")
    beside = html_of(client, "/faq/frage/").split("Passt dazu")[1].split("</aside>")[0]
    related = re.findall(r'href="/faq/([a-z-]+)/"', beside)
    assert set(related[:2]) == {"ziel", "verweist"}
    assert related[2:] == ["zwei-tags", "ein-tag"]


@pytest.mark.parametrize("path", ["/faq/alt/", "/faq/alt.md"])
def test_a_deleted_entry_is_gone_and_says_what_it_was(client, path):
    make_entry("frage")
    with door_open():
        Gone.objects.create(slug="alt", title="Wie war das & warum?", path="allgemein/alt.md", was_public=True)
    html = html_of(client, path, 410)
    assert "Wie war das &amp; warum?" in html
    assert "Frage frage?" in html


class TestGlossary:
    def order_of(self, client, path, pattern):
        return re.findall(pattern, html_of(client, path))

    def test_terms_and_tags_stand_in_german_order(self, client):
        names = ["Zugang", "Öffnung", "eAgreement", "EDU", "Straße", "Strasse 1", "Office", "Ämter"]
        wanted = ["Ämter", "eAgreement", "EDU", "Office", "Öffnung", "Straße", "Strasse 1", "Zugang"]
        for name in names:
            make_term(slugify(name), name)
        make_entry(tags=names)
        assert self.order_of(client, "/glossar/", r"<dfn>([^<]*)</dfn>") == wanted
        assert self.order_of(client, "/thema/", r'<li><a href="/thema/[^"]*">([^<]*) <span') == wanted

    def test_each_term_has_the_answers_that_use_it_by_a_name_readers_see(self, client):
        store(Term(slug="ov", name="Open Value", aliases=["OV"], search=["Mietvertrag"], definition="Etwas."))
        make_term("vlsc", "VLSC")
        make_entry("titel", title="Wie geht Open Value?")
        make_entry("text", body="Beim OV-Vertrag gilt das.")
        make_walkthrough("weg", steps=["Anrufen", Step(title="Bestellen", body="Open Value wählen.")])
        make_entry("nur-gesucht", body="Ein Mietvertrag.")
        make_entry("getrennt", body="Open ist nicht der Value.")
        make_entry("entwurf", title="Open Value?", status="draft")
        make_entry("kategorie", category="vlsc", body="Nichts davon.")
        open_value, vlsc = html_of(client, "/glossar/").split('id="vlsc"')
        assert re.findall(r'href="/faq/([^/]*)/"', open_value) == ["text", "titel", "weg"]
        assert "/faq/" not in vlsc.partition("</dl>")[0]

    def test_of_many_answers_some_are_shown_and_the_search_has_the_rest(self, client):
        make_term("olp", "OLP")
        for number in range(7):
            make_entry(f"frage-{number}", body="Im OLP.")
        html = html_of(client, "/glossar/")
        assert html.count('href="/faq/') == 5
        assert 'href="/suche/?q=OLP"' in html


class TestLegalPages:
    def test_without_anything_the_portal_says_what_it_stores_and_what_is_still_to_come(self, client):
        text = words(html_of(client, "/datenschutz/"))
        assert "keine Cookies" in text
        assert "dessen Datenschutzerklärung (folgt)" in text
        assert "WCAG" in html_of(client, "/barrierefreiheit/")
        assert "Das Impressum dieser Hilfe folgt noch." in words(html_of(client, "/impressum/"))
        footer = html_of(client, "/").partition("site-foot")[2]
        assert 'href="/datenschutz/"' in footer
        assert 'href="/impressum/"' in footer

    @pytest.mark.parametrize(
        ("said", "missing"),
        [
            ({}, ["Impressum", "Datenschutzerklärung des Betreibers"]),
            (
                {"imprint": "https://a.example/", "privacy": "https://a.example"},
                ["Impressum", "Datenschutzerklärung des Betreibers"],
            ),
            ({"imprint": "https://a.example/i", "privacy": "https://a.example/?seite=d"}, []),
            ({"imprint_text": "Wir.", "privacy": "https://a.example/#d"}, []),
            ({"imprint_text": "Wir."}, ["Datenschutzerklärung des Betreibers"]),
        ],
    )
    def test_what_the_law_asks_for_is_missing_until_the_operator_says_it(self, admin_client, said, missing):
        make_site(**said)
        page = words(html_of(admin_client, "/admin/"))
        sentence = {0: "Rechtsangabe", 1: "1 Rechtsangabe fehlt", 2: "2 Rechtsangaben fehlen"}[len(missing)]
        assert (sentence in page) == bool(missing)
        assert all(name in page for name in missing)

    def test_an_address_is_where_the_footer_leads(self, client):
        make_site(imprint="https://firma.example/i", privacy="https://firma.example/d")
        footer = html_of(client, "/").partition("site-foot")[2]
        assert 'href="https://firma.example/i"' in footer
        assert 'href="https://firma.example/d"' in footer
        assert client.get("/impressum/")["Location"] == "https://firma.example/i"
        assert "https://firma.example/d" in html_of(client, "/datenschutz/")

    def test_own_text_comes_first(self, client):
        make_site(
            privacy="https://firma.example/d", privacy_text="Unser *Text*.", privacy_html="<p>Unser <em>Text</em>.</p>"
        )
        assert "Unser <em>Text</em>." in html_of(client, "/datenschutz/")
        assert 'href="/datenschutz/"' in html_of(client, "/").partition("site-foot")[2]


def test_results_are_narrowed_by_category_and_topic_and_shown_in_parts(client):
    for number in range(25):
        tags = ["Gerade"] if number % 2 == 0 else ["Ungerade"]
        make_entry(
            f"lizenz-{number}", category="allgemein" if number < 22 else "vlsc", title=f"Lizenz {number}?", tags=tags
        )
    page = html_of(client, "/suche/?q=Lizenz")
    assert page.count('class="where"') == 20
    assert "25 Treffer" in page
    assert html_of(client, "/suche/?q=Lizenz&ab=20").count('class="where"') == 5
    narrowed = html_of(client, "/suche/?q=Lizenz&kategorie=vlsc&thema=ungerade")
    assert narrowed.count('class="where"') == 1
    assert "(1 Treffer)" in narrowed
    assert "nichts gefunden" in html_of(client, "/suche/?q=Lizenz&kategorie=gibt-es-nicht")
    for nonsense in ("&ab=-1", "&ab=x", "&ab=99999", "&ab=²"):
        html_of(client, "/suche/?q=Lizenz" + nonsense)


@pytest.mark.parametrize(
    ("overrides", "named"),
    [({}, True), ({"status": "draft"}, False), ({"publish_at": tomorrow()}, False)],
)
def test_what_readers_never_saw_is_not_named_after_it_was_deleted(client, overrides, named):
    delete(make_entry("weg", title="Zwackelmann?", **overrides))
    for path in ("/faq/weg/", "/faq/weg.md"):
        assert ("Zwackelmann" in html_of(client, path, 410)) == named
    for path in ("/allgemein/", "/alles/"):
        html = html_of(client, path, 200 if named or path == "/alles/" else 404)
        assert ("Zwackelmann" in html) == ('id="weg"' in html) == named


def test_all_anchors_of_a_deleted_entry_say_so_wherever_they_stood_until_it_is_back(client):
    entry = make_entry("alt", category="vlsc")
    delete(edit(entry, slug="neu", category=make_category("allgemein")))
    make_entry("anderes", category="bestellprozess")
    for path, stood in (("/vlsc/", True), ("/allgemein/", True), ("/alles/", True), ("/bestellprozess/", False)):
        for slug in ("alt", "neu"):
            assert (f'id="{slug}"' in html_of(client, path)) == stood, (path, slug)
    make_entry("neu", category="allgemein", title="Etwas Neues?")
    assert html_of(client, "/alles/").count('id="neu"') == 1


def test_a_filter_finds_what_stands_behind_the_best_of_all(client, monkeypatch):
    monkeypatch.setattr(search_pages, "MOST_RESULTS", 6)
    for number in range(8):
        make_entry(f"lizenz-{number}", title=f"Lizenz {number}?", tags=["Vorn" if number < 3 else "Hinten"])
    make_entry("ganz-hinten", category="vlsc", body="Etwas ganz anderes, und am Ende die Lizenz.", tags=["Hinten"])
    page = html_of(client, "/suche/?q=Lizenz")
    assert "Die besten 6 Treffer" in page
    assert "ganz-hinten" not in page
    assert 'class="number"' not in page
    assert "/faq/ganz-hinten/" in html_of(client, "/suche/?q=Lizenz&kategorie=vlsc&thema=hinten")


def test_what_is_shown_of_a_steps_hit_says_why_it_is_one(client):
    make_walkthrough("weg", steps=[Step("Lizenzen bestellen", actors="Reseller")])
    page = html_of(client, "/suche/?q=Lizenzen+bestellen")
    assert "Schritt 1: Lizenzen bestellen" in page
    assert 'class="snippet"' not in page


def test_everything_works_with_nothing_but_a_question(client):
    make_entry("frage", title="Wie?" * 60, body="Siehe [dort](offen:fehlt).", tags=["X" * 90])
    for path in (
        "/",
        "/allgemein/",
        "/faq/frage/",
        "/alles/",
        "/glossar/",
        "/vor-mir/",
        "/thema/",
        "/suche/?q=xqzw",
        "/barrierefreiheit/",
    ):
        assert "None" not in words(html_of(client, path)), path


def test_a_contact_is_named_as_it_is_called(client):
    contact = Contact(slug="vertrieb", name="Frau Dr. Özgür-Weiß", email="vertrieb@firma.example", hours="Mo–Fr")
    make_site(contact=store(contact))
    make_entry("frage", body="Siehe [Preisliste](offen:fehlt).")
    text = words(html_of(client, "/faq/frage/"))
    assert (
        "„Preisliste“ folgt noch. Bis dahin helfen wir Ihnen gern persönlich weiter: Frau Dr. Özgür-Weiß, vertrieb@"
        in text
    )
    assert "Noch Fragen? Wir helfen Ihnen gern weiter: Frau Dr. Özgür-Weiß, vertrieb@firma.example (Mo–Fr)" in text


PATHS = [
    "/",
    "/allgemein/",
    "/faq/lizenz-1/",
    "/faq/ablauf-1/",
    "/alles/",
    "/vergleich/",
    "/suche/?q=Lizenz",
    "/thema/",
    "/glossar/",
    "/vor-mir/",
]


@pytest.mark.sqlite
def test_a_page_asks_the_database_as_often_with_many_entries_as_with_few(client):
    def make(numbers):
        for number in numbers:
            make_entry(
                f"lizenz-{number}", title=f"Lizenz {number}?", tags=["A", f"T{number}"], body="OLP [a](faq:lizenz-1)"
            )
            make_walkthrough(f"ablauf-{number}", tags=["A"])
            make_term(f"begriff-{number}", f"Begriff {number}")

    make_entry("lizenz-1", title="Lizenz 1?", tags=["A"])
    make_walkthrough("ablauf-1")
    make_term("olp", "OLP")
    make(range(2, 5))
    paths = [*PATHS, "/thema/a/", "/faq/ablauf-1/handzettel/"]
    few = {path: queries.count(client, path) for path in paths}
    make(range(5, 15))
    assert {path: queries.count(client, path) for path in paths} == few
