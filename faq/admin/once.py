"""What a form sends twice, by a double click or over a bad line, is saved once; and its page is told once it is saved.

Each form that is shown has a name of its own, `_once`. What was saved under it is known for an hour, by name and content: what is
typed on and sent again is something else.
"""

import hashlib
import re
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.shortcuts import redirect
from django.urls import reverse

FIELD, COOKIE, LASTS = "_once", "gesichert", 3600  # seconds


def once(method):
    """Decorator of a form's view, behind the door. The view sets `request.saved` where it has saved what was posted."""

    @wraps(method)
    def view(self, request, *arguments, **options):
        name = request.POST.get(FIELD, "")
        if not re.fullmatch(r"\w{1,40}", name) or "_preview" in request.POST:
            return method(self, request, *arguments, **options)
        cache, key = caches["default"], _key(request)
        if leads_to := cache.get(key):
            self.message_user(request, "Das ist schon gesichert: Es kam zweimal an.")
            return redirect(leads_to)
        request.saved = False  # what is written may be tried again
        response = method(self, request, *arguments, **options)
        if request.saved:
            if response.status_code == 302:
                cache.set(key, response.url, LASTS)
            # For the page's script, which keeps until then what was typed.
            response.set_cookie(
                COOKIE,
                name,
                max_age=LASTS,
                path=reverse("admin:index"),
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    return view


def _key(request):
    fields = [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    content = repr((request.user.pk, request.get_full_path(), fields))
    return f"once:{hashlib.sha256(content.encode()).hexdigest()}"
