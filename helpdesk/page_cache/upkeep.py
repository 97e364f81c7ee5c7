"""What a process does beside answering: compress well what is asked for again, and keep pages on disk."""

import contextlib
import logging
import queue
import threading
import time
from multiprocessing import util

from helpdesk.page_cache.revision import Unavailable

log = logging.getLogger(__name__)

EVERY = 300  # seconds after which the pages in use are noted as still right
_MOST = 2000  # tasks that wait at once; what is more is left undone


class Upkeep:
    def __init__(self, memory, archive, watch):
        self._memory, self._archive, self._watch = memory, archive, watch
        self._tasks = queue.Queue(_MOST)
        self._confirmed = time.monotonic()
        self._start = threading.Lock()
        self._thread = None

    def compress(self, answer):
        """Make the smallest encodings; whether it will be done."""
        return self._do("compress", answer.key)

    def keep(self, answer, *, page):
        """Write a page, or what stands in its place now, to disk."""
        self._do("keep" if page else "replace", answer.key)

    def _do(self, what, key):
        try:
            # Not the answer itself: until its turn comes it may have given way to others, and then it takes no room here.
            self._tasks.put_nowait((what, key))
        except queue.Full:
            return False
        if self._thread is None and self._start.acquire(blocking=False):
            # Not at once: a server may load the application in one process and serve it from others.
            self._thread = threading.Thread(target=self._work, name="store-upkeep", daemon=True)
            self._thread.start()
            # Runs in a server's child process too, where atexit may not.
            util.Finalize(None, self.finish, exitpriority=10)
        return True

    def _work(self):
        while True:
            try:
                with contextlib.suppress(queue.Empty):
                    self._work_off([self._tasks.get(timeout=EVERY), *self._waiting()])
                if time.monotonic() - self._confirmed > EVERY:
                    self.confirm()
            except Exception:  # the next task may be a better one
                log.exception("the upkeep of stored pages")

    def _work_off(self, tasks):
        """What waits: pages are written together."""
        self._write(tasks)
        for what, key in tasks:
            if what == "compress" and (answer := self._memory.get(key)) and not answer.smallest:
                answer.compress_best()
                self._memory.resized(answer)

    def _write(self, tasks):
        latest = {key: what for what, key in tasks if what != "compress"}
        found = [(what, answer) for key, what in latest.items() if (answer := self._memory.get(key))]
        if found:
            pages, others = ([answer for what, answer in found if what == kind] for kind in ("keep", "replace"))
            self._archive.put(pages, others)

    def _waiting(self):
        while True:
            try:
                yield self._tasks.get_nowait()
            except queue.Empty:
                return

    def confirm(self):
        """Note on disk which pages are still right, whether anybody asks for them or not."""
        self._confirmed = time.monotonic()
        try:
            stand = self._watch.read()
        except Unavailable:
            return
        right = [answer for answer in self._memory.pages() if answer.stand == stand and not answer.key.is_static]
        for answer in right:
            answer.confirm(time.time())
        self._archive.put(right)

    def finish(self):
        """What the last moments before the end brought."""
        self._write(list(self._waiting()))
        self.confirm()
