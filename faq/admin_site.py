"""The editors' admin site."""

from django.contrib import admin


class PortalAdminSite(admin.AdminSite):
    site_title = "Hilfe und Support"
    site_header = "Hilfe und Support: Verwaltung"
    index_title = "Inhalte"
