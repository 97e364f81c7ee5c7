"""What many entries get at once: the action of their list, and the page between that asks what."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse

from faq.actions import Hindered, Vanished
from faq.admin import list_state
from faq.admin.base import RecordedAdmin
from faq.admin.entry_forms import known_tags
from faq.admin.extra_pages import key_of, page
from faq.admin.forms import DateInput, TagsField, TagsInput
from faq.admin.owners import OwnerField
from faq.editing import entries
from faq.editing.writing import NotAllowed, may_publish
from faq.models import Category, Entry, Tag
from faq.words import counted

MOST = 500
ENTRIES = "Eintrag", "Einträge"
STAYS = "bleibt"


class ManyForm(forms.Form):
    """Fields that are named as those of an entry are given to all of them; what is left empty stays as it is."""

    add_tags = TagsField(label="Schlagwörter dazu", required=False, widget=TagsInput, help_text="Mit Kommas getrennt.")
    remove_tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label="Schlagwörter weg", required=False, widget=forms.CheckboxSelectMultiple
    )
    category = forms.ModelChoiceField(Category.objects, label="Kategorie", required=False, empty_label=STAYS)
    review = forms.DateField(label="Wieder prüfen am", required=False, widget=DateInput)
    owner = OwnerField(label="Zuständig", empty_label=STAYS, show_hidden_initial=False)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", STAYS), *Entry._meta.get_field("status").choices]
    )
    why = forms.CharField(
        label="Warum?",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="Steht in der Geschichte.",
    )

    def __init__(self, *args, chosen, who, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(None)
        self.fields["remove_tags"].queryset = Tag.objects.filter(taggings__content_object__in=chosen).distinct()
        if not self.fields["remove_tags"].queryset.exists():
            del self.fields["remove_tags"]
        if not may_publish(who):
            del self.fields["status"]

    def clean_add_tags(self):
        return known_tags(self.cleaned_data["add_tags"])

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(value for name, value in cleaned.items() if name != "why"):
            raise forms.ValidationError("Bitte füllen Sie aus, was sich ändern soll.")
        return cleaned

    def changes(self):
        """What `entries.change_many` is told."""
        gone = [tag.name for tag in self.cleaned_data.get("remove_tags", ())]
        return {name: value for name, value in self.cleaned_data.items() if value} | {"remove_tags": gone}


class ManyAdmin(RecordedAdmin):
    @admin.action(description="Ändern …", permissions=["change"])
    def change_many(self, request, queryset):
        return self._ask(request, queryset, None)

    @page("aendern/", "faq.change_entry", name="change_many", post=True)
    def change_chosen(self, request):
        keys = [key_of(key) for key in request.POST.get("keys", "").split(",")]
        return self._ask(request, Entry.objects.filter(pk__in=keys[:MOST]), request.POST)

    def _ask(self, request, queryset, posted):
        """The page that names the entries and asks what they shall get; once that is done, their list."""
        back = list_state.as_left(request, reverse("admin:faq_entry_changelist"))
        chosen = list(queryset.order_by("title", "pk").with_copies()[: MOST + 1])
        if refusal := self._refusal(request, chosen):
            messages.error(request, f"Nichts ist geändert. {refusal}")
            return redirect(back)
        form = ManyForm(posted, chosen=chosen, who=request.user)
        if form.is_valid():
            try:
                number = entries.change_many(chosen, who=request.user, **form.changes())
            except (Hindered, NotAllowed, Vanished) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"Geändert: {counted(number, *ENTRIES)}.")
                return redirect(back)
        context = {"form": form, "chosen": chosen, "back": back, "keys": ",".join(str(entry.pk) for entry in chosen)}
        title = f"{counted(len(chosen), *ENTRIES)} ändern"
        return self.render(request, "admin/faq/entry/change_many.html", title, **context)

    def _refusal(self, request, chosen):
        """Why these are not changed together, in German, or nothing."""
        if not chosen:
            return "Diese Einträge gibt es nicht mehr."
        if len(chosen) > MOST:
            return f"Es gehen höchstens {MOST} Einträge auf einmal: Bitte grenzen Sie die Liste ein."
        public = [f"„{entry}“" for entry in chosen if not self.has_change_permission(request, entry)]
        more = f" und {counted(len(public) - 5, 'weiterer', 'weitere')}" if len(public) > 5 else ""
        names = ", ".join(public[:5])
        return public and f"Was öffentlich ist, ändert hier nur, wer veröffentlichen darf: {names}{more}."
