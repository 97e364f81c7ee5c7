"""What is wrong with an installation, in German, and how to mend it; for an administrator who asks once in a while."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks, mail
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils import timezone

from faq import login
from faq.content import folder
from faq.editing.search_index import differences
from faq.importing import unchanged
from faq.models import DigestSubscription, ImportConflict, Site, StoredFile, Version
from faq.operations import backups, faults, installation, migrations, private
from faq.search import table
from faq.words import counted

BACKUP_MAX_AGE = timedelta(days=2)
LEAST_FREE = 1_000_000_000  # bytes
READ_ANEW = 500  # entries that the search is held against; the command `check_search` takes all
CLOCK_MAY_DIFFER = timedelta(seconds=30)

# On a server a command is called by another name than here, so it is named without.
_PREPARE = "Der Befehl „prepare“ holt es nach."
_BACKUP = "Der Befehl „backup“ macht eine, am besten jede Nacht von selbst."


class Finding(NamedTuple):
    """Something that is wrong, and how it is mended; `advice` is what a sound installation may live with."""

    what: str
    how: str
    advice: bool = False


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
    for sentence in settings.MISSPELT:
        yield Finding(sentence, "Berichtigen oder weglassen.", advice=True)
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
    if exposed := private.open_to_others():
        yield Finding(
            f"{', '.join(map(str, exposed[:5]))} können andere lesen ({len(exposed)} insgesamt).",
            "Der Befehl „prepare“ ändert das, oder chmod 600 für Dateien, 700 für Ordner.",
        )
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
        yield Finding(f"{counted(len(missing), 'Migration fehlt', 'Migrationen fehlen')}.", _PREPARE)
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
    if problem := table.problem():
        yield Finding(problem, "Die Datei gehört zum Programm: Spielen Sie die Version noch einmal ein.")
    if found := differences(most=READ_ANEW):
        yield Finding(
            f"{counted(len(found), 'Unterschied', 'Unterschiede')} zu den Einträgen.",
            "Der Befehl „rebuild_search“ baut sie neu auf.",
        )


def _content():
    try:
        if not unchanged.is_last_import(unchanged.fingerprint(settings.CONTENT_DIR)):
            folder.read(settings.CONTENT_DIR)
    except folder.FolderError as error:
        yield Finding(f"{settings.CONTENT_DIR} wird so nicht eingelesen: {error}", "Die genannten Zeilen berichtigen.")
    if number := ImportConflict.objects.count():
        yield Finding(
            f"{counted(number, 'Konflikt', 'Konflikte')} beim Einlesen.",
            "In der Verwaltung unter „Inhalte“ entscheiden, was gilt.",
            advice=True,
        )


def _legal():
    if gaps := Site.objects.current().legal_gaps:
        yield Finding(
            f"Es fehlt: {', '.join(gaps)}. Eine Adresse zählt nur, wenn sie nicht auf die Startseite einer anderen Website führt.",
            "In der Verwaltung unter „Portal“ die Adresse oder den Text eintragen, oder in _site.md.",
            advice=True,
        )


def _files():
    try:
        present = set(default_storage.listdir("")[1])
    except FileNotFoundError:
        present = set()
    except OSError as error:
        yield Finding(f"Der Speicher für Dateien antwortet nicht: {error}", "FILES_URL und den Speicher prüfen.")
        present = None
    names = StoredFile.objects.values_list("file", flat=True)
    if present is not None and (missing := sorted(set(names) - present)):
        yield Finding(f"Es fehlen Dateien: {', '.join(missing[:5])}", "Aus der letzten Sicherung zurückholen.")
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Finding("Stylesheet und Skripte sind nicht eingesammelt.", _PREPARE)


def _backups():
    for place, what in zip(backups.folders(), ("Sicherung", "Kopie einer Sicherung"), strict=False):
        age = backups.age(place)
        if age is None:
            yield Finding(f"Es gibt keine {what} dieser Datenbank in {place}.", _BACKUP, advice=_is_new())
        elif age > BACKUP_MAX_AGE:
            yield Finding(f"Die letzte {what} ist {age.days} Tage alt.", _BACKUP)
    copies = settings.BACKUP_COPY
    if copies and copies.exists() and copies.stat().st_dev == settings.DATA_DIR.stat().st_dev:
        yield Finding(
            f"{copies} liegt auf demselben Datenträger wie {settings.DATA_DIR}.",
            "Ist der andere eingehängt? Sonst BACKUP_COPY auf einen Ordner außerhalb setzen.",
        )
    if not installation.lost() and (larger := backups.larger(settings.DATA_DIR / "backups", backups.size_now())):
        yield Finding(
            f"In {larger} ist mehr, als das Portal jetzt hat, oder sie ist von einem anderen Portal.",
            "Ging etwas verloren, holt der Befehl „restore“ es zurück; ist es so gewollt, solche Sicherungen woanders hinlegen.",
        )


def _is_new():
    """Whether the portal is younger than a backup may be old."""
    first = Version.objects.order_by("when").values_list("when", flat=True).first()
    return first is None or timezone.now() - first < BACKUP_MAX_AGE


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
            f"Die letzte Änderung ist von {timezone.localtime(latest).isoformat(timespec='seconds')}, also in der Zukunft.",
            "Die Zeit mit NTP stellen.",
        )


def _accounts():
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    if not users.filter(is_superuser=True).exists():
        yield Finding("Es gibt kein Konto, das alles darf.", "Der Befehl „createsuperuser“ legt eines an.", advice=True)
    bare = [user.username for user in users if login.needs_second_factor(user) and not login.has_second_factor(user)]
    if bare:
        yield Finding(
            f"Noch ohne zweiten Faktor: {', '.join(bare)}",
            "Er wird bei der nächsten Anmeldung eingerichtet.",
            advice=True,
        )


IN_THE_DATABASE = {"Suche", "Inhalte", "Rechtliches", "Dateien", "Mail", "Uhr", "Konten"}
EXAMINED = {
    "Einstellungen": _settings,
    "Datenordner": _data_dir,
    "Datenbank": _database,
    "Suche": _search_index,
    "Inhalte": _content,
    "Rechtliches": _legal,
    "Dateien": _files,
    "Sicherungen": _backups,
    "Mail": _mail,
    "Uhr": _clock,
    "Konten": _accounts,
}
