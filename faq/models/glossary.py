"""Terms: the glossary, the synonyms of the search and the explanations in the text, all in one."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from faq import slugs
from faq.models.fields import LineField, SlugField, validate_line
from faq.models.guard import GuardedModel, GuardedQuerySet

validate_length = MaxLengthValidator(300)
_LEADS = re.compile(rf"faq:{slugs.SLUG.pattern}(?:#{slugs.SLUG.pattern})?")


def validate_lines(value):
    """A list of lines, each at most once."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValidationError("Bitte eine Schreibweise je Zeile.")
    for item in value:
        validate_line(item)
        validate_length(item)
    if len(set(value)) < len(value):
        raise ValidationError("Eine Schreibweise steht hier doppelt.")


def validate_leads(value):
    """An entry or a step, as a text links to it."""
    if not _LEADS.fullmatch(value):
        raise ValidationError("Bitte wählen Sie einen Eintrag oder Schritt: faq:anker oder faq:anker#schritt.")


def as_link(leads):
    """What a term leads to as Markdown, whose links follow their targets."""
    return f"[]({leads})" if leads else ""


class TermQuerySet(GuardedQuerySet):
    def glossary(self):
        """What the glossary shows: the terms with a definition, by name."""
        return self.exclude(definition="").order_by("name", "pk")


class Term(GuardedModel):
    """An abbreviation or product name with its other spellings."""

    slug = SlugField("Anker", unique=True)
    name = LineField("Begriff")
    aliases = models.JSONField("Andere Namen", default=list, blank=True, validators=[validate_lines])
    search = models.JSONField("Schreibweisen für die Suche", default=list, blank=True, validators=[validate_lines])
    definition = models.TextField("Erklärung", blank=True, help_text="Leer: nur für die Suche, nicht im Glossar.")
    definition_html = models.TextField(editable=False, blank=True)
    leads = models.CharField("Führt zu", max_length=300, blank=True, validators=[validate_leads])
    leads_html = models.TextField(editable=False, blank=True)
    position = models.PositiveIntegerField("Position", default=0, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "Begriff"
        verbose_name_plural = "Begriffe"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @property
    def leads_link(self):
        return as_link(self.leads)

    @leads_link.setter
    def leads_link(self, text):
        """Words that are left of a link lead nowhere."""
        self.leads = text[3:-1] if text.startswith("[](") else ""

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("definition", "definition_html"),)
