"""granian, which the portal is served by, beside gunicorn: how long each takes to start, what a stored page costs, what it holds
in memory, and how many requests a reload under load loses.
"""

import contextlib
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.portal import fresh_portal, manage
from benchmarks.speed import PAGE, Server, fetched, running, spread
from helpdesk.start import SERVER
from tests.running import free_port

ROUNDS, RELOADED_FOR = 5, 30  # seconds
BIN = Path(sys.executable).parent
GUNICORN = ["--workers", "2", "--log-level", "critical"]
SERVERS = {
    "granian, as the portal runs (2 workers, 2 threads)": [BIN / "granian", *SERVER],
    "granian, 2 workers, 1 thread": [BIN / "granian", *SERVER, "--blocking-threads", "1"],
    "gunicorn, sync, 2 workers": [BIN / "gunicorn", *GUNICORN],
    "gunicorn, gthread, 2 workers, 2 threads": [BIN / "gunicorn", *GUNICORN, "--threads", "2"],
}


def command(parts, port):
    if parts[0].name == "granian":
        return [*parts, "--port", str(port), "--log-level", "critical", "helpdesk.wsgi:application"]
    return [*parts, "--bind", f"127.0.0.1:{port}", "helpdesk.wsgi"]


def started(stack, name, env):
    """A running server, and the seconds until its first answer where it was started before."""
    with contextlib.ExitStack() as before:
        _first_answer(before, name, env)
    process, url, seconds = _first_answer(stack, name, env)
    for _ in range(40):
        fetched(url)
    return Server(name, process, url, [("Accept-Encoding", "gzip")]), seconds


def _first_answer(stack, name, env):
    """Process, address, and the seconds until the first answer."""
    port = free_port()
    began = time.perf_counter()
    process = stack.enter_context(running(command(SERVERS[name], port), env))
    url = f"http://127.0.0.1:{port}{PAGE}"
    fetched(url, every=0.02)
    return process, url, time.perf_counter() - began


def lost_at_reload(server):
    """Requests asked, and those without their answer, while the server replaces its workers once."""
    asking = subprocess.Popen(
        ["wrk", "-c8", "-t1", f"-d{RELOADED_FOR}", "-H", "Connection: close", server.url],
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    server.process.send_signal(signal.SIGHUP)
    said = asking.communicate()[0]
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    lost = sum(map(int, errors.groups())) if errors else 0
    return int(re.search(r"(\d+) requests in", said)[1]), lost + (int(refused[1]) if refused else 0)


def main():
    with contextlib.ExitStack() as stack:
        env = stack.enter_context(fresh_portal())
        manage(env, "prepare")
        all_of_them = [started(stack, name, env) for name in SERVERS]
        rounds = [[server.measure() for server, _ in all_of_them] for _ in range(ROUNDS)]
        print("| server | start, s | CPU µs | req/s | MB a worker | a reload under load |\n|---|---|---|---|---|---|")
        for place, (server, seconds) in enumerate(all_of_them):
            cpu, speed = zip(*(measured[place] for measured in rounds), strict=True)
            memory = server.memory()
            asked, lost = lost_at_reload(server)
            print(
                f"| {server.name} | {seconds:.1f} | {spread(cpu, 0)} | {statistics.median(speed):,.0f} | {memory:.0f} "
                f"| {lost} lost of {asked:,} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
