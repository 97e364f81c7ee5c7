"""Texts from before that today's Markdown refuses, or reads otherwise: they stay as readers saw them until somebody edits them."""

import hashlib
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from faq.models.categories import Category
from faq.models.entries import Entry
from faq.models.glossary import Term
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.models.notices import Notice
from faq.models.site import Site
from faq.models.steps import Step


def _holders():
    """What may hold a text: pairs of all rows and the name of the field."""
    rows = (Entry.rows, Step.objects, Category.objects, Term.objects, Site.objects, Notice.objects)
    return [(each.all(), field) for each in rows for field, _ in each.model().texts()]


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class OldTextQuerySet(GuardedQuerySet):
    def of(self, texts):
        """Those of some Markdown texts that are old ones: each text's row."""
        return {old.text: old for old in self.filter(digest__in=set(map(_digest, texts)))}

    def standing(self):
        """Those that still stand somewhere."""
        return self.filter(reduce(or_, (Q(text__in=rows.values(field)) for rows, field in _holders())))


class OldText(GuardedModel):
    """A text by its very words, wherever it stands, with the HTML that readers see of it, and why it would have another one today."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField("Text")
    html = models.TextField(editable=False)
    reasons = models.TextField("Was nicht stimmt")
    since = models.DateTimeField("Seit", auto_now_add=True)

    objects = OldTextQuerySet.as_manager()

    class Meta:
        verbose_name = "Text von früher"
        verbose_name_plural = "Texte von früher"
        ordering = ["pk"]

    def __str__(self):
        return self.reasons

    def save(self, *arguments, **options):
        self.digest = _digest(self.text)
        super().save(*arguments, **options)

    save.alters_data = True

    def places(self):
        """Where it stands: pairs of an entry, category, term, notice or site, and its name, with the step."""
        found = (row for rows, field in _holders() for row in rows.filter(**{field: self.text}))
        return [(row.entry, f"{row.entry}, {row}") if isinstance(row, Step) else (row, str(row)) for row in found]
