"""/metrics for Prometheus: what the server does, and what waits for the editors."""

import hmac
import os

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from faq.models import Entry, Revision
from faq.operations import to_do


@require_safe
def metrics(request):
    """The figures for whoever has METRICS_TOKEN; for all others, and where none is set, there is no such address."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    text = generate_latest(_counted()) + generate_latest(_Content())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _counted():
    """What this process counted, or all workers of the server together in prometheus-client's multiprocess mode."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class _Content:
    """What is in the database at the moment of the question."""

    def collect(self):
        yield GaugeMetricFamily("portal_revision", "The site's revision", Revision.objects.current())
        yield GaugeMetricFamily("portal_entries", "Public entries", Entry.objects.published().count())
        waiting = GaugeMetricFamily("portal_to_do", "What waits for the editors", labels=["what"])
        for name, rows in to_do.lists().items():
            waiting.add_metric([name], rows.count())
        yield waiting
