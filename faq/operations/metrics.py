"""/metrics for Prometheus: what the server does, and what waits for the editors.

Each worker counts in its own memory and writes its counts down every minute; whichever is asked adds them up.
"""

import hmac
import json
import os

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from faq.models import Entry, Revision
from faq.operations import to_do


@require_safe
def metrics(request):
    """The figures for whoever has METRICS_TOKEN; for all others, and where none is set, there is no such address."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    text = generate_latest(_AllWorkers()) + generate_latest(_Content())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def write():
    """Write down what this process counted, for whichever worker is asked for it."""
    folder = settings.DATA_DIR / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{os.getpid()}"
    fresh.write_text(json.dumps(_counted()))
    fresh.replace(folder / f"{os.getpid()}.json")


def _counted():
    """This process's counts: name, description, kind and samples of each."""
    return [
        [family.name, family.documentation, family.type, [[s.name, s.labels, s.value] for s in family.samples]]
        for family in REGISTRY.collect()
        if family.name.startswith("portal_")
    ]


class _AllWorkers:
    """The sum of what all workers of this server counted since it was started."""

    def collect(self):
        others = (settings.DATA_DIR / "metrics").glob("*.json")
        counted = [json.loads(path.read_text()) for path in others if path.stem != str(os.getpid())]
        families, sums = {}, {}
        for name, description, kind, samples in (family for each in [_counted(), *counted] for family in each):
            families.setdefault(name, (description, kind))
            for sample, labels, value in samples:
                if not sample.endswith("_created"):
                    key = name, sample, tuple(labels.items())
                    sums[key] = sums.get(key, 0) + value
        for name, (description, kind) in families.items():
            metric = Metric(name, description, kind)
            for (family, sample, labels), value in sums.items():
                if family == name:
                    metric.add_sample(sample, dict(labels), value)
            yield metric


class _Content:
    """What is in the database at the moment of the question."""

    def collect(self):
        yield GaugeMetricFamily("portal_revision", "The site's revision", Revision.objects.current())
        yield GaugeMetricFamily("portal_entries", "Public entries", Entry.objects.published().count())
        waiting = GaugeMetricFamily("portal_to_do", "What waits for the editors", labels=["what"])
        for name, rows in to_do.lists().items():
            waiting.add_metric([name], rows.count())
        yield waiting
