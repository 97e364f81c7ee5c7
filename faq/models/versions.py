"""How each text came to be, and what an import left to be decided."""

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime

from faq.models.guard import GuardedModel, GuardedQuerySet


class VersionQuerySet(GuardedQuerySet):
    def of_originals(self):
        """Versions of what is, or could be, public: without those of working copies."""
        return self.filter(working_copy=False)

    def of_entries(self):
        """Versions of what is, or was, an entry or the working copy of one."""
        return self.filter(path__contains="/", path__endswith=".md").exclude(path__contains="/_")


class Version(GuardedModel):
    """A document as it was after one change; empty where it was deleted. Outlives what it is of."""

    SOURCES = [
        ("admin", "Verwaltung"),
        ("import", "Import"),
        ("restore", "Wiederherstellung"),
        ("upgrade", "Neue Version"),
    ]

    path = models.CharField("Datei", max_length=300)
    entry = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="versions")
    document = models.TextField("Text", blank=True)
    source = models.CharField("Woher", max_length=10, choices=SOURCES)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Wer", null=True, blank=True, related_name="+"
    )
    when = models.DateTimeField("Wann", auto_now_add=True)
    why = models.CharField("Warum", max_length=300, blank=True)
    working_copy = models.BooleanField("Arbeitskopie", default=False)
    # The file as it was at an import: what the next import compares with.
    base = models.BooleanField("Stand der Datei", default=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "Version"
        verbose_name_plural = "Versionen"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["path", "-id"])]

    def __str__(self):
        return f"{self.path} vom {localtime(self.when):%d.%m.%Y %H:%M}"


class ImportConflict(models.Model):
    """An item that an import left as it is here, because the file was changed too; until someone decides."""

    path = models.CharField("Datei", max_length=300, unique=True)
    reason = models.CharField("Grund", max_length=300, blank=True)
    since = models.DateTimeField("Seit", auto_now_add=True)

    class Meta:
        verbose_name = "Konflikt beim Einlesen"
        verbose_name_plural = "Konflikte beim Einlesen"
        ordering = ["path"]

    def __str__(self):
        return self.path
