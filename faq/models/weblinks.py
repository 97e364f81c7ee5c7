"""Pages elsewhere that our texts link to, and whether they were there when last looked at."""

from django.conf import settings
from django.db import models

from faq.models.references import PlacesQuerySet


class WebLink(models.Model):
    """The address of a page elsewhere; `Reference.web` says in which texts it stands."""

    url = models.CharField("Adresse", max_length=2000, unique=True)
    checked = models.DateTimeField("Geprüft am", null=True, editable=False)
    status = models.PositiveSmallIntegerField("Antwort", null=True, editable=False)
    problem = models.CharField("Was nicht stimmt", max_length=300, blank=True, editable=False)
    moved_to = models.CharField("Umgezogen nach", max_length=2000, blank=True, editable=False)
    # Runs in a row at which it failed.
    failures = models.PositiveSmallIntegerField("Fehlversuche", default=0, editable=False)
    # A worker that is just checking it, so that no other does.
    claimed = models.DateTimeField(null=True, editable=False)

    objects = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = "Externer Link"
        verbose_name_plural = "Externe Links"
        ordering = ["url"]
        indexes = [models.Index(fields=["checked"])]

    def __str__(self):
        return self.url


class DigestSubscription(models.Model):
    """A user who wants the weekly summary by mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="Benutzer", related_name="digest"
    )
    last_sent = models.DateTimeField("Zuletzt verschickt", null=True, editable=False)

    class Meta:
        verbose_name = "Wochenübersicht per E-Mail"
        verbose_name_plural = "Wochenübersichten per E-Mail"

    def __str__(self):
        return str(self.user)
