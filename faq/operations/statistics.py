"""What happened in the last 90 days, by day and by week: searches, feedback, reviews."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from faq.models import Entry, Feedback, SearchDay, Version
from faq.operations import search_counts

DAYS = 90
# What is counted, as the table's columns say it.
MEASURES = {
    "searches": "Suchen",
    "vain": "davon vergeblich",
    "feedback": "Rückmeldungen",
    "unhelpful": "davon nicht hilfreich",
    "reviews": "Geprüfte Einträge",
}
# Each with the part of it that is shown in it.
CHARTS = {"searches": "vain", "feedback": "unhelpful", "reviews": None}


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, and their count of each of MEASURES."""

    first: date
    last: date
    counts: dict


@dataclass(frozen=True)
class Bar:
    """A period as a bar: shares (0 to 1) of the highest bar, of the whole and of its part."""

    period: Period
    whole: int
    part: int | None
    whole_share: float
    part_share: float


@dataclass(frozen=True)
class Chart:
    """One measure over time; `most` is what the highest bar stands for."""

    title: str
    part_title: str
    most: int
    bars: list


def by_day():
    """A Period for each of the last 90 days, today last."""
    search_counts.write()
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counts = _counts(days[0])
    return [Period(day, day, {name: counts[name][day] for name in MEASURES}) for day in days]


def by_week(days):
    """Periods of a day each as weeks from Monday to Sunday; the first and the last may be shorter."""
    weeks = {}
    for day in days:
        weeks.setdefault(day.first.isocalendar()[:2], []).append(day)
    return [Period(week[0].first, week[-1].last, total(week)) for week in weeks.values()]


def total(periods):
    """The sum of some periods' counts."""
    return {name: sum(period.counts[name] for period in periods) for name in MEASURES}


def charts(periods):
    """A Chart for each of CHARTS."""
    return [_chart(periods, whole, part) for whole, part in CHARTS.items()]


def _chart(periods, whole, part):
    most = max(period.counts[whole] for period in periods)
    bars = [
        Bar(
            period=period,
            whole=period.counts[whole],
            part=period.counts[part] if part else None,
            whole_share=period.counts[whole] / (most or 1),
            part_share=period.counts[part] / (most or 1) if part else 0,
        )
        for period in periods
    ]
    return Chart(MEASURES[whole], MEASURES[part] if part else "", most, bars)


def _counts(first):
    """The count of each measure by day, from the first day on."""
    begins = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    searched = SearchDay.objects.filter(day__gte=first).values("day").annotate(all=Sum("count"), in_vain=Sum("vain"))
    said = Feedback.objects.filter(created__gte=begins).annotate(day=TruncDate("created")).values("day", "helpful")
    counts = {name: Counter() for name in MEASURES}
    for row in searched:
        counts["searches"][row["day"]] = row["all"]
        counts["vain"][row["day"]] = row["in_vain"]
    for row in said.annotate(all=Count("pk")).order_by("day"):
        counts["feedback"][row["day"]] += row["all"]
        counts["unhelpful"][row["day"]] += row["all"] if row["helpful"] is False else 0
    counts["reviews"] = Counter(day for _, day in _reviews(first, begins))
    return counts


def _reviews(first, begins):
    """Entries and the days on which they were reviewed: by the button, or by their date alone."""
    pressed = Version.objects.of_originals().filter(why__startswith="Geprüft", when__gte=begins, entry__isnull=False)
    dated = Entry.objects.filter(reviewed__gte=first, reviewed__lte=timezone.localdate())
    return {(entry, timezone.localdate(when)) for entry, when in pressed.values_list("entry", "when")} | set(
        dated.values_list("pk", "reviewed")
    )
