"""The portal's app and its admin site."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import m2m_changed


def _both_ends(link):
    """What a row between two others says, where Django itself made its model."""
    return " – ".join(str(getattr(link, field.name)) for field in link._meta.fields if field.is_relation)


class FaqConfig(AppConfig):
    default = True
    name = "faq"
    verbose_name = "Hilfe"

    def ready(self):
        from faq.models import Entry, Gone, guard

        for links in (Entry.former_categories.through, Gone.categories.through):
            m2m_changed.connect(guard.require_open_for_links, sender=links)
        for model in apps.get_models(include_auto_created=True):
            if model._meta.auto_created:
                model.__str__ = _both_ends


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "faq.admin.admin_site.PortalAdminSite"

    def ready(self):
        super().ready()
        import_module("faq.admin.registered")
