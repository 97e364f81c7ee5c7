"""Addresses that stay: what remembers its former slug and category, and the former slugs themselves."""

from django.db import models
from django.db.models import Q

from faq.models.fields import SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet


class AddressModel(GuardedModel):
    """Remembers the slug and category a row had when it was loaded: a change leaves a former address behind."""

    loaded_slug = None
    loaded_category_id = None
    loaded_status = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance.loaded_slug = instance.__dict__.get("slug")
        instance.loaded_category_id = instance.__dict__.get("category_id")
        instance.loaded_status = instance.__dict__.get("status")
        return instance


class Alias(GuardedModel):
    """A former slug of an entry or a category; it leads there for ever."""

    slug = SlugField("Früherer Anker", address=True, unique=True)
    entry = models.ForeignKey(
        "Entry", models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="Eintrag"
    )
    category = models.ForeignKey(
        "Category", models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="Kategorie"
    )

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Früherer Anker"
        verbose_name_plural = "Frühere Anker"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, category__isnull=False) | Q(entry__isnull=False, category=None),
                name="alias_leads_to_one",
                violation_error_message="Bitte wählen Sie entweder einen Eintrag oder eine Kategorie.",
            )
        ]

    def __str__(self):
        return self.slug
