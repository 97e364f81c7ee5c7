"""Files for readers: kept once, referred to by links (`datei:<slug>`), replaced without losing the former ones."""

from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from faq.models.entries import Entry
from faq.models.fields import LineField, SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.models.references import Reference


class StoredFile(GuardedModel):
    """The bytes of a file that was checked, under a generated name in a folder or a store. Never changed; deleted only with their row."""

    KINDS = [("pdf", "PDF"), ("xlsx", "Excel"), ("docx", "Word")]

    sha256 = models.CharField("Prüfsumme", max_length=64, unique=True)
    kind = models.CharField("Art", max_length=4, choices=KINDS)
    size = models.PositiveBigIntegerField("Größe")
    file = models.FileField("Datei", unique=True)
    created = models.DateTimeField("Seit", auto_now_add=True)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Gespeicherte Datei"
        verbose_name_plural = "Gespeicherte Dateien"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["pdf", "xlsx", "docx"]), name="stored_file_is_of_a_kind"),
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_is_not_empty"),
        ]

    def __str__(self):
        return self.facts

    @property
    def facts(self):
        """What a reader wants to know before they click: "PDF, 240 KB"."""
        return f"{self.get_kind_display()}, {filesizeformat(self.size)}"


class AttachmentQuerySet(GuardedQuerySet):
    def public(self):
        """Those that readers get: a text of theirs refers to it, or did before."""
        return self.with_public().filter(is_public=True)

    def with_public(self):
        """With `is_public`, which is else asked for one at a time."""
        return self.annotate(is_public=Q(was_public=True) | self._linked)

    def promised(self):
        """Those, and what readers get by itself at a later moment."""
        coming = Q(entry__in=Entry.rows.to_come().order_by().values("pk")) | Q(notice__isnull=False)
        later = Reference.objects.filter(coming, attachment=OuterRef("pk"))
        return self.filter(Q(was_public=True) | self._linked | Q(Exists(later)))

    def note_public(self):
        """Before anything changes: whatever becomes of the text, links to the file that were sent lead on."""
        if new := list(self.filter(self._linked, was_public=False).values_list("pk", flat=True)):
            self.filter(pk__in=new).update(was_public=True)

    @property
    def _linked(self):
        return Q(Exists(Reference.objects.seen().filter(attachment=OuterRef("pk"))))


class Attachment(GuardedModel):
    """A form or leaflet: a title, an address that stays, and the file that is behind it now.

    Which files were behind it before is in its versions, by their checksum.
    """

    slug = SlugField("Kürzel", unique=True, help_text="Für Links im Text: datei:kürzel. Bleibt, wie es ist.")
    title = LineField("Titel")
    name = models.CharField("Dateiname", max_length=150, help_text="So heißt die Datei beim Herunterladen.")
    stored = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="Datei", related_name="attachments")
    position = models.PositiveIntegerField("Position", default=0, editable=False)
    was_public = models.BooleanField(default=False, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "Datei"
        verbose_name_plural = "Dateien"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="attachment_name_once",
                violation_error_message="Eine Datei mit diesem Dateinamen gibt es schon.",
            )
        ]

    def __str__(self):
        return self.title

    @cached_property
    def is_public(self):
        return type(self).objects.public().filter(pk=self.pk).exists()

    def get_absolute_url(self):
        return reverse("attachment", args=[self.slug])
