"""Who logs in or works in the admin keeps no thread from the readers.

A worker has more threads than it does expensive things at once: hashing a password, a preview, an upload, an export, a comparison.
In each lane so many run, a few more wait for their turn, and whoever comes then is told so at once. Together they hold nine of a
worker's threads (`helpdesk.start`) at most: the rest is the readers'.
"""

import threading
from functools import cache

from django.http import HttpResponse
from django.template.loader import render_to_string

from faq.public import layout

# How many run in a worker, and how many wait.
LOGIN, ADMIN = (1, 2), (2, 4)
RETRY_AFTER = 5  # seconds
BUSY = (
    "Gerade ist hier sehr viel los. Bitte versuchen Sie es in ein paar Sekunden noch einmal: "
    "Was Sie eingegeben haben, steht noch da, wenn Sie im Browser zurückgehen."
)


class Lane:
    """So many requests at once, and so many more that wait."""

    def __init__(self, running, waiting):
        self.turn = threading.Semaphore(running)
        self.place = threading.Semaphore(running + waiting)


def lanes(get_response):
    """Middleware that has a request wait for its turn, or refuses it: 503."""
    login, admin = Lane(*LOGIN), Lane(*ADMIN)

    def lane_of(request):
        if request.path.startswith("/admin/"):
            return admin
        return login if request.method == "POST" and request.path.startswith("/konto/") else None

    def middleware(request):
        lane = lane_of(request)
        if lane is None:
            return get_response(request)
        if not lane.place.acquire(blocking=False):
            headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
            return HttpResponse(_page(), status=503, headers=headers)
        try:
            with lane.turn:
                return get_response(request)
        finally:
            lane.place.release()

    return middleware


@cache
def _page():
    """The page is made once: refusing has to cost next to nothing."""
    return render_to_string("faq/too_many.html", layout.without_database() | {"message": BUSY})
