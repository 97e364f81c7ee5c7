"""What answers whoever may not: who may instead, and what was typed; and forms that came without the token of this browser."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from faq.admin import kept_input
from faq.editing.owners import name_of
from faq.editing.writing import PUBLISH, may_publish
from faq.public import layout

NAMED = 5
FROM_ELSEWHERE = "Das Formular kam nicht von dieser Seite, oder Ihr Browser verschweigt, woher es kam."
WITHOUT_COOKIE = "Ihr Browser hat kein Cookie mitgeschickt. Bitte erlauben Sie Cookies für diese Seite."
TOO_OLD = "Das Formular war zu alt: Seit Sie es geöffnet haben, hat sich in diesem Browser jemand an- oder abgemeldet."


def publishers():
    """Who publishes, in words."""
    return f"die Gruppe Freigabe{_names(PUBLISH)}"


def who_may(request):
    """Who may what was refused, as it is said to whoever may not."""
    carers = f"wer Konten betreut{_names('auth.change_user')}"
    if (request.resolver_match.url_name or "").startswith("auth_"):
        return f"Das darf nur, {carers}."
    if not request.user.has_perm("faq.change_entry"):
        return f"Ihr Konto darf hier nur lesen. Schreiben darf die Gruppe Redaktion, alles Weitere {publishers()}. Eintragen kann Sie, {carers}."
    if not may_publish(request.user):
        return f"Das darf nur, wer veröffentlicht: {publishers()}."
    return f"Das ist hier nicht vorgesehen, oder Ihrem Konto fehlt ein Recht dafür. Das weiß, {carers}."


def told(request):
    """What a page says that refuses something."""
    return {"who_may": who_may(request), "back": _back(request)}


def forbidden(request, exception):
    """The handler of 403."""
    if not (request.path.startswith("/admin/") and admin.site.has_permission(request)):
        return _to_readers(request, "Das geht hier nicht", "Bitte beginnen Sie noch einmal von vorn.")
    context = told(request) | {"typed": "\n\n".join(_typed(request))}
    return admin.site.render(request, "admin/refused.html", "Das dürfen Sie hier nicht", status=403, **context)


def csrf_failure(request, reason=""):
    """The page in place of Django's own, for a form that came without the token of this browser."""
    title, is_known = "Nicht angenommen", admin.site.has_permission(request)
    if reason == REASON_NO_CSRF_COOKIE and not is_known:
        return _to_readers(request, title, WITHOUT_COOKIE)
    # What another site made somebody send must not wait here for one more click.
    came_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    if f"{came_from.scheme}://{came_from.netloc}" not in settings.CSRF_TRUSTED_ORIGINS:
        return _to_readers(request, title, FROM_ELSEWHERE)
    if not is_known:
        return _to_readers(request, title, TOO_OLD)
    context = {"path": request.get_full_path(), "fields": kept_input.to_send_again(request), "message": TOO_OLD}
    return admin.site.render(request, "admin/resume.html", title, status=403, **context)


def _to_readers(request, title, message):
    """The same for whoever is not known here: what was sent is not looked at."""
    context = layout.without_database() | {"title": title, "message": message, "back": _back(request)}
    return render(request, "faq/refused.html", context, status=403)


def where_sent(request, otherwise):
    """The page with the link, the form or the button, if it is one of ours."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else otherwise


def _back(request):
    return where_sent(request, reverse("admin:index" if request.path.startswith("/admin/") else "account_login"))


def _typed(request):
    """What was typed, without keys and passwords, and what forms send of themselves."""
    fields = [(name, value.strip()) for name, value in kept_input.posted(request)]
    typed = [(name, value) for name, value in fields if value and not value.isdigit() and "password" not in name]
    return [value for name, value in typed if name == "_why" or not name.startswith(("_", "form-", "initial-"))]


def _names(permission):
    """In brackets, the first of the accounts that have it; superusers do."""
    users = User.objects.with_perm(permission).filter(is_staff=True).order_by("is_superuser", "username")[: NAMED + 1]
    names = [name_of(user) for user in users]
    more = " und andere" if len(names) > NAMED else ""
    return f" ({', '.join(names[:NAMED])}{more})" if names else ""
