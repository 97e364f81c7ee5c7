"""The page with the figures of the last 90 days, and the same as a table for a spreadsheet."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse

from faq import figures
from faq.admin.spreadsheet import csv_response


def show(request, site):
    """Charts by week, with the table beneath."""
    _require_editor(request)
    days = figures.by_day()
    weeks = figures.by_week(days)
    context = {
        **site.each_context(request),
        "title": f"Zahlen der letzten {figures.DAYS} Tage",
        "charts": figures.charts(weeks),
        "columns": figures.MEASURES.values(),
        "weeks": [(week, week.counts.values()) for week in reversed(weeks)],
        "total": figures.total(days).values(),
    }
    return TemplateResponse(request, "admin/figures.html", context)


def as_csv(request, site):
    """A row for each day."""
    _require_editor(request)
    rows = ([day.first, *day.counts.values()] for day in figures.by_day())
    return csv_response("zahlen", ["Tag", *figures.MEASURES.values()], rows)


def _require_editor(request):
    if not request.user.has_perm("faq.view_searchquery"):
        raise PermissionDenied
