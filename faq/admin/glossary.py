"""Terms: glossary and synonyms of the search in one."""

from django import forms
from django.contrib import admin
from django.db.models.functions import Lower
from django.utils.html import format_html, format_html_join

from faq import markup, search
from faq.admin import text_targets
from faq.admin.base import AppendingAdmin
from faq.admin.filters import ChoicesFilter
from faq.admin.forms import CheckedMarkdownField, LinesField, SlugForm
from faq.admin.merging import MergeAdmin
from faq.admin.proposals import ProposalsAdmin
from faq.models import Category, Site, Term

OFFERED = 300  # steps and entries that a term can lead to; any other one can be typed


class TargetInput(forms.TextInput):
    """An entry or a step, by how texts link to it; the browser finds it by its words."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = {"size": 80, "list": f"{name}_targets"} | (attrs or {})
        offered = [
            (t["written"], " – ".join(filter(None, (t["title"], t["note"])))) for t in text_targets.most_likely(OFFERED)
        ]
        options = format_html_join("", '<option value="{}">{}</option>', offered)
        field = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, attrs["list"], options)


class TargetField(forms.CharField):
    """The same; what is pasted may be the address of its page."""

    widget = TargetInput

    def clean(self, value):
        written = super().clean(value)
        return written and text_targets.written(written)


class TermForm(SlugForm):
    slug_from = "name"
    slug = forms.CharField(label="Anker", required=False, help_text="Leer lassen: wird aus dem Begriff gebildet.")
    aliases = LinesField(label="Andere Namen", help_text="Eine je Zeile. Leser sehen sie im Glossar.")
    search = LinesField(label="Schreibweisen für die Suche", help_text="Eine je Zeile. Leser sehen sie nicht.")
    definition = CheckedMarkdownField(label="Erklärung", rows=5, help_text="Leer: nur für die Suche, nicht im Glossar.")

    leads = TargetField(
        label="Führt zu",
        required=False,
        help_text="Für Dokumente: Was soll sehen, wer das in der Hand hat? Tippen Sie ein Wort aus dem Eintrag oder Schritt und "
        "wählen Sie, oder fügen Sie den kopierten Link ein. Der Begriff steht dann unter „Was haben Sie vor sich?“.",
    )

    class Meta:
        model = Term
        fields = ["name", "slug", "aliases", "search", "definition", "leads"]


def _in_no_text(terms):
    """Those of which no spelling stands in any text: they neither explain anything nor lead a search, or a reader, anywhere."""
    texts = [(markup.plain_text(html), None) for html in Category.objects.values_list("intro_html", flat=True)]
    texts += [(markup.plain_text(html), None) for html in Site.objects.values_list("intro_html", flat=True)]
    texts += [(markup.plain_text(html), slug) for html, slug in Term.objects.values_list("definition_html", "slug")]
    return terms.filter(leads="").exclude(slug__in=search.terms_in_use(texts))


class UnusedFilter(ChoicesFilter):
    title = "Verwendung"
    parameter_name = "verwendung"
    options = {"nein": ("Steht in keinem Text", _in_no_text)}


@admin.register(Term)
class TermAdmin(ProposalsAdmin, AppendingAdmin, MergeAdmin):
    what_stays = "Name und Schreibweisen des anderen gehen auf den Begriff über, der bleibt."
    form = TermForm
    list_display = ["name", "other_names", "in_glossary"]
    list_filter = [UnusedFilter]
    search_fields = ["name", "aliases", "search", "definition"]
    ordering = [Lower("name")]

    @admin.display(description="Andere Namen und Schreibweisen")
    def other_names(self, term):
        return ", ".join([*term.aliases, *term.search])

    @admin.display(description="Im Glossar", boolean=True)
    def in_glossary(self, term):
        return bool(term.definition)
