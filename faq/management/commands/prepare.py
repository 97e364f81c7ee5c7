"""`manage.py prepare`: everything between a new release, or a new folder, and a portal that can be served."""

import fcntl
import hashlib
from contextlib import contextmanager
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from faq.editing.rebuild_search import rebuild_search
from faq.editing.render_anew import render_anew_if_due
from faq.editing.upgrading import name_steps_in_links
from faq.importing import unchanged
from faq.operations import backups, faults, installation, migrations, private, reserved

_TURN = 0x706F7274616C  # any number, the same on every server


class Command(BaseCommand):
    help = "Bringt Datenbank, Inhalte und statische Dateien auf den Stand dieser Version. Bearbeitetes bleibt."

    def add_arguments(self, parser):
        parser.add_argument("--no-static", dest="static", action="store_false", help="Ohne statische Dateien.")
        parser.add_argument(
            "--new",
            action="store_true",
            help="Beginnt ein neues Portal, auch wo es schon eines gab und seine Datenbank fehlt.",
        )
        parser.add_argument(
            "--no-backup",
            dest="backup",
            action="store_false",
            help="Bringt die Datenbank ohne Sicherung auf neuen Stand.",
        )

    def handle(self, **options):
        if options["static"]:  # first: whatever is wrong with the database, pages say so in their own style
            with _in_turn():
                _collect()
        with _in_turn(), _alone_in_the_database():
            if not options["new"] and (lost := installation.lost()):
                raise lost
            installation.begin()
            is_upgrade = migrations.are_of_another_release() and installation.has_content()
            if is_upgrade:
                reserved.require_free()
            if is_upgrade and options["backup"]:
                self._back_up()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            render_anew_if_due()
            if is_upgrade:
                name_steps_in_links()
            self._import()
            if is_upgrade:
                rebuild_search()  # a release may read texts otherwise than the one before
            installation.note()
            private.close_to_others()

    def _import(self):
        folder = unchanged.fingerprint(settings.CONTENT_DIR)
        if unchanged.is_last_import(folder):
            self.stdout.write(f"Inhalte: {settings.CONTENT_DIR} ist unverändert.")
            return
        try:
            call_command("import_content", stdout=self.stdout)
        except CommandError as error:
            # What is stored is sound all the same: the portal serves it, and the message says what to do.
            self.stderr.write(self.style.WARNING(str(error)))
        else:
            unchanged.note(folder)

    def _back_up(self):
        """The way back from an upgrade; without one there is no upgrade."""
        folder = settings.DATA_DIR / "backups"
        try:
            path, _ = backups.write(folder, backups.BEFORE_UPGRADE)
            backups.rotate_upgrades(folder)
        except (backups.Refused, OSError, RuntimeError) as error:
            raise CommandError(
                f"Nichts wurde verändert, denn die Sicherung vor dem Upgrade ist nicht gelungen. {faults.line(error)}\n"
                "Beheben Sie das und starten Sie neu. Ohne Sicherung, und damit ohne Rückweg, geht es so: „prepare --no-backup“."
            ) from error
        if settings.BACKUP_COPY:
            try:
                backups.copy_to(settings.BACKUP_COPY, path)
                backups.rotate_upgrades(settings.BACKUP_COPY)
            except (backups.Refused, OSError) as error:  # there is a way back all the same
                self.stderr.write(self.style.WARNING(f"Von {path} gibt es keine Kopie: {faults.line(error)}"))
        self.stdout.write(
            f"Vor dem Upgrade gesichert: {path}. Zurück geht es mit der bisherigen Version und „restore {path}“."
        )


def _collect():
    """Collect the static files, unless they are those that were collected last: it takes longer than all the rest of a start."""
    collected, digest = settings.STATIC_ROOT / "staticfiles.sha256", _digest()
    if not collected.exists() or collected.read_text() != digest:
        call_command("collectstatic", verbosity=0, interactive=False)
        collected.write_text(digest)


def _digest():
    """Of the static files, and of what makes others of them."""
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"{path} ".encode() + file.read())
    return digest.hexdigest()


@contextmanager
def _in_turn():
    """Servers that share a folder prepare one after the other, so all may be started at once."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "prepare.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_in_the_database():
    """The same for those that share a PostgreSQL alone."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURN])
