"""What answers where no page does: not found, deleted, asked too often, no database, a fault of ours."""

import math
import sys
from functools import wraps

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path, resolve

from faq import rate_limits
from faq.files.storing import Unreachable
from faq.models import Gone
from faq.operations import failed_writes, faults
from faq.public import layout
from faq.public.page_cache import UNAVAILABLE
from faq.public.rendering import page

RETRY_AFTER = 60  # seconds


def bad_request(request, exception):
    return HttpResponseBadRequest("Diese Anfrage ist nicht lesbar.", content_type="text/plain; charset=utf-8")


def not_found(request, exception):
    return _in_small_letters(request) or page(request, "faq/not_found.html", status=404, categories=layout.categories())


def _in_small_letters(request):
    """Where an address leads that was written with capitals; None where it leads nowhere either."""
    path, query = request.path.lower(), request.META["QUERY_STRING"]
    if path == request.path or request.method not in ("GET", "HEAD"):
        return None
    path = path if is_valid_path(path) else f"{path}/"
    there = redirect(f"{path}?{query}" if query else path, permanent=True)
    try:
        request.resolver_match = match = resolve(path)
        if path.startswith(("/admin/", "/konto/")):  # they judge for themselves who may see what
            return there
        found = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return None
    found.close()
    return found if found.status_code == 301 else there


def not_allowed(request):
    """Something was sent to a page that takes nothing."""
    message = "Diese Seite nimmt nichts entgegen. Bitte rufen Sie sie einfach auf, ohne etwas abzuschicken."
    context = layout.without_database() | {"title": "Hier lässt sich nichts abschicken", "message": message}
    response = render(request, "faq/too_many.html", context, status=405)
    response["Allow"] = "GET, HEAD"
    return response


def too_large(request, most):
    """More was sent than the `most` bytes that are taken."""
    message = (
        f"Mehr als {most // 1_000_000} MB nimmt das Portal auf einmal nicht an. Bitte gehen Sie im Browser zurück, und "
        "nehmen Sie eine kleinere Datei oder weniger auf einmal."
    )
    context = layout.without_database() | {"title": "Das ist zu groß", "message": message}
    return render(request, "faq/too_many.html", context, status=413)


def unavailable(request, message=""):
    """The database is missing, or the `message`: said to the reader, and to the page cache, which may still have the page."""
    request.environ[UNAVAILABLE] = True
    response = render(request, "faq/unavailable.html", layout.without_database() | {"message": message}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request):
    """Needs no database: it may be what is broken."""
    error = sys.exception()
    fault = faults.fault(error) if isinstance(error, DatabaseError | InterfaceError | OSError) else None
    if fault and request.method not in ("GET", "HEAD"):
        failed_writes.failed(error)
        return unavailable(request, faults.told(fault))
    if fault:
        return unavailable(request)
    if isinstance(error, Unreachable):
        response = render(request, "faq/too_many.html", layout.without_database() | {"message": str(error)}, status=503)
        response["Retry-After"], response["Cache-Control"] = str(RETRY_AFTER), "no-store"
        return response
    return render(request, "faq/server_error.html", layout.without_database(), status=500)


def gone(request, slug):
    """What answers where no public entry does: that it was deleted, else 404."""
    found = Gone.objects.unanswered().filter(slug=slug).first()
    if found is None:
        raise Http404
    return page(
        request,
        "faq/gone.html",
        status=410,
        title=found.title if found.was_public else "",
        categories=layout.categories(),
        canonical="",
    )


def too_many(request, seconds=60):
    """The answer to who asks too often: 429, for a program as JSON, else as a page."""
    headers = {"Retry-After": str(int(seconds)), "Cache-Control": "no-store"}
    message = f"Das waren sehr viele Anfragen in kurzer Zeit. Bitte versuchen Sie es {_when(seconds)} noch einmal."
    if request.path.endswith(".json"):
        return JsonResponse({"error": message}, status=429, headers=headers)
    context = layout.context() | {"message": message}
    response = render(request, "faq/too_many.html", context, status=429)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _when(seconds):
    """In so many seconds, in words; never too early."""
    if seconds <= 60:
        return "gleich"
    minutes = math.ceil(seconds / 60)
    return f"in {minutes} Minuten" if minutes < 120 else f"in {math.ceil(minutes / 60)} Stunden"


def limited(what, setting):
    """Decorator of a reader's view: refuse a client that asks for it more often in a minute than this setting says."""

    def decorator(view):
        @wraps(view)
        def inner(request, *args, **kwargs):
            if rate_limits.allow_in_passing(what, rate_limits.client(request), getattr(settings, setting), 60):
                return view(request, *args, **kwargs)
            return too_many(request, rate_limits.wait(what, rate_limits.client(request)) or 60)

        return inner

    return decorator
