"""How fast pages are served, beside what else could serve them, measured in the same minutes.

wrk asks each server in turn, in several rounds; processor time is that of the server's processes. Ratios are those within a
round.
"""

import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.portal import ROOT, fresh_portal, manage
from helpdesk.start import SERVER
from tests.running import free_port

ROUNDS, SECONDS, CONNECTIONS = 7, 2, 16
PAGE = "/faq/bestellvorgang-olp/"
GRANIAN = Path(sys.executable).with_name("granian")
TICK = 1_000_000 / 100  # microseconds in a tick of /proc/<pid>/stat


class Server:
    """Something that serves the page, running."""

    def __init__(self, name, process, url, headers=()):
        self.name, self.process, self.url, self.headers = name, process, url, headers

    def cpu(self):
        """Microseconds of processor time that its processes took so far."""
        return sum(_ticks(pid) for pid in _family(self.process.pid)) * TICK

    def memory(self):
        """Megabytes that its largest process holds."""
        return max(_resident(pid) for pid in _family(self.process.pid))

    def measure(self):
        """Processor time of a request in microseconds, and requests per second."""
        options = [f"-H{name}: {value}" for name, value in self.headers]
        before = self.cpu()
        said = subprocess.run(
            ["wrk", f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}", *options, self.url],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        spent = self.cpu() - before
        if "Non-2xx" in said or "Socket errors" in said:  # a 304 is neither
            sys.exit(f"{self.name}: {said}")
        return spent / int(re.search(r"(\d+) requests in", said)[1]), float(
            re.search(r"Requests/sec:\s*([\d.]+)", said)[1]
        )


def _family(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(other for child in children for other in _family(int(child)))]


def _ticks(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


@contextlib.contextmanager
def running(command, env=None):
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def fetched(url, every=0.2, **headers):
    """Body and headers, once the server answers; asked `every` so many seconds."""
    error, end = None, time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
                return answer.read(), answer.headers
        except OSError as refused:
            error = refused
            time.sleep(every)
    sys.exit(f"{url} does not answer: {error}")


def require_304(url, etag):
    try:
        status = urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": etag}), timeout=5).status
    except urllib.error.HTTPError as error:
        status = error.code
    if status != 304:
        sys.exit(f"{url}: {status}, not 304")


def on_granian(stack, name, target, env, path, *options, headers=()):
    port = free_port()
    command = [GRANIAN, *SERVER, "--port", str(port), "--log-level", "critical", *options, target]
    process = stack.enter_context(running(command, env))
    url = f"http://127.0.0.1:{port}{path}"
    fetched(url)
    return Server(name, process, url, headers)


def on_nginx(stack, folder, headers):
    """nginx with the page as a file, compressed beforehand, and the portal's headers."""
    port = free_port()
    added = "".join(f'add_header {name} "{value}";\n' for name, value in headers)
    config = Path(folder, "nginx.conf")
    config.write_text(
        f"worker_processes 2; pid {folder}/nginx.pid; error_log stderr crit; daemon off;\n"
        f"events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; sendfile on; open_file_cache max=100; keepalive_requests 100000000; gzip_static on; default_type text/html;\n"
        f"client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};\n"
        f"scgi_temp_path {folder}; server {{ listen 127.0.0.1:{port}; root {folder}/files;\n{added} }} }}\n"
    )
    process = stack.enter_context(running(["nginx", "-c", str(config), "-g", "user root;"]))
    url = f"http://127.0.0.1:{port}/page.html"
    fetched(url)
    return Server("nginx, static file", process, url, [("Accept-Encoding", "gzip")])


def servers(stack, env, folder):
    gzip = [("Accept-Encoding", "gzip")]
    ours = on_granian(stack, "**the portal, stored page**", "helpdesk.wsgi:application", env, PAGE, headers=gzip)
    for _ in range(20):
        fetched(ours.url, **dict(gzip))
    time.sleep(1)
    body, headers = fetched(ours.url, **dict(gzip))
    require_304(ours.url, headers["etag"])
    files = Path(folder, "files")
    files.mkdir()
    (files / "page.html.gz").write_bytes(body)
    (files / "page.html").write_bytes(fetched(ours.url)[0])
    # nginx has its own of these; told "connection: close", it would let go of each reader.
    its_own = {"connection", "content-length", "content-encoding", "content-type", "date", "server", "etag", "vary"}
    own = [(name, value) for name, value in headers.items() if name not in its_own]
    factory = ["--factory"]
    return [
        on_nginx(stack, folder, own),
        ours,
        Server("**the portal, 304**", ours.process, ours.url, [*gzip, ("If-None-Match", headers["etag"])]),
        on_granian(
            stack,
            "WhiteNoise",
            "benchmarks.rivals:whitenoise",
            env | {"FILES": str(files)},
            "/page.html",
            *factory,
            headers=gzip,
        ),
        on_granian(stack, "no framework, “hello”", "benchmarks.rivals:nothing", env, "/", *factory),
        on_granian(stack, "Django “hello”", "benchmarks.rivals:hello", env, "/", *factory, headers=gzip),
        on_granian(stack, "the page's own Django view", "benchmarks.rivals:plain", env, PAGE, *factory, headers=gzip),
    ]


def serve():
    with contextlib.ExitStack() as stack:
        env = stack.enter_context(fresh_portal())
        manage(env, "prepare")
        all_of_them = servers(stack, env, stack.enter_context(tempfile.TemporaryDirectory()))
        rounds = [[server.measure() for server in all_of_them] for _ in range(ROUNDS)]
        print(f"| what answers {PAGE} | CPU µs | × nginx | req/s | × hello |\n|---|---|---|---|---|")
        hello = next(place for place, server in enumerate(all_of_them) if server.name.startswith("Django"))
        for place, server in enumerate(all_of_them):
            cpu, speed = zip(*(measured[place] for measured in rounds), strict=True)
            by_nginx = [measured[place][0] / measured[0][0] for measured in rounds]
            by_hello = [measured[place][1] / measured[hello][1] for measured in rounds]
            print(
                f"| {server.name} | {statistics.median(cpu):.0f} | {spread(by_nginx)} | {statistics.median(speed):,.0f} | {spread(by_hello)} |"
            )
        print(f"\nmemory of a worker of the portal: {all_of_them[1].memory():.0f} MB", flush=True)


def spread(values, digits=2):
    """Median, and from where to where."""
    middle, least, most = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({least}–{most})"


if __name__ == "__main__":
    serve()
