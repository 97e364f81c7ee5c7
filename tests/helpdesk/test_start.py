"""A server that starts and ends, whatever happens around it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psycopg
import pytest

from tests import running


def lives(pid):
    """Whether a process is there, and not only its name until somebody asks how it ended."""
    with suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return False


def test_workers_end_with_their_server_and_leave_the_port_to_the_next_one(portal_in):
    portal = portal_in()
    workers = portal.workers()
    assert len(workers) == 2
    portal.signal(signal.SIGKILL)
    portal.stop()
    try:
        portal.wait_for(lambda: not any(map(lives, workers)), within=8)
    finally:
        for pid in filter(lives, workers):
            os.kill(pid, signal.SIGKILL)
    assert portal.start().get("/").status == 200


def server(portal, *arguments):
    """Start a server as its unit or image would; what it says goes into its log."""
    command = [*portal.prefix, sys.executable, "-m", "helpdesk.start", *arguments]
    with (portal.folder.parent / "server.log").open("a") as log:
        return subprocess.Popen(command, cwd=running.ROOT, env=portal.env, stdout=log, stderr=log)


def said(portal):
    return (portal.folder.parent / "server.log").read_text()


@pytest.fixture
def bare(tmp_path):
    """A portal that is not there yet; what servers write while they run lies elsewhere, as in their unit."""
    (tmp_path / "data").mkdir()
    portal = running.Portal(tmp_path / "data", PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "run"))
    yield portal
    portal.stop()


def test_a_server_begins_before_its_postgresql_and_is_ready_once_that_is_there(bare, prepared, postgres_url):
    """What was to be prepared is prepared then, once: the texts are there, and each has one version."""
    (bare.folder / "static").symlink_to(prepared / "static")
    bare.env["DATABASE_URL"] = f"{postgres_url}_spaeter"
    assert server(bare, "--prepare").wait() == 0
    bare.take(server(bare, "--serve"))
    bare.wait_for(lambda: bare.get("/healthz").status == 200)
    answer = bare.get("/readyz")
    assert (answer.status, answer.body) == (503, b"database: unavailable\n")
    assert "Die Datenbank ist nicht erreichbar" in said(bare)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {postgres_url.rpartition('/')[2]}_spaeter")
        try:
            bare.wait_for(lambda: "Das Portal ist fertig." in said(bare))
            bare.wait_for(lambda: all(bare.get("/readyz").status == 200 for _ in range(8)))
            assert "Mindestanzahl" in bare.text("/")
            with psycopg.connect(bare.env["DATABASE_URL"]) as later:
                number, different = later.execute("SELECT count(*), count(DISTINCT path) FROM faq_version").fetchone()
            assert number == different > 9
        finally:
            bare.stop()
            connection.execute(f"DROP DATABASE {postgres_url.rpartition('/')[2]}_spaeter WITH (FORCE)")


def test_a_server_begins_where_nothing_may_be_written_and_is_ready_once_it_may(bare):
    bare.prefix = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    bare.folder.chmod(0o555)
    assert server(bare, "--prepare").wait() == 0
    bare.take(server(bare, "--serve"))
    bare.wait_for(lambda: bare.get("/healthz").status == 200)
    assert bare.get("/readyz").status == 503
    assert f"Hier darf nicht geschrieben werden: {bare.folder}" in said(bare)
    assert "Traceback" not in said(bare)
    bare.folder.chmod(0o755)
    bare.wait_for(lambda: "Das Portal ist fertig." in said(bare))
    bare.wait_for(lambda: all(bare.get("/readyz").status == 200 for _ in range(8)))
    bare.wait_for(lambda: "Mindestanzahl" in bare.text("/"))  # the workers from before know no stylesheet
