"""The last write that failed: in the log once a minute at most, at /readyz and /metrics until a write succeeds again.

Noted in a file, so that each worker knows; where that cannot be written, by the worker that failed.
"""

import logging
import time
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from prometheus_client import Gauge

from faq.operations import faults

PAUSE = 60  # seconds
MOMENT = Gauge(
    "portal_last_failed_write_timestamp_seconds",
    "When a write failed last; 0 since one succeeded",
    multiprocess_mode="mostrecent",
)
logger = logging.getLogger(__name__)
_own = None


class Failed(NamedTuple):
    moment: float
    what: str

    def __str__(self):
        return f"last failed write {datetime.fromtimestamp(self.moment).astimezone():%Y-%m-%dT%H:%M:%S%z}: {self.what}"


def failed(error):
    """Note that a write failed, and why."""
    global _own
    now, known, fault = time.time(), last(), faults.fault(error)
    if known and now - known.moment < PAUSE:
        return
    logger.error("a write failed: %s", faults.first_line(error))
    _own = Failed(now, fault.what if fault else type(error).__name__)
    MOMENT.set(now)
    with suppress(OSError):
        _file().write_text(f"{now} {_own.what}")
        _own = None


def succeeded():
    """Forget it."""
    global _own
    if last():
        _own = None
        MOMENT.set(0)
        with suppress(OSError):
            _file().unlink(missing_ok=True)


def last():
    """The Failed that was noted last, or None."""
    try:
        moment, _, what = _file().read_text().partition(" ")
        return Failed(float(moment), what)
    except (OSError, ValueError):
        return _own


def _file():
    return settings.DATA_DIR / "last_failed_write"
