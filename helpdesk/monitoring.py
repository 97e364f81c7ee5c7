"""What an operator sees of the requests that reach Django: counts for /metrics, and a note of what was slow.

Nothing here holds anything about who asked: no address, no query, no account.
"""

import logging
import time

from django.conf import settings
from django.db import connection
from prometheus_client import Counter, Histogram

REQUESTS = Counter("portal_requests_total", "Requests answered by Django, not from the page cache", ["view", "status"])
STORED = Counter("portal_stored_answers_total", "Requests answered from the page cache")
SECONDS = Histogram("portal_request_seconds", "Time Django took for an answer", ["view"])
SLOW_QUERIES = Counter("portal_slow_queries_total", "Database queries slower than SLOW_MS")

logger = logging.getLogger("helpdesk.slow")


def watch(get_response):
    """Middleware: counts and times, and what took longer than SLOW_MS."""

    def middleware(request):
        begun = time.perf_counter()
        with connection.execute_wrapper(_note_slow_query):
            response = get_response(request)
        seconds = time.perf_counter() - begun
        view = request.resolver_match.view_name if request.resolver_match else "none"
        REQUESTS.labels(view, response.status_code).inc()
        SECONDS.labels(view).observe(seconds)
        if seconds * 1000 > settings.SLOW_MS:
            logger.warning("langsame Anfrage", extra={"view": view, "milliseconds": round(seconds * 1000)})
        return response

    return middleware


def _note_slow_query(execute, sql, params, many, context):
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (time.perf_counter() - begun) * 1000
        if milliseconds > settings.SLOW_MS:
            SLOW_QUERIES.inc()
            logger.warning("langsame Abfrage", extra={"sql": sql[:1000], "milliseconds": round(milliseconds)})
