"""/metrics for Prometheus: what the server does, how the installation is, and what waits for the editors.

Asked once a minute, so nothing here reads what grows: `doctor` looks closer.
"""

import hmac
import os
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from faq.editing import search_index
from faq.links import checking
from faq.models import Entry, Revision
from faq.operations import backups, to_do

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@require_safe
def metrics(request, *, database=True):
    """The figures for whoever has METRICS_TOKEN; for all others, and where none is set, there is no such address.

    `database`: whether it is there, as far as the page cache knows.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    text = generate_latest(_counted()) + generate_latest(_State(database))
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _counted():
    """What this process counted, or all workers of the server together in prometheus-client's multiprocess mode."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    return _Workers()


class _Workers:
    """All workers there were since the server began; without the file of one that is only just making it, which cannot be read."""

    def collect(self):
        files = [str(file) for file in settings.METRICS_DIR.glob("*.db") if file.stat().st_size]
        return MultiProcessCollector.merge(files)


class _State:
    """How the installation is at the moment of the question; moments are seconds since 1970, 0 where there was none."""

    def __init__(self, database):
        self._ask = database

    def collect(self):
        version = GaugeMetricFamily("portal_info", "The release that runs", labels=["version"])
        version.add_metric([settings.VERSION], 1)
        free = shutil.disk_usage(settings.DATA_DIR).free
        yield version
        yield GaugeMetricFamily("portal_disk_free_bytes", "Room left where DATA_DIR lies", free)
        yield _last_backups()
        try:
            found = list(_in_the_database()) if self._ask else []
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers", bool(found))
        yield from found


def _last_backups():
    """Good ones: a backup takes its name once it was read again."""
    last = GaugeMetricFamily("portal_backup_timestamp_seconds", "When the last good backup was made", labels=["target"])
    for target, folder in zip(("DATA_DIR", "BACKUP_COPY"), backups.folders(), strict=False):
        path = backups.newest(folder)
        last.add_metric([target], path.stat().st_mtime if path else 0)
    return last


def _in_the_database():
    with connection.cursor() as cursor:
        cursor.execute(_SIZE[connection.vendor])
        yield GaugeMetricFamily("portal_database_size_bytes", "How large the database is", cursor.fetchone()[0])
    yield GaugeMetricFamily("portal_revision", "The site's revision", Revision.objects.current())
    yield GaugeMetricFamily("portal_entries", "Public entries", Entry.objects.published().count())
    yield GaugeMetricFamily(
        "portal_search_out_of_step", "Entries that the search lacks or has too many", search_index.out_of_step()
    )
    links = checking.in_texts()
    checked = links.aggregate(last=Max("checked"))["last"]
    yield GaugeMetricFamily("portal_links", "Links to other sites in texts", links.count())
    yield GaugeMetricFamily(
        "portal_link_check_timestamp_seconds",
        "When one of them was checked last",
        checked.timestamp() if checked else 0,
    )
    waiting = GaugeMetricFamily("portal_to_do", "What waits for the editors", labels=["what"])
    for name, rows in to_do.lists().items():
        waiting.add_metric([name], rows.count())
    yield waiting
