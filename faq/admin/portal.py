"""The portal itself: title, start page, main contact, legal texts."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse

from faq.admin.base import RecordedAdmin
from faq.admin.forms import MarkdownField, check_markdown
from faq.models import Site


class SiteForm(forms.ModelForm):
    intro = MarkdownField(label="Einleitung der Startseite", rows=4)
    imprint_text = MarkdownField(label="Impressum (eigener Text)", rows=6)
    privacy_text = MarkdownField(label="Datenschutz (eigener Text)", rows=6)
    accessibility_text = MarkdownField(label="Barrierefreiheit (eigener Text)", rows=6)

    class Meta:
        model = Site
        fields = ["title", "contact", "intro", "imprint", "privacy", "accessibility"]
        fields += ["imprint_text", "privacy_text", "accessibility_text"]

    def clean(self):
        cleaned = super().clean()
        for name, _ in self.instance.texts():
            try:
                check_markdown(cleaned.get(name) or "")
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned


@admin.register(Site)
class SiteAdmin(RecordedAdmin):
    form = SiteForm

    def changelist_view(self, request, extra_context=None):
        site = Site.objects.first()
        return redirect(reverse("admin:faq_site_change", args=[site.pk]) if site else reverse("admin:faq_site_add"))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Site.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
