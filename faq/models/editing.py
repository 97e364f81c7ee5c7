"""Who has which form open: told to others, kept for minutes, and part of nothing that is stored for good."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

LASTS = timedelta(seconds=75)  # a browser gives a page in the background one turn a minute


class EditingQuerySet(models.QuerySet):
    def now(self):
        return self.filter(seen__gt=timezone.now() - LASTS)

    def over(self):
        return self.filter(seen__lte=timezone.now() - LASTS)

    def note(self, **form):
        """`model`, `key` and `user`: who has this form open, since when if that is new, and until now."""
        now = timezone.now()
        if not self.now().filter(**form).update(seen=now):
            self.update_or_create(**form, defaults={"since": now, "seen": now})


class Editing(models.Model):
    """Somebody who has a form open."""

    model = models.CharField(max_length=30)
    key = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)

    objects = EditingQuerySet.as_manager()

    class Meta:
        verbose_name = "Wer gerade bearbeitet"
        verbose_name_plural = "Wer gerade bearbeitet"
        constraints = [models.UniqueConstraint(fields=["model", "key", "user"], name="editing_once")]

    def __str__(self):
        return f"{self.user}, seit {timezone.localtime(self.since):%H:%M}"
