"""Accounts, as Django has them; to delete one touches what it is named in, so that passes the door too."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from faq.admin.base import HinderedMixin, shown_again, through_the_door

admin.site.unregister(User)


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    @shown_again
    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, extra_context)

    @shown_again
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        return type(form.__name__, (HinderedMixin, form), {"request": request})

    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @through_the_door
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, extra_context)

    def prepare(self, request, *arguments):
        """No texts."""
