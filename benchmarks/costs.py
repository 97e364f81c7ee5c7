"""Processor time of what a portal does, in a process of its own: `costs MEASURE`, prints JSON by name.

Runs with the environment of a portal that has content. Each page is asked of the page store in front of Django, and made
anew each time, because the site's revision was raised before.
"""

import itertools
import json
import random
import resource
import sqlite3
import statistics
import sys
import time

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from benchmarks import plain_view
from faq.models import Category, Entry, SearchWord
from helpdesk.page_cache import Store, rules
from helpdesk.page_cache.application import _run
from tests.factories import edit

RUNS = 15


def milliseconds(call, runs=RUNS, before=lambda: None):
    """The median of the processor time of a call, in this thread: what the store does afterwards beside it is not counted."""
    return statistics.median(times_of(call, runs, before))


def times_of(call, runs, before=lambda: None):
    """The processor time of each call, in milliseconds."""
    times = []
    for _ in range(runs):
        before()
        began = time.thread_time()
        call()
        times.append((time.thread_time() - began) * 1000)
    return times


def new_revision():
    with sqlite3.connect(settings.DATABASES["default"]["NAME"], uri=True) as connection:
        connection.execute("UPDATE faq_revision SET number = number + 1")


def queries():
    """Queries of two words of the content, the commoner the more often; each another one, the same at each call."""
    words = {word.form: word.entries for word in SearchWord.objects.order_by("form") if word.form.isalpha()}
    rng, asked = random.Random(1), set()
    while True:
        query = "+".join(rng.choices(list(words), words.values(), k=2))
        if query not in asked:
            asked.add(query)
            yield query


def search_times(portal, address, drawn, number):
    """Milliseconds of so many new queries, drawn before the time is taken."""
    addresses = iter([address + query for query in itertools.islice(drawn, number)])
    return times_of(lambda: portal.read(next(addresses)), number)


class Portal:
    """The portal as a reader meets it, and as an editor does."""

    def __init__(self):
        self.store, self.sizes = Store(WSGIHandler()), {}
        self.admin = Client(headers={"host": "127.0.0.1"})
        self.admin.force_login(
            User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("messung")
        )

    def read(self, address):
        path, _, query = address.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
        environ["HTTP_ACCEPT_ENCODING"] = "gzip"
        status, _, body = _run(self.store, environ)
        if not status.startswith("200"):
            sys.exit(f"{address}: {status}")
        self.sizes[address] = len(body)

    def edit(self, address):
        answer = self.admin.get(address)
        if answer.status_code != 200:
            sys.exit(f"{address}: {answer.status_code}")


def save(entry):
    entry.body = f"{entry.body} Neu."
    edit(entry, body=entry.body)


def costs():
    """Milliseconds by what is done, and bytes (gzip) of the pages that grow."""
    portal = Portal()
    entry = Entry.objects.published().exclude(kind=Entry.WALKTHROUGH).order_by("pk")[Entry.objects.count() // 3]
    words = queries()
    pages = {
        "entry page": entry.get_absolute_url(),
        "start page": "/",
        "category page": Category.objects.first().get_absolute_url(),
        "/alles/": "/alles/",
        "sitemap": "/sitemap.xml",
        "feed": "/feed.xml",
    }
    found = {}
    for name, address in pages.items():
        portal.read(address)
        runs = RUNS if name in ("entry page", "start page") else 3
        found[name] = milliseconds(lambda address=address: portal.read(address), runs, before=new_revision)
    for name, address in (("search", "/suche/?q="), ("suggestions", "/suche/vorschlaege/?q=")):
        portal.read(address + "lizenz")
        found[name] = statistics.median(search_times(portal, address, words, 60))
    found["save"] = milliseconds(lambda: save(entry), 5)
    for name, address in (("admin list", "/admin/faq/entry/"), ("admin form", f"/admin/faq/entry/{entry.pk}/change/")):
        portal.edit(address)
        found[name] = milliseconds(lambda address=address: portal.edit(address), 5)
    sizes = {name: portal.sizes[address] for name, address in pages.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"ms": found, "bytes": sizes, "memory": memory}


def searches():
    """Milliseconds of a page of results for a query that was not asked before: the median, and what one in ten exceeds."""
    portal = Portal()
    portal.read("/suche/?q=lizenz")
    times = search_times(portal, "/suche/?q=", queries(), 300)
    return {"median": statistics.median(times), "most": statistics.quantiles(times, n=10)[-1]}


def against_plain():
    """The same pages made by the portal and by a plain Django view, in turn: milliseconds of each, by page."""
    portal, slugs = Portal(), ("stornierung", "bestellvorgang-olp")
    keys = {slug: rules.Key(f"/faq/{slug}/", "") for slug in slugs}
    pages = {slug: _run(portal.store, rules.as_asked(key, {}))[2] for slug, key in keys.items()}
    plain, found = plain_view.Handler({slug: html.decode() for slug, html in pages.items()}), {}
    for slug, key in keys.items():
        made = _run(plain, rules.as_asked(key, {}))[2].decode()
        if plain_view.words(made) != plain_view.words(pages[slug].decode()):
            sys.exit(f"{key.path}: the plain view makes other HTML")
        ours, theirs = [], []
        for _ in range(2 * RUNS):
            ours += times_of(lambda key=key: portal.read(key.path), 1, before=new_revision)
            theirs += times_of(lambda key=key: _run(plain, rules.as_asked(key, {})), 1, before=new_revision)
        found[key.path] = [ours[2:], theirs[2:]]
    return found


if __name__ == "__main__":
    print(json.dumps({"costs": costs, "against_plain": against_plain, "searches": searches}[sys.argv[1]]()))
