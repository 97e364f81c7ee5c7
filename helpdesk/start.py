"""`make run`, `make dev` and the checks of `make lint`: from nothing to a served portal in one process.

For servers, which make no secret key: `--prepare` brings everything in step, `--serve` then serves it where LISTEN says.
"""

import errno
import os
import secrets
import socket
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from helpdesk import environment

LOOPBACK = "127.0.0.1"
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
BASE_DIR = Path(__file__).resolve().parent.parent
SERVER = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--no-ws", "--respawn-failed-workers"]
# A worker that hangs while it stops is killed after so many seconds.
SERVER += ["--workers-kill-timeout", "10"]
# At a reload the former worker goes on for so many seconds: on a busy machine the new one takes some to begin.
SERVER += ["--respawn-interval", "10"]
SERVER += ["--log-level", "warning", "--log-config", str(Path(__file__).with_name("server_log.json"))]
# As long as SQLite's `timeout`: over all that waits for a lock. Commands may take as long as they need.
STATEMENTS = "-c statement_timeout=20s"


def main(arguments):
    """Prepare the portal and hand this process over to its server; ends the process on a bad setting."""
    dev, check = "--dev" in arguments, "--check" in arguments
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    if dev:
        os.environ["DEBUG"] = "1"
    try:
        if check:
            return _check()
        if "--serve" in arguments:
            _say_misspelt()
            _require_free_port(settings.LISTEN)
            return _serve(settings.LISTEN)
        if "--prepare" in arguments:
            django.setup()
            _prepare()
            return None
        if not environment.text("SECRET_KEY"):
            environment.make_secret_key(environment.folder("DATA_DIR", BASE_DIR / "var") / "secret_key")
        django.setup()
        _say_misspelt()
        _require_free_port(LOOPBACK)
        _say_where(accounts=_prepare(static=not dev, new="--new" in arguments))
    except (ImproperlyConfigured, CommandError, OSError) as error:
        sys.exit(f"Der Start ist nicht möglich: {error}")
    if dev:
        call_command("runserver", f"{LOOPBACK}:{settings.PORT}")
    else:
        _serve(LOOPBACK)


def _prepare(static=True, new=False):
    """Bring everything in step; whether that was done. Without its database the portal starts all the same."""
    from faq.operations.installation import Lost

    try:
        call_command("prepare", static=static, new=new)
        return True
    except Lost as error:
        print(error, file=sys.stderr)
    except (OperationalError, InterfaceError) as error:
        print(f"Die Datenbank ist nicht erreichbar: {error}", file=sys.stderr)
    print(
        "Bis sie wieder da ist, gibt es die zuletzt gelesenen Seiten nur aus dem Zwischenspeicher von nginx.",
        file=sys.stderr,
        flush=True,
    )
    return False


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
    from django.conf import settings

    print(f"\nDas Portal:   {settings.PUBLIC_URL}/", flush=True)
    print(f"Verwaltung:   {settings.PUBLIC_URL}/admin/", flush=True)
    if accounts and not get_user_model().objects.exists():
        print("Ein Konto für die Verwaltung legen Sie in einem zweiten Fenster an: make admin", flush=True)
    print("Beenden: Strg+C\n", flush=True)


def _serve(host):
    _count_together()
    os.environ["PGOPTIONS"] = f"{STATEMENTS} {os.environ.get('PGOPTIONS', '')}".strip()
    os.environ.setdefault(
        "MALLOC_ARENA_MAX", "1"
    )  # glibc gives each thread memory of its own otherwise: 5 MB in each worker
    granian = Path(sys.executable).with_name("granian")
    where = ["--host", host, "--port", str(settings.PORT)]
    os.execv(granian, [str(granian), *SERVER, *where, "helpdesk.wsgi:application"])


def _count_together():
    """Where somebody may ask for /metrics: prometheus-client's multiprocess mode, begun anew in a folder of this server's own.

    The folder should lie in memory, as `deploy/` has it: on a disk that is full, a process that counts is killed. Where there is
    none there are no figures: what each worker counted alone would fall whenever another one is asked.
    """
    folder = settings.METRICS_DIR
    os.environ.pop(COUNTS, None)
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
