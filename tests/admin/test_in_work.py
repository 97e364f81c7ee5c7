"""All that editors have begun is in one list; what somebody else wrote is thrown away only once that was asked."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from faq.editing import working_copies
from faq.models import Entry, Version
from faq.words import since
from tests.factories import door_open, edit, make_entry
from tests.queries import count

pytestmark = pytest.mark.django_db
LIST = "/admin/faq/entry/offen/"


def somebody(name, **options):
    user = User.objects.create_user(name, is_staff=True, **options)
    user.groups.add(Group.objects.get(name="Redaktion"))
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def rita(db):
    return somebody("rita")


@pytest.fixture
def paul(db):
    return somebody("paul")


def ago(entry, days):
    """Its last version as if it were written so many days ago."""
    key = Version.objects.filter(entry=entry.original, working_copy=bool(entry.copy_of_id)).latest("pk").pk
    with door_open():
        Version.objects.filter(pk=key).update(when=timezone.localtime() - timedelta(days=days))


def a_copy(slug, who, **values):
    entry = make_entry(slug, title=f"Frage {slug}?")
    copy = working_copies.start_working_copy(entry, who=who)
    return edit(copy, who=who, body=f"Neu in {slug}.", **values)


def rows(client, query=""):
    """The cells of each row, as plain words."""
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [(entry.title, entry.state, entry.written_by) for entry in page.context["texts"]]


def test_everything_begun_is_listed_with_who_wrote_it_last_and_since_when(rita, paul):
    a_copy("kopie", rita[0])
    edit(make_entry("entwurf", status="draft"), who=paul[0], body="Neu.")
    later = timezone.now() + timedelta(days=2)
    make_entry("kommt", publish_at=later)
    planned = a_copy("geplant", rita[0], publish_at=later)
    working_copies.publish(planned, who=None)
    stopped = a_copy("angehalten", rita[0])
    with door_open():
        Entry.rows.filter(pk=stopped.pk).update(release=Entry.STOPPED)
    make_entry("oeffentlich")
    ago(Entry.objects.get(slug="entwurf"), 3)
    found = rows(paul[1])
    assert {(title, by) for title, _, by in found} == {
        ("Frage kopie?", "rita"), ("Frage entwurf?", "paul"), ("Frage kommt?", None), ("Frage geplant?", "rita"),
        ("Frage angehalten?", "rita"),
    }  # fmt: skip
    states = " ".join(state for _, state, _ in found)
    assert all(word in states for word in ("Arbeitskopie", "Entwurf", "geplant für", "angehalten"))
    page = paul[1].get(LIST).content.decode()
    assert "seit 3 Tagen" in page
    assert "seit heute" in page
    assert LIST in paul[1].get(reverse("admin:faq_entry_changelist")).content.decode()


def test_ones_own_or_those_of_a_colleague_the_oldest_or_the_newest_first(rita, paul):
    for number, name in enumerate(["a", "b", "c"]):
        ago(a_copy(name, rita[0] if name != "b" else paul[0]), 10 - number)
    assert [title for title, *_ in rows(rita[1])] == ["Frage c?", "Frage b?", "Frage a?"]
    assert [title for title, *_ in rows(rita[1], "?zuerst=alt")] == ["Frage a?", "Frage b?", "Frage c?"]
    mine = f"?wer={rita[0].pk}"
    assert [title for title, *_ in rows(rita[1], f"{mine}&zuerst=alt")] == ["Frage a?", "Frage c?"]
    page = rita[1].get(LIST + mine).content.decode()
    assert f'<a href="{mine}&amp;zuerst=neu" aria-current="true">Meine (2)</a>' in page
    assert f'href="?wer={paul[0].pk}&amp;zuerst=neu">paul (1)</a>' in page
    assert len(rows(rita[1], "?wer=quatsch&zuerst=%00&seite=x")) == 3


def test_many_of_them_stand_on_several_pages_that_ask_no_more_than_one_of_few(rita, monkeypatch):
    monkeypatch.setattr("faq.admin.working_copies.PER_PAGE", 2)
    for number in range(2):
        a_copy(f"f{number}", rita[0])
    few = count(rita[1], LIST)
    for number in range(2, 5):
        a_copy(f"f{number}", rita[0])
    assert count(rita[1], LIST) == few
    assert len(rows(rita[1], "?seite=3")) == 1
    assert "Seite 3 von 3" in rita[1].get(LIST + "?seite=3").content.decode()


def test_to_discard_what_a_colleague_wrote_asks_whose_it_is_and_how_old(rita, paul):
    copy = a_copy("kopie", paul[0])
    edit(copy, who=rita[0], body="Auch von Rita.")
    url = reverse("admin:faq_entry_discard", args=[copy.pk])
    page = rita[1].post(url).content.decode()
    assert "was paul geschrieben hat" in page
    assert "zuletzt gesichert wurde sie seit heute" in page
    assert reverse("admin:faq_entry_compare", args=[copy.pk]) in page
    assert Entry.rows.filter(pk=copy.pk).exists()
    rita[1].post(url, {"yes": "1"})
    assert not Entry.rows.filter(pk=copy.pk).exists()


def test_ones_own_is_discarded_at_once_from_its_form_and_asked_for_in_the_list(rita):
    url = reverse("admin:faq_entry_discard", args=[a_copy("kopie", rita[0]).pk])
    assert "nur Sie geschrieben haben" in rita[1].post(url, {"listed": "1"}).content.decode()
    assert rita[1].post(url).status_code == 302
    assert not Entry.rows.filter(copy_of__isnull=False).exists()
    # The next one has nothing of the former, which was thrown away.
    url = reverse("admin:faq_entry_discard", args=[a_copy("zweite", rita[0]).pk])
    assert rita[1].post(url, {"listed": "1", "yes": "1"}).url == LIST


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "heute"), (1, "gestern"), (3, "3 Tagen"), (14, "2 Wochen"), (59, "8 Wochen"), (60, "2 Monaten"), (800, "2 Jahren")],
)  # fmt: skip
def test_an_age_is_said_as_people_say_it(days, words):
    assert since(timezone.localtime() - timedelta(days=days)) == f"seit {words}"
