"""The WSGI application in front of Django: it answers what is cached, and caches what Django answers."""

import logging
import threading
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from faq import cache
from faq.operations import search_counts
from faq.public.page_cache import SEARCHED, UNAVAILABLE
from helpdesk.monitoring import STORED
from helpdesk.page_cache import revision, rules
from helpdesk.page_cache.memory import Memory
from helpdesk.page_cache.response import Response, best_encoding
from helpdesk.page_cache.revision import Unavailable

log = logging.getLogger(__name__)

STALE = 24 * 3600  # seconds after which a page that was seen is no longer shown while the database is gone


class PageCache:
    """Wraps Django's WSGI application."""

    def __init__(self, application):
        self._django = application
        self._revision = revision.of_the_site()
        self._memory = Memory(settings.STORE_MB * 2**20)
        self._making = [threading.Lock() for _ in range(64)]
        self._seen = (None, 0.0)  # the revision that was read last, and when
        self._is_available = True

    def __call__(self, environ, start_response):
        key = rules.key_of(environ)
        try:
            current = self._current()
        except Unavailable:
            return self._without_database(key, environ, start_response)
        if key is None:
            return self._django(environ, start_response)
        return _send(self._cached(key, current) or self._made(key, environ), environ, start_response)

    def _current(self):
        """The site's revision. Raises Unavailable."""
        try:
            current = self._revision.read()
        except Unavailable as error:
            if self._is_available:
                log.error("Die Datenbank ist nicht erreichbar: %s", error)
                self._is_available = False
            raise
        if not self._is_available:
            log.warning("Die Datenbank ist wieder da.")
        if not self._is_available or current != self._seen[0]:
            cache.forget()  # the revision alone does not tell one database from another that took its place
        self._seen, self._is_available = (current, time.time()), True
        return current

    def _cached(self, key, current):
        """The response to a key, if there is one that is right."""
        response = self._memory.get(key)
        if response is None or not response.is_fresh(current, time.time()):
            return None
        STORED.inc()
        if response.searched:
            search_counts.count(*response.searched)
        return response

    def _made(self, key, environ):
        """The response to a key: made here, or by another thread that this one waited for."""
        with self._making[hash(key) % len(self._making)]:
            try:
                current = self._current()  # before the content it stands for
                return self._cached(key, current) or self._ask(key, environ, current)
            except Unavailable:
                return self._stale(key) or self._unavailable(key, environ)

    def _ask(self, key, environ, current):
        """What Django says, cached if it may be. Raises Unavailable."""
        asked = rules.as_asked(key, environ)
        try:
            with cache.holding() as (_, until):
                status, headers, body = _run(self._django, asked)
        except (OperationalError, InterfaceError) as error:
            close_old_connections()  # no request may reach Django, which would do it, until the database is back
            raise Unavailable(str(error)) from error
        if asked.get(UNAVAILABLE):
            raise Unavailable("a request failed")
        response = Response(key, status, headers, body, current, until, asked.get(SEARCHED))
        if rules.may_be_cached(response):
            self._memory.put(response, page=rules.is_page(response))
        return response

    def _without_database(self, key, environ, start_response):
        if environ["PATH_INFO"].startswith(rules.WITHOUT_DATABASE):
            return self._django(environ, start_response)
        if key is None:
            return self._django(environ | {UNAVAILABLE: True}, start_response)
        return _send(self._stale(key) or self._unavailable(key, environ), environ, start_response)

    def _stale(self, key):
        """The page as it was seen last, if that is not too long ago; it says how old it is."""
        response = None if key.is_search else self._memory.get(key)
        if response is None:
            return None
        current, seen = self._seen
        right = min(seen, response.until) if response.revision == current else response.made
        age = max(0, int(time.time() - right))
        return response.stale(age) if age < STALE else None

    def _unavailable(self, key, environ):
        return Response(key, *_run(self._django, rules.as_asked(key, environ) | {UNAVAILABLE: True}))


def _run(application, environ):
    """Status, headers and body of what a WSGI application answers."""
    begun = []

    def start_response(status, headers, exc_info=None):
        begun[:] = [status, headers]

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    return *begun, body


def _send(response, environ, start_response):
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags and response.status.startswith("200") and response.is_known_by(tags):
        start_response("304 Not Modified", response.not_modified)
        return []
    headers, body = response.encoded(best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    start_response(response.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
