"""To delete entries: who links to them is named, and asked where their links shall lead."""

from django import forms
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from faq.admin.base import RecordedAdmin, through_the_door
from faq.admin.extra_pages import admin_url, key_of
from faq.editing import entries
from faq.editing.writing import may_publish
from faq.models import Entry


class LinksForm(forms.Form):
    """Where links to what is deleted shall lead."""

    links_to = forms.ModelChoiceField(
        Entry.objects.none(),
        label="Diese Links führen künftig zu",
        required=False,
        empty_label="nirgendwohin: Nur der Text bleibt stehen",
    )

    def __init__(self, *args, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["links_to"].queryset = targets


class DeletionAdmin(RecordedAdmin):
    def get_actions(self, request):
        actions = super().get_actions(request)
        if not may_publish(request.user):
            actions.pop("delete_selected", None)
        return actions

    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        chosen = Entry.objects.filter(pk=key_of(object_id))
        context = self._ask_about_links(request, chosen)
        return super().delete_view(request, object_id, (extra_context or {}) | context)

    @admin.action(description=gettext_lazy("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        context = self._ask_about_links(request, queryset)
        response = delete_selected(self, request, queryset)
        if response:
            response.context_data |= context
        return response

    def _ask_about_links(self, request, chosen):
        """What the confirmation shows; while it was not answered nothing counts as confirmed."""
        places = entries.linking_to(chosen)
        targets = Entry.objects.exclude(pk__in=chosen.values("pk")).order_by("title")
        # To let public texts lead elsewhere is to publish.
        targets = targets if may_publish(request.user) else targets.none()
        form = LinksForm(request.POST if "links_to" in request.POST else None, targets=targets)
        if places and not form.is_valid():
            request.POST = QueryDict()
        request.links_to = form.cleaned_data["links_to"] if form.is_valid() else None
        return {
            "linking": [(place, admin_url(place)) for place in places],
            "links_form": form,
            "copies": Entry.rows.filter(copy_of__in=chosen),
        }

    def delete_queryset(self, request, queryset):
        entries.delete(list(queryset), who=request.user, why=request.POST.get("_why", ""), links_to=request.links_to)
