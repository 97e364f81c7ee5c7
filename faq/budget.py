"""Work on somebody else's text ends: it has so much processor time and memory, in a process of its own.

A pattern that backtracks can neither be foreseen nor be stopped in a thread, and keeps the interpreter from all others. Small texts
can't take long and are worked on where they are; for larger ones a helper is begun, which leaves when nobody asks it any more.
"""

import atexit
import pickle
import pkgutil
import resource
import select
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

SECONDS = 2
MEMORY = 400 * 2**20
SMALL = 2_000  # characters: the worst that was found of that length takes 0.7 s
IDLE = 10  # seconds after which the helper leaves

_ROOT = Path(__file__).resolve().parent.parent


class TooMuch(ValueError):
    """The work did not end within its budget."""


def within(function, *arguments, seconds=SECONDS):
    """`function(*arguments)`, a function of a module that needs no Django, whose first argument is a text. Raises TooMuch.

    One that is named ("package.module:function") is the helper's in any case: no other process has to load what it needs.
    """
    if not isinstance(function, str) and len(arguments[0]) <= SMALL:
        return function(*arguments)
    return _helper.work(seconds, function, *arguments)


class _Helper:
    """The helper process of this one, begun when it is first needed."""

    def __init__(self):
        self._process, self._lock = None, threading.Lock()
        atexit.register(self._end)

    def work(self, *task):
        with self._lock:
            while True:
                try:
                    outcome = self._ask(task)
                    break
                except (EOFError, BrokenPipeError, pickle.UnpicklingError):
                    if self._end() != 0:
                        raise TooMuch from None
                    # It left at this very moment: the next one is asked.
        if isinstance(outcome, MemoryError):
            raise TooMuch
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _ask(self, task):
        if self._process is None:
            command = [sys.executable, "-m", "faq.budget"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self._process = subprocess.Popen(command, cwd=_ROOT, **pipes)  # noqa: S603  our own words
        pickle.dump(task, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)  # noqa: S301  our own process

    def _end(self):
        """Let it go; how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        return process.wait()


_helper = _Helper()


def _serve():
    """What the helper does: whatever it is asked for, until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who began it ends it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], IDLE)[0]:
        try:
            seconds, function, *arguments = pickle.load(asked)  # noqa: S301  from the process that began this one
            function = pkgutil.resolve_name(function) if isinstance(function, str) else function
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)  # then the system ends this process
        try:
            outcome = function(*arguments)
        except Exception as error:
            outcome = error
        answer = pickle.dumps(outcome)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    _serve()
