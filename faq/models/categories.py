"""Categories: groups of entries, each with a page of its own."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse

from faq.models.addresses import AddressModel
from faq.models.entries import IN_PLACE, Entry
from faq.models.fields import LineField, SlugField
from faq.models.gone import Gone
from faq.models.guard import GuardedQuerySet


class CategoryQuerySet(GuardedQuerySet):
    def ordered(self):
        return self.order_by(*IN_PLACE)

    def at(self, slug):
        """The category at a current or former slug."""
        return self.filter(Q(slug=slug) | Q(aliases__slug=slug)).distinct().get()

    def public(self):
        """Those with a public entry, in order."""
        return self.filter(Exists(Entry.objects.published().filter(category=OuterRef("pk")))).ordered()

    def with_page(self):
        """Those that have a page: with a public entry, or with the anchor of one that moved on or was deleted.

        To readers all others are not there.
        """
        public = Entry.objects.published()
        here, moved = public.filter(category=OuterRef("pk")), public.filter(former_categories=OuterRef("pk"))
        deleted = Gone.objects.missed().filter(categories=OuterRef("pk"))
        return self.filter(Exists(here) | Exists(moved) | Exists(deleted))

    def with_first_questions(self, number):
        """Those with a public entry, in order, each with its first ones as `questions` and the number of all as `count`."""
        public = Entry.objects.published()
        counts = public.filter(category=OuterRef("pk")).order_by().values("category").annotate(count=Count("pk"))
        first = public.only("slug", "title", "short", "kind", "category_id").order_by(*IN_PLACE)[:number]
        return (
            self.annotate(count=Subquery(counts.values("count")))
            .filter(count__gt=0)
            .ordered()
            .prefetch_related(Prefetch("entries", first, to_attr="questions"))
        )


class Category(AddressModel):
    """A group of entries with a page of its own."""

    slug = SlugField("Anker", address=True, unique=True, help_text="Die Adresse der Seite: /anker/")
    title = LineField("Titel")
    position = models.PositiveIntegerField("Position", null=True, blank=True, help_text="Leer: am Ende.")
    intro = models.TextField("Einleitung", blank=True)
    intro_html = models.TextField(editable=False, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "Kategorie"
        verbose_name_plural = "Kategorien"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("category", args=[self.slug])

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("intro", "intro_html"),)
