"""What is done every few seconds, every minute or every hour beside the requests, each by a thread of its own in each worker of the server."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing import util

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from faq.editing import working_copies
from faq.links import checking
from faq.operations import failed_writes, faults, housekeeping, search_counts, to_do

MINUTE, HOUR = 60, 3600
END_WITHIN = 10  # seconds that a worker has for what it is answering, once its server is gone
# Each with the seconds between two runs: what was planned for a moment shall not keep readers waiting.
JOBS = {
    to_do.refresh: MINUTE,
    checking.check_new: MINUTE,
    working_copies.take_over_due: 5,
    housekeeping.run: HOUR,
}

logger = logging.getLogger(__name__)


def start():
    """Begin, in a server's worker; what was counted is written once more when it stops."""
    for job, seconds in JOBS.items():
        threading.Thread(target=_run, args=[job, seconds], name=job.__qualname__, daemon=True).start()
    if server := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=[server.pid], name="end with the server", daemon=True).start()
    # Runs in a server's child process too, where atexit may not.
    util.Finalize(None, _do, [search_counts.write], exitpriority=10)


def _run(job, seconds):
    pause = threading.Event()
    while not pause.wait(seconds):
        _do(job)


def _end_with(server):
    """A worker whose server was killed ends too: it would hold the port, and nobody could stop it.

    Told again and again: a signal that comes in its first moments may find nobody.
    """
    pause = threading.Event()
    while os.getppid() == server:
        pause.wait(1)
    logger.error("the server is gone, its worker ends")
    latest = time.monotonic() + END_WITHIN
    while time.monotonic() < latest:
        os.kill(os.getpid(), signal.SIGTERM)
        pause.wait(1)
    os.kill(os.getpid(), signal.SIGKILL)


def _do(job):
    close_old_connections()
    try:
        job()
    except Exception as error:  # the next minute brings another chance
        if isinstance(error, DatabaseError | InterfaceError) and faults.fault(error):
            failed_writes.failed(error)
        else:
            logger.exception("%s", job.__qualname__)
    finally:
        connection.close()
