"""What is wrong with an installation, in German, and how to mend it; for an administrator who asks once in a while."""

import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks, mail
from django.db import DatabaseError, connection
from django.utils import timezone

from faq import login, search
from faq.content import folder
from faq.editing.search_index import search_documents
from faq.models import DigestSubscription, ImportConflict, StoredFile, Version
from faq.operations import backups, faults, installation, migrations

BACKUP_MAX_AGE = timedelta(days=2)
LEAST_FREE = 1_000_000_000  # bytes
CLOCK_MAY_DIFFER = timedelta(seconds=30)

# On a server a command is called by another name than here, so it is named without.
_PREPARE = "Der Befehl „prepare“ holt es nach."
_BACKUP = "Der Befehl „backup“ macht eine, am besten jede Nacht von selbst."


class Finding(NamedTuple):
    """Something that is wrong, and how it is mended."""

    what: str
    how: str


def examine():
    """Pairs of what was looked at and its findings; what cannot even be looked at is a finding.

    Where the portal's database is gone, that is what is wrong, and not all that follows from it.
    """
    lost = _lost()
    for name, look in EXAMINED.items():
        if lost and name in IN_THE_DATABASE:
            continue
        try:
            yield name, list(look())
        except Exception as error:  # one broken part must not hide the others
            fault = faults.fault(error)
            what = f"{fault.what}: {fault.where}" if fault else f"{type(error).__name__}: {error}"
            yield name, [Finding(what, fault.how if fault else "Ohne das läuft das Portal nicht richtig.")]


def _settings():
    for message in checks.run_checks(include_deployment_checks=settings.HTTPS):
        if message.is_serious(checks.WARNING) and not message.is_silenced():
            yield Finding(f"{message.id}: {message.msg}", message.hint or "Siehe die Tabelle in docs/settings.md.")
    if settings.DEBUG:
        yield Finding("DEBUG ist an: Fehlerseiten zeigen Interna.", "DEBUG nicht setzen.")
    if not settings.HTTPS and "127.0.0.1" not in settings.PUBLIC_URL and "localhost" not in settings.PUBLIC_URL:
        yield Finding(
            f"{settings.PUBLIC_URL} ist nicht verschlüsselt: Passwörter gehen offen durchs Netz.",
            "TLS einrichten und PUBLIC_URL auf https://… setzen.",
        )


def _data_dir():
    probe = settings.DATA_DIR / f".doctor-{time.time_ns()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Finding(
            f"In {settings.DATA_DIR} lässt sich nicht schreiben: {error}", "Der Ordner gehört dem Konto des Dienstes."
        )
    key = settings.DATA_DIR / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding(f"{key} können andere lesen.", f"chmod 600 {key}")
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE:
        yield Finding(f"Nur noch {free / 1e6:.0f} MB frei.", "Platz schaffen: ohne ihn geht keine Änderung mehr.")


def _lost():
    try:
        return installation.lost()
    except DatabaseError:  # whoever asks next says why
        return None


def _database():
    if lost := installation.lost():
        what, _, how = str(lost).partition("\n")
        yield Finding(what, how.replace("\n", "\n      "))
        return
    if missing := migrations.missing():
        yield Finding(f"{len(missing)} Migrationen fehlen.", _PREPARE)
    with connection.cursor() as cursor:
        if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names(cursor):
            yield Finding("Die Tabelle für Zähler und Grenzen fehlt.", _PREPARE)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            if (answer := cursor.fetchone()[0]) != "ok":
                yield Finding(
                    f"Die Datenbank ist beschädigt: {answer}", "Der Befehl „restore“ holt die letzte Sicherung zurück."
                )


def _search_index():
    if differences := search.check(search_documents()):
        yield Finding(
            f"{len(differences)} Unterschiede zu den Einträgen.", "Der Befehl „rebuild_search“ baut sie neu auf."
        )


def _content():
    try:
        folder.read(settings.CONTENT_DIR)
    except folder.FolderError as error:
        yield Finding(f"{settings.CONTENT_DIR} wird so nicht eingelesen: {error}", "Die genannten Zeilen berichtigen.")
    if number := ImportConflict.objects.count():
        yield Finding(f"{number} Konflikte beim Einlesen.", "In der Verwaltung unter „Inhalte“ entscheiden, was gilt.")


def _files():
    missing = [
        stored.file.name for stored in StoredFile.objects.all() if not stored.file.storage.exists(stored.file.name)
    ]
    if missing:
        yield Finding(f"Es fehlen Dateien: {', '.join(missing[:5])}", "Aus der letzten Sicherung zurückholen.")
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Finding("Stylesheet und Skripte sind nicht eingesammelt.", _PREPARE)


def _backups():
    last = backups.newest(settings.DATA_DIR / "backups")
    if last is None:
        yield Finding("Es gibt keine Sicherung dieser Datenbank.", _BACKUP)
    elif (age := datetime.now() - datetime.fromtimestamp(last.stat().st_mtime)) > BACKUP_MAX_AGE:
        yield Finding(f"Die letzte Sicherung ist {age.days} Tage alt.", _BACKUP)
    if not installation.lost() and (larger := backups.larger(settings.DATA_DIR / "backups", backups.size_now())):
        yield Finding(
            f"In {larger} ist mehr, als das Portal jetzt hat, oder sie ist von einem anderen Portal.",
            "Ging etwas verloren, holt der Befehl „restore“ es zurück; ist es so gewollt, solche Sicherungen woanders hinlegen.",
        )


def _mail():
    if settings.EMAIL_HOST:
        mail.get_connection().open()
    elif DigestSubscription.objects.exists():
        yield Finding("Jemand möchte die Wochenübersicht, aber es gibt keinen Mailserver.", "EMAIL_URL setzen.")


def _clock():
    now = timezone.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            difference = abs(cursor.fetchone()[0] - now)
        if difference > CLOCK_MAY_DIFFER:
            yield Finding(
                f"Die Uhren von Portal und Datenbank gehen {difference} auseinander.", "Die Zeit mit NTP stellen."
            )
    latest = Version.objects.order_by("-when").values_list("when", flat=True).first()
    if latest and latest > now + CLOCK_MAY_DIFFER:
        yield Finding(
            f"Die letzte Änderung ist vom {latest:%d.%m.%Y %H:%M}, also in der Zukunft.", "Die Zeit mit NTP stellen."
        )


def _accounts():
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    if not users.filter(is_superuser=True).exists():
        yield Finding("Es gibt kein Konto, das alles darf.", "Der Befehl „createsuperuser“ legt eines an.")
    bare = [user.username for user in users if login.needs_second_factor(user) and not login.has_second_factor(user)]
    if bare:
        yield Finding(
            f"Noch ohne zweiten Faktor: {', '.join(bare)}", "Er wird bei der nächsten Anmeldung eingerichtet."
        )


IN_THE_DATABASE = {"Suche", "Inhalte", "Dateien", "Mail", "Uhr", "Konten"}
EXAMINED = {
    "Einstellungen": _settings,
    "Datenordner": _data_dir,
    "Datenbank": _database,
    "Suche": _search_index,
    "Inhalte": _content,
    "Dateien": _files,
    "Sicherungen": _backups,
    "Mail": _mail,
    "Uhr": _clock,
    "Konten": _accounts,
}
