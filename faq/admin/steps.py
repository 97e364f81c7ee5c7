"""The steps of a walkthrough, in the form of its entry."""

from contextlib import suppress

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms.models import BaseInlineFormSet

from faq import markup
from faq.actions import made
from faq.admin.forms import MarkdownField, addresses_of, check_markdown
from faq.content import step_names, walkthrough_text
from faq.editing import rendering
from faq.models import Step
from faq.step_facts import ACTORS


class StepForm(forms.ModelForm):
    place = forms.IntegerField(label="Nr.", required=False, min_value=1, help_text="Leer: am Ende.")
    actors = forms.MultipleChoiceField(
        label="Wer", required=False, choices=[(name, name) for name in ACTORS], widget=forms.CheckboxSelectMultiple
    )
    body = MarkdownField(label="Text", rows=5)

    class Meta:
        model = Step
        fields = ["section", "title", "duration", "applies_to", "needs", "gets", "body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = self.instance.number
        self.fields["actors"].initial = self.instance.actor_list

    def has_changed(self):
        """A new row of which nothing is filled in but where it stands is none."""
        return bool(set(self.changed_data) - (set() if self.instance.pk else {"place", "section"}))

    @property
    def who(self):
        """Who acts, in words; whoever may only look sees the stored text."""
        value = self["actors"].value() or ""
        return value if isinstance(value, str) else ", ".join(value)

    @property
    def gaps(self):
        """How many things its text promises that are still to come."""
        return self["body"].value().count("](offen:") if self["body"].value() else 0

    def clean_actors(self):
        """The order in which they were written stays where it can."""
        chosen, former = self.cleaned_data["actors"], self.instance.actor_list
        return ", ".join(sorted(chosen, key=lambda name: former.index(name) if name in former else len(former)))

    def clean_title(self):
        title = self.cleaned_data["title"]
        if walkthrough_text.NAME.search(title):
            raise ValidationError("Am Ende des Titels steht „{#…}“: In der Datei wäre das der Name des Schritts.")
        return title

    def clean_body(self):
        own = addresses_of(self.instance.entry) if self.instance.entry_id else ()  # a new entry has none yet
        check_markdown(self.cleaned_data["body"], own_slugs=own, in_walkthrough=True)
        return self.cleaned_data["body"]

    def save(self, commit=True):
        self.instance.actors = self.cleaned_data["actors"]
        return super().save(commit)


class StepFormSet(BaseInlineFormSet):
    def in_order(self):
        """The forms of the steps that stay, in the order of their numbers; new ones without a number last.

        One that gets the number of another takes its place: a new one and one from below come before it, one from above behind it.
        """
        filled = [form for form in self.forms if form.instance.pk or form.has_changed()]
        staying = [form for form in filled if not self._should_delete_form(form)]
        return sorted(staying, key=_place)

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        steps, is_walkthrough = self.in_order(), self.instance.is_walkthrough
        if is_walkthrough and not steps:
            raise ValidationError("Ein Ablauf braucht mindestens einen Schritt.")
        if steps and not is_walkthrough:
            raise ValidationError(
                "Nur ein Ablauf hat Schritte: Bitte wählen Sie diese Art, oder löschen Sie die Schritte."
            )
        in_section = False
        for form in steps:
            section = form.cleaned_data["section"]
            if in_section and not section:
                form.add_error("section", "Nach einem Abschnitt gehört jeder Schritt zu einem Abschnitt.")
            in_section = in_section or bool(section)
        self._check_own_links(steps)

    def _check_own_links(self, steps):
        """Links to steps of this entry, of which this form alone knows all; those to one that goes with it are taken along."""
        own, there = addresses_of(self.instance), step_names.fragments([form.instance for form in steps])
        if self.instance.pk:
            there |= Step.objects.fragments([self.instance])[self.instance.pk]
        if original := self.instance.copy_of:
            there |= Step.objects.fragments([original])[original.pk]
        for text in [self.instance.body, *(form.cleaned_data["body"] for form in steps)]:
            with suppress(markup.MarkupError):  # said at its field
                for link in made(rendering.rendered, text).links:
                    if link.kind == "faq" and link.slug in own and link.fragment not in {"", *there}:
                        raise ValidationError(f"Das Linkziel „{link.written}“ gibt es nicht.")

    def save_in_order(self):
        """Write the steps, numbered from 1. Returns the new number of each former one, None where it is gone."""
        steps = self.instance.steps
        former = dict(steps.values_list("pk", "number"))
        self.save(commit=False)  # sets what the admin logs
        for step in self.deleted_objects:
            step.delete()
        steps.update(number=F("number") + 10**6)  # out of the way: numbers are unique at any moment
        for number, form in enumerate(self.in_order(), 1):
            form.instance.number = number
            form.save()
        now = dict(steps.values_list("pk", "number"))
        return {number: now.get(key) for key, number in former.items()}


def _place(form):
    place, former = form.cleaned_data.get("place") or 10**6, form.fields["place"].initial
    return place, 0 if former is None or place < former else 1 if place == former else 2


class StepInline(admin.StackedInline):
    model = Step
    form = StepForm
    formset = StepFormSet
    template = "admin/faq/entry/steps.html"
    extra = 1  # to add one without scripts too
    fields = ["title", "body", "actors", ("duration", "applies_to"), ("needs", "gets"), ("place", "section"), "link"]
    readonly_fields = ["link"]

    class Media:
        js = [forms.Script("js/editing/steps.js", type="module")]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entry")

    @admin.display(description="Link hierher")
    def link(self, step):
        """What is written in a text to lead to this step, for good."""
        return f"faq:{step.entry.slug}#{step.name}" if step.name else "–"
