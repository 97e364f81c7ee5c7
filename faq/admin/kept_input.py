"""What was typed into a form of ours, kept in the session until who typed it is logged in again.

Kept of nobody whose admin this browser did not show within the last day: a signed cookie says so, as the session signs what it holds.
"""

import time

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from faq import rate_limits

COOKIE, KEY = "zuletzt", "pending_input"
LASTS = 24 * 3600  # seconds
MOST = 200_000  # bytes
PER_HOUR = 10  # of one account
NOT_INPUT = ("csrfmiddlewaretoken",)


def remember(request, response):
    """Know for a day whose admin this browser showed."""
    response.set_signed_cookie(
        COOKIE,
        request.user.pk,
        salt=COOKIE,
        max_age=LASTS,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def just_left(request):
    """Whose session has ended in this browser within the last day; None where nobody's has, or who has no access any more."""
    key = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=LASTS)
    return User.objects.filter(pk=key, is_active=True, is_staff=True).first() if key else None


def posted(request):
    """What was typed into a form: pairs of name and value."""
    return [(name, v) for name, values in request.POST.lists() if name not in NOT_INPUT for v in values]


def to_send_again(request):
    """The same, to be sent by one click; nothing where there are files or passwords among it."""
    fields = posted(request)
    return [] if request.FILES or any("password" in name for name, _ in fields) else fields


def keep(request, who):
    """Keep what was posted, for this account; whether it was kept. Forms of accounts are none of ours: they hold passwords."""
    fields = posted(request)
    size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    ours = (request.resolver_match.url_name or "").startswith("faq_")
    if not ours or not 0 < size <= MOST or not rate_limits.allow("kept input", str(who.pk), PER_HOUR, 3600):
        return False
    request.session[KEY] = [request.get_full_path(), fields, who.pk, time.time()]
    if request.user.is_anonymous:
        request.session.set_expiry(LASTS)  # the login sets its own
    return True


def kept(request):
    """Address and fields of what was kept for who is logged in; None where there is nothing, or nothing any more."""
    address, fields, who, since = request.session.get(KEY, (None, None, None, 0))
    if who == request.user.pk and time.time() - since < LASTS:
        return address, fields
    request.session.pop(KEY, None)
    return None


def forget_what_is_sent(request):
    """Once it was sent on it need not be kept."""
    found = kept(request)
    if found and request.method == "POST" and found[0] == request.get_full_path():
        del request.session[KEY]
