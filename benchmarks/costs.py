"""Processor time of what a portal does, in a process of its own: `costs pages|searches|all`, prints JSON by name.

Runs with the environment of a portal that has content, and asks the WSGI application that granian serves. A page is made anew
each time, because the site's revision was raised before.
"""

import itertools
import json
import random
import resource
import statistics
import sys
import time
from wsgiref.util import setup_testing_defaults

from helpdesk.wsgi import application  # isort: skip  it sets Django up

from django.contrib.auth.models import User
from django.test import Client

from faq.models import Category, Entry, Revision, SearchWord
from tests.factories import edit

RUNS = 15


def times_of(call, runs=RUNS, before=lambda: None):
    """The processor time of each call, in milliseconds."""
    times = []
    for _ in range(runs):
        before()
        began = time.thread_time()
        call()
        times.append((time.thread_time() - began) * 1000)
    return times


def milliseconds(call, runs=RUNS, before=lambda: None):
    return statistics.median(times_of(call, runs, before))


def read(address):
    """Ask for a page as a reader does; the size of the answer."""
    path, _, query = address.partition("?")
    environ, said = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_ACCEPT_ENCODING": "gzip"}, []
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers, exc_info=None: said.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if not said[0].startswith("200"):
        sys.exit(f"{address}: {said[0]}")
    return len(body)


def new_revision():
    Revision.objects.raise_by_one()


def queries():
    """Queries of two words of the content, the commoner the more often; each another one, the same at each call."""
    words = {word.form: word.entries for word in SearchWord.objects.order_by("form") if word.form.isalpha()}
    rng, asked = random.Random(1), set()
    while True:
        query = "+".join(rng.choices(list(words), words.values(), k=2))
        if query not in asked:
            asked.add(query)
            yield query


def search_times(address, number):
    """Milliseconds of so many new queries, drawn before the time is taken."""
    read(address + "lizenz")
    addresses = iter([address + query for query in itertools.islice(queries(), number)])
    return times_of(lambda: read(next(addresses)), number)


def pages():
    """Milliseconds of pages of `content/` that are made anew."""
    asked = {
        "a question's page": "/faq/stornierung/",
        "a walkthrough's page": "/faq/bestellvorgang-olp/",
        "the start page": "/",
    }
    for address in asked.values():
        read(address)
    return {name: times_of(lambda a=address: read(a), 2 * RUNS, new_revision) for name, address in asked.items()}


def searches():
    """Milliseconds of a page of results for queries that were not asked before."""
    return search_times("/suche/?q=", 300)


def everything():
    """Milliseconds by what is done, bytes (gzip) of the pages that grow, and what this process held at most."""
    entry = Entry.objects.published().exclude(kind=Entry.WALKTHROUGH).order_by("pk")[Entry.objects.count() // 3]
    grow = {
        "entry page": entry.get_absolute_url(),
        "start page": "/",
        "category page": Category.objects.first().get_absolute_url(),
        "/alles/": "/alles/",
        "sitemap": "/sitemap.xml",
        "feed": "/feed.xml",
    }
    sizes = {name: read(address) for name, address in grow.items()}
    found = {}
    for name, address in grow.items():
        runs = RUNS if name in ("entry page", "start page") else 3
        found[name] = milliseconds(lambda address=address: read(address), runs, before=new_revision)
    found["search"] = statistics.median(search_times("/suche/?q=", 60))
    found["suggestions"] = statistics.median(search_times("/suche/vorschlaege/?q=", 60))
    found["save"] = milliseconds(lambda: save(entry), 5)
    found |= as_editor({"admin list": "/admin/faq/entry/", "admin form": f"/admin/faq/entry/{entry.pk}/change/"})
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ms": found, "bytes": sizes, "memory": held}


def save(entry):
    entry.body = f"{entry.body} Neu."
    edit(entry, body=entry.body)


def as_editor(addresses):
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("messung"))

    def ask(address):
        if client.get(address).status_code != 200:
            sys.exit(f"{address} does not open")

    found = {}
    for name, address in addresses.items():
        ask(address)
        found[name] = milliseconds(lambda address=address: ask(address), 5)
    return found


if __name__ == "__main__":
    print(json.dumps({"pages": pages, "searches": searches, "all": everything}[sys.argv[1]]()))
