"""The steps of walkthroughs."""

from django.db import models
from django.db.models import Q

from faq.models.entries import Entry
from faq.models.fields import LineField, SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.step_facts import AWAITED, FACTS


class StepQuerySet(GuardedQuerySet):
    def fragments(self, entries, *, former=False):
        """What links to steps of these entries may end in, by the entry's key: places and names; `former`: those of steps that are gone too."""
        found = {entry.pk: set(entry.former_steps if former else ()) for entry in entries}
        for key, number, name in self.filter(entry__in=found).values_list("entry", "number", "name"):
            found[key] |= {f"schritt-{number}", name}
        return found


class Step(GuardedModel):
    """One step of a walkthrough; steps with the same section name that follow each other form a section."""

    entry = models.ForeignKey(Entry, models.CASCADE, verbose_name="Eintrag", related_name="steps")
    number = models.PositiveIntegerField("Nr.")
    # By which links find it for good, in the entry and in a working copy of it; given at the first save.
    name = SlugField(blank=True, editable=False)
    section = LineField("Abschnitt", blank=True)
    title = LineField("Schritt")
    actors = LineField("Wer", max_length=100, blank=True)
    duration = LineField("Dauer", blank=True)
    applies_to = LineField("Gilt für", blank=True)
    needs = LineField("Sie brauchen", blank=True)
    gets = LineField("Sie erhalten", blank=True)
    body = models.TextField("Text", blank=True)
    body_html = models.TextField(editable=False, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="step_number_once"),
            models.UniqueConstraint(fields=["entry", "name"], condition=~Q(name=""), name="step_name_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="step_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        return f"{self.entry.get_absolute_url()}#{self.name}"

    @property
    def facts(self):
        """Pairs of name and value, in their order, of what is known about the step."""
        return [(name, value) for name, field in FACTS.items() if (value := getattr(self, field))]

    @property
    def actor_list(self):
        return self.actors.split(", ") if self.actors else []

    @property
    def is_awaited(self):
        """Whether the reseller does nothing in it but wait for what comes. Where somebody else acts too, there is more to do than that."""
        return bool(self.actors) and AWAITED.issuperset(self.actor_list)

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("body", "body_html"),)
