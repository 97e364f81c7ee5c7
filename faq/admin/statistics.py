"""The page with the figures of the last 90 days, and the same as a table for a spreadsheet."""

from django.contrib.auth.decorators import permission_required

from faq.admin.spreadsheet import csv_response
from faq.operations import statistics

editors_only = permission_required("faq.view_searchquery", raise_exception=True)


@editors_only
def show(request, site):
    """Charts by week, with the table beneath."""
    days = statistics.by_day()
    weeks = statistics.by_week(days)
    return site.render(
        request,
        "admin/figures.html",
        f"Zahlen der letzten {statistics.DAYS} Tage",
        charts=statistics.charts(weeks),
        columns=statistics.MEASURES.values(),
        weeks=[(week, week.counts.values()) for week in reversed(weeks)],
        total=statistics.total(days).values(),
    )


@editors_only
def as_csv(request, site):
    """A row for each day."""
    rows = ([day.first, *day.counts.values()] for day in statistics.by_day())
    return csv_response("zahlen", ["Tag", *statistics.MEASURES.values()], rows)
