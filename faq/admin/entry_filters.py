"""Filters of the list of entries."""

from django.contrib import admin
from django.db.models import Q

from faq.admin import duplicates
from faq.admin.filters import ChoicesFilter
from faq.models import Entry, Tag
from faq.operations import to_do


def _with_gaps():
    return Entry.rows.filter(links_out__gap__isnull=False)


def _to_come(entries):
    coming = Entry.rows.to_come().order_by().values("pk")
    return entries.filter(Q(pk__in=coming) | Q(copies__in=coming))


class GapFilter(ChoicesFilter):
    title = "Offene Stellen"
    parameter_name = "offen"
    options = {
        "ja": ("Mit offenen Stellen", lambda entries: entries.filter(pk__in=_with_gaps())),
        "nein": ("Ohne", lambda entries: entries.exclude(pk__in=_with_gaps())),
    }


class DueFilter(ChoicesFilter):
    title = "Prüfung"
    parameter_name = "faellig"
    options = {"ja": ("Fällig", lambda entries: entries.filter(pk__in=to_do.due_for_review()))}


class MomentFilter(ChoicesFilter):
    title = "Zeitpunkt"
    parameter_name = "zeit"
    options = {
        "geplant": ("Geplant", _to_come),
        "abgelaufen": ("Abgelaufen", lambda entries: entries.filter(pk__in=Entry.rows.run_out().values("pk"))),
    }


class AlikeFilter(ChoicesFilter):
    title = "Fast gleiche Fragen"
    parameter_name = "gleich"
    options = {"ja": ("Paare zeigen", duplicates.with_a_twin)}


class TagFilter(admin.SimpleListFilter):
    title = "Schlagwort"
    parameter_name = "thema"

    NONE = "-"  # no slug

    def lookups(self, request, model_admin):
        used = Tag.objects.filter(taggings__isnull=False).distinct().values_list("slug", "name")
        return [(self.NONE, "Ohne Schlagwort"), *used]

    def queryset(self, request, queryset):
        if self.value() == self.NONE:
            return queryset.filter(taggings=None)
        return queryset.filter(taggings__tag__slug=self.value()) if self.value() else queryset
