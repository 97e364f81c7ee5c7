"""What stands in the log: one JSON object a line, when it was with the offset to UTC, and the id of the request it belongs to.

Nothing tells who asked, and no address that opens something by itself is written down.
"""

import logging
import time
from datetime import datetime

from pythonjsonlogger.json import JsonFormatter

from helpdesk import request_id

ONCE_IN = 60  # seconds
_SECRET = {"token", "key"}  # parts of addresses that open something by themselves


def _time(formatter, record, datefmt=None):
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


class Json(JsonFormatter):
    formatTime = _time


class Line(logging.Formatter):
    formatTime = _time


class RequestId(logging.Filter):
    """Gives each record the id of the request it belongs to."""

    def filter(self, record):
        record.request_id = request_id.current.get()
        return True


class Not503(logging.Filter):
    """Leaves out what each reader is told while the database is gone: the page cache says it once."""

    def filter(self, record):
        return getattr(record, "status_code", None) != 503


class WithoutTokens(logging.Filter):
    """Puts the pattern of an address in place of one that opens something by itself: a preview, a new password."""

    def filter(self, record):
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match and _SECRET & set(match.kwargs):
            record.args = (*record.args[:-1], f"/{match.route}")
        return True


class WrongAddress(logging.Filter):
    """Says once a minute which host came and which are allowed, in place of what Django says of each such request."""

    def __init__(self):
        super().__init__()
        self._next = 0.0

    def filter(self, record):
        from django.conf import settings

        came = record.request.META.get("HTTP_HOST", "")
        if record.name == "django.security.csrf":
            came = record.request.META.get("HTTP_ORIGIN", "")
            if not came or "Origin checking failed" not in str(record.args[0]):
                return False
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + ONCE_IN
        record.msg = "Abgelehnt wurde eine Anfrage an %r. Erlaubt sind %s nach PUBLIC_URL=%s."
        record.args = (came[:200], ", ".join(settings.ALLOWED_HOSTS), settings.PUBLIC_URL)
        record.exc_info = record.exc_text = None
        return True


class WithoutThreads(logging.Filter):
    """Without what granian says of many threads: here most of them wait for a turn (`faq.public.lanes`)."""

    def filter(self, record):
        return "Python threads" not in record.getMessage()
