"""Somebody writes and does not come to an end."""

import sqlite3
from contextlib import closing

from tests.helpdesk.test_degraded import log_out
from tests.helpdesk.test_fresh import SESSION


def test_after_a_time_a_page_says_that_it_does_not_work_just_now(portal_in, tmp_path):
    portal = portal_in(DATABASE_URL=f"sqlite:///{tmp_path}/data/portal.sqlite3?timeout=1")
    cookie = f"sessionid={portal.edit(SESSION)}"
    with closing(sqlite3.connect(portal.database, isolation_level=None)) as keeper:
        keeper.execute("BEGIN IMMEDIATE")
        assert portal.get("/faq/vlsc-zugriff/").status == 200
        refused = log_out(portal, cookie)
        assert refused.status == 503
        assert "Versuchen Sie es gleich noch einmal." in refused.body.decode()
    assert log_out(portal, cookie).status == 200
