"""A server that starts and ends, whatever happens around it."""

import os
import signal
from contextlib import suppress


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
