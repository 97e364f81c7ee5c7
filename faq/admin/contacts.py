"""Contacts."""

from django.contrib import admin

from faq.admin.base import AppendingAdmin
from faq.admin.proposals import ProposalsAdmin
from faq.admin.used_in import PlacesAdmin
from faq.models import Contact


@admin.register(Contact)
class ContactAdmin(PlacesAdmin, ProposalsAdmin, AppendingAdmin):
    list_display = ["name", "slug", "phone", "email", "url"]
    search_fields = ["name", "slug", "phone", "email"]
    fields = ["name", "slug", "phone", "email", "url", "hours", "note", "places"]
    readonly_fields = ["places"]

    def get_readonly_fields(self, request, obj=None):
        """Texts name it by its slug, which stays."""
        return [*self.readonly_fields, *(["slug"] if obj else [])]
