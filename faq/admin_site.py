"""The editors' admin site."""

from django.contrib import admin
from django.core import signing
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

SALT = "faq.pending"
NOT_INPUT = ("csrfmiddlewaretoken", "username", "password", "pending", "next")


class PortalAdminSite(admin.AdminSite):
    """Django's admin, which also keeps what was typed when the login has expired in the meantime."""

    site_title = "Hilfe und Support"
    site_header = "Hilfe und Support: Verwaltung"
    index_title = "Inhalte"

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.method == "POST" and not self.has_permission(request) and self._input(request):
                return self._log_in_again(request)
            return guarded(request, *args, **kwargs)

        inner.csrf_exempt = getattr(guarded, "csrf_exempt", False)
        return inner

    def get_urls(self):
        # Imported late: the site is made before the app's models are.
        from faq.admin import exchange, guide, search

        def view(function):
            return self.admin_view(lambda request: function(request, self))

        return [
            path("anleitung/", view(guide.show), name="guide"),
            path("inhalte/", view(exchange.index), name="exchange"),
            path("inhalte/einlesen/", view(require_POST(exchange.confirm)), name="exchange_confirm"),
            path("inhalte/inhalte.zip", view(exchange.download), name="exchange_download"),
            path("inhalte/eintraege.csv", view(exchange.entries_csv), name="exchange_entries"),
            path("inhalte/offene-stellen.csv", view(exchange.gaps_csv), name="exchange_gaps"),
            path("suche/", view(search.explain), name="search_explain"),
            *super().get_urls(),
        ]

    def index(self, request, extra_context=None):
        from faq import upkeep

        context = {"to_do": upkeep.to_do(), "last_changes": upkeep.last_changes()}
        return super().index(request, context | (extra_context or {}))

    def login(self, request, extra_context=None):
        pending = request.POST.get("pending")
        response = super().login(request, {"pending": pending} | (extra_context or {}))
        if pending and response.status_code == 302:
            return self._resume(request, pending, response)
        return response

    def _input(self, request):
        return [(name, value) for name, values in request.POST.lists() if name not in NOT_INPUT for value in values]

    def _log_in_again(self, request):
        """The login form, with what was typed in a hidden field; nothing is stored."""
        pending = signing.dumps([request.get_full_path(), self._input(request)], salt=SALT, compress=True)
        request.method = "GET"
        return self.login(
            request, {"pending": pending, "app_path": reverse("admin:login"), "next": request.get_full_path()}
        )

    def _resume(self, request, pending, response):
        """One click sends on what was typed before the login."""
        try:
            path, fields = signing.loads(pending, salt=SALT, max_age=24 * 3600)
        except signing.BadSignature:
            return response
        context = {**self.each_context(request), "title": "Ihre Eingaben sind noch da", "path": path, "fields": fields}
        return TemplateResponse(request, "admin/resume.html", context)
