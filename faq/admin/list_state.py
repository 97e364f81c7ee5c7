"""A list is found as it was left: search, filters, order and page, until the browser is closed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ERROR_FLAG
from django.shortcuts import redirect

COOKIE, ALL = "liste", "_alle"
LONGEST = 1000  # of what is kept


def _salt(request, address):
    return f"{address} {request.user.pk}"  # whoever uses the browser next has lists of their own


def as_left(request, address):
    """The address of a list with all that it had when it was left; the cookie belongs to what lies beneath."""
    query = request.get_signed_cookie(COOKIE, "", salt=_salt(request, address))
    return f"{address}?{query}" if query else address


def leads_elsewhere(request):
    """The answer to a list that is asked for where it is to be shown as it was left, or with all that is in it; else None."""
    if not _is_list(request):
        return None
    if ALL in request.GET:
        response = redirect(request.path)
        response.delete_cookie(COOKIE, request.path)
        return response
    came_from = urlsplit(request.headers.get("Referer", "")).path
    address = as_left(request, request.path)
    # Who is in the list and asks for it without a filter has taken the last one away.
    return redirect(address) if not request.GET and came_from != request.path and address != request.path else None


def remember(request, response):
    """Know how a list was left."""
    if not _is_list(request) or response.status_code != 200:
        return
    left = request.GET.copy()
    for name in [name for name, value in left.items() if not value] + [ERROR_FLAG]:
        left.pop(name, None)
    query = left.urlencode()
    if not 0 < len(query) < LONGEST:
        response.delete_cookie(COOKIE, request.path)
        return
    response.set_signed_cookie(
        COOKIE,
        query,
        salt=_salt(request, request.path),
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_list(request):
    """Whether a list is asked for, and none to choose from beside a form."""
    name = request.resolver_match.url_name or ""
    return request.method == "GET" and name.endswith("_changelist") and IS_POPUP_VAR not in request.GET
