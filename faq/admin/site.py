"""The portal itself: title, start page, main contact, legal texts."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect

from faq.admin.extra_pages import admin_url
from faq.admin.forms import CheckedMarkdownField
from faq.admin.proposals import ProposalsAdmin
from faq.models import Site


class SiteForm(forms.ModelForm):
    intro = CheckedMarkdownField(label="Einleitung der Startseite", rows=4)
    imprint_text = CheckedMarkdownField(label="Impressum (eigener Text)", rows=6)
    privacy_text = CheckedMarkdownField(label="Datenschutz (eigener Text)", rows=6)
    accessibility_text = CheckedMarkdownField(label="Barrierefreiheit (eigener Text)", rows=6)

    class Meta:
        model = Site
        fields = ["title", "contact", "intro", "imprint", "privacy", "accessibility"]
        fields += ["imprint_text", "privacy_text", "accessibility_text"]


@admin.register(Site)
class SiteAdmin(ProposalsAdmin):
    proposes_new = False
    form = SiteForm

    def changelist_view(self, request, extra_context=None):
        site = Site.objects.first()
        return redirect(admin_url(site) if site else "admin:faq_site_add")

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Site.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
