"""What readers searched for, and in vain: mended from here, or put aside."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html_join

from faq import slugs
from faq.admin.base import ReadOnlyAdmin
from faq.admin.extra_pages import page
from faq.admin.filters import ChoicesFilter
from faq.admin.owners import owner_filter
from faq.editing.glossary import add_spelling
from faq.editing.writing import PUBLISH
from faq.models import SearchQuery, Term
from faq.operations import search_counts

SPELLING = ("faq.change_term", PUBLISH)


class SpellingForm(forms.Form):
    spelling = forms.CharField(label="Schreibweise", max_length=100, strip=True)
    term = forms.ModelChoiceField(
        Term.objects.order_by(Lower("name")), label="Meint den Begriff", required=False, empty_label="(neuer Begriff)"
    )
    name = forms.CharField(
        label="Oder ein neuer Begriff", max_length=100, required=False, help_text="So, wie er in den Antworten steht."
    )

    def clean(self):
        cleaned = super().clean()
        term, name = cleaned.get("term"), cleaned.get("name")
        if bool(term) == bool(name):
            raise ValidationError("Bitte wählen Sie einen Begriff, oder geben Sie einen neuen ein.")
        if name and Term.objects.filter(slug=slugs.slugify(name)).exists():
            self.add_error("name", f"Den Begriff „{name}“ gibt es schon: Bitte wählen Sie ihn aus.")
        elif name and (problem := slugs.problem(slugs.slugify(name))):
            self.add_error("name", problem)
        return cleaned


class VainFilter(ChoicesFilter):
    title = "Ergebnis"
    parameter_name = "ergebnis"
    options = {
        "vergeblich": ("Vergeblich gesucht", lambda rows: rows.filter(pk__in=search_counts.vain().values("pk"))),
        "sinn": (
            "Nur dem Sinn nach gefunden",
            lambda rows: rows.filter(pk__in=search_counts.by_meaning().values("pk")),
        ),
        "weggelegt": ("Weggelegt", lambda rows: rows.filter(dismissed=True)),
    }


@admin.register(SearchQuery)
class SearchQueryAdmin(ReadOnlyAdmin):
    list_display = ["text", "asked", "in_vain", "outcome"]
    list_filter = [VainFilter, owner_filter("nearest__owner")]
    list_display_links = None
    search_fields = ["text"]
    actions = ["put_aside", "take_back"]

    def get_queryset(self, request):
        return SearchQuery.objects.annotate(asked=Sum("days__count", default=0), in_vain=Sum("days__vain", default=0))

    def get_ordering(self, request):
        return ["-in_vain", "-asked", "text"]

    @admin.display(description="Wie oft", ordering="asked")
    def asked(self, query):
        return query.asked

    @admin.display(description="Davon vergeblich", ordering="in_vain")
    def in_vain(self, query):
        return query.in_vain

    def get_list_display(self, request):
        @admin.display(description="Was tun?")
        def ways(query):
            return remedies(query, request.user)

        return [*self.list_display, ways]

    @admin.action(description="Weglegen: nicht mehr als vergeblich zeigen", permissions=["change_entries"])
    def put_aside(self, request, queryset, dismissed=True):
        # A list that is filtered by sums cannot be updated itself.
        SearchQuery.objects.filter(pk__in=[query.pk for query in queryset]).update(dismissed=dismissed)

    @admin.action(description="Wieder als vergeblich zeigen", permissions=["change_entries"])
    def take_back(self, request, queryset):
        self.put_aside(request, queryset, dismissed=False)

    @page("<int:key>/schreibweise/", *SPELLING, name="spelling")
    def spelling(self, request, key):
        """Make what was searched a spelling of a term, and say what the search finds then."""
        query = get_object_or_404(SearchQuery, pk=key)
        form = SpellingForm(request.POST or None, initial={"spelling": query.text})
        if request.method == "POST" and form.is_valid():
            term = add_spelling(**form.cleaned_data, who=request.user, why=f"Gesucht wurde „{query}“")
            results = search_counts.look_again(query)
            if query.outcome == SearchQuery.FOUND:
                messages.success(request, f"„{query}“ findet jetzt „{results.hits[0].title}“.")
            else:
                messages.warning(
                    request,
                    f"„{query}“ gehört jetzt zu „{term}“, findet aber noch keine sichere Antwort: Es fehlt wohl ein Eintrag.",
                )
            return redirect("admin:index")
        template, title = "admin/faq/searchquery/spelling.html", f"Als Schreibweise: {query}"
        return self.render(request, template, title, query=query, form=form)


def remedies(query, user):
    """Links to what helps with a query that found nothing, those that `user` may follow."""
    spelling, write = reverse("admin:faq_searchquery_spelling", args=[query.pk]), reverse("admin:faq_entry_add")
    explain = reverse("admin:search_explain")
    ways = [
        (spelling, "Als Schreibweise zu einem Begriff", SPELLING),
        (f"{write}?{urlencode({'title': query.text})}", "Eintrag schreiben", ("faq.add_entry",)),
        (f"{explain}?{urlencode({'q': query.text})}", "Warum?", ()),
    ]
    allowed = [(address, words) for address, words, needed in ways if user.has_perms(needed)]
    return format_html_join(" · ", '<a href="{}">{}</a>', allowed)
