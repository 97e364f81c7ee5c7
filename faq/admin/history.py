"""The history of every text, to read."""

from django.contrib import admin

from faq.models import Version


@admin.register(Version)
class VersionAdmin(admin.ModelAdmin):
    list_display = ["path", "when", "who", "source", "why"]
    list_filter = ["source", "when"]
    search_fields = ["path", "document"]
    list_select_related = ["who"]
    fields = ["path", "when", "who", "source", "why", "document"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
