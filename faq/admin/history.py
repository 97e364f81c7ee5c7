"""The history of every text, to read, and the way back for what was deleted."""

from django.contrib import admin, messages
from django.template.loader import render_to_string

from faq.admin.base import ReadOnlyAdmin
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
    list_display = ["title", "slug", "when", "was_public"]
    search_fields = ["title", "slug"]
    fields = ["title", "slug", "path", "when", "was_public"]
    actions = ["bring_back"]

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
