"""What is done every minute beside the requests, each by a thread of its own in each worker of the server."""

import logging
import threading
from multiprocessing import util

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from faq import metrics, searches, weblinks

MINUTE = 60
COUNTS = [searches.write, metrics.write]
JOBS = [*COUNTS, weblinks.check_new]

logger = logging.getLogger(__name__)


def start():
    """Begin, in a server's worker; what was counted is written once more when it stops."""
    for job in JOBS:
        threading.Thread(target=_run, args=[job], name=job.__qualname__, daemon=True).start()
    for job in COUNTS:
        util.Finalize(None, _do, [job], exitpriority=10)  # runs in a server's child process too, where atexit may not


def _run(job):
    pause = threading.Event()
    while not pause.wait(MINUTE):
        _do(job)


def _do(job):
    close_old_connections()
    try:
        job()
    except (OperationalError, InterfaceError) as error:  # the database is gone: /readyz says so
        logger.warning("%s: %s", job.__qualname__, error)
    except Exception:  # the next minute brings another chance
        logger.exception("%s", job.__qualname__)
    finally:
        connection.close()
