"""Several who write at once on SQLite, which lets one in at a time and has no queue of its own."""

import random
import sqlite3
import threading
import time
from contextlib import closing

from tests.helpdesk.test_degraded import log_out
from tests.helpdesk.test_fresh import SESSION, SET

TURNS = 6


class Busy(threading.Thread):
    """Writes about a third of a second at a time, and hardly pauses between two; `turns` counts."""

    def __init__(self, database):
        super().__init__()
        self.database, self.turns = database, 0
        self.begun, self.enough = threading.Event(), threading.Event()

    def run(self):
        with closing(sqlite3.connect(self.database, timeout=60, isolation_level=None)) as connection:
            while self.turns < TURNS and not self.enough.is_set():
                connection.execute("BEGIN IMMEDIATE")
                self.begun.set()
                time.sleep(random.uniform(0.25, 0.4))
                connection.execute("COMMIT")
                self.turns += 1
                time.sleep(0.005)


def test_whoever_writes_without_a_pause_keeps_nobody_out(portal_in):
    portal = portal_in()
    portal.edit("")  # what is waited for is the database alone, not the editor
    busy = Busy(portal.database)
    busy.start()
    busy.begun.wait()
    for number in range(4):
        portal.edit(SET.format(body=f"Stand {number}."))
    assert busy.turns < TURNS
    busy.enough.set()
    busy.join()
    assert "Stand 3." in portal.text("/faq/stornierung/")


def test_after_a_time_a_page_says_that_it_does_not_work_just_now(portal_in, tmp_path):
    portal = portal_in(DATABASE_URL=f"sqlite:///{tmp_path}/data/portal.sqlite3?timeout=1")
    cookie = f"sessionid={portal.edit(SESSION)}"
    with closing(sqlite3.connect(portal.database, isolation_level=None)) as keeper:
        keeper.execute("BEGIN IMMEDIATE")
        assert portal.get("/faq/vlsc-zugriff/").status == 200
        refused = log_out(portal, cookie)
        assert refused.status == 503
        assert "Bitte versuchen Sie es in einer Minute noch einmal" in refused.body.decode()
    assert log_out(portal, cookie).status == 200
