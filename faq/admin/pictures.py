"""Pictures for texts: seen in a list, described, replaced in one place."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html

from faq.admin.filters import ChoicesFilter
from faq.admin.kept_files import KeptFileAdmin, KeptFileForm, UnusedFilter
from faq.content import kinds, picture_words
from faq.editing.addresses import free_slug
from faq.files import addresses, types
from faq.models import Picture

LOOKED_AT = 30  # texts, of one picture


class PictureForm(KeptFileForm):
    kinds = types.PICTURES
    upload = forms.FileField(
        label="Bild",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
        help_text=f"PNG, JPEG oder WebP, höchstens {settings.ATTACHMENT_MAX_MB} MB. Was außer dem Bild in der Datei steht (Ort, Kamera, "
        "Programm), wird entfernt. Wird es ersetzt, zeigen alle Texte das neue.",
    )

    class Meta:
        model = Picture
        fields = ["description", "decorative", "caption", "slug"]
        widgets = {"description": forms.TextInput, "caption": forms.TextInput}

    def clean_slug(self):
        """Decoration, too, and what is described as another one is, or in other letters."""
        return self.cleaned_data["slug"] or free_slug(Picture, self.cleaned_data.get("description", ""), "Bild")

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("description") or cleaned.get("decorative") or "description" in self.errors):
            self.add_error(
                "description", "Bitte schreiben Sie, was man auf dem Bild sieht, oder wählen Sie „Nur Schmuck“."
            )
        return cleaned


class DescriptionFilter(ChoicesFilter):
    title = "Beschreibung"
    parameter_name = "beschreibung"
    options = {
        "fehlt": ("Fehlt", lambda pictures: pictures.undescribed()),
        "schmuck": ("Nur Schmuck", lambda pictures: pictures.filter(decorative=True)),
    }


@admin.register(Picture)
class PictureAdmin(KeptFileAdmin):
    form = PictureForm
    list_display = ["thumbnail", "described", "in_text", "facts", "places"]
    list_display_links = ["thumbnail", "described"]
    list_filter = [DescriptionFilter, UnusedFilter]
    search_fields = ["description", "caption", "slug", "name"]
    fields = ["upload", "description", "decorative", "caption", "slug"]
    not_yet = "noch nicht öffentlich: erst, wenn ein öffentlicher Text es zeigt"
    new_instead = (
        "Leser sehen dieses Bild schon: Ändern, ersetzen und löschen darf es nur, wer veröffentlicht: {}. Oder fügen Sie in der "
        "Arbeitskopie des Textes ein neues ein."
    )

    def get_queryset(self, request):
        steps = "references__entry__steps"
        return super().get_queryset(request).with_renditions().prefetch_related(steps)

    @admin.display(description="Bild")
    def thumbnail(self, picture):
        return _image(picture, 0, "thumbnail")

    @admin.display(description="Beschreibung", ordering="description")
    def described(self, picture):
        wrong = "Beschreibung fehlt" if picture.is_undescribed else _repeated(picture)
        said = "Nur Schmuck" if picture.decorative else str(picture)
        return format_html('{} <strong class="wrong">{}</strong>', said, wrong) if wrong else said

    @admin.display(description="Im Text", ordering="slug")
    def in_text(self, picture):
        return format_html("<code>![]({})</code>", f"bild:{picture.slug}")

    @admin.display(description="Größe und Art")
    def facts(self, picture):
        return f"{picture.renditions[-1]}, {super().facts(picture)}"

    @admin.display(description="So sieht es aus")
    def address(self, picture):
        image = _image(picture, -1, "whole-picture")
        return format_html("{}<p>Im Text: {} ({})</p>", image, self.in_text(picture), self.facts(picture))


def _repeated(picture):
    """What the list says of words that stand twice in one of the texts."""
    sources = [reference.source for reference in picture.references.all()[:LOOKED_AT]]
    htmls = (getattr(piece, html) for source in sources for piece, _, html in kinds.texts(source))
    return next((wrong for html in htmls if (wrong := picture_words.repeated(html, picture))), "")


def _image(picture, size, css):
    found = picture.renditions[size]
    url, alt = addresses.rendition(found, previewed=True), str(picture)
    return format_html(
        '<img class="{}" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        css,
        url,
        found.width,
        found.height,
        alt,
    )
