"""What readers searched for in vain and what they said: read, mended from here, ticked off."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from faq import slugs
from faq.admin.history import ReadOnlyAdmin
from faq.editing.glossary import add_spelling
from faq.editing.writing import may_publish
from faq.models import Feedback, SearchQuery, Term
from faq.operations import search_counts


class SpellingForm(forms.Form):
    spelling = forms.CharField(label="Schreibweise", max_length=100, strip=True)
    term = forms.ModelChoiceField(
        Term.objects.order_by("name"), label="Meint den Begriff", required=False, empty_label="(neuer Begriff)"
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


class VainFilter(admin.SimpleListFilter):
    title = "Ergebnis"
    parameter_name = "ergebnis"

    def lookups(self, request, model_admin):
        return [("vergeblich", "Vergeblich gesucht"), ("weggelegt", "Weggelegt")]

    def queryset(self, request, queryset):
        if self.value() == "vergeblich":
            return queryset.filter(pk__in=search_counts.vain().values("pk"))
        return queryset.filter(dismissed=True) if self.value() else queryset


@admin.register(SearchQuery)
class SearchQueryAdmin(ReadOnlyAdmin):
    list_display = ["text", "asked", "in_vain", "outcome", "ways"]
    list_filter = [VainFilter]
    list_display_links = None
    search_fields = ["text"]
    actions = ["put_aside", "take_back"]

    def get_queryset(self, request):
        return SearchQuery.objects.annotate(asked=Sum("days__count", default=0), in_vain=Sum("days__vain", default=0))

    def get_ordering(self, request):
        return ["-in_vain", "-asked", "text"]

    def changelist_view(self, request, extra_context=None):
        search_counts.write()
        return super().changelist_view(request, extra_context)

    def get_urls(self):
        spelling = self.admin_site.admin_view(self.spelling)
        return [path("<int:key>/schreibweise/", spelling, name="faq_searchquery_spelling"), *super().get_urls()]

    @admin.display(description="Gesucht", ordering="asked")
    def asked(self, query):
        return query.asked

    @admin.display(description="Davon vergeblich", ordering="in_vain")
    def in_vain(self, query):
        return query.in_vain

    @admin.display(description="Was tun?")
    def ways(self, query):
        return vain_ways(query)

    def has_change_entries_permission(self, request):
        return request.user.has_perm("faq.change_entry")

    @admin.action(description="Weglegen: nicht mehr als vergeblich zeigen", permissions=["change_entries"])
    def put_aside(self, request, queryset):
        queryset.model.objects.filter(pk__in=[query.pk for query in queryset]).update(dismissed=True)

    @admin.action(description="Wieder als vergeblich zeigen", permissions=["change_entries"])
    def take_back(self, request, queryset):
        queryset.model.objects.filter(pk__in=[query.pk for query in queryset]).update(dismissed=False)

    def spelling(self, request, key):
        """Make what was searched a spelling of a term, and say what the search finds then."""
        query = get_object_or_404(SearchQuery, pk=key)
        if not (request.user.has_perm("faq.change_term") and may_publish(request.user)):
            raise PermissionDenied
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
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Als Schreibweise: {query}",
            "query": query,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/faq/searchquery/spelling.html", context)


def vain_ways(query):
    """Links to what helps with a query that found nothing."""
    ways = (
        (reverse("admin:faq_searchquery_spelling", args=[query.pk]), "Als Schreibweise zu einem Begriff"),
        (reverse("admin:faq_entry_add") + "?" + urlencode({"title": query.text}), "Eintrag schreiben"),
        (reverse("admin:search_explain") + "?" + urlencode({"q": query.text}), "Warum?"),
    )
    return format_html(
        '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>', *(x for way in ways for x in way)
    )


class OpenFilter(admin.SimpleListFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("offen", "Noch offen"), ("erledigt", "Erledigt")]

    def queryset(self, request, queryset):
        if self.value() == "offen":
            return queryset.filter(pk__in=Feedback.objects.open().values("pk"))
        return queryset.exclude(done=None) if self.value() else queryset


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ["said", "entry_link", "created", "done", "done_by"]
    list_filter = [OpenFilter, "helpful", "created"]
    list_display_links = None
    list_select_related = ["entry", "done_by"]
    search_fields = ["text", "entry__title"]
    actions = ["tick_off"]

    def get_urls(self):
        done = self.admin_site.admin_view(require_POST(self.done_view))
        return [path("<int:key>/erledigt/", done, name="faq_feedback_done"), *super().get_urls()]

    @admin.display(description="Rückmeldung")
    def said(self, feedback):
        return str(feedback)

    @admin.display(description="Eintrag", ordering="entry__title")
    def entry_link(self, feedback):
        url = reverse("admin:faq_entry_change", args=[feedback.entry_id])
        return format_html('<a href="{}">{}</a>', url, feedback.entry)

    def has_change_entries_permission(self, request):
        return request.user.has_perm("faq.change_entry")

    @admin.action(description="Erledigt", permissions=["change_entries"])
    def tick_off(self, request, queryset):
        number = queryset.filter(done=None).update(done=timezone.now(), done_by=request.user)
        messages.success(request, f"Erledigt: {number} Rückmeldungen.")

    def done_view(self, request, key):
        """One piece of feedback ticked off, from the start page."""
        if not self.has_change_entries_permission(request):
            raise PermissionDenied
        self.tick_off(request, Feedback.objects.filter(pk=key))
        return HttpResponseRedirect(reverse("admin:index"))
