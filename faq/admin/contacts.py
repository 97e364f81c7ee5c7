"""Contacts, and the list of all that is still missing."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from faq.admin.base import RecordedAdmin
from faq.models import Contact, Gap


@admin.register(Contact)
class ContactAdmin(RecordedAdmin):
    list_display = ["name", "slug", "phone", "email", "url"]
    search_fields = ["name", "slug", "phone", "email"]
    fields = ["name", "slug", "phone", "email", "url", "hours", "note"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = Contact.objects.count()
        super().save_model(request, obj, form, change)


class OpenFilter(admin.SimpleListFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("offen", "Noch offen"), ("erledigt", "Steht in keinem Text mehr")]

    def queryset(self, request, queryset):
        if self.value() == "offen":
            return queryset.filter(references__isnull=False).distinct()
        return queryset.filter(references=None) if self.value() == "erledigt" else queryset


@admin.register(Gap)
class GapAdmin(admin.ModelAdmin):
    list_display = ["name", "places", "note", "created"]
    list_filter = [OpenFilter]
    search_fields = ["name", "slug", "note"]
    fields = ["name", "slug", "places", "note", "created"]
    readonly_fields = ["slug", "places", "created"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("references__entry", "references__category", "references__term")
        )

    def has_add_permission(self, request):
        return False  # a gap is made by the text that first has it

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.references.exists())

    @admin.display(description="Steht in")
    def places(self, gap):
        sources = {reference.source for reference in gap.references.all()}
        return (
            format_html_join(", ", '<a href="{}">{}</a>', ((_admin_url(s), s) for s in sorted(sources, key=str))) or "–"
        )


def _admin_url(stored):
    return reverse(f"admin:faq_{stored._meta.model_name}_change", args=[stored.pk])
