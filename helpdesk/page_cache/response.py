"""A whole response, ready to be sent in each encoding."""

import gzip
import hashlib
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brotli

from helpdesk.page_cache.rules import Key

# Each made once it is asked for, a page within a millisecond; a higher quality takes twenty times as long for a few percent,
# which is well spent on what never changes.
ENCODINGS = {
    "br": lambda body, lasting: brotli.compress(body, quality=10 if lasting else 5),
    "gzip": lambda body, lasting: gzip.compress(body, 9 if lasting else 6, mtime=0),
}
_COMPRESSIBLE = ("text/", "application/", "image/svg")
# Made anew; nobody here answers an If-Modified-Since, the ETag is asked for.
_OF_THE_BODY = ("content-length", "content-encoding", "etag", "last-modified")
_NOT_MODIFIED = ("cache-control", "vary", "etag")  # the headers a 304 repeats
_OVERHEAD = 4000  # bytes of a response besides its bodies, roughly


@dataclass(eq=False)
class Response:
    """What Django said to a key.

    `revision` is the site's when it was made, `until` the moment (as `time.time()`) at which the page changes by itself,
    `searched` what is counted whenever a search is answered with it.
    """

    key: Key
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    revision: Any = None
    until: float = 0
    searched: Any = None
    made: float = field(default_factory=time.time)

    def __post_init__(self):
        # Weak: the same for each encoding of the body.
        self.etag = f'W/"{hashlib.blake2b(self.body, digest_size=16).hexdigest()}"'
        own = [(name, value) for name, value in self.headers if name.lower() not in _OF_THE_BODY]
        self.headers = [*own, ("ETag", self.etag)]
        self.not_modified = [(name, value) for name, value in self.headers if name.lower() in _NOT_MODIFIED]
        kind = next((value for name, value in own if name.lower() == "content-type"), "")
        self._is_compressible = len(self.body) > 200 and kind.startswith(_COMPRESSIBLE)
        self._is_lasting = any(name.lower() == "cache-control" and "public, immutable" in value for name, value in own)
        self._encoded = {}
        # Those of encodings that are yet to be made included.
        bodies = len(self.body) * (2 if self._is_compressible else 1)
        self.size = _OVERHEAD + len(self.key.path) + len(self.key.query) + bodies

    def is_fresh(self, revision, now):
        return self.revision == revision and now < self.until

    def is_known_by(self, tags):
        """Whether an If-None-Match names this body."""
        return self.etag in tags or tags.strip() == "*" or self.etag.removeprefix("W/") in tags

    def encoded(self, encoding):
        """Headers and body in an encoding: "br", "gzip" or ""."""
        if not self._is_compressible:
            encoding = ""
        if encoding not in self._encoded:
            body = ENCODINGS[encoding](self.body, self._is_lasting) if encoding else self.body
            about = [("Content-Encoding", encoding)] if encoding else []
            self._encoded[encoding] = [*self.headers, *about, ("Content-Length", str(len(body)))], body
        return self._encoded[encoding]

    def stale(self, age):
        """The same, with a word that it could not be looked whether it is still right: for so many seconds."""
        headers = [("Age", str(age)), ("Warning", '111 - "Revalidation Failed"')]
        return Response(self.key, self.status, [*self.headers, *headers], self.body)


@lru_cache(maxsize=256)
def best_encoding(accepted):
    """The smallest encoding that an Accept-Encoding takes: "br", "gzip", or "" for none."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        taken[name.strip()] = quality.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ENCODINGS if taken.get(name)), "")
