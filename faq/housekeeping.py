"""What is done every minute beside the requests, in each worker of the server: a thread for each job, so that none waits for another."""

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
    for job in JOBS:
        threading.Thread(target=_run, args=[job], name=job.__qualname__, daemon=True).start()
    util.Finalize(None, searches.write, exitpriority=10)  # runs in a server's child process too, where atexit may not


def _run(job):
    pause = threading.Event()
    while not pause.wait(MINUTE):
        close_old_connections()
        try:
            job()
        except Exception:  # the next minute brings another chance
            logger.exception("%s", job.__qualname__)
        finally:
            connection.close()
