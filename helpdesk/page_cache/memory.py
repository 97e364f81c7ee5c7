"""Answers kept in memory, ready to be sent in each encoding, up to so many bytes."""

import gzip
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brotli

from helpdesk.page_cache.rules import Key

# What is sent at once, and what is made once somebody asks for the same again.
QUICK = {"br": lambda body: brotli.compress(body, quality=5), "gzip": lambda body: gzip.compress(body, 6, mtime=0)}
BEST = {
    "br": lambda body: brotli.compress(body, quality=11 if len(body) < _LARGE else 9),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
_LARGE = 500_000  # bytes from which on the last few percent would take seconds
_COMPRESSIBLE = ("text/", "application/", "image/svg")
_NOT_MODIFIED = ("cache-control", "vary", "etag")  # the headers a 304 repeats
_OVERHEAD = 4000  # bytes of an answer besides its bodies, roughly


@dataclass(eq=False)
class Answer:
    """A whole answer to a key; `headers` without those about its length and encoding.

    `stand` is the site's when it was made, `until` the moment (as `time.time()`) at which the page changes by itself,
    `confirmed` the moment at which it was last known to be right; `searched` is what a search counts.
    """

    key: Key
    stand: Any
    until: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    searched: Any = None
    confirmed: float = field(default_factory=time.time)
    encoded: dict[str, bytes] = field(default_factory=dict)
    asked_again: bool = False  # and so worth the smallest encodings there are, which will be made
    smallest: bool = False  # they were made
    _ready: dict[str, tuple[list[tuple[str, str]], bytes]] = field(default_factory=dict)

    def __post_init__(self):
        self.headers = [*self.headers, ("ETag", self.etag)]
        self.not_modified = [(name, value) for name, value in self.headers if name.lower() in _NOT_MODIFIED]

    def is_right(self, stand, now):
        return self.stand == stand and now < self.until

    def ready(self, encoding):
        """Headers and body in an encoding: "br", "gzip" or ""."""
        return self._ready.get(encoding) or self._make_ready(encoding)

    def is_known_by(self, tags):
        """Whether an If-None-Match names what is kept here."""
        return self.etag in tags or tags.strip() == "*" or self.etag.removeprefix("W/") in tags

    def compress_best(self):
        """Replace what was encoded quickly by the smallest there is."""
        if self._compressible():
            self.encoded = {name: compress(self.body) for name, compress in BEST.items()}
        self._ready, self.smallest = {}, True

    def take_over(self, former):
        """Take the encodings of an answer with the same body."""
        self.encoded, self.asked_again, self.smallest = former.encoded, former.smallest, former.smallest

    def confirm(self, moment):
        """Note that it was right at a moment, as far as it doesn't change by itself before."""
        self.confirmed = max(self.confirmed, min(moment, self.until))

    @property
    def size(self):
        """Bytes, those of encodings that are yet to be made included."""
        own = _OVERHEAD + len(self.body)
        if not self._compressible():
            return own
        supposed = len(self.body) // 2
        return own + sum(len(self.encoded[name]) if name in self.encoded else supposed for name in QUICK)

    def _make_ready(self, encoding):
        if encoding and not self._compressible():
            encoding = ""
        if encoding and encoding not in self.encoded:
            self.encoded[encoding] = QUICK[encoding](self.body)
        body = self.encoded[encoding] if encoding else self.body
        about = [("Content-Encoding", encoding)] if encoding else []
        ready = ([*self.headers, *about, ("Content-Length", str(len(body)))], body)
        self._ready[encoding] = ready
        return ready

    def _compressible(self):
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return len(self.body) > 200 and kind.startswith(_COMPRESSIBLE)


@lru_cache(maxsize=256)
def best_encoding(accepted):
    """The smallest encoding that an Accept-Encoding takes: "br", "gzip", or "" for none."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        taken[name.strip()] = quality.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if taken.get(name)), "")


class Memory:
    """Answers by their key, those asked for last. Pages have most of the room to themselves."""

    PAGES = 0.75

    def __init__(self, limit):
        """`limit`: how many bytes are kept at most."""
        self._pages = _Part(int(limit * self.PAGES))
        self._others = _Part(limit - int(limit * self.PAGES))

    def get(self, key):
        return self._pages.get(key) or self._others.get(key)

    def put(self, answer, *, page):
        """Keep an answer in place of a former one; `page`: whether it is one of the content's own."""
        keep, drop = (self._pages, self._others) if page else (self._others, self._pages)
        drop.remove(answer.key)
        keep.put(answer)

    def resized(self, answer):
        """Count an answer's bytes anew, if it is still kept."""
        for part in (self._pages, self._others):
            part.resized(answer)

    def pages(self):
        return self._pages.all()

    @property
    def size(self):
        return self._pages.size + self._others.size


class _Part:
    """The answers asked for last, up to so many bytes."""

    LARGEST = 0.25  # of the room, for a single answer

    def __init__(self, limit):
        self._limit, self.size = limit, 0
        self._kept = OrderedDict()
        self._sizes = {}
        self._lock = threading.Lock()

    def get(self, key):
        answer = self._kept.get(key)
        if answer is not None:
            try:  # noqa: SIM105  suppress() takes as long as all the rest
                self._kept.move_to_end(key)
            except KeyError:  # another thread has just dropped it
                pass
        return answer

    def put(self, answer):
        with self._lock:
            self._drop(answer.key)
            self._kept[answer.key] = answer
            self._count(answer)

    def resized(self, answer):
        with self._lock:
            if self._kept.get(answer.key) is answer:
                self.size -= self._sizes.pop(answer.key)
                self._count(answer)

    def remove(self, key):
        with self._lock:
            self._drop(key)

    def all(self):
        with self._lock:
            return list(self._kept.values())

    def _count(self, answer):
        self._sizes[answer.key] = answer.size + len(answer.key.path) + len(answer.key.query)
        self.size += self._sizes[answer.key]
        if self._sizes[answer.key] > self._limit * self.LARGEST:
            self._drop(answer.key)
        while self.size > self._limit:
            key, _ = self._kept.popitem(last=False)
            self.size -= self._sizes.pop(key)

    def _drop(self, key):
        if self._kept.pop(key, None) is not None:
            self.size -= self._sizes.pop(key)
