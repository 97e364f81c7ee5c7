"""The form of an entry."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from faq.admin.addresses import AddressForm
from faq.admin.forms import LinesField, MarkdownField, NoteField, SentenceField, TagsField, TagsInput, check_markdown
from faq.admin.owners import OwnerField
from faq.content import mapping, values
from faq.content.documents import Change, newest_first
from faq.editing import announcements
from faq.models import Entry, Tag
from faq.models.tags import validate_name


def known_tags(names):
    """What was typed as tags: new ones in the spelling that exists already. Raises ValidationError."""
    names = [values.normalised(name) for name in names]
    for name in names:
        validate_name(name)
    return list(dict.fromkeys(Tag.objects.spellings(names).values()))


class ChangesField(LinesField):
    """What was announced, a line each: „31.12.2026 Neue Rufnummer.“, the day as people or as files write it."""

    GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")

    def prepare_value(self, value):
        return super().prepare_value([str(change) for change in value] if isinstance(value, list) else value)

    def to_python(self, value):
        found, wrong = [], []
        for number, line in enumerate(super().to_python(value), 1):
            try:
                german = self.GERMAN.match(line)
                written = f"{german[3]}-{german[2]:>02}-{german[1]:>02}{line[german.end() :]}" if german else line
                day, text = values.dated(written)
                if day is None:
                    raise ValidationError("Am Anfang steht der Tag, dann der Satz: „31.12.2026 Neue Rufnummer.“")
                found.append(Change(day, text))
            except ValidationError as error:
                wrong += [f"Zeile {number}: {message}" for message in error.messages]
        if wrong:
            raise ValidationError(wrong)
        return newest_first(found)

    def has_changed(self, initial, data):
        try:
            return super().has_changed(initial, data)
        except ValidationError:
            return True


class EntryForm(AddressForm):
    body = MarkdownField(label="Antwort", help_text="Bei einem Ablauf: die Einleitung vor den Schritten.")
    note = NoteField(
        label="Notiz",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 90}),
        help_text="Nur intern: Leser sehen sie nie.",
    )
    news = SentenceField()
    changes = ChangesField(
        label="Ankündigungen",
        help_text="Was Lesern schon gesagt wurde, je eine Zeile. Hier lässt es sich berichtigen, oder zurücknehmen: Löschen Sie dazu "
        "die Zeile. Die Geschichte merkt sich beides.",
    )
    owner = OwnerField(
        label="Zuständig", help_text="Erfährt zuerst, was zu diesem Eintrag ansteht. Leser sehen das nie."
    )

    class Meta:
        model = Entry
        fields = ["category", "slug", "title", "short", "position", "kind", "status", "body", "tags", "note", "owner"]
        fields += ["review", "reviewed", "updated", "publish_at", "expire_at"]
        widgets = {
            "title": forms.TextInput(attrs={"size": 70}),
            "short": forms.TextInput(attrs={"size": 28}),
            "tags": TagsInput,
        }
        field_classes = {"tags": TagsField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.instance.owner_id)
        stored = mapping.changes_of(self.instance) if self.instance.pk else []
        self.initial["news"] = announcements.waiting_in(self.instance) if self.instance.pk else ""
        self.initial["changes"] = announcements.announced(stored)

    def clean_owner(self):
        return self.cleaned_data["owner"] if "owner" in self.changed_data else self.instance.owner

    def clean_changes(self):
        changes, known = self.cleaned_data["changes"], {change.day for change in self.initial["changes"]}
        for day in {change.day for change in changes} - known:
            if day > timezone.localdate():
                raise ValidationError(f"Der {day:%d.%m.%Y} kommt erst noch. Bitte prüfen Sie den Tag.")
        return changes

    @property
    def told(self):
        """All changes of the document, as far as they could be read."""
        news, changes = (self.cleaned_data.get(name) for name in ("news", "changes"))
        return [*([Change(None, news)] if news else []), *(changes or [])]

    def _save_m2m(self):
        super()._save_m2m()
        mapping.set_changes(self.instance, self.told)

    def clean_tags(self):
        return known_tags(self.cleaned_data["tags"])

    def clean_publish_at(self):
        """What is public stays so: a new text comes at its moment by a working copy."""
        moment, entry = self.cleaned_data["publish_at"], self.instance
        is_public = entry.pk and Entry.objects.published().filter(pk=entry.pk).exists()
        if moment and moment > timezone.now() and is_public and "publish_at" in self.changed_data:
            raise ValidationError(
                "Der Eintrag ist öffentlich und wäre bis dahin nicht mehr zu lesen. Eine Arbeitskopie mit diesem Zeitpunkt löst "
                "ihn dann von selbst ab."
            )
        return moment

    def clean(self):
        cleaned = super().clean()
        former = self.instance.aliases.values_list("slug", flat=True) if self.instance.pk else ()
        own = {cleaned.get("slug"), *former}  # not the one that it has had until now
        try:
            is_walkthrough = cleaned.get("kind") == Entry.WALKTHROUGH
            check_markdown(cleaned.get("body") or "", own_slugs=own, in_walkthrough=is_walkthrough)
        except ValidationError as error:
            self.add_error("body", error)
        return cleaned
