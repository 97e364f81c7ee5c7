"""Notices above the pages of the portal."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from faq import slugs
from faq.admin.base import RecordedAdmin
from faq.admin.forms import MarkdownField, check_markdown
from faq.models import Notice, Tag


class NoticeForm(forms.ModelForm):
    text = MarkdownField(label="Text", rows=4, help_text="Markdown, kurz: ein oder zwei Sätze.")
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
        check_markdown(text)
        return text

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("slug"):
            cleaned["slug"] = self._free_slug(cleaned.get("text", ""))
        return cleaned

    def _free_slug(self, text):
        """One of the text's first words, that no other notice has."""
        slug = "-".join(slugs.slugify(text).split("-")[:4]) or "meldung"
        taken, number, free = set(Notice.objects.values_list("slug", flat=True)), 2, slug
        while free in taken:
            free, number = f"{slug}-{number}", number + 1
        return free


class WhenFilter(admin.SimpleListFilter):
    title = "Wann"
    parameter_name = "wann"

    def lookups(self, request, model_admin):
        return [("jetzt", "Jetzt zu sehen"), ("kommt", "Kommt noch"), ("vorbei", "Vorbei")]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "kommt":
            return queryset.filter(begins__gt=now)
        if self.value() == "vorbei":
            return queryset.filter(ends__lte=now)
        return queryset.filter(pk__in=[notice.pk for notice in Notice.objects.current()]) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(RecordedAdmin):
    form = NoticeForm
    list_display = ["short", "shown_at", "begins", "ends"]
    list_filter = [WhenFilter]
    list_select_related = ["category", "tag", "entry"]
    search_fields = ["text", "slug"]
    autocomplete_fields = ["entry"]
    fieldsets = [
        (None, {"fields": ["text"]}),
        ("Von wann bis wann", {"fields": ["begins", "ends"]}),
        (
            "Wo",
            {
                "fields": ["category", "tag", "entry"],
                "description": "Wählen Sie höchstens eines. Ohne Auswahl steht die Meldung auf jeder Seite.",
            },
        ),
        ("Inhaltsdateien", {"fields": ["slug"], "classes": ["collapse"]}),
    ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "tag":
            kwargs["queryset"] = Tag.objects.filter(merged_into=None).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("category", "tag", "entry"):  # chosen here, not made
            for way in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{way}_related", False)
        return field

    @admin.display(description="Meldung")
    def short(self, notice):
        return notice.text if len(notice.text) <= 80 else notice.text[:79] + "…"

    @admin.display(description="Wo")
    def shown_at(self, notice):
        place = notice.place
        return f"{place._meta.verbose_name}: {place}" if place else "Überall"

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = Notice.objects.count()
        super().save_model(request, obj, form, change)
