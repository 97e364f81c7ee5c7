"""Former addresses: whatever is done to one, links that were written with it still lead on."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from faq.admin.base import RecordedAdmin
from faq.editing import references
from faq.editing.addresses import owner_of
from faq.models import Alias


class AliasForm(forms.ModelForm):
    class Meta:
        model = Alias
        fields = ["slug", "entry", "category"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        owner = owner_of([slug])
        if owner and slug != self.instance.slug:
            raise ValidationError(f"Der Anker „{slug}“ gehört schon zu „{owner}“.")
        return slug


@admin.register(Alias)
class AliasAdmin(RecordedAdmin):
    form = AliasForm
    list_display = ["slug", "entry", "category"]
    list_select_related = ["entry", "category"]
    search_fields = ["slug", "entry__title", "category__title"]
    autocomplete_fields = ["entry"]

    def touched(self, request, alias):
        """What it leads to, what it led to before, and the texts that had it under another name."""
        return list({alias.entry or alias.category, *request.former_owners, *request.relinked})

    def save_model(self, request, obj, form, change):
        former = Alias.objects.select_related("entry", "category").filter(pk=obj.pk).first()
        request.former_owners, request.relinked = [former.entry or former.category] if former else [], []
        if former and former.entry and former.slug != obj.slug:
            request.relinked = self._lead_on(former)
        super().save_model(request, obj, form, change)

    def _lead_on(self, alias):
        """Let links that were written with a former address of an entry be written with the current one."""
        holding = alias.entry.references.filter(slug=alias.slug)
        return references.lead_to(holding, {alias.slug: ""}, alias.entry.slug, keep_step=True)

    def delete_queryset(self, request, queryset):
        touched = set()
        for alias in queryset.select_related("entry", "category"):
            touched |= {alias.entry or alias.category, *(self._lead_on(alias) if alias.entry else ())}
            alias.delete()
        self.record(request, saved=touched)
