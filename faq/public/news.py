"""What is new: the sentences that editors said about changes, the newest first, and those of each month at an address of their own."""

from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from faq.models import Announcement, Entry
from faq.origin import absolute
from faq.public import layout
from faq.public.rendering import page, part

NEWEST = 30
OF_MONTH = 500  # on one page: more than anybody says, so that the link to each stays


class MonthConverter:
    """A month in an address, as its first day."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value):
        return datetime.strptime(value, "%Y-%m").date()

    def to_url(self, month):
        return month.isoformat()[:7]


def _public():
    return Announcement.objects.of(Entry.objects.published())


@require_safe
def news(request):
    return page(
        request,
        "faq/news.html",
        told=_public()[:NEWEST],
        most=NEWEST,
        months=_public().months(),
        feed=absolute(reverse("feed")),
        former=layout.former_category("neues"),
        description="Was in der Hilfe neu ist, in je einem Satz, das Neueste zuerst.",
    )


@require_safe
def month(request, month):
    months = _public().months()
    if month not in months:
        raise Http404
    told, canonical = part(request, _public().filter(day__year=month.year, day__month=month.month), OF_MONTH)
    place = months.index(month)
    return page(
        request,
        "faq/news_month.html",
        month=month,
        told=told,
        later=months[place - 1] if place else None,
        earlier=months[place + 1] if place + 1 < len(months) else None,
        canonical=canonical,
        description=f"Was im {date_format(month, 'F Y')} in der Hilfe neu war, in je einem Satz.",
    )
