"""What readers said about the answers: read, and ticked off."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from faq.admin.base import ReadOnlyAdmin
from faq.admin.extra_pages import page
from faq.admin.filters import ChoicesFilter
from faq.admin.owners import owner_filter
from faq.models import Feedback
from faq.words import counted


class OpenFilter(ChoicesFilter):
    title = "Stand"
    parameter_name = "stand"
    options = {
        "offen": ("Noch offen", lambda rows: rows.filter(pk__in=Feedback.objects.open().values("pk"))),
        "erledigt": ("Erledigt", lambda rows: rows.exclude(done=None)),
    }


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ["said", "entry_link", "created", "done", "done_by"]
    list_filter = [OpenFilter, owner_filter("entry__owner"), "helpful", "created"]
    list_display_links = None
    list_select_related = ["entry", "done_by"]
    search_fields = ["text", "entry__title"]
    actions = ["tick_off"]

    @admin.display(description="Rückmeldung")
    def said(self, feedback):
        return str(feedback)

    @admin.display(description="Eintrag", ordering="entry__title")
    def entry_link(self, feedback):
        url = reverse("admin:faq_entry_change", args=[feedback.entry_id])
        return format_html('<a href="{}">{}</a>', url, feedback.entry)

    @admin.action(description="Erledigt", permissions=["change_entries"])
    def tick_off(self, request, queryset):
        number = queryset.filter(done=None).update(done=timezone.now(), done_by=request.user)
        messages.success(request, f"Erledigt: {counted(number, 'Rückmeldung', 'Rückmeldungen')}.")

    @page("<int:key>/erledigt/", "faq.change_entry", name="done", post=True)
    def tick_off_one(self, request, key):
        """One piece of feedback ticked off, from the start page."""
        self.tick_off(request, Feedback.objects.filter(pk=key))
        return redirect("admin:index")
