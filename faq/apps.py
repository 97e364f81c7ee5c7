"""The portal's app and its admin site."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import m2m_changed


class FaqConfig(AppConfig):
    default = True
    name = "faq"
    verbose_name = "Hilfe"

    def ready(self):
        from faq.models import Entry, Gone, guard

        for links in (Entry.former_categories.through, Gone.categories.through):
            m2m_changed.connect(guard.require_open_for_links, sender=links)


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "faq.admin.admin_site.PortalAdminSite"

    def ready(self):
        super().ready()
        import_module("faq.admin.registered")
