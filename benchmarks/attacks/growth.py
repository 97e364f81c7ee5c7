"""Strangers ask for every public address, again and again, each time as somebody else: what grows, and is it bounded?

Run in the process of a portal, through Django's test client, so that no limit of one address ends it early.
"""

import json
import random
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.attacks.addresses import FORMS, KNOWN, PARAMETERS, READ, WORDS, routes
from faq import sessions
from faq.operations import search_counts
from faq.public import feedback

# What may grow, each up to a number of rows. Nothing else may.
BOUNDS = {
    "cache": lambda: settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] + 1,
    "django_session": lambda: sessions.MOST,
    "faq_searchquery": lambda: search_counts.MOST_DIFFERENT + 2,
    "faq_searchday": lambda: search_counts.MOST_DIFFERENT + 2,
    "faq_feedback": lambda: feedback.OF_ALL + feedback.MORE_OF_ALL,
}


def rows():
    """How many rows each table has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def files():
    """The files in DATA_DIR with their sizes, without the database."""
    found = (path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file() and "sqlite3" not in path.name)
    return {str(path): path.stat().st_size for path in found}


def ask(times, seed=1):
    """Ask every public address so many times; what grew beyond its bound, by table or file. Returns the number of requests too."""
    rng, before, files_before, number = random.Random(seed), rows(), files(), 0
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")  # one: each loads all middleware anew
    for route in [route for route in routes() if not route.startswith("admin/")]:
        for turn in range(times):
            _ask_once(client, rng, route, turn)
            number += 1
    search_counts.write()
    grown = {
        table: count
        for table, count in rows().items()
        if count > max(before.get(table, 0), BOUNDS.get(table, lambda: 0)())
    }
    return number, grown | {path: size for path, size in files().items() if size > files_before.get(path, 0)}


def _ask_once(client, rng, route, turn):
    client.cookies.clear()
    who = {"REMOTE_ADDR": ".".join(str(rng.randrange(1, 255)) for _ in range(4))}
    if turn % 2:
        who["HTTP_X_REQUESTED_WITH"] = "XMLHttpRequest"  # as scripts of ours ask
    word = f"{rng.choice(WORDS)} {rng.randrange(10**6)}"
    path = "/" + "".join(
        piece if place % 2 == 0 else quote(rng.choice((rng.choice(KNOWN), word)), safe="")
        for place, piece in enumerate(route.replace("%(", ")s").split(")s"))
    )
    if turn % 3 == 2 or (route in FORMS and turn % 3):
        form = {"text": word, "login": word, "password": word, "email": f"{turn}@example.org", "code": "1"}
        client.post(path, form, **who)
    else:
        name = rng.choice(READ.get(route.rstrip("/").rpartition("/")[2], PARAMETERS))
        client.get(path, {name: word}, **who)


def main(times):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow ones are another attack
    print(json.dumps(ask(int(times))))
