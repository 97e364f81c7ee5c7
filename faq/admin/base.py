"""What the admin of everything public shares: each save and each deletion is a recorded change."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime

from faq import changes


class UnusedFilter(admin.SimpleListFilter):
    """What no text has; `unused()` gives the rows."""

    title = "Verwendung"
    parameter_name = "verwendung"

    def lookups(self, request, model_admin):
        return [("nein", "Steht in keinem Text")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=self.unused()) if self.value() else queryset


class RecordedAdmin(admin.ModelAdmin):
    """Hands whatever was saved or shall be deleted to `changes.record`, with who did it."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """With names that a screen reader says for both halves of a point in time."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, AdminSplitDateTime):
            for widget, part in zip(field.widget.widgets, ("Datum", "Zeit"), strict=True):
                widget.attrs["aria-label"] = f"{field.label}: {part}"
        return field

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.record(request, saved=self.touched(request, form.instance))

    def touched(self, request, stored):
        """What has to be recorded after `stored` was saved."""
        return [stored]

    def delete_model(self, request, obj):
        self.record(request, deleted=[obj])

    def delete_queryset(self, request, queryset):
        self.record(request, deleted=list(queryset))

    def record(self, request, **what):
        changes.record(source="admin", who=request.user, why=request.POST.get("_why", "")[:300], **what)
