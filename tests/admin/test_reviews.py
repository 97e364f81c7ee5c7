"""The page on which what was handed over is read, commented and decided, and the list of all."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.content.documents import Step
from faq.editing import announcements, reviews, working_copies
from faq.models import Comment, Entry, Version
from tests.accounts import client_of
from tests.factories import delete, door_open, edit, make_entry, make_walkthrough
from tests.forms import errors
from tests.queries import count

pytestmark = pytest.mark.django_db
LIST = "/admin/faq/review/"


def somebody(name, group, **options):
    return client_of(group, name.lower(), first_name=name, **options)


@pytest.fixture
def anna(db):
    """Who prepares."""
    return somebody("Anna", "Redaktion")


@pytest.fixture
def berta(db):
    """Who may publish."""
    return somebody("Berta", "Freigabe")


@pytest.fixture
def copy(anna):
    entry = make_entry("storno", title="Wie storniere ich?", body="Der öffentliche Text.")
    return edit(working_copies.start_working_copy(entry, who=anna.user), body="Der neue Text.\n\n- Eins\n- Zwei")


@pytest.fixture
def review(copy, anna):
    return reviews.submit(copy, who=anna.user, remark="Neue Frist.\nBitte prüfen.")


def url(review, page="change"):
    return reverse(f"admin:faq_review_{page}", args=[review.pk])


def shown(client, review, query=""):
    response = client.get(url(review) + query)
    assert response.status_code == 200
    return response.content.decode()


def do(client, page, review, **data):
    """What the button sends that a page shows, and what is answered at last."""
    if page == "publish":
        data = {"seen": reviews.seen(review)} | data
    return client.post(url(review, page), data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def words(html):
    return " ".join(re.sub("<[^>]*>", " ", html).split())


# What it shows


def test_the_page_says_what_was_handed_over_by_whom_to_whom_and_compares_it(review, berta):
    page = shown(berta, review)
    for part in (
        "Wie storniere ich?",
        "Wartet auf Freigabe",
        "Übergeben von Anna",
        "an alle, die veröffentlichen",
        "seit heute",
    ):
        assert part in page
    assert "Neue Frist.\nBitte prüfen." in page
    assert "<del>öffentliche</del><ins>neue</ins>" in page
    assert "Zur Freigabe gegeben von Anna, an alle" in page


def test_what_was_given_to_somebody_who_has_left_is_said_to_be_everybodys(copy, anna, berta):
    review = reviews.submit(copy, who=anna.user, to=berta.user)
    assert "Übergeben von Anna an Berta, " in shown(anna, review)
    clara = somebody("Clara", "Freigabe")
    User.objects.filter(pk=berta.user.pk).update(is_active=False)
    page = shown(clara, review)
    assert "an alle, die veröffentlichen" in page
    assert "Berta; dieses Konto veröffentlicht nicht mehr" in page


def test_a_walkthrough_is_shown_step_by_step_with_its_facts(anna, berta):
    steps = [
        Step("Anrufen", actors="Reseller", duration="5 Minuten", body="Bitte **jetzt**."),
        Step("Bestellen", section="Danach"),
    ]
    page = words(
        shown(berta, reviews.submit(make_walkthrough(status="draft", steps=steps), who=anna.user)).replace(
            "Kommentieren", ""
        )
    )
    assert re.search(
        r"Schritt 1 Anrufen .*Wer: Reseller .*Dauer: 5 Minuten .*Bitte jetzt .*Schritt 2 Danach .*Bestellen", page
    )


def test_a_text_that_no_release_can_show_any_more_is_shown_in_its_lines(review, berta):
    with door_open():
        Entry.rows.filter(copy_of=review.entry_id).update(body="!!! boese\n    Nein")
    assert "<pre>!!! boese" in shown(berta, review)


def test_each_sees_the_buttons_for_what_they_may_do(review, anna, berta):
    def buttons(client):
        page = client.get(url(review)).content.decode()
        names = {name: url(review, name) for name in ("publish", "take", "hand_back", "withdraw", "comment")}
        return {name for name, address in names.items() if f'action="{address}"' in page}

    assert buttons(berta) == {"publish", "take", "hand_back", "withdraw", "comment"}
    assert buttons(anna) == {"withdraw", "comment"}
    reader = somebody("Rita", "Redaktion")
    assert buttons(reader) == {"comment"}
    do(berta, "take", review)
    assert buttons(berta) == {"publish", "hand_back", "withdraw", "comment"}
    do(berta, "hand_back", review, reason="Noch nicht.")
    assert buttons(berta) == {"publish", "withdraw", "comment"}
    do(anna, "withdraw", review)
    assert buttons(anna) == buttons(berta) == set()


def test_it_leads_to_the_form_in_which_the_text_is_edited(review, copy, anna):
    assert reverse("admin:faq_entry_change", args=[copy.pk]) in shown(anna, review)


@pytest.mark.parametrize("page", ["change", "comment", "publish"])
def test_who_may_see_no_entries_sees_no_reviews(review, page):
    stranger = Client()
    stranger.force_login(User.objects.create_user("fremd", is_staff=True))
    ask = stranger.get if page == "change" else stranger.post
    assert ask(url(review, page)).status_code == 403
    assert stranger.get(LIST).status_code == 403


def test_it_asks_no_more_for_many_comments_and_steps(anna, berta):
    def reviewed(number):
        steps = [Step(f"Schritt {n}", body=f"[dort](faq:ablauf-{number}) {n}") for n in range(number)]
        walkthrough = make_walkthrough(f"ablauf-{number}", steps=steps)
        copy = edit(working_copies.start_working_copy(walkthrough, who=anna.user), body="Neu.")
        review = reviews.submit(copy, who=anna.user)
        for n in range(number):
            reviews.comment(review, "Hm.", who=anna.user, place=f"schritt-{n}", quote=f"Schritt {n}")
        return url(review)

    assert count(berta, reviewed(2)) == count(berta, reviewed(6))


# Comments


def comment_form(client, review, query):
    """The fields of the form that a link opens."""
    page = shown(client, review, query)
    form = page[page.index('id="kommentar"') :]
    hidden = dict(re.findall(r'type="hidden" name="(place|quote|ahead|behind|_once)" value="([^"]*)"', form))
    return {"place": "", "quote": "", "ahead": "", "behind": "", **hidden}


def test_a_comment_stands_beside_its_block_without_a_script(review, berta):
    link = re.search(r'href="(\?[^"]*block=3)" title="Kommentieren"', shown(berta, review))[1].replace("&amp;", "&")
    data = comment_form(berta, review, link)
    assert data["quote"] == "Eins"
    response = do(berta, "comment", review, text="Warum\nzuerst? <b>", **data)
    (comment,) = Comment.objects.filter(act="")
    assert response.redirect_chain[-1][0] == f"{url(review)}#kommentar-{comment.pk}"
    assert (comment.quote, comment.text) == ("Eins", "Warum\nzuerst? <b>")
    page = response.content.decode()
    assert "Warum\nzuerst? &lt;b&gt;" in page
    assert page.index(f'id="kommentar-{comment.pk}"') < page.index("<mark>Eins</mark>") < page.index("Zwei</div>")


def test_words_that_were_selected_are_the_passage(review, berta):
    data = comment_form(berta, review, "?block=2&worte=neue%20Text&davor=Der")
    assert data["quote"] == "neue Text"
    assert (data["ahead"].strip(), data["behind"]) == ("Wie storniere ich? Der", ". Eins Zwei")
    page = do(berta, "comment", review, text="Welcher?", **data).content.decode()
    assert "Der <mark>neue Text</mark>." in page


def test_a_comment_on_the_whole_stands_in_the_course_alone(review, anna):
    page = do(anna, "comment", review, text="Ich bin bis Freitag da.").content.decode()
    assert page.count("Ich bin bis Freitag da.") == 1
    assert "Kommentar von Anna" in page


def test_a_comment_follows_its_passage_and_is_said_to_be_gone_with_it(review, copy, berta):
    do(berta, "comment", review, text="Schon?", **comment_form(berta, review, "?block=4"))
    do(berta, "comment", review, text="Seit wann?", **comment_form(berta, review, "?block=2&worte=Der neue Text"))
    edit(copy, body="Ganz vorn.\n\nDer neuere Text.\n\n1. Zwei\n2. Drei")
    page = shown(berta, review)
    assert "<mark>Zwei</mark>" in page
    assert "Wortlaut inzwischen geändert" in page
    assert "Die Stelle gibt es nicht mehr" not in page
    edit(copy, body="Etwas völlig anderes steht nun hier.")
    page = shown(berta, review)
    assert words(page).count("„Der neue Text“") == 2  # where it is gone, and in the course
    assert page.index("Die Stelle gibt es nicht mehr") < page.index("Seit wann?")


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "Bitte schreiben Sie etwas"), ("  ", "Bitte schreiben Sie etwas"), ("x" * 2001, "höchstens 2000")],
)
def test_a_comment_that_is_refused_says_why_and_keeps_what_was_typed(review, berta, text, message):
    data = comment_form(berta, review, "?block=3")
    response = do(berta, "comment", review, text=text, **data)
    assert any(message in error for error in errors(response))
    page = response.content.decode()
    assert text.strip() in page
    assert 'name="quote" value="Eins"' in page
    assert page.index("errorlist") < page.index("<mark>Eins</mark>")
    assert not Comment.objects.filter(act="").exists()


def test_line_ends_count_once(review, berta):
    do(berta, "comment", review, text="\r\n".join(["x"] * 1000))
    assert len(Comment.objects.get(act="").text) == 1999


def test_a_comment_that_is_sent_twice_is_there_once(review, berta):
    data = comment_form(berta, review, "?block=3")
    for _ in range(2):
        response = do(berta, "comment", review, text="Doppelt?", **data)
    assert Comment.objects.filter(act="").count() == 1
    assert "schon gesichert" in told(response)[0]


def test_a_comment_that_comes_too_late_is_not_lost(review, copy, anna, berta):
    data = comment_form(anna, review, "?block=3")
    working_copies.publish(copy, who=berta.user)
    response = do(anna, "comment", review, text="Halt, noch nicht!", **data)
    assert response.status_code == 409
    assert "Das ist schon erledigt: freigegeben von Berta" in told(response)[0]
    assert "Halt, noch nicht!" in response.content.decode()
    assert not Comment.objects.filter(act="").exists()


# Decisions


def test_published_with_a_reason_readers_see_it_and_the_page_says_who_it_was(review, client, berta):
    response = do(berta, "publish", review, _why="Von der Leitung bestätigt")
    assert told(response) == ["„Wie storniere ich?“ ist veröffentlicht."]
    assert "Der neue Text." in client.get("/faq/storno/").content.decode()
    page = words(response.content.decode())
    assert "Freigegeben von Berta am" in page
    assert "Von der Leitung bestätigt" in page
    assert "dieselbe Person" not in page
    assert Version.objects.latest("pk").why == "Von der Leitung bestätigt"
    assert "öffentliche</del>" in response.content.decode()  # what it was compared with then


def test_a_draft_is_published_with_its_reason_too(anna, berta):
    review = reviews.submit(make_entry("neu", status="draft"), who=anna.user)
    do(berta, "publish", review, _why="Wird gebraucht")
    assert Entry.objects.get(slug="neu").status == "published"
    assert review.comments.get(act="published").text == "Wird gebraucht"


def test_who_publishes_what_they_handed_over_themselves_is_told_and_named(copy, berta):
    review = reviews.submit(copy, who=berta.user)
    assert "Sie haben das selbst übergeben" in shown(berta, review)
    page = words(do(berta, "publish", review).content.decode())
    assert page.count("; übergeben hatte es dieselbe Person") == 2  # above, and in the course


def test_what_was_changed_meanwhile_is_shown_anew_before_it_is_published(review, copy, berta):
    seen = reviews.seen(review)
    edit(copy, body="Heimlich geändert.")
    response = do(berta, "publish", review, seen=seen, _why="Weil")
    assert "Inzwischen wurde der Text geändert oder zurückgegeben" in told(response)[0]
    page = response.content.decode()
    assert "Heimlich geändert." in page
    assert 'value="Weil"' in page
    assert f'name="seen" value="{reviews.seen(review)}"' in page
    assert Entry.objects.get().body == "Der öffentliche Text."


def test_what_is_older_than_the_public_text_is_published_once_that_was_asked(review, copy, berta):
    edit(copy.copy_of, body="Der öffentliche Text, neuer.")
    response = do(berta, "publish", review, _why="Weil")
    page = response.content.decode()
    assert "Inzwischen wurde der öffentliche Text geändert" in page
    assert 'value="Weil"' in page
    assert Entry.objects.get().body == "Der öffentliche Text, neuer."
    again = dict(re.findall(r'name="(seen|_why)"[^>]* value="([^"]*)"', page))
    response = do(berta, "publish", review, over_newer="1", **again)
    assert response.redirect_chain[-1][0] == url(review)
    assert Entry.objects.get().body.startswith("Der neue Text.")
    assert Version.objects.latest("pk").why == "Weil"


def test_who_publishes_says_what_is_new_with_it(review, client, berta):
    do(berta, "publish", review, news="Neue Frist\r\nseit heute.")
    assert "Neue Frist seit heute." in client.get("/neues/").content.decode()


def test_the_sentence_that_waits_in_the_text_is_offered_and_can_be_left_out(review, copy, client, berta):
    with door_open():
        announcements.let_wait("Neue Frist.", Entry.rows.get(pk=copy.pk))
    assert "Neue Frist.</textarea>" in shown(berta, review)
    do(berta, "publish", review, news="")
    assert "Neue Frist." not in client.get("/neues/").content.decode()


def test_a_sentence_that_is_refused_is_said_with_what_was_typed_and_nothing_is_published(review, berta):
    response = do(berta, "publish", review, news="2026-11-29 Neue Frist.", _why="Weil.")
    page = response.content.decode()
    assert "Bitte beginnen Sie den Satz nicht mit einem Datum" in page
    assert "2026-11-29 Neue Frist." in page
    assert 'value="Weil."' in page
    assert Entry.objects.get().body == "Der öffentliche Text."


def test_the_sentence_stays_while_it_is_asked_whether_to_publish_over_a_newer_text(review, copy, client, berta):
    edit(copy.copy_of, body="Der öffentliche Text, neuer.")
    asked = do(berta, "publish", review, news="Neue Frist.")
    assert 'name="news" value="Neue Frist."' in asked.content.decode()
    do(berta, "publish", review, news="Neue Frist.", over_newer="1")
    assert "Neue Frist." in client.get("/neues/").content.decode()


def test_what_is_planned_is_said_to_come(review, copy, berta):
    edit(copy, publish_at=timezone.now() + timedelta(days=3))
    assert "Leser sehen die neue Fassung ab" in told(do(berta, "publish", review))[0]
    review.refresh_from_db()
    assert review.state == "published"


def test_an_address_that_was_taken_meanwhile_is_said(review, copy, berta):
    edit(copy, slug="kuendigung")
    make_entry("kuendigung", title="Wie kündige ich?")
    response = do(berta, "publish", review)
    assert "„kuendigung“ gehört inzwischen zu „Wie kündige ich?“" in told(response)[0]
    assert response.redirect_chain[-1][0] == url(review)


def test_handing_back_needs_a_reason_and_says_it(review, anna, berta):
    response = do(berta, "hand_back", review, reason=" ")
    assert "Bitte schreiben Sie etwas" in errors(response)[0]
    assert '<details class="review-way" open>' in response.content.decode()
    response = do(berta, "hand_back", review, reason="Bitte mit Datum.")
    assert told(response) == ["Es ist zurückgegeben."]
    page = words(shown(anna, review))
    assert "Zurückgegeben von Berta" in page
    assert "Bitte mit Datum." in page


def test_a_reason_that_is_too_long_is_kept(review, berta):
    response = do(berta, "hand_back", review, reason="y" * 2001)
    assert "höchstens 2000" in errors(response)[0]
    assert "y" * 2001 in response.content.decode()


def test_withdrawing_needs_none_and_leaves_the_text(review, copy, anna):
    assert "zurückgezogen" in told(do(anna, "withdraw", review))[0]
    assert Entry.rows.filter(pk=copy.pk).exists()
    assert "Zurückgezogen von Anna" in shown(anna, review)


@pytest.mark.parametrize("page", ["publish", "take", "hand_back"])
def test_who_may_not_publish_is_told_who_may(review, anna, berta, page):
    response = do(anna, page, review, reason="Nein.")
    assert response.status_code == 403
    assert "Berta" in response.content.decode()
    review.refresh_from_db()
    assert review.state == "waiting"


def test_somebody_elses_is_withdrawn_by_those_alone_who_may_publish(copy, anna, berta):
    review = reviews.submit(copy, who=berta.user)
    assert do(anna, "withdraw", review).status_code == 403


@pytest.mark.parametrize("page", ["publish", "hand_back", "withdraw", "take"])
def test_a_second_click_says_that_it_is_done(review, berta, page):
    seen = reviews.seen(review)
    do(berta, "publish", review)
    response = do(berta, page, review, seen=seen, reason="Doch nicht.")
    assert response.status_code == 409
    assert re.match("Das ist schon erledigt: freigegeben von Berta, .*", told(response)[0])
    assert "Doch nicht." in response.content.decode()


def test_what_was_handed_back_is_not_handed_back_once_more(review, berta):
    do(berta, "hand_back", review, reason="Eins.")
    assert told(do(berta, "hand_back", review, reason="Zwei.")) == ["Das ist schon erledigt: zurückgegeben von Berta."]


def test_a_decided_review_of_a_deleted_entry_still_shows_what_it_was_about(review, copy, berta, anna):
    do(anna, "comment", review, text="Gut.", **comment_form(anna, review, "?block=3"))
    delete(copy.copy_of)
    page = shown(berta, review)
    assert "Zurückgezogen" in page
    assert "<mark>Eins</mark>" in page
    assert "Der neue Text." in page


# The list


def rows(client, query=""):
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [str(review) for review in response.context["cl"].result_list]


@pytest.fixture
def many(anna, berta):
    """Two that wait, one that was handed back, one that is decided."""
    made = {}
    for name, by, to in (("alt", anna, None), ("weg", anna, None), ("zurück", berta, None), ("mir", anna, berta)):
        draft = make_entry(name.replace("ü", "ue"), title=name, status="draft")
        made[name] = reviews.submit(draft, who=by.user, to=to and to.user)
    reviews.withdraw(made["weg"], who=anna.user)
    reviews.hand_back(made["zurück"], "Nein.", who=berta.user)
    return made


def test_all_are_listed_what_waits_first(many, anna):
    assert rows(anna) == ["alt", "mir", "zurück", "weg"]
    page = words(anna.get(LIST).content.decode())
    assert "mir wartet auf Freigabe Anna Berta seit heute" in page
    assert "zurück zurückgegeben Berta alle" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?stand=offen", ["alt", "mir", "zurück"]), ("?stand=withdrawn", ["weg"]), ("?stand=waiting", ["alt", "mir"]),
        ("?an=ich", ["mir"]), ("?an=niemand", ["alt", "zurück", "weg"]), ("?von=ich", ["zurück"]), ("?q=mir", ["mir"]),
        ("?stand=quatsch&an=x", []),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_state_and_people_and_searched(many, berta, query, found):
    assert rows(berta, query) == found


def test_the_list_is_in_the_menu_and_asks_no_more_for_more(many, anna, berta):
    assert f'href="{LIST}"' in anna.get("/admin/").content.decode()
    few = count(berta, LIST)
    for number in range(4):
        reviews.submit(make_entry(f"neu-{number}", status="draft"), who=anna.user, to=berta.user)
    assert count(berta, LIST) == few


def test_nothing_is_added_or_deleted_by_hand(review, berta):
    assert berta.get(f"{LIST}add/").status_code == 403
    assert berta.post(f"{LIST}{review.pk}/delete/", {"post": "yes"}).status_code == 403
    assert berta.get(f"{LIST}999999/change/").status_code == 404
    assert berta.get(f"{LIST}x/change/").status_code == 404


def test_a_page_that_was_open_while_it_was_handed_back_publishes_nothing(review, berta):
    opened = reviews.seen(review)
    do(berta, "hand_back", review, reason="Bitte mit Datum.")
    response = do(berta, "publish", review, seen=opened)
    assert "oder zurückgegeben" in told(response)[0]
    assert Entry.objects.get().body == "Der öffentliche Text."


def test_why_it_came_back_stands_at_the_top_of_its_page_and_in_its_form(review, copy, anna, berta):
    do(berta, "hand_back", review, reason="Bitte mit Datum.")
    page = shown(anna, review)
    assert page.index("Bitte mit Datum.") < page.index("Was sich ändert")
    assert "Berta schreibt: „Bitte mit Datum.“" in anna.get(f"/admin/faq/entry/{copy.pk}/change/").content.decode()


def test_a_comment_on_words_stays_with_its_paragraph_once_they_are_others(anna, berta):
    entry = make_entry("frist", body="Lang.")
    body = (
        "Grundsätzlich geht das innerhalb von 21 Tagen nach Erhalt. Eine {} Stornierung ist nur in Ausnahmen möglich."
    )
    copy = edit(working_copies.start_working_copy(entry, who=None), body=body.format("nachträgliche"))
    review = reviews.submit(copy, who=anna.user)
    do(berta, "comment", review, text="Besser?", **comment_form(berta, review, "?block=2&worte=Eine+nachträgliche"))
    edit(copy, body=body.format("spätere"))
    page = shown(berta, review)
    assert "Wortlaut inzwischen geändert" in page
    assert "Die Stelle gibt es nicht mehr" not in page


def test_nothing_that_is_pasted_is_cut_off_in_silence(review, berta):
    assert "maxlength" not in re.sub(
        r'<input[^>]*name="_why"[^>]*>', "", shown(berta, review).partition("Was Sie tun")[2]
    )
