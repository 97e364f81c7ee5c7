"""The WSGI application in front of Django: it answers what is stored, and stores what Django answers."""

import hashlib
import logging
import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from faq import cache
from faq.operations import search_counts
from faq.public.page_cache import SEARCHED, UNAVAILABLE
from helpdesk import patience
from helpdesk.monitoring import STORED
from helpdesk.page_cache import revision, rules
from helpdesk.page_cache.archive import LASTS, Archive
from helpdesk.page_cache.memory import Answer, Memory, best_encoding
from helpdesk.page_cache.release import release
from helpdesk.page_cache.upkeep import Upkeep

log = logging.getLogger(__name__)

# Who waits so many seconds for a page somebody else is making makes it too.
PATIENCE = 5
READERS_WAIT, OTHERS_WAIT = 3, 60  # for a statement
_OF_THE_BODY = ("content-length", "content-encoding", "etag")


class Store:
    """Wraps Django's WSGI application."""

    def __init__(self, application):
        limit = settings.STORE_MB * 2**20
        self._django = application
        self._watch = revision.watch()
        self._memory = Memory(limit)
        self._archive = Archive(settings.DATA_DIR / "pages.sqlite3", release(), limit)
        self._upkeep = Upkeep(self._memory, self._archive, self._watch)
        self._making = [threading.Lock() for _ in range(64)]
        self._known = ()
        self._seen = (None, 0.0)  # the stand that was read last, and when

    def __call__(self, environ, start_response):
        key = rules.key_of(environ)
        try:
            stand = self._stand()
        except revision.Unavailable:
            return self._without_database(key, environ, start_response)
        if key is None:
            with patience.at_most(OTHERS_WAIT):
                return self._django(environ, start_response)
        now = time.time()
        self._seen = (stand, now)
        answer = self._memory.get(key)
        if answer is not None and answer.is_right(stand, now):
            self._again(answer)
        else:
            answer = self._made(key, environ)
        return _send(answer, environ, start_response)

    def _stand(self):
        """The stand of the site; raises Unavailable."""
        try:
            stand = self._watch.read()
        except revision.Unavailable as error:
            if self._known is not None:
                log.error("the database is unavailable: %s", error)
                self._known = None
            raise
        if self._known is None:
            log.warning("the database is there again")
        if stand != self._known:
            cache.forget()  # the revision alone does not tell one database from another that took its place
            self._known = stand
        return stand

    def _again(self, answer):
        """What a stored answer brings with it."""
        STORED.inc()
        if answer.searched:
            search_counts.count(*answer.searched)
        if not answer.asked_again:
            answer.asked_again = self._upkeep.compress(answer)

    # Making

    def _made(self, key, environ):
        """The answer to a key: made here, or by somebody else while this one waited."""
        with self._alone(key):
            try:
                stand = self._stand()  # before the content it stands for
                now = time.time()
                former = self._memory.get(key)
                if former is not None and former.is_right(stand, now):
                    self._again(former)
                    return former
                answer, page = self._ask(key, environ, stand)
            except revision.Unavailable:
                return self._former(key) or self._unavailable(key, environ)
            if answer.stand is not None:
                self._keep(answer, former, page)
            return answer

    @contextmanager
    def _alone(self, key):
        lock = self._making[hash(key) % len(self._making)]
        taken = lock.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if taken:
                lock.release()

    def _ask(self, key, environ, stand):
        """Django's answer, with a stand if it may be stored, and whether it is a page. Raises Unavailable."""
        asked = rules.as_asked(key, environ)
        try:
            with patience.at_most(READERS_WAIT), cache.holding() as (_, until):
                status, headers, body = _run(self._django, asked)
        except (OperationalError, InterfaceError) as error:
            close_old_connections()  # no request may reach Django, which would do it, until the database is back
            raise revision.Unavailable(str(error)) from error
        if asked.get(UNAVAILABLE):
            raise revision.Unavailable("a request failed")
        named = {name.lower(): value for name, value in headers}
        number = int(status[:3])
        if not rules.may_be_stored(number, named):
            stand = None
        answer = _answer(key, stand, until, status, headers, body, asked.get(SEARCHED))
        return answer, rules.is_page(key, number, named)

    def _keep(self, answer, former, page):
        if former is not None and former.body == answer.body:
            answer.take_over(former)
        self._memory.put(answer, page=page)
        if not (answer.key.is_static or answer.key.query):
            self._upkeep.keep(answer, page=page)

    # Without a database

    def _without_database(self, key, environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith(rules.WITHOUT_DATABASE):
            return self._django(environ, start_response)
        if key is None:
            return self._django(environ | {UNAVAILABLE: True}, start_response)
        return _send(self._former(key) or self._unavailable(key, environ), environ, start_response)

    def _former(self, key):
        """The page as it was seen last, if that is not too long ago; it says how old it is."""
        if key.is_search:
            return None
        stand, seen = self._seen
        mine = self._memory.get(key)
        if mine is not None and mine.stand == stand:
            mine.confirm(seen)
        found = max(filter(None, (mine, self._archive.get(key))), key=lambda answer: answer.confirmed, default=None)
        age = int(time.time() - found.confirmed) if found else LASTS
        if age >= LASTS:
            return None
        headers = [(name, value) for name, value in found.headers if name != "ETag"]
        headers += [("Age", str(max(age, 0))), ("Warning", '111 - "Revalidation Failed"')]
        return Answer(key, None, 0, found.status, headers, found.body, found.etag)

    def _unavailable(self, key, environ):
        status, headers, body = _run(self._django, rules.as_asked(key, environ) | {UNAVAILABLE: True})
        return _answer(key, None, 0, status, headers, body)


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


def _answer(key, stand, until, status, headers, body, searched=None):
    own = [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
    # Weak: the same for each encoding of the body.
    etag = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    return Answer(key, stand, until, status, own, body, etag, searched)


def _send(answer, environ, start_response):
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags and answer.status.startswith("200") and answer.is_known_by(tags):
        start_response("304 Not Modified", answer.not_modified)
        return []
    headers, body = answer.ready(best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    start_response(answer.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
