"""What readers were told of an entry's changes: one sentence each, with the day on which it became public."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.urls import reverse

from faq.models.fields import LineField
from faq.models.guard import GuardedModel, GuardedQuerySet

_BEGINS_WITH_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{0,4}(?!\w)")


def validate_sentence(value):
    """In a file the day stands before the sentence: one that begins with a date could not be told from it."""
    if _BEGINS_WITH_DATE.match(value):
        raise ValidationError(
            "Bitte beginnen Sie den Satz nicht mit einem Datum: Der Tag der Veröffentlichung steht von selbst davor."
        )


class AnnouncementQuerySet(GuardedQuerySet):
    def of(self, entries):
        """What was announced of these entries, each with its own, the newest first."""
        told = self.filter(entry__in=entries, day__isnull=False)
        return told.select_related("entry").order_by("-day", "entry", "pk")

    def months(self):
        """The first day of each month in which one of them was made, the newest first."""
        return list(self.order_by().dates("day", "month", order="DESC"))


class Announcement(GuardedModel):
    """One sentence about what is new in an entry; without a `day` it waits until the text that it belongs to is published."""

    entry = models.ForeignKey("Entry", models.CASCADE, verbose_name="Eintrag", related_name="announcements")
    day = models.DateField("Tag", null=True)
    text = LineField("Was ist neu?", max_length=200, validators=[validate_sentence])

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "Ankündigung"
        verbose_name_plural = "Ankündigungen"
        ordering = [F("day").desc(nulls_first=True), "pk"]  # as in the entry's document

    def __str__(self):
        return self.text

    @property
    def month(self):
        """Its first day."""
        return self.day.replace(day=1)

    def get_absolute_url(self):
        """Its place among what was announced in its month."""
        return f"{reverse('news_month', args=[self.month])}#{self.anchor}"

    @property
    def anchor(self):
        return f"neu_{self.entry_id}_{self.day.isoformat()}"
