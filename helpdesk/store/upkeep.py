"""What a process does beside answering: compress well what is asked for again, and keep pages on disk."""

import atexit
import contextlib
import queue
import threading
import time

EVERY = 300  # seconds after which the pages in use are noted as still right
_MOST = 2000  # tasks that wait at once; what is more is left undone


class Upkeep:
    def __init__(self, memory, archive):
        self._memory, self._archive = memory, archive
        self._tasks = queue.Queue(_MOST)
        self._confirmed = time.monotonic()
        self._start = threading.Lock()
        self._thread = None

    def compress(self, answer):
        self._do(("compress", answer))

    def keep(self, answer):
        self._do(("keep", answer))

    def _do(self, task):
        with contextlib.suppress(queue.Full):
            self._tasks.put_nowait(task)
        if self._thread is None and self._start.acquire(blocking=False):
            # Not at once: a server may load the application in one process and serve it from others.
            self._thread = threading.Thread(target=self._work, name="store-upkeep", daemon=True)
            self._thread.start()
            atexit.register(self.finish)

    def _work(self):
        while True:
            with contextlib.suppress(queue.Empty):
                self._work_off(self._tasks.get(timeout=EVERY))
            if time.monotonic() - self._confirmed > EVERY:
                self.confirm()

    def _work_off(self, first):
        """The first task and all that wait: pages are written together."""
        tasks = [first, *self._waiting()]
        keep = {answer.key: answer for what, answer in tasks if what == "keep"}
        if keep:
            self._archive.put(list(keep.values()))
        for what, answer in tasks:
            if what == "compress":
                answer.compress_best()
                self._memory.resized(answer)

    def _waiting(self):
        while True:
            try:
                yield self._tasks.get_nowait()
            except queue.Empty:
                return

    def confirm(self):
        """Note on disk which pages are still right."""
        self._confirmed = time.monotonic()
        self._archive.put([answer for answer in self._memory.pages() if not answer.key.is_static])

    def finish(self):
        """What the last moments before the end brought."""
        self.confirm()
