"""The portal's app and its admin site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class FaqConfig(AppConfig):
    default = True
    name = "faq"
    verbose_name = "Hilfe"


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "faq.admin_site.PortalAdminSite"
