"""Notices: what readers have to know for a while, on the whole site or wherever it concerns them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator

from faq.models.fields import SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet


class NoticeQuerySet(GuardedQuerySet):
    def current(self):
        """What readers see now, the newest first."""
        now = timezone.now()
        begun, not_over = Q(begins=None) | Q(begins__lte=now), Q(ends=None) | Q(ends__gt=now)
        return self.filter(begun, not_over).order_by("-begins", "pk")


class Notice(GuardedModel):
    """A text above all pages, or above what it is about: a category, a tag or an entry."""

    slug = SlugField("Kürzel", unique=True, help_text="Unter diesem Namen steht die Meldung in den Inhaltsdateien.")
    text = models.TextField("Text")
    text_html = models.TextField(editable=False, blank=True)
    begins = models.DateTimeField("Ab", null=True, blank=True, help_text="Leer: sofort.")
    ends = models.DateTimeField("Bis", null=True, blank=True, help_text="Leer: bis Sie die Meldung löschen.")
    category = models.ForeignKey(
        "Category", models.PROTECT, verbose_name="Kategorie", null=True, blank=True, related_name="notices"
    )
    tag = models.ForeignKey(
        "Tag", models.PROTECT, verbose_name="Schlagwort", null=True, blank=True, related_name="notices"
    )
    entry = models.ForeignKey(
        "Entry", models.PROTECT, verbose_name="Eintrag", null=True, blank=True, related_name="notices"
    )
    position = models.PositiveIntegerField("Position", default=0, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "Meldung"
        verbose_name_plural = "Meldungen"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None, tag=None) | Q(category=None, entry=None) | Q(tag=None, entry=None),
                name="notice_has_one_place",
                violation_error_message="Bitte wählen Sie höchstens eines: Kategorie, Schlagwort oder Eintrag.",
            ),
            models.CheckConstraint(
                condition=Q(begins=None) | Q(ends=None) | Q(ends__gt=F("begins")),
                name="notice_ends_after_it_begins",
                violation_error_message="Die Meldung endet, bevor sie beginnt.",
            ),
        ]

    def __str__(self):
        return Truncator(self.text).chars(80)

    def clean(self):
        if self.entry and self.entry.copy_of_id:
            raise ValidationError({"entry": "Bitte wählen Sie den Eintrag selbst, nicht seine Arbeitskopie."})

    @property
    def place(self):
        """The category, tag or entry it is about; None for the whole site."""
        return self.category or self.tag or self.entry

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("text", "text_html"),)
