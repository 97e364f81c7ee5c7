"""What readers search and say: counted and kept for the editors, without anything about who they are."""

import random
import re
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.models import Entry, Feedback, SearchDay, SearchQuery, Term
from faq.operations import housekeeping, search_counts, statistics, to_do
from tests.factories import store
from tests.forms import filled_in

pytestmark = pytest.mark.usefixtures("seed", "fresh_limits")
START = "/admin/"
FEEDBACK = "/faq/stornierung/rueckmeldung/"


@pytest.fixture
def fresh_limits(db):
    """Limits begin anew."""
    cache.clear()


def searched(client, query, times=1, **more):
    for _ in range(times):
        client.get("/suche/", {"q": query, **more})
    search_counts.write()  # as every minute


def start_page(admin_client):
    to_do.refresh()  # as every minute
    return admin_client.get(START).content.decode()


# Searches


def test_a_vain_search_stands_on_the_start_page_with_ways_to_mend_it(client, admin_client):
    searched(client, "Hololens  Leasing", times=3)
    page = start_page(admin_client)
    assert "„hololens leasing“" in page
    assert "3-mal, kein Wort davon gefunden" in page
    query = SearchQuery.objects.get()
    assert reverse("admin:faq_searchquery_spelling", args=[query.pk]) in page
    form = admin_client.get(f"{reverse('admin:faq_entry_add')}?title=hololens+leasing").content.decode()
    assert 'value="hololens leasing"' in form


def test_a_search_that_was_answered_is_no_work_for_anyone(client, admin_client):
    searched(client, "Stornierung")
    assert "vergeblich gesucht" not in start_page(admin_client)
    assert SearchDay.objects.get().count == 1


def test_a_vain_search_made_a_spelling_is_found_by_the_next_reader(client, admin_client):
    searched(client, "wegwerfen")
    start_page(admin_client)
    query = SearchQuery.objects.get(text="wegwerfen")
    url = reverse("admin:faq_searchquery_spelling", args=[query.pk])
    term = store(Term(slug="storno", name="Stornierung", position=99))
    page = admin_client.post(url, {"spelling": "wegwerfen", "term": term.pk}, follow=True).content.decode()
    assert "„wegwerfen“ findet jetzt" in page
    assert "„wegwerfen“ <span" not in page
    assert client.get("/suche.json?q=wegwerfen").json()["results"][0]["slug"] == "stornierung"


def test_a_new_term_can_be_made_of_a_vain_search(client, admin_client):
    searched(client, "hololens")
    start_page(admin_client)
    url = reverse("admin:faq_searchquery_spelling", args=[SearchQuery.objects.get().pk])
    page = admin_client.post(url, {"spelling": "hololens", "name": "Brille"}, follow=True).content.decode()
    assert "findet aber noch keine sichere Antwort" in page
    assert Term.objects.get(slug="brille").search == ["hololens"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"spelling": "x"}, "Bitte wählen Sie einen Begriff"),
        ({"spelling": "x", "name": "VLSC"}, "Den Begriff „VLSC“ gibt es schon"),
        ({"spelling": "", "name": "Neu"}, "Dieses Feld ist zwingend erforderlich."),
    ],
)
def test_a_spelling_without_its_term_is_refused_with_the_reason(client, admin_client, data, message):
    searched(client, "hololens")
    start_page(admin_client)
    terms = Term.objects.count()
    url = reverse("admin:faq_searchquery_spelling", args=[SearchQuery.objects.get().pk])
    assert message in admin_client.post(url, data).content.decode()
    assert Term.objects.count() == terms


def test_an_entry_that_answers_it_takes_a_vain_search_off_the_list(client, admin_client):
    searched(client, "hololens")
    assert "„hololens“" in start_page(admin_client)
    url = reverse("admin:faq_entry_change", args=[Entry.objects.get(slug="stornierung").pk])
    admin_client.post(url, filled_in(admin_client, url, title="Was kostet eine Hololens?"))
    assert "„hololens“" not in start_page(admin_client)


def test_the_list_of_searches_begins_with_what_was_most_in_vain(client, admin_client):
    searched(client, "brille")
    searched(client, "hololens", times=3)
    page = admin_client.get(reverse("admin:faq_searchquery_changelist")).content.decode()
    assert page.index("hololens") < page.index("brille")


def test_what_an_editor_puts_aside_stays_aside_and_can_come_back(client, admin_client):
    searched(client, "hololens")
    start_page(admin_client)
    url, key = reverse("admin:faq_searchquery_changelist"), SearchQuery.objects.get().pk
    admin_client.post(url, {"action": "put_aside", "_selected_action": [key]})
    searched(client, "hololens")
    assert "„hololens“" not in start_page(admin_client)
    admin_client.post(url, {"action": "take_back", "_selected_action": [key]})
    assert "„hololens“" in start_page(admin_client)


def test_paging_filters_and_suggestions_are_no_further_searches(client):
    searched(client, "office")
    searched(client, "office", ab="20")
    searched(client, "office", kategorie="vlsc")
    client.get("/suche/vorschlaege/?q=office")
    client.get("/suche/feld.json?q=office")
    client.get("/suche.json?q=office")
    client.get("/suche/?q=")
    search_counts.write()
    assert [(day.query.text, day.count) for day in SearchDay.objects.all()] == [("office", 1)]


def test_different_searches_of_a_day_are_bounded(client, monkeypatch):
    monkeypatch.setattr(search_counts, "MOST_DIFFERENT", 5)
    for number in range(12):
        search_counts.count(f"frage {number}", SearchQuery.NOTHING)
        if number == 7:
            search_counts.write()
    search_counts.write()
    counts = dict(SearchDay.objects.values_list("query__text", "count"))
    assert len(counts) <= 6
    assert sum(counts.values()) == 12
    assert search_counts.OTHERS not in [query.text for query in search_counts.vain()]


def test_searches_are_forgotten_after_the_time_that_is_set(settings):
    search_counts.count("alt", SearchQuery.NOTHING)
    search_counts.write()
    long_ago = timezone.localdate() - timedelta(days=settings.SEARCHES_KEPT_DAYS + 1)
    SearchDay.objects.update(day=long_ago)
    housekeeping.run()
    assert not SearchQuery.objects.exists()


def test_what_was_counted_is_written_when_the_server_stops(portal_in):
    portal = portal_in()
    for _ in range(6):  # made once, then answered from the page cache
        portal.get("/suche/?q=hololens")
    time.sleep(1)  # granian may miss a signal in a worker's first moments: then it is killed after ten seconds
    portal.stop()
    with closing(sqlite3.connect(portal.database)) as database:
        assert database.execute("SELECT sum(count), sum(vain) FROM faq_searchday").fetchone() == (6, 6)


# Feedback


def test_feedback_is_read_answered_and_ticked_off(client, admin_client):
    client.post(FEEDBACK, {"text": "Wo ist das Formular?"})
    assert "Wo ist das Formular?" in start_page(admin_client)
    feedback = Feedback.objects.get()
    admin_client.post(reverse("admin:faq_feedback_done", args=[feedback.pk]))
    assert "Wo ist das Formular?" not in start_page(admin_client)
    feedback.refresh_from_db()
    assert feedback.done_by.username == "admin"


@pytest.mark.parametrize(
    ("data", "said", "asks_on"),
    [
        ({"hilfreich": "ja"}, "Schön, dass die Antwort geholfen hat.", False),
        ({"hilfreich": "nein"}, "Was fehlt?", True),
        ({"text": "Die Frist."}, "Das Lizenzteam liest sie", False),
    ],
)
def test_whoever_says_something_gets_thanks(client, data, said, asks_on):
    response = client.post(FEEDBACK, data, follow=True)
    assert response.redirect_chain[0][1] == 303
    assert said in response.content.decode()
    assert ("<textarea" in response.content.decode()) == asks_on
    assert not response.cookies


def test_a_yes_is_counted_and_is_no_work(client, admin_client):
    client.post(FEEDBACK, {"hilfreich": "ja"})
    assert Feedback.objects.get().helpful
    assert "Rückmeldung</a>" not in start_page(admin_client)


def send(client, page, **data):
    """What a browser sends for the form on the page of thanks."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)">', page.content.decode()))
    return client.post(FEEDBACK, hidden | data, follow=True)


def test_a_no_and_the_text_after_it_are_one_piece_of_feedback_everywhere(client, admin_client, settings):
    thanks = client.post(FEEDBACK, {"hilfreich": "nein"}, follow=True)
    too_long = send(client, thanks, text="x" * 1001)
    assert "Das Lizenzteam liest sie" in send(client, too_long, text="Die Frist.").content.decode()
    feedback = Feedback.objects.get()
    assert (feedback.helpful, feedback.text) == (False, "Die Frist.")
    assert to_do.lists()["feedback"].count() == 1
    assert "1 Rückmeldung</a>" in start_page(admin_client)
    today = statistics.by_day()[-1].counts
    assert (today["feedback"], today["unhelpful"]) == (1, 1)
    settings.METRICS_TOKEN = "token"
    figures = client.get("/metrics", headers={"Authorization": "Bearer token"}).content.decode()
    assert 'portal_to_do{what="feedback"} 1.0' in figures


def test_a_text_after_a_no_that_was_ticked_off_has_to_be_read_all_the_same(client, admin_client):
    thanks = client.post(FEEDBACK, {"hilfreich": "nein"}, follow=True)
    admin_client.post(reverse("admin:faq_feedback_done", args=[Feedback.objects.get().pk]))
    send(client, thanks, text="Die Frist.")
    assert "Die Frist." in start_page(admin_client)


def test_each_no_has_the_text_of_one_reader(client):
    both = [client.post(FEEDBACK, {"hilfreich": "nein"}, follow=True) for _ in range(2)]
    for page, text in zip(both, ["Die Frist.", "Die Nummer."], strict=True):
        send(client, page, text=text)
    send(client, both[0], text="Und noch etwas.")
    assert sorted(Feedback.objects.values_list("text", "helpful")) == [
        ("Die Frist.", False), ("Die Nummer.", False), ("Und noch etwas.", None)
    ]  # fmt: skip


def test_feedback_needs_no_cookie_and_no_token():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FEEDBACK, {"hilfreich": "ja"}).status_code == 303


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Bitte schreiben Sie, was fehlt."),
        ({"text": "  "}, "Bitte schreiben Sie, was fehlt."),
        ({"text": "x" * 1001}, "länger als 1000 Zeichen"),
        ({"hilfreich": "vielleicht"}, "vielleicht"),
    ],
)
def test_feedback_that_says_nothing_or_too_much_gets_the_reason_and_keeps_its_text(client, data, message):
    response = client.post(FEEDBACK, data)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert data.get("text", "").strip() in response.content.decode()
    assert not Feedback.objects.exists()


def test_robots_get_thanks_and_are_not_kept(client):
    assert client.post(FEEDBACK, {"text": "Kaufen!", "webseite": "https://x.example"}).status_code == 303
    assert not Feedback.objects.exists()


def test_one_sender_cannot_fill_the_list(client):
    statuses = [client.post(FEEDBACK, {"text": f"{n}"}).status_code for n in range(22)]
    assert statuses == [303] * 20 + [429] * 2
    assert Client(REMOTE_ADDR="203.0.113.9").post(FEEDBACK, {"text": "x"}).status_code == 303


def from_elsewhere(number):
    """A client of another network for each number."""
    return Client(REMOTE_ADDR=f"198.{number // 250}.{number % 250}.7")


def test_what_is_no_feedback_takes_nobodys_share(client):
    for _ in range(25):
        assert from_elsewhere(0).post(FEEDBACK, {}).status_code == 400
    assert from_elsewhere(0).post(FEEDBACK, {"text": "Die Frist."}).status_code == 303


def test_one_network_never_uses_up_what_all_have(client, monkeypatch):
    monkeypatch.setattr("faq.public.feedback.OF_NETWORK", 5)
    neighbours = [Client(REMOTE_ADDR=f"2001:db8:1:{n}::1") for n in range(8)]
    assert [c.post(FEEDBACK, {"text": "x"}).status_code for c in neighbours] == [303] * 5 + [429] * 3
    assert from_elsewhere(1).post(FEEDBACK, {"text": "Die Frist."}).status_code == 303


def test_when_strangers_used_up_what_all_have_the_next_reader_is_heard_all_the_same(monkeypatch):
    monkeypatch.setattr("faq.public.feedback.OF_ALL", 5)
    for number in range(5):
        from_elsewhere(number).post(FEEDBACK, {"text": "x"})
    assert [from_elsewhere(9).post(FEEDBACK, {"text": "Die Frist."}).status_code for _ in range(3)] == [303, 303, 429]


@pytest.mark.parametrize(
    ("limit", "later", "words"), [("OF_ONE", 3000, "in 10 Minuten"), ("OF_NETWORK", 60, "in 24 Stunden")]
)
def test_the_wait_that_is_said_is_the_wait(client, monkeypatch, limit, later, words):
    monkeypatch.setattr(f"faq.public.feedback.{limit}", 1)
    now = [1_800_000_000.0]
    monkeypatch.setattr("faq.rate_limits.time.time", lambda: now[0])
    client.post(FEEDBACK, {"text": "x"})
    now[0] += later
    refused = client.post(FEEDBACK, {"text": "x"})
    assert words in refused.content.decode()
    now[0] += int(refused.headers["Retry-After"]) - 1
    assert client.post(FEEDBACK, {"text": "x"}).status_code == 429
    now[0] += 1
    assert client.post(FEEDBACK, {"text": "x"}).status_code == 303


@pytest.mark.parametrize("url", ["/faq/gibt-es-nicht/rueckmeldung/", f"{FEEDBACK}was-anderes/"])
def test_there_is_no_feedback_about_nothing(client, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ruft an: 05744 - 944 194!", "Ruft an: [Nummer]!"),
        ("max.muster@firma.de fragt", "[E-Mail] fragt"),
        ("+49 (0)171/1234567", "[Nummer]"),
        ("Stand 01.07.2026, 21 Tage, Office 365, Schritt 7", "Stand 01.07.2026, 21 Tage, Office 365, Schritt 7"),
    ],
)
def test_numbers_and_addresses_of_people_are_redacted_before_anything_is_stored(client, written, kept):
    client.post(FEEDBACK, {"text": written})
    assert Feedback.objects.get().text == kept
    searched(client, written)
    search_counts.write()
    assert SearchQuery.objects.get().text == kept.casefold()


# Nothing personal


@pytest.mark.sqlite
def test_after_hundreds_of_visits_nothing_about_a_visitor_is_in_the_database():
    dice = random.Random(7)
    pages = ["/", "/vlsc/", "/faq/stornierung/", "/alles/", "/glossar/", "/feed.xml", "/gibt-es-nicht/"]
    secrets = []
    for number in range(250):
        address, agent, cookie = f"203.0.113.{number % 250}", f"Mozilla/5.0 Geheim{number}", f"keks{number}"
        mail, phone = f"person{number}@firma{number}.example", f"0171 {7000000 + number}"
        secrets += [agent, cookie, mail, phone.replace(" ", ""), phone]
        visitor = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent, HTTP_REFERER=f"https://intern{number}.example/")
        visitor.cookies["besucher"] = cookie
        kind = dice.randrange(10)
        if kind == 0:
            visitor.get("/suche/", {"q": f"olp {mail} {phone}"})
        elif kind == 1:
            visitor.post(FEEDBACK, {"text": f"Bitte an {mail} oder {phone}", "hilfreich": "nein"})
        else:
            visitor.get(dice.choice(pages))
    search_counts.write()
    assert Feedback.objects.count() > 10
    assert SearchDay.objects.exists()
    stored = everything_stored()
    assert [secret for secret in secrets if secret in stored] == []
    assert "203.0.113." not in stored
    assert ".example" not in stored


def everything_stored():
    """The text of every column of every table."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    assert len(rows) > len(apps.get_models())
    return "\n".join(map(str, rows))
