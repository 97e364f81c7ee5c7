"""What is done every minute beside the requests, by one thread of each worker of the server."""

import logging
import threading
from multiprocessing import util

from django.db import close_old_connections, connection

from faq import searches, weblinks

MINUTE = 60
JOBS = [searches.write, weblinks.check_new]

logger = logging.getLogger(__name__)


def start():
    """Begin, in a server's worker; what was counted is written once more when it stops."""
    threading.Thread(target=_run, name="housekeeping", daemon=True).start()
    util.Finalize(None, searches.write, exitpriority=10)  # runs in a server's child process too, where atexit may not


def _run():
    pause = threading.Event()
    while not pause.wait(MINUTE):
        for job in JOBS:
            _do(job)


def _do(job):
    close_old_connections()
    try:
        job()
    except Exception:  # the next minute brings another chance
        logger.exception("%s", job.__qualname__)
    finally:
        connection.close()
