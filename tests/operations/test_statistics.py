"""The figures of the last 90 days: by week as charts with their table, by day for a spreadsheet."""

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


def test_the_page_shows_charts_and_the_same_as_a_table(admin_client, what_happened):
    response = admin_client.get(reverse("admin:figures"))
    page = response.content.decode()
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"<td>(\d+)</td>", foot) == ["12", "2", "4", "1", "2"]
    assert page.count('<svg class="chart" role="img"') == 3
    assert "Suchen je Woche: höchstens 7, zuletzt 5, davon vergeblich 2." in page
    assert "style=" not in page.partition("<svg")[2].partition("</table>")[0]
    heights = re.findall(r'class="whole" [^>]* height="([\d.]+)"', page)
    assert max(map(float, heights)) == 104  # the highest bar fills the chart


def test_where_nothing_happened_yet_the_page_says_zero(admin_client):
    page = admin_client.get(reverse("admin:figures")).content.decode()
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"<td>(\d+)</td>", foot) == ["0"] * 5
