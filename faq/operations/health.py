"""Whether the process lives, and whether it can serve."""

from django.db import connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from faq import search
from faq.models import Entry
from faq.operations import failed_writes, installation, migrations

_TEXT = "text/plain; charset=utf-8"


@require_safe
def alive(request):
    """200 while the process lives; asks no database."""
    return HttpResponse("ok\n", content_type=_TEXT)


@require_safe
def ready(request):
    """200 when database, migrations, content and search index are in order, else 503 with the part that is not.

    A write that failed is named, and keeps no reader from reading.
    """
    parts = {"database": _database, "content": _content, "migrations": _migrations, "search": _search}
    for part, answers in parts.items():
        try:
            answers()
        except installation.Lost:
            return not_ready(part, "the database is empty, and there was a portal here before: see `manage.py doctor`")
        except Exception as error:  # whatever it is, the part is not ready
            return not_ready(part, type(error).__name__)
    failed = failed_writes.last()
    return HttpResponse(f"ok\n{failed}\n" if failed else "ok\n", content_type=_TEXT)


def not_ready(part, why):
    """503 that names the part that cannot serve."""
    return HttpResponse(f"{part}: {why}\n", status=503, content_type=_TEXT)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _content():
    if lost := installation.lost():
        raise lost


def _migrations():
    if migrations.missing():
        raise RuntimeError("not applied")


def _search():
    search.search("bereit", among=Entry.objects.published(), limit=1)
