"""What readers look for and say: counts and texts, nothing about who they are."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SearchQuery(models.Model):
    """What readers type into the search, normalised, with how well it was answered last."""

    FOUND, MEANING, SIMILAR, NOTHING = "found", "meaning", "similar", "nothing"

    text = models.CharField("Gesucht", max_length=100, unique=True)
    outcome = models.CharField(
        "Ergebnis",
        max_length=10,
        choices=[
            (FOUND, "Gefunden"),
            (MEANING, "Gefunden, aber nur dem Sinn nach"),
            (SIMILAR, "Nur Ähnliches"),
            (NOTHING, "Nichts"),
        ],
        default=FOUND,
    )
    # The site's revision at which the outcome was found: at a later one it may be another.
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    # Where it is not surely found by its words: the first of what was found.
    nearest = models.ForeignKey("Entry", models.SET_NULL, null=True, editable=False, related_name="+")
    dismissed = models.BooleanField("Nicht mehr zeigen", default=False)

    class Meta:
        verbose_name = "Suchanfrage"
        verbose_name_plural = "Suchanfragen"
        ordering = ["text"]
        indexes = [models.Index(fields=["outcome", "dismissed"])]

    def __str__(self):
        return self.text


class SearchDay(models.Model):
    """How often something was searched on a day, and how often without a good answer."""

    query = models.ForeignKey(SearchQuery, models.CASCADE, verbose_name="Gesucht", related_name="days")
    day = models.DateField("Tag")
    count = models.PositiveIntegerField("Anzahl", default=0)
    vain = models.PositiveIntegerField("Davon vergeblich", default=0)

    class Meta:
        verbose_name = "Suchanfragen eines Tages"
        verbose_name_plural = "Suchanfragen je Tag"
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="search_day_once")]
        indexes = [models.Index(fields=["day"])]

    def __str__(self):
        return f"{self.query} am {self.day:%d.%m.%Y}"


class FeedbackQuerySet(models.QuerySet):
    def open(self):
        """What an editor has to read: no or a text, and not ticked off, the oldest first."""
        return self.filter(~Q(text="") | Q(helpful=False), done=None).order_by("created", "pk")

    def explain_no(self, entry, text):
        """Add to a „Nein“ of the last day what is missing; False where there is none without a text.

        Nothing tells who said it: any will do, and each stays one piece of feedback.
        """
        bare = self.filter(entry=entry, helpful=False, text="", created__gt=timezone.now() - timedelta(days=1))
        newest = bare.order_by("-pk").values_list("pk", flat=True)[:1]
        return self.filter(pk__in=list(newest), text="").update(text=text, done=None, done_by=None)


class Feedback(models.Model):
    """An answer to „War das hilfreich?“."""

    TEXT_LENGTH = 1000

    entry = models.ForeignKey("Entry", models.CASCADE, verbose_name="Eintrag", related_name="feedback")
    helpful = models.BooleanField("Hilfreich", null=True)
    text = models.TextField("Was fehlt?", max_length=TEXT_LENGTH, blank=True)
    created = models.DateTimeField("Eingegangen", auto_now_add=True)
    done = models.DateTimeField("Erledigt am", null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="Erledigt von", null=True, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = "Rückmeldung"
        verbose_name_plural = "Rückmeldungen"
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["done", "created"])]

    def __str__(self):
        return self.text or {True: "Hilfreich", False: "Nicht hilfreich", None: "Ohne Text"}[self.helpful]
