"""Tags: their names, what has them, and two made one."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import Lower
from taggit.models import Tag as UnusedTag

from faq.admin.filters import ChoicesFilter
from faq.admin.merging import MergeAdmin
from faq.admin.proposals import ProposalsAdmin
from faq.content import values
from faq.editing import versions
from faq.editing.addresses import free_slug
from faq.models import Entry, Tag
from faq.models.fields import validate_line

admin.site.unregister(UnusedTag)  # taggit registers its own model, which the portal does not use


def _in_entries(number):
    """What narrows tags to those that so many entries have, working copies aside."""
    counted = Count("taggings", filter=Q(taggings__content_object__copy_of=None))
    return lambda tags: tags.filter(pk__in=Tag.objects.alias(in_use=counted).filter(in_use=number))


class UseFilter(ChoicesFilter):
    title = "Verwendung"
    parameter_name = "verwendung"
    options = {
        "1": ("In nur einem Eintrag", _in_entries(1)),
        "0": ("In keinem Eintrag", _in_entries(0)),
        "doppelt": ("Nur anders geschrieben als ein anderes", lambda tags: tags.filter(pk__in=Tag.objects.alike())),
    }


class TagForm(forms.ModelForm):
    def clean_name(self):
        """One tag has one spelling."""
        name = values.normalised(self.cleaned_data["name"])
        validate_line(name)
        others = Tag.objects.exclude(pk=self.instance.pk).spellings([name])
        if others[name] != name:
            raise ValidationError(
                f"Das Schlagwort „{others[name]}“ gibt es schon. Wählen Sie in der Liste beide aus und dann „Zwei zusammenführen“."
            )
        return name


@admin.register(Tag)
class TagAdmin(ProposalsAdmin, MergeAdmin):
    form = TagForm
    what_stays = "Die Einträge mit dem anderen Schlagwort bekommen das, das bleibt."
    list_display = ["name", "slug", "uses"]
    list_filter = [UseFilter]
    search_fields = ["name"]
    ordering = [Lower("name")]
    fields = ["name", "slug"]
    readonly_fields = ["slug"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(merged_into=None).annotate(in_entries=Count("taggings"))

    @admin.display(description="Einträge")
    def uses(self, tag):
        return tag.in_entries

    def delete_queryset(self, request, queryset):
        entries, tags = list(Entry.rows.filter(taggings__tag__in=queryset).distinct()), list(queryset)
        for tag in tags:
            versions.write(tag, request.change.by)  # a text that makes one writes none
        self.record(request, saved=entries, deleted=tags)

    def files_typed(self, form, inlines):
        form.instance.slug = form.instance.slug or free_slug(Tag, form.instance.name, "schlagwort")
        return super().files_typed(form, inlines)
