"""What was deleted: its addresses and anchors say so, and lead on."""

from django.db import models
from django.db.models import Exists, OuterRef

from faq.models.entries import Entry
from faq.models.fields import SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet


class GoneQuerySet(GuardedQuerySet):
    def unanswered(self):
        """Those at whose slug, be it the current or a former one, no public entry answers by now."""
        public = Entry.objects.published()
        there = public.filter(slug=OuterRef("slug"))
        once = public.filter(aliases__slug=OuterRef("slug"))
        return self.filter(~Exists(there), ~Exists(once))

    def missed(self):
        """What readers saw, until it was deleted."""
        return self.unanswered().filter(was_public=True)


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

    objects = GoneQuerySet.as_manager()

    class Meta:
        verbose_name = "Gelöschter Eintrag"
        verbose_name_plural = "Gelöschte Einträge"
        ordering = ["-when", "slug"]

    def __str__(self):
        return self.title
