"""What is made of texts before the lock: HTML, analysed words, documents read.

An action is a function that changes something. Whatever it needs made of a text it asks for by `made(function, text)`. Before the
door is opened that is made at once and kept. Behind it nothing is made: what is not there yet ends the try, which is rolled
back; it is made outside, and the action begins again. So a try is the snapshot for the next one, and texts that follow from
rows (a renumbering, a tag's merge, a rename) need no preparation of their own.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

# How often an action begins again without getting further than before: others changed what it depends on.
AGAIN = 3

# Every action there is, by its name: a test holds each against everybody's rights.
ACTIONS: dict[str, Callable] = {}


class Busy(RuntimeError):
    """Others changed what the action depends on, again and again. Nothing was written; the message is for users."""


class Hindered(RuntimeError):
    """Something stands in the way, and nothing was written. The message is for users, who look at the page once more."""


class Vanished(RuntimeError):
    """What was to be changed is no longer there: somebody was faster. The message is for users."""


class NotMade(Exception):
    """Behind the lock something was needed that is not made yet."""


class _Making:
    def __init__(self):
        self.results, self.missing, self.locked = {}, [], False
        self.found = 0  # how much of what this try asked for was there: how far it got

    def make(self, key):
        function, *arguments = key
        try:
            self.results[key] = (function(*arguments), None)
        except ValueError as error:  # a text that is refused: whoever asks is told again
            self.results[key] = (None, error)

    def make_missing(self):
        for key in self.missing:
            self.make(key)
        self.missing = []


_current = ContextVar("making", default=None)


def action(function):
    """Decorator of what changes something: a function that opens the door, `writing(...)`, itself or by what it calls.

    Called within another action it is a part of that. Raises Busy where it began again too often.
    """
    ACTIONS[f"{function.__module__}.{function.__qualname__}"] = function

    @wraps(function)
    def begun(*arguments, **options):
        if _current.get():
            return function(*arguments, **options)
        token = _current.set(_Making())
        try:
            return _tried(lambda: function(*arguments, **options))
        finally:
            _current.reset(token)

    return begun


def _tried(work):
    making, furthest, left = _current.get(), -1, AGAIN
    while left > 0:
        making.found = 0
        try:
            return work()
        except NotMade:
            left -= making.found <= furthest
            furthest = max(furthest, making.found)
            making.make_missing()
    raise Busy(
        "Während Sie gesichert haben, wurde an denselben Texten gearbeitet. Nichts ist verloren: Bitte versuchen Sie es noch einmal."
    )


@contextmanager
def locked():
    """From here on nothing is made any more. Raises RuntimeError outside of an action."""
    making = _current.get()
    if making is None:
        raise RuntimeError("The door is opened by an action: decorate the function with @action.")
    was, making.locked = making.locked, True
    try:
        yield
    finally:
        making.locked = was


def made(function: Callable, *arguments):
    """`function(*arguments)`, a function of nothing but its arguments; behind the lock what was made of them before.

    Raises what it raised, if that was a ValueError.
    """
    return made_all(function, [arguments])[0]


def made_all(function: Callable, calls: Iterable[tuple]) -> list:
    """The same for several calls, whose arguments are tuples: what is missing of all of them is made at once."""
    making, calls = _current.get(), list(calls)
    if making is None:
        return [function(*arguments) for arguments in calls]
    keys = [(function, *arguments) for arguments in calls]
    missing = [key for key in dict.fromkeys(keys) if key not in making.results]
    if missing and making.locked:
        making.missing += missing
        raise NotMade
    making.found += len(keys) if making.locked else 0
    for key in missing:
        making.make(key)
    return [_result(making.results[key]) for key in keys]


def _result(outcome):
    value, error = outcome
    if error:
        raise error
    return value
