"""The figures of the last 90 days: by week as tables with bars, by day for a spreadsheet."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from faq.models import Feedback, SearchDay, SearchQuery
from tests.factories import edit, make_entry

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


@pytest.fixture
def what_happened(admin_client):
    query = SearchQuery.objects.create(text="=cmd", outcome="nothing")
    for days, count, vain in ((0, 5, 2), (89, 7, 0), (90, 100, 100)):
        SearchDay.objects.create(query=query, day=days_ago(days), count=count, vain=vain)
    entries = [make_entry(slug) for slug in ("eins", "zwei", "drei")]
    for helpful in (True, True, False, None):
        Feedback.objects.create(entry=entries[0], helpful=helpful)
    admin_client.post(reverse("admin:faq_entry_still_true", args=[entries[0].pk]))
    edit(entries[1], reviewed=days_ago(10))
    edit(entries[2], reviewed=days_ago(200))


def test_a_table_holds_each_day_for_the_spreadsheet(admin_client, what_happened):
    response = admin_client.get(reverse("admin:figures_csv"))
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Tag;Suchen;davon vergeblich;Rückmeldungen;davon nicht hilfreich;Geprüfte Einträge"
    assert len(rows) == 91
    assert rows[1] == f"{days_ago(89)};7;0;0;0;0"
    assert rows[80] == f"{days_ago(10)};0;0;0;0;1"
    assert rows[90] == f"{days_ago(0)};5;2;4;1;1"


def totals(page):
    return re.findall(r"<td>(\d+)</td>", "".join(re.findall(r"<tfoot>.*?</tfoot>", page, re.S)))


def test_the_page_shows_each_week_as_a_bar_with_its_number(admin_client, what_happened):
    page = admin_client.get(reverse("admin:figures")).content.decode()
    assert totals(page) == ["12", "2", "4", "1", "2"]
    assert page.count('<table class="chart">') == 3
    assert "style=" not in page.partition("<table")[2].rpartition("</table>")[0]
    searches = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    assert [re.findall(r'class="(\w+)" height="100%" width="(\d+)%"', row) for row in (searches[0], searches[-2])] == [
        [("whole", "71"), ("part", "29")],  # this week's 5 and 2 of
        [("whole", "100")],  # the 7 of the first week
    ]


def test_where_nothing_happened_yet_the_page_says_zero(admin_client):
    page = admin_client.get(reverse("admin:figures")).content.decode()
    assert totals(page) == ["0"] * 5
    assert 'width="100%"' not in page
