"""Notices above the pages of the portal."""

from django import forms
from django.contrib import admin
from django.db.models.functions import Lower
from django.utils import timezone

from faq import slugs
from faq.admin.base import AppendingAdmin
from faq.admin.filters import ChoicesFilter
from faq.admin.forms import CheckedMarkdownField, SlugForm
from faq.admin.proposals import ProposalsAdmin
from faq.models import Notice, Tag

PLACES = "Wählen Sie höchstens eines. Ohne Auswahl steht die Meldung auf jeder Seite."


class NoticeForm(SlugForm):
    slug_from = "text"
    text = CheckedMarkdownField(label="Text", rows=4, help_text="Kurz: ein oder zwei Sätze.")
    slug = forms.CharField(
        label="Kürzel", required=False, help_text="Leer lassen: wird aus dem Text gebildet. Leser sehen es nicht."
    )

    class Meta:
        model = Notice
        fields = ["text", "begins", "ends", "category", "tag", "entry", "slug"]

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not text:
            raise forms.ValidationError("Bitte geben Sie einen Text ein.")
        return text

    def new_slug(self, text):
        """One of the text's first words, that no other notice has."""
        slug = "-".join(slugs.slugify(text).split("-")[:4]) or "meldung"
        taken, number, free = set(Notice.objects.values_list("slug", flat=True)), 2, slug
        while free in taken:
            free, number = f"{slug}-{number}", number + 1
        return free


def _shown_now(notices):
    return notices.filter(pk__in=[notice.pk for notice in Notice.objects.current()])


class WhenFilter(ChoicesFilter):
    title = "Wann"
    parameter_name = "wann"
    options = {
        "jetzt": ("Jetzt zu sehen", _shown_now),
        "kommt": ("Kommt noch", lambda notices: notices.filter(begins__gt=timezone.now())),
        "vorbei": ("Vorbei", lambda notices: notices.filter(ends__lte=timezone.now())),
    }


@admin.register(Notice)
class NoticeAdmin(ProposalsAdmin, AppendingAdmin):
    form = NoticeForm
    list_display = ["__str__", "shown_at", "begins", "ends"]
    list_filter = [WhenFilter]
    list_select_related = ["category", "tag", "entry"]
    search_fields = ["text", "slug"]
    autocomplete_fields = ["entry"]
    fieldsets = [
        (None, {"fields": ["text"]}),
        ("Von wann bis wann", {"fields": ["begins", "ends"]}),
        ("Wo", {"fields": ["category", "tag", "entry"], "description": PLACES}),
        ("Inhaltsdateien", {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "tag":
            kwargs["queryset"] = Tag.objects.filter(merged_into=None).order_by(Lower("name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("category", "tag", "entry"):  # chosen here, not made
            for way in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{way}_related", False)
        return field

    def proposal_title(self, row, path, change):
        """Its slug: a title stands in mails, where a text does not belong."""
        return f"Meldung: {row.slug}"

    @admin.display(description="Wo")
    def shown_at(self, notice):
        place = notice.place
        return f"{place._meta.verbose_name}: {place}" if place else "Überall"
