"""The editors' admin site."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from faq import login
from faq.actions import Busy, Hindered, Vanished
from faq.admin import (
    desk,
    digest,
    exchange,
    guide,
    kept_input,
    list_state,
    presence,
    refusals,
    replacing,
    search,
    statistics,
    text_paste,
    text_targets,
    text_view,
)
from faq.admin.base import FAULTS, noted
from faq.admin.extra_pages import admin_url, key_of
from faq.editing import versions, working_copies
from faq.editing.references import entries_at
from faq.operations import to_do
from faq.search.query import LONGEST, MOST_WORDS

# How lists of Django's admin ask for rows, beside filters of our own.
LOOKUPS = ("exact", "isnull", "gte", "lt")
NOT_KEPT = "Ihre Eingaben hebt die Hilfe hier nicht auf. Mit „Zurück“ finden Sie sie in Ihrem Browser meist wieder."


def refuse_what_no_page_sends(request):
    """Django would trip up over it: no key, no text for PostgreSQL, a lookup that its values do not fit. Raises BadRequest: 400."""
    lookups = [name.rpartition("__")[2] for name in request.GET if "__" in name]
    texts = [text for _, values in request.POST.lists() for text in values]
    fits = all(lookup in LOOKUPS for lookup in lookups) and request.GET.get(TO_FIELD_VAR) != ""
    if (
        not fits
        or any("\0" in text for text in texts)
        or not all(map(key_of, request.POST.getlist(ACTION_CHECKBOX_NAME)))
    ):
        raise BadRequest


def _shorten_search(request):
    """No list is searched for more words than the portal itself: the database would hold each against each text."""
    for name in (SEARCH_VAR, "term"):
        typed = request.GET.get(name, "")
        words = typed[:LONGEST].split()[:MOST_WORDS]
        if len(typed) > LONGEST or len(typed.split()) > MOST_WORDS:
            request.GET = request.GET.copy()
            request.GET[name] = " ".join(words)
            first = "dem ersten Wort" if len(words) == 1 else f"den ersten {len(words)} Wörtern"
            messages.info(request, f"Gesucht wird nach {first}.")


def _by_script(request):
    """Whether a page asks for something beside: that is no form that was sent, and keeps nobody logged in."""
    return (request.resolver_match.url_name or "").startswith(("editing", "text_"))


class PortalAdminSite(admin.AdminSite):
    """Django's admin behind the portal's login, which also keeps what was typed when that has expired in the meantime."""

    site_title = "Hilfe und Support"
    site_header = "Hilfe und Support: Verwaltung"
    index_title = "Übersicht"

    def has_permission(self, request):
        return super().has_permission(request) and login.passed_all(request)

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            allowed = self.has_permission(request)
            if allowed:
                refuse_what_no_page_sends(request)
                _shorten_search(request)
                if request.method == "POST" and not _by_script(request):  # to read writes nothing
                    request.session.modified = True  # the session lasts from the last save on
                kept_input.forget_what_is_sent(request)
                if response := list_state.leads_elsewhere(request):
                    return response
            elif (
                request.method == "POST"
                and request.user.is_anonymous
                and not _by_script(request)
                and (who := kept_input.just_left(request))
            ):
                if kept_input.keep(request, who):
                    return redirect_to_login(reverse("admin:resume"), reverse("account_login"))
                messages.warning(request, NOT_KEPT)
            try:
                response = guarded(request, *args, **kwargs)
            except (Hindered, Vanished) as error:
                messages.warning(request, str(error))
                again = isinstance(error, Hindered) and request.method == "POST"
                return redirect(refusals.where_sent(request, request.get_full_path()) if again else "admin:index")
            except Busy as error:
                messages.warning(request, str(error))
                return redirect("admin:resume" if kept_input.keep(request, request.user) else request.get_full_path())
            except FAULTS as error:
                if not noted(request, error):
                    raise
                return self._not_done(request)
            if allowed:
                kept_input.remember(request, response)
                list_state.remember(request, response)
            return response

        inner.csrf_exempt = getattr(guarded, "csrf_exempt", False)
        return inner

    def render(self, request, template, title, *, status=None, **context):
        """A page of our own within the admin."""
        context |= {**self.each_context(request), "title": title}
        return TemplateResponse(request, template, context, status=status)

    def get_urls(self):
        def view(function):
            return self.admin_view(lambda request: function(request, self))

        return [
            path("anleitung/", view(guide.show), name="guide"),
            path("bearbeiten/<slug:slug>/", self.admin_view(self.edit), name="edit"),
            path("text/gestaltet/", view(require_POST(text_view.shown)), name="text_shown"),
            path("text/markdown/", view(require_POST(text_view.written)), name="text_written"),
            path("bearbeitet/", view(require_POST(presence.beat)), name="editing"),
            path("ersetzen/", view(replacing.show), name="replace"),
            path("fortsetzen/", self.admin_view(self.resume), name="resume"),
            path("inhalte/", view(exchange.index), name="exchange"),
            path("inhalte/einlesen/", view(require_POST(exchange.confirm)), name="exchange_confirm"),
            path("inhalte/inhalte.zip", view(exchange.download), name="exchange_download"),
            path("inhalte/eintraege.csv", view(exchange.entries_csv), name="exchange_entries"),
            path("inhalte/offene-stellen.csv", view(exchange.gaps_csv), name="exchange_gaps"),
            path("uebersicht/", view(digest.show), name="digest"),
            path("zahlen/", view(statistics.show), name="figures"),
            path("zahlen/zahlen.csv", view(statistics.as_csv), name="figures_csv"),
            path("suche/", view(search.explain), name="search_explain"),
            path("text/ziele/", view(text_targets.find), name="text_targets"),
            path("text/anlegen/", view(text_targets.create), name="text_create"),
            path("text/einfuegen/", view(require_POST(text_paste.paste)), name="text_paste"),
            *super().get_urls(),
        ]

    def index(self, request, extra_context=None):
        context = {"last_changes": to_do.last_changes()} | desk.sections(request.user)
        return super().index(request, context | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        found = super().get_app_list(request, app_label)
        return found if app_label else desk.grouped(found)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """No form: it leads on to what is still missing, the login itself or the second factor."""
        user, following = request.user, self._following(request)
        if self.has_permission(request):
            return redirect(following)
        if user.is_authenticated and not user.is_staff:
            return self.render(request, "admin/no_access.html", "", status=403)
        if user.is_authenticated and not login.has_second_factor(user):
            messages.warning(request, "Für Ihr Konto ist ein zweiter Faktor nötig. Bitte richten Sie ihn jetzt ein.")
            return redirect("mfa_index")
        # Nobody yet, or a session older than the second factor: it starts anew.
        logout(request)
        return redirect_to_login(following, reverse("account_login"))

    def resume(self, request):
        """One click sends on what was typed before the login."""
        if not (found := kept_input.kept(request)):
            return redirect("admin:index")
        address, fields = found
        return self.render(request, "admin/resume.html", "Ihre Eingaben sind noch da", path=address, fields=fields)

    def edit(self, request, slug):
        """From the address of an entry to its form, or to that of the working copy that who asks wrote last."""
        if not (entry := entries_at([slug]).get(slug)):
            raise Http404
        copy = working_copies.working_copy(entry)
        own = copy and versions.latest_version(copy).who == request.user
        return redirect(admin_url(copy if own else entry))

    def _not_done(self, request):
        """Database or disk refused something that has no form of its own: one click sends it once more, files and passwords aside."""
        fields = kept_input.to_send_again(request)
        context = {"path": request.get_full_path(), "fields": fields, "message": request.hindered}
        return self.render(request, "admin/resume.html", "Nicht gesichert", status=503, **context)

    def _following(self, request):
        """Where to go after the login: what was asked for, if it is a page of this portal."""
        address = request.GET.get(REDIRECT_FIELD_NAME, "")
        safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
        return address if safe else reverse("admin:index")
