"""All that is still missing, and the page that puts it in everywhere."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html

from faq.admin import refusals
from faq.admin.columns import clamped
from faq.admin.extra_pages import page
from faq.admin.filters import ChoicesFilter
from faq.admin.forms import check_markdown
from faq.admin.owners import owner_filter
from faq.admin.proposals import ProposalsAdmin, is_proposing
from faq.admin.used_in import PlacesAdmin, links_to
from faq.editing import gaps
from faq.editing.writing import may_publish
from faq.models import Attachment, Entry, Gap
from faq.words import counted


class CloseForm(forms.Form):
    target = forms.CharField(
        label="Adresse, auf die der Text verweisen soll",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "wide"}),
        help_text="Eine Seite, die es schon gibt: https://… Oder eine E-Mail-Adresse.",
    )
    attachment = forms.ModelChoiceField(
        Attachment.objects.order_by("title"), label="Oder eine Datei", required=False, empty_label="keine"
    )

    def clean_target(self):
        target = self.cleaned_data["target"]
        if target:
            if re.fullmatch(r"[^\s()<>:/@]+@[^\s()<>:/@]+", target):
                target = f"mailto:{target}"
            if not re.fullmatch(r"https?://[^\s()<>]+|mailto:[^\s()<>]+@[^\s()<>]+", target):
                raise ValidationError(
                    "Bitte geben Sie eine Adresse an, die mit https:// beginnt, oder eine E-Mail-Adresse."
                )
            check_markdown(f"[x]({target})")
        return target

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            if bool(cleaned["target"]) == bool(cleaned["attachment"]):
                raise ValidationError("Bitte geben Sie entweder eine Adresse oder eine Datei an.")
            cleaned["target"] = cleaned["target"] or f"datei:{cleaned['attachment'].slug}"
        return cleaned


class OpenFilter(ChoicesFilter):
    title = "Stand"
    parameter_name = "stand"
    options = {
        "offen": ("Noch offen", lambda rows: rows.filter(references__isnull=False).distinct()),
        "erledigt": ("Steht in keinem Text mehr", lambda rows: rows.filter(references=None)),
    }


@admin.register(Gap)
class GapAdmin(PlacesAdmin, ProposalsAdmin):
    proposes_new = False
    for_publishers = False  # who takes care of it, and the note, are everybody's
    change_form_template = "admin/faq/gap/change_form.html"
    list_display = [clamped("name", "Was fehlt"), "places", "in_charge", clamped("note", "Notiz"), "created"]
    list_filter = [OpenFilter, owner_filter("in_charge")]
    search_fields = ["name", "slug", "note"]
    fields = ["name", "slug", "places", "in_charge", "note", "created"]
    readonly_fields = ["slug", "places", "created"]

    def get_fields(self, request, obj=None):
        return ["name", "slug", "places"] if is_proposing(request) else self.fields

    def get_readonly_fields(self, request, obj=None):
        # Readers see its name.
        is_free = is_proposing(request) or may_publish(request.user)
        return [*self.readonly_fields, *([] if is_free else ["name"])]

    def has_add_permission(self, request):
        return False  # a gap is made by the text that first has it

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.references.exists())

    @page("<int:key>/schliessen/", "faq.change_entry", name="close")
    def close(self, request, key):
        """Ask for what was missing, name the places, and put it there."""
        gap = get_object_or_404(Gap, pk=key)
        form = CloseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._say_what_changed(request, gap, *gaps.close(gap, form.cleaned_data["target"], who=request.user))
            return redirect("admin:faq_gap_changelist")
        template, title = "admin/faq/gap/close.html", f"Schließen: {gap}"
        context = {"gap": gap, "form": form, "places": self.places(gap), "may_publish": may_publish(request.user)}
        return self.render(request, template, title, **context)

    def _say_what_changed(self, request, gap, changed, left):
        if may_publish(request.user):
            messages.success(request, f"„{gap}“ ist geschlossen, in {counted(len(changed), 'Text', 'Texten')}.")
            return
        if changed:
            told = "„{}“ ist geschlossen, sobald das veröffentlicht ist: {}"
            messages.success(request, format_html(told, gap, links_to(changed)))
        if left := [row for row in left if not isinstance(row, Entry) or row.is_released]:
            told = "Hier ändert es nur, wer veröffentlicht, {}: {}"
            messages.warning(request, format_html(told, refusals.publishers(), links_to(left)))
