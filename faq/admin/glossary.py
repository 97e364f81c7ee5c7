"""Terms: glossary and synonyms of the search in one."""

from django import forms
from django.contrib import admin

from faq import slugs
from faq.admin import unused
from faq.admin.base import RecordedAdmin, UnusedFilter
from faq.admin.forms import LinesField, MarkdownField, check_markdown
from faq.admin.merging import MergeAdmin
from faq.models import Term


class TermForm(forms.ModelForm):
    slug = forms.CharField(label="Anker", required=False, help_text="Leer lassen: wird aus dem Begriff gebildet.")
    aliases = LinesField(label="Andere Namen", help_text="Eine je Zeile. Leser sehen sie im Glossar.")
    search = LinesField(label="Schreibweisen für die Suche", help_text="Eine je Zeile. Leser sehen sie nicht.")
    definition = MarkdownField(label="Erklärung", rows=5, help_text="Leer: nur für die Suche, nicht im Glossar.")

    class Meta:
        model = Term
        fields = ["name", "slug", "aliases", "search", "definition"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("slug"):
            cleaned["slug"] = slugs.slugify(cleaned.get("name", ""))
        return cleaned

    def clean_definition(self):
        check_markdown(self.cleaned_data["definition"])
        return self.cleaned_data["definition"]


class UnusedTermFilter(UnusedFilter):
    unused = staticmethod(unused.terms)


@admin.register(Term)
class TermAdmin(RecordedAdmin, MergeAdmin):
    what_stays = "Name und Schreibweisen des anderen gehen auf den Begriff über, der bleibt."
    form = TermForm
    list_display = ["name", "other_names", "in_glossary"]
    list_filter = [UnusedTermFilter]
    search_fields = ["name", "aliases", "search", "definition"]
    ordering = ["name"]

    @admin.display(description="Andere Namen und Schreibweisen")
    def other_names(self, term):
        return ", ".join([*term.aliases, *term.search])

    @admin.display(description="Im Glossar", boolean=True)
    def in_glossary(self, term):
        return bool(term.definition)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = Term.objects.count()
        super().save_model(request, obj, form, change)
