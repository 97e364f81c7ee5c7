"""Forms and leaflets for readers, to be downloaded."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html

from faq.admin.kept_files import KeptFileAdmin, KeptFileForm
from faq.models import Attachment


class AttachmentForm(KeptFileForm):
    class Meta:
        model = Attachment
        fields = ["title", "slug"]
        help_texts = {
            "slug": "Für Links im Text: datei:kürzel. Leer lassen: wird aus dem Titel gebildet. Bleibt dann, wie es ist."
        }

    upload = forms.FileField(
        label="Datei",
        widget=forms.FileInput(attrs={"accept": ".pdf,.xlsx,.docx"}),
        help_text=f"PDF, XLSX oder DOCX, höchstens {settings.ATTACHMENT_MAX_MB} MB, ohne Makros und Kennwort. "
        "Leser können sie herunterladen, sobald ein öffentlicher Text darauf verweist. Wird sie ersetzt, bleiben Adresse und Links, wie sie sind.",
    )


@admin.register(Attachment)
class AttachmentAdmin(KeptFileAdmin):
    form = AttachmentForm
    list_display = ["title", "slug", "facts", "places"]
    search_fields = ["title", "slug", "name"]
    fields = ["title", "slug", "upload"]
    not_yet = "noch nicht öffentlich: sobald ein öffentlicher Text darauf verweist"
    new_instead = (
        "Leser haben diese Datei schon: Ersetzen, umbenennen und löschen darf sie nur, wer veröffentlicht: {}. Laden Sie die neue "
        "Fassung als eigene Datei hoch, und verweisen Sie darauf in der Arbeitskopie des Textes."
    )

    def view_on_site(self, attachment):
        return attachment.get_absolute_url() if attachment.is_public else None

    @admin.display(description="Adresse")
    def address(self, attachment):
        url = attachment.get_absolute_url()
        opens = url if attachment.is_public else self.file_url(attachment)
        return format_html('<a href="{}">{}</a> ({})', opens, url, self.facts(attachment))
