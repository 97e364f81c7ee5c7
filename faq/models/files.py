"""Files and pictures for readers: kept once, referred to by texts (`datei:<slug>`, `bild:<slug>`), replaced without losing the former ones."""

from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from faq.models.entries import Entry
from faq.models.fields import LineField, SlugField, validate_description
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.models.references import Reference


class StoredFile(GuardedModel):
    """The bytes of a file that was checked, under a generated name in a folder or a store. Never changed; deleted only with their row."""

    KINDS = [("pdf", "PDF"), ("xlsx", "Excel"), ("docx", "Word"), ("png", "PNG"), ("jpg", "JPEG"), ("webp", "WebP")]

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
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "xlsx", "docx", "png", "jpg", "webp"]), name="stored_file_is_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_is_not_empty"),
        ]

    def __str__(self):
        return self.facts

    @property
    def facts(self):
        """What a reader wants to know before they click: "PDF, 240 KB"."""
        return f"{self.get_kind_display()}, {filesizeformat(self.size)}"


class Rendition(GuardedModel):
    """A picture as readers get it: the file that was drawn of another one, and its size in pixels."""

    master = models.ForeignKey(StoredFile, models.CASCADE, related_name="renditions")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="drawn_of")
    width = models.PositiveIntegerField("Breite")
    height = models.PositiveIntegerField("Höhe")

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Bildgröße"
        verbose_name_plural = "Bildgrößen"
        ordering = ["master", "width"]
        constraints = [models.UniqueConstraint("master", "width", name="rendition_of_width_once")]

    def __str__(self):
        return f"{self.width} × {self.height}"


class KeptFileQuerySet(GuardedQuerySet):
    def public(self):
        """Those that readers get."""
        return self.with_public().filter(is_public=True)

    def with_public(self):
        """With `is_public`, which is else asked for one at a time."""
        return self.annotate(is_public=self._is_public)

    def promised(self):
        """Those, and what readers get by itself at a later moment."""
        coming = Q(entry__in=Entry.rows.to_come().order_by().values("pk")) | Q(notice__isnull=False)
        return self.filter(self._is_public | self._referred(Reference.objects.filter(coming)))

    def _referred(self, references):
        return Q(Exists(references.filter(**{self.model._meta.model_name: OuterRef("pk")})))


class KeptFile(GuardedModel):
    """What texts refer to by a slug that stays, and the file that is behind it now.

    Which files were behind it before is in its versions, by their checksum.
    """

    slug = SlugField("Kürzel", unique=True)
    name = models.CharField("Dateiname", max_length=150)
    stored = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="Datei", related_name="%(class)ss")
    position = models.PositiveIntegerField("Position", default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="%(class)s_name_once",
                violation_error_message="Eine Datei mit diesem Dateinamen gibt es schon.",
            )
        ]

    @cached_property
    def is_public(self):
        return type(self).objects.public().filter(pk=self.pk).exists()


class AttachmentQuerySet(KeptFileQuerySet):
    def note_public(self):
        """Before anything changes: whatever becomes of the text, links to the file that were sent lead on."""
        if new := list(self.filter(self._linked, was_public=False).values_list("pk", flat=True)):
            self.filter(pk__in=new).update(was_public=True)

    @property
    def _is_public(self):
        return Q(was_public=True) | self._linked

    @property
    def _linked(self):
        return self._referred(Reference.objects.seen())


class Attachment(KeptFile):
    """A form or leaflet: a title, and an address that stays. Public once a text of readers has led to it."""

    title = LineField("Titel")
    was_public = models.BooleanField(default=False, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = "Datei"
        verbose_name_plural = "Dateien"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("attachment", args=[self.slug])


class PictureQuerySet(KeptFileQuerySet):
    def undescribed(self):
        """Those of which nothing is said, and which are not said to be decoration."""
        return self.filter(description="", decorative=False)

    def with_renditions(self):
        """With all that a page shows of them, the smallest size first."""
        return self.prefetch_related("stored__renditions__stored")

    @property
    def _is_public(self):
        return self._referred(Reference.objects.shown())


class Picture(KeptFile):
    """A screenshot or drawing: what it says to those who do not see it, and a caption. Public while a text of readers shows it."""

    description = LineField(
        "Beschreibung",
        blank=True,
        validators=[validate_description],
        help_text="Was man darauf sieht, für alle, die es nicht sehen: in einem Satz, ohne „Bild von“.",
    )
    decorative = models.BooleanField(
        "Nur Schmuck",
        default=False,
        help_text="Das Bild sagt nichts, was nicht auch im Text steht: Vorleseprogramme übergehen es.",
    )
    caption = LineField(
        "Bildunterschrift", blank=True, help_text="Steht unter dem Bild, wo der Text keine andere nennt."
    )

    objects = PictureQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = "Bild"
        verbose_name_plural = "Bilder"
        constraints = [
            *KeptFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(description=""),
                name="decorative_picture_says_nothing",
                violation_error_message="Ein Bild, das nur Schmuck ist, hat keine Beschreibung.",
            ),
        ]

    def __str__(self):
        return self.description or self.slug

    @property
    def is_undescribed(self):
        return not (self.description or self.decorative)

    @property
    def renditions(self):
        """The sizes that readers get, the smallest first."""
        return list(self.stored.renditions.all())
