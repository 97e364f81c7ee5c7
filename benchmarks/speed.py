"""How fast is it? A stored page beside nginx, a page made anew, and a search nobody asked before: `speed [ROUNDS]`, 5 unless told.

wrk asks each server in turn, in several rounds; processor time is that of the server's processes, ratios are those within a
round. What is made anew is processor time of one thread, in a process of its own.
"""

import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.portal import ROOT, cpu, filled_portal, new_portal, print_table, served_portal
from tests.running import free_port, manage

SECONDS, CONNECTIONS = 2, 16
PAGE = "/faq/bestellvorgang-olp/"
GZIP = {"Accept-Encoding": "gzip"}
# Milliseconds that are wanted.
PAGES = {"a question's page": 12, "a walkthrough's page": 16, "the start page": 12}
SEARCHES = {9: 2.5, 2000: 6.0}
# nginx has its own of these.
ITS_OWN = {"connection", "content-length", "content-encoding", "content-type", "date", "server", "etag", "vary"}


def asked(url, pid, headers):
    """Processor time of a request in microseconds, and requests per second; `pid`: the server's."""
    options = [f"-H{name}: {value}" for name, value in headers.items()]
    before = cpu(pid)
    said = subprocess.run(
        ["wrk", f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}", *options, url], capture_output=True, text=True, check=True
    ).stdout
    spent = cpu(pid) - before
    if "Non-2xx" in said or "Socket errors" in said:  # a 304 is neither
        sys.exit(f"{url}: {said}")
    per_second = float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])
    return spent / int(re.search(r"(\d+) requests in", said)[1]), per_second


@contextlib.contextmanager
def nginx(body, headers):
    """nginx with the page as a file, compressed beforehand, and the portal's headers; its address and process id."""
    port, added = free_port(), "".join(f'add_header {name} "{value}";\n' for name, value in headers.items())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.html").touch()
        Path(folder, "page.html.gz").write_bytes(body)
        temporary = "".join(
            f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = Path(folder, "nginx.conf")
        config.write_text(f"""
            worker_processes 2; pid {folder}/nginx.pid; error_log stderr crit; daemon off; user root;
            events {{ worker_connections 512; }}
            http {{
                access_log off; sendfile on; open_file_cache max=100; keepalive_requests 100000000; gzip_static on;
                default_type text/html; {temporary}
                server {{ listen 127.0.0.1:{port}; root {folder}; {added} }}
            }}
        """)
        process = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            yield f"http://127.0.0.1:{port}/page.html", process.pid
        finally:
            process.terminate()
            process.wait(30)


def stored_pages(rounds):
    with served_portal() as portal:
        for _ in range(20):  # each worker keeps it
            answer = portal.get(PAGE, **GZIP)
        if portal.get(PAGE, **GZIP, If_None_Match=answer.headers["ETag"]).status != 304:
            sys.exit("no 304")
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in ITS_OWN}
        url = f"http://127.0.0.1:{portal.port}{PAGE}"
        with nginx(answer.body, headers) as (file, its_pid):
            servers = {
                "nginx, a file compressed beforehand": (file, its_pid, GZIP),
                "the portal, a stored page": (url, portal.pid, GZIP),
                "the portal, 304": (url, portal.pid, GZIP | {"If-None-Match": answer.headers["ETag"]}),
            }
            measured = [{name: asked(*server) for name, server in servers.items()} for _ in range(rounds)]
    first = next(iter(servers))
    rows = []
    for name in servers:
        spent, per_second = zip(*(found[name] for found in measured), strict=True)
        ratios = [found[name][0] / found[first][0] for found in measured]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        rows.append([name, f"{statistics.median(spent):.0f}", spread, f"{statistics.median(per_second):,.0f}"])
    print_table([PAGE, "CPU µs", "× nginx", "requests/s"], rows)


def costs(portal, what):
    """Milliseconds, as `benchmarks.costs` finds them in this portal."""
    command = [sys.executable, "-m", "benchmarks.costs", what]
    done = subprocess.run(command, cwd=ROOT, env=portal.env, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def made_anew():
    with new_portal() as portal:
        manage(portal.env, "prepare")
        times = {name: [found, PAGES[name]] for name, found in costs(portal, "pages").items()}
        times["a new search, 9 entries"] = [costs(portal, "searches"), SEARCHES[9]]
    with filled_portal(2000) as (portal, _):
        times["a new search, 2,000 entries"] = [costs(portal, "searches"), SEARCHES[2000]]
    rows = []
    for name, (found, wanted) in times.items():
        rows.append([name, f"{statistics.median(found):.1f}", f"{statistics.quantiles(found, n=10)[-1]:.1f}", wanted])
    print_table(["made anew", "CPU ms", "one in ten takes more than", "wanted"], rows)


def main(rounds="5"):
    stored_pages(int(rounds))
    print()
    made_anew()


if __name__ == "__main__":
    main(*sys.argv[1:])
