"""One id for a request: nginx's where there is one, in every answer and in each line of the log about it."""

import random
from contextvars import ContextVar

current = ContextVar("request_id", default="")
_LENGTH = 32  # hexadecimal digits, as nginx makes them


def identified(application):
    """The WSGI application with the id in its answers. Added as they are sent: what is cached carries nobody's."""

    def inner(environ, start_response):
        given = environ.get("HTTP_X_REQUEST_ID", "")
        if len(given) != _LENGTH or not (given.isascii() and given.isalnum()):
            given = f"{random.getrandbits(128):032x}"  # names a request, and guards nothing
        current.set(given)

        def start(status, headers, exc_info=None):
            return start_response(status, [*headers, ("X-Request-ID", given)])

        return application(environ, start)

    return inner
