"""Addresses as Django shall see them, headers that neither Django nor django-csp sets, the answer while the database is missing."""

from urllib.parse import urlsplit

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import has_vary_header

from faq import rate_limits
from faq.operations import failed_writes, health, metrics
from faq.public import errors
from faq.public.page_cache import UNAVAILABLE

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A page may be kept, and is asked for again by its ETag; what must not be kept says so itself.
    "Cache-Control": "no-cache",
}


def headers(get_response):
    """Middleware that adds the headers to every response."""

    def middleware(request):
        response = get_response(request)
        if has_vary_header(response, "Cookie"):
            response.headers.setdefault("Cache-Control", "no-store")  # it is somebody's own
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


class Compressed(GZipMiddleware):
    """Django's, but for pictures: they are compressed already."""

    def process_response(self, request, response):
        is_picture = response.headers.get("Content-Type", "").startswith("image/")
        return response if is_picture else super().process_response(request, response)


def addressed(get_response):
    """Middleware: Django sees every address as PUBLIC_URL would have it.

    By whatever allowed name it was asked, PUBLIC_URL alone makes links, keys of limits and passkeys; and no text in it holds a
    NUL, which PostgreSQL has no place for.
    """
    public = urlsplit(settings.PUBLIC_URL).netloc

    def middleware(request):
        request.get_host()  # refuses what is not allowed
        request.META["HTTP_HOST"] = public
        while "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return get_response(request)

    return middleware


def read_only(get_response):
    """Middleware that answers what is sent to a page of readers, feedback aside: without it Django says something about its token."""

    def middleware(request):
        takes = request.path.startswith(("/admin/", "/konto/")) or "/rueckmeldung/" in request.path
        return get_response(request) if takes or request.method in ("GET", "HEAD") else errors.not_allowed(request)

    return middleware


def bounded(get_response):
    """Middleware that refuses a body larger than anything there is to send, before any of it is read: 413."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.UPLOAD_MAX_BYTES if request.path.startswith("/admin/") else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isascii() and length.isdigit() and int(length) <= most:
            return get_response(request)
        return errors.too_large(request, most)

    return middleware


def unavailable(get_response):
    """Middleware that answers in place of the view where the page cache says that the database is missing.

    Where it is only that nothing can be written, the login says so at once: its counters fail in silence.
    """

    def middleware(request):
        if not request.environ.get(UNAVAILABLE):
            if request.method == "POST" and request.path.startswith("/konto/"):
                rate_limits.require_writable()
            response = get_response(request)
            if request.method == "POST" and 300 <= response.status_code < 400:
                failed_writes.succeeded()
            return response
        if request.path == "/readyz":
            return health.not_ready("database", "unavailable")
        if request.path == "/metrics":
            return metrics.metrics(request, database=False)
        return errors.unavailable(request)

    return middleware
