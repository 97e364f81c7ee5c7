"""Somebody else holds the database's lock, or the disk is full: who reads waits for nobody, who saves is told and keeps the text."""

import re
import resource
import sqlite3
import time
from contextlib import closing, contextmanager
from urllib.parse import urlencode

import psycopg
import pytest

from tests.helpdesk.test_fresh import SESSION

TYPED = "Pfauenauge im hohen Gras."
WAIT = 2  # seconds for a lock
PLACES = "from django.urls import reverse; entry = Entry.objects.get(slug='stornierung'); "
LIMIT = resource.RLIMIT_FSIZE


@pytest.fixture
def portal(request, portal_in):
    database = request.getfixturevalue("prepared_postgres_url") if request.param else ""
    portal = portal_in(METRICS_TOKEN="geheimes-token-4711", LOCK_TIMEOUT=str(WAIT), DATABASE_URL=database)
    portal.seen_by_all("/readyz")  # the files in which workers count are there
    portal.cookie = f"csrftoken={'x' * 32}; sessionid={portal.edit(SESSION)}"
    return portal


@contextmanager
def locked(portal):
    with closing(sqlite3.connect(portal.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def full(portal):
    limits = {pid: resource.prlimit(pid, LIMIT, (0, resource.RLIM_INFINITY)) for pid in portal.workers()}
    yield
    for pid in limits:
        resource.prlimit(pid, LIMIT, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def only_read(portal):
    """As of a PostgreSQL that takes no writes any more: a standby, or one whose disk is almost full."""
    with psycopg.connect(portal.env["DATABASE_URL"], autocommit=True) as connection:
        for setting in ("on", "off"):
            name = connection.info.dbname
            connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')
            sessions = "pg_stat_activity WHERE datname = %s AND pid != pg_backend_pid()"
            # What the portal opens now is so; within 5 s the others are gone, not only told to go.
            connection.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM {sessions}", [name])
            if setting == "on":
                yield


HINDRANCES = [
    pytest.param(False, locked, "gerade gesperrt", id="locked"),
    pytest.param(False, full, "Lesen oder Schreiben ist nicht gelungen", id="full"),
    pytest.param(True, only_read, "Hier darf nicht geschrieben werden", id="only read"),
]


def post(portal, path, **fields):
    body = urlencode(fields | {"csrfmiddlewaretoken": "x" * 32})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return portal.get(path, method="POST", body=body, Cookie=portal.cookie, **headers)


def typed_into(page, **typed):
    """What a browser would send of the form of a page."""
    main = page[page.index("<form", page.index('id="content"')) :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', main))
    fields |= dict(re.findall(r'<input type="(?:text|number)" name="([^"]+)" value="([^"]*)"', main))
    return (
        fields | dict(re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected', main, re.DOTALL)) | typed
    )


@pytest.mark.parametrize(("portal", "hindrance", "why"), HINDRANCES, indirect=["portal"])
def test_readers_and_editors_read_on_and_who_saves_keeps_the_text(portal, hindrance, why):
    form = portal.edit(PLACES + "result = reverse('admin:faq_entry_change', args=[entry.pk])")
    posted = typed_into(portal.text(form, Cookie=portal.cookie), body=TYPED)
    with hindrance(portal):
        for path in (
            "/",
            "/faq/stornierung/",
            "/admin/",
            "/admin/faq/entry/",
            form,
            "/admin/faq/searchquery/",
            "/konto/login/",
        ):
            began = time.monotonic()
            answer = portal.get(path, Cookie=portal.cookie)
            assert answer.status in (200, 302), path
            assert time.monotonic() - began < WAIT, path
        for number in range(25):  # each tenth search is counted
            assert portal.get(f"/suche/?q=storno+{number}").status == 200
        answer = post(portal, form, **posted)
        said = answer.body.decode()
        assert answer.status == 503
        assert why in said, re.findall("Nichts wurde.*", said)
        assert TYPED in said
        assert 'name="_save"' in said
        add = post(
            portal, "/admin/auth/user/add/", username="neu", password1="nur-fuer-7421", password2="nur-fuer-7421"
        )
        assert (add.status, why in add.body.decode(), 'value="neu"' in add.body.decode()) == (503, True, True)
        ticked = post(portal, "/admin/faq/entry/", action="duplicate", _selected_action="1")
        assert (ticked.status, why in ticked.body.decode()) == (503, True)
        assert 'name="_selected_action" value="1"' in ticked.body.decode()
        reader = post(portal, "/faq/stornierung/rueckmeldung/", text=TYPED)
        assert (reader.status, why in reader.body.decode(), TYPED in reader.body.decode()) == (503, True, True)
        login = post(portal, "/konto/login/", login="chefin", password="falsch")
        assert (login.status, why in login.body.decode()) == (503, True)
        portal.wait_for(lambda: why in portal.text("/readyz"))
        assert portal.get("/readyz").status == 200
        # Once a minute in each worker, whoever was refused; in the other case nothing can be written there either.
        assert hindrance is full or 1 <= log(portal).count('"level": "ERROR"') <= 2
        assert re.search(r"^portal_last_failed_write_timestamp_seconds\S* 1\.\d+e\+09", metrics(portal), re.MULTILINE)
    assert post(portal, form, **posted).status == 302
    portal.wait_for(lambda: TYPED in portal.text("/faq/stornierung/"))  # on PostgreSQL within a second
    portal.wait_for(lambda: all(portal.text("/readyz") == "ok\n" for _ in range(8)) or not saved_something(portal))
    assert re.search(r"^portal_last_failed_write_timestamp_seconds\S* 0\.0", metrics(portal), re.MULTILINE)


def saved_something(portal):
    """By whichever worker it is, which then knows that it can."""
    return post(portal, "/faq/stornierung/rueckmeldung/", hilfreich="ja").status == 303


def log(portal):
    return (portal.folder / "server.log").read_text()


def metrics(portal):
    return portal.text("/metrics", Authorization="Bearer geheimes-token-4711")
