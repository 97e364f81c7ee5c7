"""How fast the search is, on a scratch database of generated entries beside the portal's own."""

import io
import os
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from faq import search
from faq.editing.search_index import search_documents
from faq.models import Category, Entry, SearchDocument, SearchWord, guard
from faq.search.specimen import Specimens

HOSTILE = (
    "\x00" * 5000,
    '"' * 5000,
    "a" * 5000,
    "ä -b " * 1000,
    "\u202e🙂٣" * 1500,
    "0" * 5000,
    "a b c d " * 600,
    "-" * 5000,
)


class Command(BaseCommand):
    help = "Builds N generated entries in a scratch database and prints how long queries, suggestions and saves take."

    def add_arguments(self, parser):
        parser.add_argument("entries", nargs="+", type=int, metavar="N")
        parser.add_argument("--queries", type=int, default=500, help="how many of each are timed (500)")

    def handle(self, entries, queries, **options):
        for number in entries:
            with tempfile.TemporaryDirectory() as folder:
                self._bench(number, queries, Path(folder))

    def _bench(self, number, queries, folder):
        own = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = (
            str(folder / "bench.sqlite3") if connection.vendor == "sqlite" else None
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            self.stdout.write(f"{connection.vendor}, {number} entries")
            _apart(lambda: self._build(number))
            self._measure(number, queries)
            self.stdout.write(f"  {'memory':14}{_memory():8.0f} MB a worker")
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)

    def _build(self, number):
        call_command("import_content", settings.CONTENT_DIR, stdout=io.StringIO())
        with transaction.atomic(), guard.opened():  # rows as they are: the search is built of them afterwards
            _add_entries(number - Entry.objects.count())
        began = time.perf_counter()
        with transaction.atomic():
            search.rebuild(_documents())
        seconds = time.perf_counter() - began
        self.stdout.write(f"  {'full build':14}{seconds:8.1f} s, {SearchWord.objects.count()} words")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as autovacuum would, in time

    def _measure(self, number, queries):
        among = Entry.objects.published()
        documents = list(islice(_documents(), 2000))
        asked = list(islice(Specimens(2).queries(documents), queries))
        typed = [text[:length] for text in asked for length in range(2, len(text) + 1, 3)][:queries]
        for query in asked[:20]:
            _answer(query, among)
        self._time("query", lambda text: _answer(text, among), asked)
        self._time("suggestion", lambda text: search.suggest(text, among=among), typed)
        self._time("hostile", lambda text: _answer(text, among), HOSTILE)
        self._time("save", _save, list(_edited(200)))

    def _time(self, name, call, arguments):
        times = []
        for argument in arguments:
            began = time.perf_counter()
            call(argument)
            times.append((time.perf_counter() - began) * 1000)
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        self.stdout.write(
            f"  {name:14}p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f}  max {max(times):7.1f} ms"
        )


def _answer(query, among):
    """What a page of results shows."""
    return [(hit.title, hit.snippet) for hit in search.search(query, among=among).hits]


def _add_entries(number):
    category, _ = Category.objects.get_or_create(slug="messung", defaults={"title": "Messung"})
    Entry.objects.bulk_create(
        (
            Entry(category=category, slug=f"messung-{place}", title=document.title, status=Entry.PUBLISHED)
            for place, document in enumerate(_generated(number))
        ),
        batch_size=1000,
    )


def _generated(number):
    specimens = Specimens()
    return (specimens.document(0) for _ in range(number))


def _documents():
    """The shipped entries as they are, and the generated ones under their keys."""
    yield from search_documents(Entry.objects.exclude(category__slug="messung"))
    keys = Entry.objects.filter(category__slug="messung").order_by("pk").values_list("pk", flat=True)
    specimens = Specimens()
    for key in keys.iterator():
        yield replace(specimens.document(0), entry_id=key)


def _edited(number):
    """Entries with a sentence more, as an editor would save them."""
    specimens = Specimens(3)
    for row in SearchDocument.objects.order_by("-pk")[:number]:
        sentence = specimens.document(0).title
        yield search.Document(row.pk, row.title, tuple(row.tags), row.category, f"{row.text} {sentence}")


def _save(document):
    with transaction.atomic():
        search.index([document])


def _apart(work):
    """Do something in a process of its own, so that its memory is not counted as a worker's."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("The build failed.")


def _memory():
    """Megabytes this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
