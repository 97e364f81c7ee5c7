"""The responses asked for last, up to so many bytes."""

import threading
from collections import OrderedDict


class Memory:
    """Responses by their key. Pages have most of the room to themselves: no number of searches pushes one out."""

    PAGES = 0.75

    def __init__(self, limit):
        """`limit`: how many bytes are cached at most."""
        self._pages = _LeastRecentlyUsed(int(limit * self.PAGES))
        self._others = _LeastRecentlyUsed(limit - int(limit * self.PAGES))

    def get(self, key):
        return self._pages.get(key) or self._others.get(key)

    def put(self, response, *, page):
        """Put a response in place of a former one; `page`: whether it is one of the content's own."""
        own, other = (self._pages, self._others) if page else (self._others, self._pages)
        other.remove(response.key)
        own.put(response)

    @property
    def size(self):
        return self._pages.size + self._others.size


class _LeastRecentlyUsed:
    """What was not asked for longest gives way."""

    LARGEST = 0.25  # of the room, for a single response

    def __init__(self, limit):
        self._limit, self.size = limit, 0
        self._responses = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key):
        with self._lock:
            response = self._responses.get(key)
            if response is not None:
                self._responses.move_to_end(key)
            return response

    def put(self, response):
        with self._lock:
            self._drop(response.key)
            if response.size > self._limit * self.LARGEST:
                return
            self._responses[response.key] = response
            self.size += response.size
            while self.size > self._limit:
                _, oldest = self._responses.popitem(last=False)
                self.size -= oldest.size

    def remove(self, key):
        with self._lock:
            self._drop(key)

    def _drop(self, key):
        if former := self._responses.pop(key, None):
            self.size -= former.size
