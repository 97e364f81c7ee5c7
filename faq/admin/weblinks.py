"""Links to pages elsewhere: which are broken or moved, where they stand, and one place to mend each."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html

from faq.admin.base import ReadOnlyAdmin
from faq.admin.extra_pages import admin_url, page
from faq.admin.filters import ChoicesFilter
from faq.admin.forms import check_markdown
from faq.admin.used_in import PlacesAdmin
from faq.editing.writing import PUBLISH
from faq.links import checking
from faq.models import WebLink
from faq.words import counted


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


class StateFilter(ChoicesFilter):
    title = "Stand"
    parameter_name = "stand"
    options = {
        "gebrochen": ("Gebrochen", lambda links: links.filter(pk__in=checking.broken())),
        "fraglich": ("Zuletzt nicht erreichbar", lambda links: links.filter(failures__gt=0)),
        "umgeleitet": ("Umgezogen", lambda links: links.filter(moved_to__gt="")),
        "neu": ("Noch nie geprüft", lambda links: links.filter(checked=None)),
    }


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

    @page("<int:key>/pruefen/", "faq.change_entry", name="check", post=True)
    def check_now(self, request, key):
        """Ask for a link now, and say what became of it."""
        link = get_object_or_404(WebLink, pk=key)
        if not checking.check_now(link):
            messages.warning(
                request, "Dieser Server wird gerade gefragt oder bat um eine Pause. Bitte später noch einmal."
            )
        else:
            link.refresh_from_db()
            level = messages.WARNING if link.problem else messages.SUCCESS
            messages.add_message(request, level, f"Geprüft: {self.state(link)}")
        return redirect(admin_url(link))

    @page("<int:key>/ersetzen/", PUBLISH, name="replace")
    def replace(self, request, key):
        """Ask for the new address, name the places, and put it there."""
        link = get_object_or_404(WebLink, pk=key)
        form = ReplaceForm(request.POST or None, link=link)
        if request.method == "POST" and form.is_valid():
            changed = checking.replace(link, form.cleaned_data["address"], who=request.user)
            if link.references.exists():
                messages.warning(
                    request, "In einem Text steht die Adresse anders geschrieben. Bitte ändern Sie ihn von Hand."
                )
            else:
                messages.success(request, f"Die Adresse ist ersetzt, in {counted(len(changed), 'Text', 'Texten')}.")
            return redirect("admin:faq_weblink_changelist")
        template, places = "admin/faq/weblink/replace.html", self.places(link)
        return self.render(request, template, "Adresse ersetzen", link=link, form=form, places=places)

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
            is_broken = link.failures >= checking.BROKEN_AFTER
            return link.problem if is_broken else f"{link.problem} Wird morgen noch einmal geprüft."
        return f"umgezogen nach {link.moved_to}" if link.moved_to else "in Ordnung"


def _to(url):
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, url)
