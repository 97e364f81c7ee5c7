"""Accounts, as Django has them; to delete one touches what it is named in, so that passes the door too."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from faq.admin.base import through_the_door

admin.site.unregister(User)


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @through_the_door
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, extra_context)

    def prepare(self, request, *arguments):
        """No texts."""
