"""What is done once the answer is out, one after the other, by a thread of its own: mail, which takes as long as it takes.

So the time of an answer says nothing about what was found.
"""

import contextvars
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from multiprocessing import util

from django.db import connection

PAUSE = 0.5  # seconds: by then the answer is out
MOST = 100  # that wait
AT_THE_END = 5  # seconds that a process which stops waits for them

logger = logging.getLogger(__name__)
_thread = ThreadPoolExecutor(1, thread_name_prefix="after-answer")
_waiting = set()
_guard = threading.Lock()


def do(function, *arguments):
    """Call a function later; what it raises is noted. Beyond MOST nothing more is taken, which is noted too."""
    with _guard:
        if len(_waiting) >= MOST:
            logger.error("%s: too much is waiting, this is not done", function.__qualname__)
            return
        future = _thread.submit(contextvars.copy_context().run, _do, function, *arguments)
        _waiting.add(future)
    future.add_done_callback(_done)


def finish():
    """Wait for what waits, but not for ever."""
    wait(list(_waiting), AT_THE_END)


def _do(function, *arguments):
    time.sleep(PAUSE)
    try:
        function(*arguments)
    except Exception as error:  # a mail server's answer may hold an address
        logger.error("%s: %s", function.__qualname__, type(error).__name__)
    finally:
        connection.close()


def _done(future):
    with _guard:
        _waiting.discard(future)


util.Finalize(None, finish, exitpriority=10)  # in a server's child process too, where atexit may not run
