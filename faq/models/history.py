"""Who refers to what, and how each text came to be."""

from functools import partial, reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from faq.models.entries import Entry, Step
from faq.models.fields import SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.prepared import among, prepared

# What has texts with links.
SOURCES = ("entry", "category", "term", "site", "notice")


def _only(name):
    return Q(**{f"{other}__isnull": other != name for other in SOURCES})


class PlacesQuerySet(models.QuerySet):
    """Of what texts refer to."""

    def with_places(self):
        """With the texts that have them."""
        return self.prefetch_related(*(f"references__{name}" for name in SOURCES))


class ReferenceManager(models.Manager.from_queryset(GuardedQuerySet)):
    def on_page(self, sources):
        """The portal's links in the texts of these entries, categories, terms, notices or sites, with what their targets show.

        `is_public`: the target is an entry readers can open; `has_step`: it has the step that is linked.
        """
        of = {name: [] for name in SOURCES}
        for source in sources:
            of[source._meta.model_name].append(source.pk)
        now = timezone.now()
        return [found for name, keys in of.items() for found in _on_page[name](keys, now)]


class Reference(GuardedModel):
    """A link in a text, written when the text is saved: one of the portal's, or to a page elsewhere (`web`).

    The source is one of SOURCES; the target is what `kind` and `slug` led to, or none where that is gone.
    """

    KINDS = [
        ("faq", "Eintrag"),
        ("kontakt", "Ansprechpartner"),
        ("datei", "Datei"),
        ("offen", "Offene Stelle"),
        ("web", "Externer Link"),
    ]

    entry = models.ForeignKey("Entry", models.CASCADE, null=True, related_name="links_out")
    # Few have one of these: an index of all rows would be read from end to end.
    category = models.ForeignKey("Category", models.CASCADE, null=True, related_name="links_out", db_index=False)
    term = models.ForeignKey("Term", models.CASCADE, null=True, related_name="links_out", db_index=False)
    site = models.ForeignKey("Site", models.CASCADE, null=True, related_name="links_out", db_index=False)
    notice = models.ForeignKey("Notice", models.CASCADE, null=True, related_name="links_out", db_index=False)

    kind = models.CharField("Art", max_length=10, choices=KINDS)
    slug = SlugField("Ziel")
    step = models.PositiveIntegerField("Schritt", null=True)
    target = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="references")
    contact = models.ForeignKey("Contact", models.PROTECT, null=True, related_name="references")
    gap = models.ForeignKey("Gap", models.PROTECT, null=True, related_name="references")
    attachment = models.ForeignKey("Attachment", models.PROTECT, null=True, related_name="references")
    web = models.ForeignKey("WebLink", models.PROTECT, null=True, related_name="references")

    objects = ReferenceManager()

    SOURCES = SOURCES

    class Meta:
        verbose_name = "Verweis"
        verbose_name_plural = "Verweise"
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_only, SOURCES)),
                name="reference_has_one_source",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="faq", contact=None, gap=None, attachment=None, web=None)
                    | Q(kind="kontakt", target=None, gap=None, attachment=None, web=None)
                    | Q(kind="datei", target=None, contact=None, gap=None, web=None)
                    | Q(kind="offen", target=None, contact=None, gap__isnull=False, attachment=None, web=None)
                    | Q(kind="web", target=None, contact=None, gap=None, attachment=None, web__isnull=False)
                ),
                name="reference_fits_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "slug"]),
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"reference_of_{name}")
                for name in SOURCES[1:]
            ),
        ]

    def __str__(self):
        return self.written

    @property
    def written(self):
        return self.web.url if self.web else f"{self.kind}:{self.slug}" + (f"#schritt-{self.step}" if self.step else "")

    @property
    def source(self):
        """The entry, category, term, site or notice that holds the link."""
        return next(source for name in SOURCES if (source := getattr(self, name)))


def _links_of(name, keys, now):
    public = Entry.objects.published(now).filter(pk=OuterRef("target"))
    steps = Step.objects.filter(entry=OuterRef("target"), number=OuterRef("step"))
    return (
        Reference.objects.filter(among(name, keys), web=None)
        .select_related("target", "contact", "gap", "attachment__stored")
        .annotate(is_public=Exists(public), has_step=Exists(steps))
    )


_on_page = {name: prepared(partial(_links_of, name)) for name in SOURCES}


class Gone(GuardedModel):
    """A slug of an entry that was deleted: its address and its anchors say so, and lead on.

    The title of what readers never saw stays unknown to them.
    """

    slug = SlugField("Anker", unique=True)
    title = models.CharField("Frage", max_length=300)
    path = models.CharField("Datei", max_length=300)
    when = models.DateTimeField("Gelöscht am", auto_now_add=True)
    was_public = models.BooleanField("War öffentlich", default=False)
    categories = models.ManyToManyField("Category", verbose_name="Kategorien", related_name="gone", editable=False)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Gelöschter Eintrag"
        verbose_name_plural = "Gelöschte Einträge"
        ordering = ["-when", "slug"]

    def __str__(self):
        return self.title


class VersionQuerySet(GuardedQuerySet):
    def of_originals(self):
        """Versions of what is, or could be, public: without those of working copies."""
        return self.filter(working_copy=False)


class Version(GuardedModel):
    """A document as it was after one change; empty where it was deleted. Outlives what it is of."""

    SOURCES = [("admin", "Verwaltung"), ("import", "Import"), ("restore", "Wiederherstellung")]

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
        return f"{self.path} vom {self.when:%d.%m.%Y %H:%M}"


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
