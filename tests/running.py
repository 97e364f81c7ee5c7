"""A portal that really runs, as a service would start it, and an editor beside it; for tests that need the real thing."""

import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds: a busy machine is slow, not broken
# Runs each line it is given, as the portal would, and says what came out.
_EDITOR = """
import json, sys
import django
django.setup()
from faq.editing import entries, restoring, working_copies
from faq.models import *
from tests.factories import *
for line in sys.stdin:
    names = dict(globals(), result=None)
    try:
        exec(json.loads(line), names)
        print(json.dumps({"result": names["result"]}), flush=True)
    except Exception as error:
        print(json.dumps({"error": repr(error)}), flush=True)
"""


def free_port():
    """A port nobody listens on, below those that the system gives to whoever connects: it stays free over a restart."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def environment(folder, **more):
    """What a portal in this folder is started with."""
    unset = ("DEBUG", "PUBLIC_URL", "CONTENT_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    own = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "helpdesk.settings", "PYTHONPATH": str(ROOT)}
    return kept | own | {"SECRET_KEY": "running-" + "0123456789abcdef" * 4} | more


def manage(env, *arguments):
    """Run a command that must succeed; what it said."""
    return managed(env, *arguments, code=0)


def managed(env, *arguments, code):
    """Run a command that must end with this code; all that it said."""
    command = [sys.executable, ROOT / "manage.py", *map(str, arguments)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


class Portal:
    """A portal in a folder that was prepared; `env` may name another database."""

    def __init__(self, folder, **env):
        self.folder, self.port = Path(folder), free_port()
        self.env = environment(folder, PORT=str(self.port), **env)
        self.database = self.folder / "portal.sqlite3"
        self.prefix, self.root = [], ROOT  # of the command that starts it, and where
        self._server = self._editor = None

    def start(self, *, ready=True):
        """Start the server; `ready`: wait until it is, and all its workers answer, else only until one lives."""
        command = [*self.prefix, sys.executable, "-m", "helpdesk.start", "--serve"]
        with (self.folder / "server.log").open("a") as log:
            self._server = subprocess.Popen(command, cwd=self.root, env=self.env, stdout=log, stderr=log)
        self.wait_for(lambda: self.get("/readyz" if ready else "/healthz").status == 200)
        if ready:
            self.wait_for(self._all_answer)
        return self

    def _all_answer(self):
        """Whether each worker has the threads of granian's that take requests. On a busy machine one may begin seconds after another."""
        return all(
            any("tokio" in name.read_text() for name in Path(f"/proc/{pid}/task").glob("*/comm"))
            for pid in self.workers()
        )

    def take(self, server):
        """Take a process that serves it, started otherwise."""
        self._server = server

    def stop(self):
        for process in (self._server, self._editor):
            if process:
                process.terminate()
                process.wait(PATIENCE)
                for pipe in filter(None, (process.stdin, process.stdout)):
                    pipe.close()
        self._server = self._editor = None

    @property
    def pid(self):
        """The process id of the server."""
        return self._server.pid

    def signal(self, number):
        self._server.send_signal(number)

    def workers(self):
        """The process ids of those that answer."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def get(self, path, *, method="GET", body=None, **headers):
        """The answer, with its body as `body`; header names with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers={name.replace("_", "-"): v for name, v in headers.items()})
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        finally:
            connection.close()

    def text(self, path, **headers):
        return self.get(path, **headers).body.decode()

    def seen_by_all(self, path):
        """The body at an address, asked for so often that every worker has answered."""
        return [self.get(path).body for _ in range(24)][-1]

    def wait_for(self, condition, within=PATIENCE):
        """Wait until it holds; a server that does not answer yet counts as not."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except (OSError, http.client.HTTPException):
                pass
            if self._server and self._server.poll() is not None:
                break
            time.sleep(0.05)
        log = self.folder / "server.log"
        pytest.fail(f"this did not happen; the server says:\n{log.read_text() if log.exists() else 'nothing'}")

    def log_lines(self, beginning=""):
        """What the server said, by the line."""
        return [line for line in (self.folder / "server.log").read_text().splitlines() if line.startswith(beginning)]

    def edit(self, code):
        """Run code as an editor's request would, with the makers of `factories`; what it calls `result` is returned."""
        if self._editor is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self._editor = subprocess.Popen([sys.executable, "-c", _EDITOR], cwd=ROOT, env=self.env, **pipes)
        self._editor.stdin.write(json.dumps(code) + "\n")
        self._editor.stdin.flush()
        said = json.loads(self._editor.stdout.readline())
        if "error" in said:
            raise AssertionError(said["error"])
        return said["result"]


class Watcher(threading.Thread):
    """Reads a page without a pause: each must say "Stand N." of the save that was `acknowledged` before it was asked for, or later."""

    def __init__(self, portal, path):
        super().__init__()
        self.portal, self.path = portal, path
        self.acknowledged, self.read, self.old = -1, 0, 0
        self._ended = threading.Event()

    def run(self):
        while not self._ended.is_set():
            least = self.acknowledged
            said = re.search(r"Stand (\d+)\.", self.portal.text(self.path))
            self.read += 1
            self.old += least >= 0 and (said is None or int(said[1]) < least)

    def end(self):
        self._ended.set()
        self.join()


def memory(pid):
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def copied(prepared, folder):
    """A folder with a copy of what was prepared; its static files, which nothing changes, are where they were."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static"))
    if not (folder / "static").exists():
        (folder / "static").symlink_to((prepared / "static").resolve())
    return folder
