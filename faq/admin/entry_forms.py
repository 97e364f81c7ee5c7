"""The form of an entry."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from faq.admin.addresses import AddressForm
from faq.admin.forms import MarkdownField, NoteField, TagsField, TagsInput, check_markdown
from faq.admin.owners import OwnerField
from faq.content import values
from faq.models import Entry, Tag
from faq.models.tags import validate_name


def known_tags(names):
    """What was typed as tags: new ones in the spelling that exists already. Raises ValidationError."""
    names = [values.normalised(name) for name in names]
    for name in names:
        validate_name(name)
    return list(dict.fromkeys(Tag.objects.spellings(names).values()))


class EntryForm(AddressForm):
    body = MarkdownField(label="Antwort", help_text="Bei einem Ablauf: die Einleitung vor den Schritten.")
    note = NoteField(
        label="Notiz",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 90}),
        help_text="Nur intern: Leser sehen sie nie.",
    )
    owner = OwnerField(
        label="Zuständig", help_text="Erfährt zuerst, was zu diesem Eintrag ansteht. Leser sehen das nie."
    )

    class Meta:
        model = Entry
        fields = ["category", "slug", "title", "position", "kind", "status", "body", "tags", "note", "owner"]
        fields += ["review", "reviewed", "updated", "publish_at", "expire_at"]
        widgets = {"title": forms.TextInput(attrs={"size": 90}), "tags": TagsInput}
        field_classes = {"tags": TagsField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(self.instance.owner_id)

    def clean_owner(self):
        return self.cleaned_data["owner"] if "owner" in self.changed_data else self.instance.owner

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
