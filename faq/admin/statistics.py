"""The page with the figures of the last 90 days, and the same as a table for a spreadsheet."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse

from faq.admin.spreadsheet import csv_response
from faq.operations import statistics


def show(request, site):
    """Charts by week, with the table beneath."""
    _require_editor(request)
    days = statistics.by_day()
    weeks = statistics.by_week(days)
    context = {
        **site.each_context(request),
        "title": f"Zahlen der letzten {statistics.DAYS} Tage",
        "charts": statistics.charts(weeks),
        "columns": statistics.MEASURES.values(),
        "weeks": [(week, week.counts.values()) for week in reversed(weeks)],
        "total": statistics.total(days).values(),
    }
    return TemplateResponse(request, "admin/figures.html", context)


def as_csv(request, site):
    """A row for each day."""
    _require_editor(request)
    rows = ([day.first, *day.counts.values()] for day in statistics.by_day())
    return csv_response("zahlen", ["Tag", *statistics.MEASURES.values()], rows)


def _require_editor(request):
    if not request.user.has_perm("faq.view_searchquery"):
        raise PermissionDenied
