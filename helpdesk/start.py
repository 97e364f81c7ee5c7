"""`make run`, `make dev` and the checks of `make lint`: from nothing to a served portal in one process.

For servers, which make no secret key: `--prepare` brings everything in step, `--serve` then serves it where LISTEN says. What could not
be prepared, because the database was out of reach or the disk full, is no reason not to serve: it is tried again beside the server.
"""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InterfaceError

from helpdesk import environment

LOOPBACK = "127.0.0.1"
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
BASE_DIR = Path(__file__).resolve().parent.parent
SERVER = ["--interface", "wsgi", "--workers", "2", "--no-ws", "--respawn-failed-workers"]
# Those that `faq.public.lanes` can hold, and three for the readers; an idle one is given back.
SERVER += ["--blocking-threads", "12"]
# A worker that hangs while it stops is killed after so many seconds.
SERVER += ["--workers-kill-timeout", "10"]
# At a reload the former worker goes on for so many seconds: on a busy machine the new one takes some to begin.
SERVER += ["--respawn-interval", "10"]
SERVER += ["--log-level", "warning", "--log-config", str(Path(__file__).with_name("server_log.json"))]
# Commands may take as long as they need. Who waits for a lock in a server keeps a thread from the readers.
STATEMENTS = "-c statement_timeout=20s -c lock_timeout={}s"
LOCK_TIMEOUT = 5
PREPARE = [sys.executable, str(BASE_DIR / "manage.py"), "prepare"]
AGAIN = 5  # seconds after which it is tried again


def main(arguments):
    """Prepare the portal and hand this process over to its server; ends the process on a bad setting."""
    dev, check = "--dev" in arguments, "--check" in arguments
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    if dev:
        os.environ["DEBUG"] = "1"
    try:
        if check:
            return _check()
        if "--prepare-later" in arguments:
            return _prepare_later(int(arguments[-1]))
        if "--prepare" in arguments or "--serve" in arguments:
            return _server(prepare="--prepare" in arguments, serve="--serve" in arguments)
        if not environment.text("SECRET_KEY"):
            environment.make_secret_key(environment.folder("DATA_DIR", BASE_DIR / "var") / "secret_key")
        folder = _own_folder()
        django.setup()
        _say_misspelt()
        _require_free_port(LOOPBACK)
        is_prepared = _prepare(static=not dev, new="--new" in arguments)
        _say_where(accounts=is_prepared)
    except (ImproperlyConfigured, CommandError) as error:
        sys.exit(f"Der Start ist nicht möglich: {error}")
    except OSError as error:
        sys.exit(f"Der Start ist nicht möglich. {_fault(error)}")
    if dev:
        call_command("runserver", f"{LOOPBACK}:{settings.PORT}")
    else:
        _serve(LOOPBACK, folder, is_prepared)


def _fault(error):
    from faq.operations import faults

    return faults.fault(error)


def _server(prepare, serve):
    """The steps of a server, which may be processes of their own: then a mark tells the second that the first was not done."""
    folder = _own_folder()
    mark = folder / "unprepared"
    if prepare:
        django.setup()
    is_prepared = _prepare() if prepare else not mark.exists()
    if serve:
        _say_misspelt()
        _require_free_port(settings.LISTEN)
        with suppress(OSError):  # it is tried once more, and that is all
            mark.unlink()
        _serve(settings.LISTEN, folder, is_prepared)
    elif not is_prepared:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _prepare(static=True, new=False):
    """Bring everything in step; whether that was done. Where it could not be the portal is served all the same."""
    try:
        call_command("prepare", static=static, new=new)
        return True
    except (CommandError, DatabaseError, InterfaceError, OSError) as error:
        if not isinstance(error, CommandError) and not (error := _fault(error)):
            raise
        print(error, file=sys.stderr)
    print(
        "Das Portal läuft und wird von selbst fertig, sobald das behoben ist. Bis dahin gibt es die zuletzt gelesenen Seiten "
        "nur aus dem Zwischenspeicher von nginx.",
        file=sys.stderr,
        flush=True,
    )
    return False


def _prepare_later(server):
    """Beside a server: try again until all is in step, then have its workers replaced by new ones. Ends with the server."""
    said = None
    while time.sleep(AGAIN) or os.getppid() == server:
        done = subprocess.run(PREPARE, cwd=BASE_DIR, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            print(f"{done.stdout}Das Portal ist fertig.", file=sys.stderr, flush=True)
            return os.kill(server, signal.SIGHUP)
        if done.stderr != said:
            print(done.stderr, file=sys.stderr, flush=True)
        said = done.stderr


def _check():
    """The checks of a deployment at a public address, which need no data."""
    os.environ.setdefault("PUBLIC_URL", "https://hilfe.example")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    django.setup()
    call_command("check", deploy=True, fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True)


def _say_misspelt():
    for sentence in settings.MISSPELT:
        print(f"Achtung: {sentence}", file=sys.stderr, flush=True)


def _require_free_port(host):
    """granian would share it with whoever has it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, settings.PORT))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CommandError(
                f"Port {settings.PORT} ist schon belegt. Ein anderer geht so: PORT=8001 make run"
            ) from None


def _say_where(accounts):
    """The addresses; `accounts`: whether the database can be asked for them."""
    print(f"\nDas Portal:   {settings.PUBLIC_URL}/", flush=True)
    print(f"Verwaltung:   {settings.PUBLIC_URL}/admin/", flush=True)
    if accounts and not get_user_model().objects.exists():
        print("Ein Konto für die Verwaltung legen Sie in einem zweiten Fenster an: make admin", flush=True)
    print("Beenden: Strg+C\n", flush=True)


def _serve(host, folder, is_prepared):
    if not is_prepared:
        later = [sys.executable, "-m", "helpdesk.start", "--prepare-later", str(os.getpid())]
        subprocess.Popen(later, cwd=BASE_DIR, start_new_session=True)
    _count_together(folder)
    os.environ["LOCK_TIMEOUT"] = str(environment.number("LOCK_TIMEOUT", LOCK_TIMEOUT, 600))
    os.environ["PGOPTIONS"] = (
        f"{STATEMENTS.format(os.environ['LOCK_TIMEOUT'])} {os.environ.get('PGOPTIONS', '')}".strip()
    )
    os.environ.setdefault(
        "MALLOC_ARENA_MAX", "1"
    )  # glibc gives each thread memory of its own otherwise: 5 MB in each worker
    granian = Path(sys.executable).with_name("granian")
    where = ["--host", host, "--port", str(settings.PORT)]
    os.execv(granian, [str(granian), *SERVER, *where, "helpdesk.wsgi:application"])


def _own_folder():
    """Where this server alone writes while it runs. From here on nobody counts there until its workers do."""
    folder = settings.METRICS_DIR
    os.environ.pop(COUNTS, None)
    return folder


def _count_together(folder):
    """Where somebody may ask for /metrics: prometheus-client's multiprocess mode, begun anew in a folder of this server's own.

    The folder should lie in memory, as `deploy/` has it: on a disk that is full, a process that counts is killed. Where there is
    none there are no figures: what each worker counted alone would fall whenever another one is asked.
    """
    if not settings.METRICS_TOKEN:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.db"):
            file.unlink()
        tempfile.TemporaryFile(dir=folder).close()  # raises where nothing can be written
    except OSError as error:
        print(
            f"Es gibt kein /metrics, denn in {COUNTS} lässt sich nicht schreiben: {error}", file=sys.stderr, flush=True
        )
        os.environ.pop("METRICS_TOKEN")
    else:
        os.environ[COUNTS] = str(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
