"""The one definition of what may be cached, and of what a cached response depends on.

Django sees of a reader's request nothing but its path and the parameters the page knows (`as_asked`): no cookie, no header.
So what it answers cannot hold anything of a user, and path and query are all that a response depends on. Who asks is
passed on for limits alone; what they refuse is not cached.
"""

import io
import sys
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

# What is no reader's page (admin, login, previews, health), and files, which are as large as they are and come from the disk.
PASSED_BY = ("/admin/", "/konto/", "/vorschau/", "/datei/", "/bild/", "/healthz", "/readyz", "/metrics")
# These are answered without a database.
WITHOUT_DATABASE = ("/healthz", settings.STATIC_URL)
# The parameters each page reads, by the last part of its path; no other one reaches it.
PARAMETERS = {
    "suche": ("q", "genau", "kategorie", "thema", "ab"),
    "suche.json": ("q", "limit"),
    "vorschlaege": ("q",),
    "feld.json": ("q",),
    "vergleich": ("links", "rechts"),
    "rueckmeldung": ("danke",),
}
# The same where the last part is the content's own.
PARAMETERS_BELOW = {"/thema/": ("seite",), "/neues/": ("seite",), "/sitemap/": ("p",)}
_WHO = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")
_PUBLIC = urlsplit(settings.PUBLIC_URL)
HTTPS = settings.HTTPS  # asked for at each request, which Django's settings make dear


class Key(NamedTuple):
    """What a response is found by: a path, and its parameters in one order."""

    path: str
    query: str

    @property
    def is_search(self):
        return bool(self.query) and self.path.startswith("/suche")


def key_of(environ):
    """The key of a reader's request; None for one that Django must see as it is."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(PASSED_BY):
        return None
    if not _known(environ.get("HTTP_HOST", "")):
        return None
    if HTTPS and environ.get("HTTP_X_FORWARDED_PROTO") != "https":
        return None
    query = environ.get("QUERY_STRING")
    return Key(path, _canonical(path, query) if query else "")


def as_asked(key, environ):
    """The WSGI environment Django gets for a key, asked with `environ`."""
    return {name: environ[name] for name in _WHO if name in environ} | {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "SERVER_NAME": _PUBLIC.hostname,
        "SERVER_PORT": str(_PUBLIC.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": _PUBLIC.netloc,
        "HTTP_X_FORWARDED_PROTO": _PUBLIC.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": _PUBLIC.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def may_be_cached(response):
    """Whether a response is public and says something for good."""
    headers = {name.lower(): value for name, value in response.headers}
    control = headers.get("cache-control", "")
    return (
        response.status[:3] in ("200", "301", "404", "410")
        and "set-cookie" not in headers
        and "cookie" not in headers.get("vary", "").lower()
        and "no-store" not in control
        and "private" not in control
    )


def is_page(response):
    """Whether it is one of as many as the content has; searches, and addresses anybody makes up, are without number."""
    if response.key.query:
        return False
    kind = response.status[:3]
    is_content = ("Location", f"{response.key.path}/") not in response.headers and response.key.path.islower()
    return kind in ("200", "410") or (kind == "301" and is_content)


@lru_cache(maxsize=128)
def _known(host):
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _canonical(path, query):
    folder, _, last = path.lower().rstrip("/").rpartition("/")
    known = PARAMETERS_BELOW.get(f"{folder}/") or PARAMETERS.get(last)
    if not known:
        return ""
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return ""
    return urlencode({name: given[name] for name in known if name in given})
