"""Documents that became proposals for entries: what editors go through, and what has become of each. Readers see nothing of it."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from faq.models.guard import GuardedModel, GuardedQuerySet


class SourceDocumentQuerySet(GuardedQuerySet):
    def with_parts(self):
        """With how many parts each has that are decided as one, `parts`, and how many of them are `open_parts`."""
        is_part, is_open = ~Q(proposals__state=SourceProposal.JOINED), Q(proposals__state=SourceProposal.OPEN)
        return self.annotate(parts=Count("proposals", filter=is_part), open_parts=Count("proposals", filter=is_open))


class SourceDocument(GuardedModel):
    """A document that was read in; `lost` are the sentences that no draft made of its proposals would say."""

    name = models.CharField("Dokument", max_length=200)
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="Eingelesen von", null=True, related_name="+"
    )
    when = models.DateTimeField("Eingelesen", default=timezone.now)
    lost = models.JSONField(default=list)
    left_out = models.TextField(blank=True)  # what could not be taken, in German

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "eingelesenes Dokument"
        verbose_name_plural = "eingelesene Dokumente"
        ordering = ["-when", "-pk"]
        default_permissions = ()  # it goes with the right to add entries

    def __str__(self):
        return self.name


class SourceProposal(GuardedModel):
    """A part of a document as it was cut, which is never changed: what has become of it stands in `state`.

    A JOINED one belongs to the nearest before it that is not; what is decided about that is decided about it too. `entry` is the draft that it became,
    or the entry that says the same; `nearest` is the one that the search found when the document was read.
    """

    OPEN, ACCEPTED, THERE, LEFT_OUT, JOINED = "open", "accepted", "there", "left_out", "joined"
    STATES = [
        (OPEN, "offen"),
        (ACCEPTED, "übernommen"),
        (THERE, "gibt es schon"),
        (LEFT_OUT, "weggelassen"),
        (JOINED, "mit dem vorigen verbunden"),
    ]
    QUESTION, WALKTHROUGH, REST = "question", "walkthrough", "rest"

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    state = models.CharField("Stand", max_length=10, choices=STATES, default=OPEN)
    kind = models.CharField(
        "Art", max_length=12, choices=[(QUESTION, "Frage"), (WALKTHROUGH, "Ablauf in Schritten"), (REST, "Rest")]
    )
    category = models.TextField("Kategorie", blank=True)
    title = models.TextField("Frage", blank=True)
    body = models.TextField(blank=True)
    steps = models.JSONField(default=list)  # each with title, body and section
    passage = models.TextField(blank=True)  # HTML, cleaned
    words = models.TextField(blank=True)
    place = models.CharField(max_length=100, blank=True)
    sentences = models.PositiveIntegerField(default=0)
    entry = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="sources")
    nearest = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Vorschlag aus einem Dokument"
        verbose_name_plural = "Vorschläge aus Dokumenten"
        ordering = ["document", "number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="source_proposal_number_once")]

    def __str__(self):
        return self.title or self.place or f"Vorschlag {self.number}"


class SourcePicture(GuardedModel):
    """A picture of a document, until a proposal that shows it is accepted; from then on `picture` is the portal's own."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="pictures")
    slug = models.CharField(max_length=120)
    name = models.CharField("Dateiname", max_length=150)
    data = models.BinaryField()
    description = models.TextField("Beschreibung", blank=True)
    picture = models.ForeignKey("Picture", models.SET_NULL, null=True, related_name="+")

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Bild aus einem Dokument"
        verbose_name_plural = "Bilder aus Dokumenten"
        ordering = ["document", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "slug"], name="source_picture_slug_once")]

    def __str__(self):
        return self.description or self.name
