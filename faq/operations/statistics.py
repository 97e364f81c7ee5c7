"""What happened in the last 90 days, by day and by week: searches, feedback, reviews."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from faq.models import Entry, Feedback, SearchDay, Version

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
class Chart:
    """A measure over time and the part of it that is shown in it, the last period first.

    `rows`: period, count of the whole, count of the part. `most` is what the longest bar stands for.
    """

    title: str
    part_title: str
    rows: list[tuple[Period, int, int]]

    @property
    def most(self):
        return max(whole for _, whole, _ in self.rows)

    @property
    def whole_total(self):
        return sum(whole for _, whole, _ in self.rows)

    @property
    def part_total(self):
        return sum(part for _, _, part in self.rows)


def by_day():
    """A Period for each of the last 90 days, today last."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counts = _counts(days[0])
    return [Period(day, day, {name: counts[name][day] for name in MEASURES}) for day in days]


def by_week(days):
    """Periods of a day each as weeks from Monday to Sunday; the first and the last may be shorter."""
    weeks = {}
    for day in days:
        weeks.setdefault(day.first.isocalendar()[:2], []).append(day)
    return [
        Period(week[0].first, week[-1].last, {name: sum(day.counts[name] for day in week) for name in MEASURES})
        for week in weeks.values()
    ]


def charts(periods):
    """A Chart for each of CHARTS."""
    return [
        Chart(
            MEASURES[whole],
            MEASURES.get(part, ""),
            [(period, period.counts[whole], period.counts.get(part, 0)) for period in reversed(periods)],
        )
        for whole, part in CHARTS.items()
    ]


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
