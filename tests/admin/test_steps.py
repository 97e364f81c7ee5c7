"""The steps of a walkthrough in its form, as it works without scripts: a number is a place."""

import pytest
from django.contrib.auth.models import Group, User

from faq.content import documents
from tests.admin.test_forms import change_url
from tests.factories import door_open, edit, make_walkthrough
from tests.forms import errors, filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def walkthrough(seed):
    return make_walkthrough("ablauf", title="Wie?", steps=[documents.Step(title=title) for title in "ABCDE"])


def saved(client, entry, **changes):
    """The titles in order after the form was saved with some fields changed."""
    url = change_url(entry)
    data = filled_in(client, url, **changes)
    response = client.post(url, data)
    assert response.status_code == 302, errors(response)
    return "".join(entry.steps.values_list("title", flat=True))


@pytest.mark.parametrize(("number", "order"), [("1", "NABCDE"), ("4", "ABCNDE"), ("6", "ABCDEN"), ("", "ABCDEN")])
def test_a_new_step_lands_where_it_was_said(admin_client, walkthrough, number, order):
    assert saved(admin_client, walkthrough, steps__5__title="N", steps__5__place=number) == order


@pytest.mark.parametrize(
    ("moved", "number", "order"), [(2, "5", "ABDEC"), (4, "1", "EABCD"), (0, "3", "BCADE"), (3, "2", "ADBCE")]
)
def test_a_step_moves_to_the_number_that_it_is_given(admin_client, walkthrough, moved, number, order):
    assert saved(admin_client, walkthrough, **{f"steps__{moved}__place": number}) == order


def test_two_steps_change_places(admin_client, walkthrough):
    assert saved(admin_client, walkthrough, steps__0__place="2", steps__1__place="1") == "BACDE"


def test_whoever_may_only_look_sees_the_rows_too(client, walkthrough):
    edit(walkthrough, status="published")
    with door_open():
        walkthrough.steps.filter(title="B").update(actors="Reseller, Microsoft", duration="ein Tag")
    looking = User.objects.create_user("lea", is_staff=True)
    looking.groups.add(Group.objects.get(name="Redaktion"))
    client.force_login(looking)
    rows = client.get(change_url(walkthrough)).content.decode().split("<summary>")
    assert [row for row in rows if "Reseller, Microsoft · ein Tag" in row.partition("</summary>")[0]]


def test_a_new_row_with_nothing_but_a_number_is_none(admin_client, walkthrough):
    assert saved(admin_client, walkthrough, steps__5__place="3") == "ABCDE"


def test_a_refused_form_shows_the_faults_with_ways_to_their_fields_and_their_step_open(admin_client, walkthrough):
    url = change_url(walkthrough)
    html = admin_client.post(url, filled_in(admin_client, url, title="", steps__2__title="")).content.decode()
    faults = html.partition('class="faults"')[2].partition("</ul>")[0]
    assert 'href="#id_title"' in faults
    assert 'href="#id_steps-2-title"' in faults
    rows = html.split('class="inline-related')[1:]
    assert ["open" in row.partition("<details")[2].partition(">")[0] for row in rows[:5]] == [0, 0, 1, 0, 0]
