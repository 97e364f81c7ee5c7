"""Links to pages elsewhere: which are broken or moved, where they stand, and one place to mend each."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from faq.admin.forms import check_markdown
from faq.admin.history import ReadOnlyAdmin
from faq.admin.places import PlacesAdmin
from faq.links import checking
from faq.models import WebLink


class ReplaceForm(forms.Form):
    address = forms.CharField(
        label="Neue Adresse", max_length=2000, widget=forms.TextInput(attrs={"class": "wide"}), help_text="https://…"
    )

    def __init__(self, *args, link, **kwargs):
        # Brackets would end the link in a text.
        moved_to = link.moved_to.replace("(", "%28").replace(")", "%29")
        super().__init__(*args, initial={"address": moved_to or link.url}, **kwargs)
        self.link = link

    def clean_address(self):
        address = self.cleaned_data["address"]
        if not re.fullmatch(r"https?://[^\s()<>\[\]\\`\"]+", address):
            raise ValidationError(
                "Bitte geben Sie eine Adresse an, die mit https:// beginnt, ohne Leerzeichen und Klammern."
            )
        check_markdown(f"[x]({address})")
        if address == self.link.url:
            raise ValidationError("Das ist die bisherige Adresse.")
        return address


class StateFilter(admin.SimpleListFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [
            ("gebrochen", "Gebrochen"),
            ("fraglich", "Zuletzt nicht erreichbar"),
            ("umgeleitet", "Umgezogen"),
            ("neu", "Noch nie geprüft"),
        ]

    def queryset(self, request, queryset):
        chosen = {
            "gebrochen": {"pk__in": checking.broken()},
            "fraglich": {"failures__gt": 0},
            "umgeleitet": {"moved_to__gt": ""},
            "neu": {"checked": None},
        }
        return queryset.filter(**chosen.get(self.value(), {}))


@admin.register(WebLink)
class WebLinkAdmin(PlacesAdmin, ReadOnlyAdmin):
    change_form_template = "admin/faq/weblink/change_form.html"
    list_display = ["url", "state", "checked", "places"]
    list_filter = [StateFilter]
    search_fields = ["url", "moved_to"]
    fields = ["address", "state", "checked", "status", "new_address", "places"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=checking.in_texts())

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:key>/pruefen/", view(require_POST(self.check_now)), name="faq_weblink_check"),
            path("<int:key>/ersetzen/", view(self.replace), name="faq_weblink_replace"),
            *super().get_urls(),
        ]

    def check_now(self, request, key):
        """Ask for a link now, and say what became of it."""
        link = get_object_or_404(WebLink, pk=key)
        if not request.user.has_perm("faq.change_entry"):
            raise PermissionDenied
        if not checking.check_now(link):
            messages.warning(
                request, "Dieser Server wird gerade gefragt oder bat um eine Pause. Bitte später noch einmal."
            )
        else:
            link.refresh_from_db()
            level = messages.WARNING if link.problem else messages.SUCCESS
            messages.add_message(request, level, f"Geprüft: {self.state(link)}")
        return HttpResponseRedirect(reverse("admin:faq_weblink_change", args=[key]))

    def replace(self, request, key):
        """Ask for the new address, name the places, and put it there."""
        link = get_object_or_404(WebLink, pk=key)
        if not request.user.has_perm("faq.publish_entry"):
            raise PermissionDenied
        form = ReplaceForm(request.POST or None, link=link)
        if request.method == "POST" and form.is_valid():
            changed = checking.replace(link, form.cleaned_data["address"], who=request.user)
            if link.references.exists():
                messages.warning(
                    request, "In einem Text steht die Adresse anders geschrieben. Bitte ändern Sie ihn von Hand."
                )
            else:
                messages.success(request, f"Die Adresse ist ersetzt, in {len(changed)} Texten.")
            return HttpResponseRedirect(reverse("admin:faq_weblink_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Adresse ersetzen",
            "link": link,
            "form": form,
            "places": self.places(link),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/faq/weblink/replace.html", context)

    @admin.display(description="Adresse")
    def address(self, link):
        return _to(link.url)

    @admin.display(description="Umgezogen nach")
    def new_address(self, link):
        return _to(link.moved_to) if link.moved_to else "–"

    @admin.display(description="Stand")
    def state(self, link):
        if link.checked is None:
            return "noch nie geprüft"
        if link.problem:
            return (
                link.problem
                if link.failures >= checking.BROKEN_AFTER
                else f"{link.problem} Wird morgen noch einmal geprüft."
            )
        return f"umgezogen nach {link.moved_to}" if link.moved_to else "in Ordnung"


def _to(url):
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, url)
