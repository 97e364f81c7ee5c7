"""The history of every text, to read, and the way back for what was deleted."""

from django.contrib import admin, messages
from django.db.models import Min, Q, Value
from django.db.models.functions import Coalesce, Concat
from django.template.loader import render_to_string

from faq.admin.base import ReadOnlyAdmin
from faq.admin.columns import clamped
from faq.admin.comparison import compared
from faq.editing import restoring
from faq.editing.addresses import AddressTaken
from faq.models import Gone, Version


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ["path", "when", "who", "source", "why"]
    list_filter = ["source", "when"]
    search_fields = ["path", "document"]
    list_select_related = ["who"]
    fields = ["path", "when", "who", "source", "why", "changes", "document"]
    readonly_fields = ["changes"]

    @admin.display(description="Was sich geändert hat")
    def changes(self, version):
        before = Version.objects.filter(pk=Version.objects.with_before().get(pk=version.pk).before).first()
        comparison = compared(
            (before.path, before.document) if before else (version.path, ""), (version.path, version.document)
        )
        return render_to_string("admin/faq/comparison.html", {"comparison": comparison})


@admin.register(Gone)
class GoneAdmin(ReadOnlyAdmin):
    list_display = [clamped("title", "Frage"), "slug", "when", "was_public"]
    search_fields = ["title", "slug"]
    fields = ["title", "slug", "path", "when", "was_public"]
    actions = ["bring_back"]

    def get_queryset(self, request):
        """Each entry once: at the address that it had last, or the first that is left of them."""
        own = Q(path__endswith=Concat(Value("/"), "slug", Value(".md")))
        entries = Gone.objects.order_by().values("path").annotate(shown=Coalesce(Min("pk", filter=own), Min("pk")))
        return super().get_queryset(request).filter(pk__in=entries.values("shown"))

    def get_search_results(self, request, queryset, search_term):
        found, _ = super().get_search_results(request, Gone.objects.all(), search_term)
        return queryset.filter(path__in=found.values("path")), False

    def has_add_entries_permission(self, request):
        return request.user.has_perm("faq.add_entry")

    @admin.action(description="Wiederherstellen", permissions=["add_entries"])
    def bring_back(self, request, queryset):
        for gone in {gone.path: gone for gone in queryset}.values():
            try:
                entry = restoring.restore(restoring.last_version_of(gone), who=request.user)
            except AddressTaken as error:
                messages.error(request, f"Nicht wiederhergestellt: {error}")
            else:
                messages.success(request, f"„{entry}“ ist wieder da, mit allen Adressen.")
