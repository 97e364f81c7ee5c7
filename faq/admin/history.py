"""The history of every text, to read, and the way back for what was deleted."""

from django.contrib import admin, messages

from faq import changes, editing
from faq.models import Gone, Version


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ["path", "when", "who", "source", "why"]
    list_filter = ["source", "when"]
    search_fields = ["path", "document"]
    list_select_related = ["who"]
    fields = ["path", "when", "who", "source", "why", "document"]


@admin.register(Gone)
class GoneAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "when", "was_public"]
    search_fields = ["title", "slug"]
    fields = ["title", "slug", "path", "when", "was_public"]
    actions = ["bring_back"]

    def has_publish_permission(self, request):
        return request.user.has_perm("faq.publish_entry")

    @admin.action(description="Wiederherstellen", permissions=["publish"])
    def bring_back(self, request, queryset):
        for path in dict.fromkeys(queryset.values_list("path", flat=True)):
            version = Version.objects.of_originals().filter(path=path).exclude(document="").first()
            try:
                entry = editing.restore(version, who=request.user)
            except changes.AddressTaken as error:
                messages.error(request, f"Nicht wiederhergestellt: {error}")
            else:
                messages.success(request, f"„{entry}“ ist wieder da, mit allen Adressen.")
