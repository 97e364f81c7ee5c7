"""Tags that entries share."""

from collections import Counter

from django.db import models
from django.urls import reverse
from taggit.models import ItemBase, TagBase

from faq import slugs
from faq.models.entries import Entry
from faq.models.fields import validate_line
from faq.models.guard import GuardedModel, GuardedQuerySet


def validate_name(name):
    """What is wrong with the name of a tag, wherever it is given one."""
    Tag._meta.get_field("name").run_validators(name)
    validate_line(name)


class TagQuerySet(GuardedQuerySet):
    def used(self):
        """Tags of at least one public entry, with their number as `count`, by name."""
        return (
            self.filter(taggings__content_object__in=Entry.objects.published())
            .annotate(count=models.Count("taggings__content_object", distinct=True))
            .order_by("name")
        )

    def spellings(self, names):
        """How each of these names is written: as the tag that there is, whatever its case, else as the first of them."""
        known = dict.fromkeys(self.filter(merged_into=None).values_list("name", flat=True))
        by_key = {slugs.letters(name): name for name in reversed(known)}
        return {name: name if name in known else by_key.setdefault(slugs.letters(name), name) for name in names}

    def alike(self):
        """Those that are written as another one but for their case."""
        known = self.filter(merged_into=None).values_list("pk", "name")
        number = Counter(slugs.letters(name) for _, name in known)
        return self.filter(pk__in=[key for key, name in known if number[slugs.letters(name)] > 1])

    def most_used(self):
        """The same, those of most entries first."""
        return self.used().order_by("-count", "name")


class Tag(GuardedModel, TagBase):
    """A word that entries share; its slug is ASCII, which taggit's own is not.

    A tag that went into another one stays as its former address, until it is used again.
    """

    merged_into = models.ForeignKey(
        "self", models.CASCADE, verbose_name="Aufgegangen in", null=True, editable=False, related_name="merged"
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = "Schlagwort"
        verbose_name_plural = "Schlagwörter"
        ordering = ["name"]

    def clean(self):
        validate_name(self.name)

    def slugify(self, tag, i=None):
        ending = "" if i is None else f"-{i}"
        longest = self._meta.get_field("slug").max_length - len(ending)
        return (slugs.slugify(tag)[:longest].strip("-") or "schlagwort") + ending

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])


class TaggedEntryManager(models.Manager.from_queryset(GuardedQuerySet)):
    """In the order in which they were written, each with its tag."""

    def get_queryset(self):
        return super().get_queryset().select_related("tag").order_by("pk")


class TaggedEntry(GuardedModel, ItemBase):
    """An entry's tag; the rows' order is the order in which the tags were written."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    content_object = models.ForeignKey(Entry, models.CASCADE, related_name="taggings")

    objects = TaggedEntryManager()

    class Meta:
        verbose_name = "Schlagwort eines Eintrags"
        verbose_name_plural = "Schlagwörter der Einträge"
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_per_entry")]
