"""What entries and categories share: a page at a slug of their own, also at the former ones, and a place in an order."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.forms.widgets import Script

from faq import slugs
from faq.admin.base import RecordedAdmin
from faq.admin.forms import SlugForm
from faq.editing.addresses import owner_of


class AddressForm(SlugForm):
    """A form whose slug may be left empty, and must be free over the whole site."""

    slug = forms.CharField(
        label="Anker",
        required=False,
        help_text="Leer lassen: wird aus dem Titel gebildet. Nach einer Änderung führt der frühere Anker weiter hierher.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            slug = self.instance.slug
            self.fields["slug"].help_text = f"Ändern Sie ihn, bleibt „{slug}“ erreichbar und führt weiter hierher."

    def new_slug(self, title):
        return slugs.from_title(title)

    def clean(self):
        cleaned = super().clean()
        slug = cleaned.get("slug", "")
        if "slug" not in self.fields:
            return cleaned
        if "slug" not in self.errors and (problem := slugs.problem(slug, address=True)):
            self.add_error("slug", problem)
        elif owner := owner_of([slug], besides=getattr(self.instance, "original", self.instance)):
            self.add_error("slug", f"Der Anker „{slug}“ gehört schon zu „{owner}“.")
        return cleaned


class PositionForm(forms.ModelForm):
    """A row of a list: what was not changed since the list was opened is not saved, whatever a colleague made of it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].show_hidden_initial = True


class AddressedAdmin(RecordedAdmin):
    """A list in which things are put in order: by numbers, or by dragging where there is JavaScript."""

    list_editable = ["position"]

    class Media:
        js = [Script("js/sorting.js", type="module")]

    def get_queryset(self, request):
        return super().get_queryset(request).ordered()

    def get_changelist_form(self, request, **kwargs):
        labelled = AdminIntegerFieldWidget(attrs={"aria-label": "Position"})
        return super().get_changelist_form(request, form=PositionForm, widgets={"position": labelled}, **kwargs)

    @admin.display(description="Frühere Anker")
    def former_slugs(self, row):
        return ", ".join(alias.slug for alias in row.aliases.all()) or "–" if row.pk else "–"
