"""The page with the figures of the last 90 days by week, and by day as a table for a spreadsheet."""

from django.contrib.auth.decorators import permission_required

from faq.admin.spreadsheet import csv_response
from faq.operations import statistics

editors_only = permission_required("faq.view_searchquery", raise_exception=True)


@editors_only
def show(request, site):
    """A table with bars for each measure."""
    charts = statistics.charts(statistics.by_week(statistics.by_day()))
    title = f"Zahlen der letzten {statistics.DAYS} Tage"
    return site.render(request, "admin/statistics.html", title, charts=charts)


@editors_only
def as_csv(request, site):
    """A row for each day."""
    rows = ([day.first, *day.counts.values()] for day in statistics.by_day())
    return csv_response("zahlen", ["Tag", *statistics.MEASURES.values()], rows)
