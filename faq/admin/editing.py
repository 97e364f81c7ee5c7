"""The editors' ways with an entry beyond its form: preview, working copies, publishing, history, comparison, restore."""

from csp.decorators import csp_replace, csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from faq.admin.base import RecordedAdmin, through_the_door
from faq.admin.places import admin_url
from faq.content import kinds
from faq.editing import entries
from faq.editing.addresses import AddressTaken
from faq.editing.diff import compare
from faq.editing.writing import Vanished, may_publish
from faq.models import Entry, Version
from faq.public.preview import preview_link, preview_page


def document_text(entry):
    """The one document of an entry or a working copy."""
    ((_, text),) = kinds.files(Entry.rows.complete().get(pk=entry.pk)).items()
    return text


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


class EditingAdmin(RecordedAdmin):
    change_form_template = "admin/faq/entry/change_form.html"
    actions = ["duplicate", "delete_selected"]

    # Who may do what

    def may_publish(self, request):
        return may_publish(request.user)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or self.may_publish(request):
            return allowed
        if obj.copy_of_id is not None:
            return allowed and not obj.is_released
        return allowed and obj.status == Entry.DRAFT

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or self.may_publish(request):
            return allowed and (obj is None or obj.copy_of_id is None)
        return allowed and obj.copy_of_id is None and obj.status == Entry.DRAFT

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self.may_publish(request):
            actions.pop("delete_selected", None)
        return actions

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if not self.may_publish(request):
            changelist.list_editable = ()  # the order is public at once
        return changelist

    def get_readonly_fields(self, request, obj=None):
        hidden = [] if self.may_publish(request) and not (obj and obj.copy_of_id) else ["status"]
        return [*super().get_readonly_fields(request, obj), *hidden]

    # Deleting: who links here is named, and asked where their links shall lead

    @through_the_door
    def delete_view(self, request, object_id, extra_context=None):
        chosen = Entry.objects.filter(pk=object_id) if object_id.isdigit() else Entry.objects.none()
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

    def delete_model(self, request, obj):
        self.delete_queryset(request, [obj])

    def delete_queryset(self, request, queryset):
        entries.delete(list(queryset), who=request.user, why=request.POST.get("_why", ""), links_to=request.links_to)

    @admin.action(description="Als Entwurf kopieren", permissions=["add"])
    def duplicate(self, request, queryset):
        for twin in entries.duplicate(list(queryset), who=request.user):
            messages.success(request, f"„{twin}“ ist ein neuer Entwurf.")

    # The form

    def get_object(self, request, object_id, from_field=None):
        try:
            return Entry.rows.select_related("copy_of").get(pk=int(object_id))
        except (ValueError, Entry.DoesNotExist):
            return None

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form. What was typed into one that may no longer be saved is shown once more: it is not lost."""
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            if self.get_object(request, object_id) is None:
                raise Vanished("Diesen Eintrag gibt es nicht mehr.")
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (PermissionDenied, Vanished) as error:
            if not self.has_view_permission(request):
                raise
            return self._typed(request, object_id, status=403 if isinstance(error, PermissionDenied) else 409)

    def _typed(self, request, object_id, status):
        public = Entry.objects.filter(slug=request.POST.get("slug") or None).first()
        context = self._context(
            request,
            title="Nicht gesichert: Ihre Eingaben sind noch da",
            entry=self.get_object(request, object_id) or public,
            typed=self.unsaved_text(request, ["title", "body", "note"]),
        )
        return TemplateResponse(request, "admin/faq/entry/typed.html", context, status=status)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= {
                "is_planned": obj.publish_at and obj.publish_at > timezone.now(),
                "copy": entries.working_copy(obj) if not obj.copy_of_id else None,
                "is_public": Entry.objects.published().filter(pk=obj.pk).exists(),
                "may_publish": self.may_publish(request),
                "may_be_published": obj.copy_of_id is not None or obj.status == Entry.DRAFT,
                "preview_link": preview_link(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._special_response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._special_response(request, obj) or super().response_change(request, obj)

    def _special_response(self, request, obj):
        if "_preview" in request.POST:
            return self._previewed(request, obj)
        if "_publish" in request.POST:
            return self._publish(request, obj)
        return None

    # Preview

    def _previewed(self, request, obj):
        """The page as it would be after this save, which is then undone."""
        response = preview_page(request, Entry.rows.complete().get(pk=obj.pk))
        transaction.set_rollback(True)
        return csp_replace({"frame-ancestors": ["'self'"]})(xframe_options_sameorigin(lambda request: response))(
            request
        )

    # Working copies and the history

    def get_urls(self):
        def view(function):
            return self.admin_site.admin_view(function)

        return [
            path("<int:key>/arbeitskopie/", view(self.start_copy), name="faq_entry_copy"),
            path("<int:key>/verwerfen/", view(self.discard), name="faq_entry_discard"),
            path("<int:key>/veroeffentlichen/", view(self.publish), name="faq_entry_publish"),
            path("<int:key>/zurueckhalten/", view(self.hold_back), name="faq_entry_hold_back"),
            path("<int:key>/vergleich/", view(self.compare), name="faq_entry_compare"),
            path("<int:key>/vergleich/<int:other>/", view(self.pair), name="faq_entry_pair"),
            path("<int:key>/stimmt-noch/", view(self.still_true), name="faq_entry_still_true"),
            path("fassung/<int:key>/wiederherstellen/", view(self.restore), name="faq_entry_restore"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def start_copy(self, request, key):
        entry = get_object_or_404(Entry, pk=key)
        if not super().has_change_permission(request, entry):
            raise PermissionDenied
        return self._to_form(entries.start_working_copy(entry, who=request.user))

    @method_decorator(require_POST)
    def discard(self, request, key):
        original = entries.discard(self._copy(request, key), who=request.user)
        messages.success(request, "Die Arbeitskopie ist verworfen. Ihr Text bleibt in der Geschichte.")
        return self._to_form(original)

    @method_decorator(require_POST)
    def hold_back(self, request, key):
        copy = entries.hold_back(self._copy(request, key), who=request.user)
        messages.success(request, "Die Arbeitskopie wird nicht mehr von selbst veröffentlicht.")
        return self._to_form(copy)

    @method_decorator(require_POST)
    def publish(self, request, key):
        return self._publish(request, self._copy(request, key), over_newer="over_newer" in request.POST)

    def _publish(self, request, obj, over_newer=False):
        if not self.may_publish(request):
            raise PermissionDenied
        if not obj.copy_of_id:
            obj = entries.publish_draft(obj, who=request.user)
            self._say_published(request, obj)
            return self._to_form(obj)
        try:
            original = entries.publish(obj, who=request.user, why=request.POST.get("_why", ""), over_newer=over_newer)
        except entries.Outdated as error:
            context = self._context(
                request,
                title="Inzwischen wurde der öffentliche Text geändert",
                copy=obj,
                newer=error.newer,
                lines=compare(error.newer.document, document_text(obj)),
            )
            return TemplateResponse(request, "admin/faq/entry/publish_over.html", context)
        except AddressTaken as error:
            messages.error(request, f"Nicht veröffentlicht: {error}")
            return self._to_form(obj)
        copy = entries.working_copy(original)
        if copy is None:
            self._say_published(request, original)
            return self._to_form(original)
        messages.success(
            request,
            f"Leser sehen die neue Fassung ab {date_format(timezone.localtime(copy.publish_at), 'j. F Y, H:i')} Uhr, bis dahin die jetzige.",
        )
        return self._to_form(copy)

    def _say_published(self, request, entry):
        if Entry.objects.published().filter(pk=entry.pk).exists():
            messages.success(request, f"„{entry}“ ist veröffentlicht.")
        else:
            messages.warning(request, f"„{entry}“ ist freigegeben, aber für Leser nicht zu sehen: {entry.state}.")

    @method_decorator(require_POST)
    def still_true(self, request, key):
        entry = get_object_or_404(Entry, pk=key)
        if not self.may_publish(request):
            raise PermissionDenied
        entry = entries.still_true(entry, who=request.user)
        messages.success(request, f"„{entry}“ ist geprüft und kommt am {entry.review:%d.%m.%Y} wieder.")
        return HttpResponseRedirect(reverse("admin:index"))

    def compare(self, request, key):
        """Two versions, or the public text and the working copy."""
        entry = get_object_or_404(Entry.rows, pk=key).original
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        copy = entries.working_copy(entry)
        old, new = (
            self._side(entry, copy, request.GET.get(name, default))
            for name, default in (("a", "public"), ("b", "copy"))
        )
        context = self._context(
            request, title=f"Vergleich: {entry}", entry=entry, old=old, new=new, lines=compare(old[1], new[1])
        )
        return TemplateResponse(request, "admin/faq/entry/compare.html", context)

    def pair(self, request, key, other):
        """Two entries that ask the same, side by side; from here they can be made one."""
        pair = [get_object_or_404(Entry.objects.complete(), pk=chosen) for chosen in (key, other)]
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self._context(request, title="Fast gleiche Fragen", chosen=pair, what_stays=self.what_stays)
        context |= {"lines": compare(*map(document_text, pair)), "may_merge": self.has_merge_permission(request)}
        return TemplateResponse(request, "admin/faq/merge.html", context)

    def _side(self, entry, copy, which):
        if which == "copy" and copy:
            return "Arbeitskopie", document_text(copy)
        if which in ("public", "copy"):
            return "Jetziger Text", document_text(entry)
        version = get_object_or_404(Version, pk=which if which.isdigit() else 0, entry=entry)
        return f"{version.when:%d.%m.%Y %H:%M}, {version.who or version.get_source_display()}", version.document

    def history_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404
        entry = entry.original
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        versions = entry.versions.select_related("who")
        context = self._context(request, title=f"Geschichte: {entry}", entry=entry, versions=versions, original=entry)
        return TemplateResponse(request, "admin/faq/entry/history.html", context)

    @method_decorator(require_POST)
    def restore(self, request, key):
        version = get_object_or_404(Version.objects.exclude(document=""), pk=key)
        if not self.has_change_permission(request) or (version.entry is None and not self.has_add_permission(request)):
            raise PermissionDenied
        try:
            entry = entries.restore(version, who=request.user)
        except (entries.Outdated, AddressTaken) as error:
            reason = "Es gibt schon eine Arbeitskopie." if isinstance(error, entries.Outdated) else str(error)
            messages.error(request, f"Nicht wiederhergestellt: {reason}")
            return HttpResponseRedirect(request.META.get("HTTP_REFERER") or reverse("admin:index"))
        messages.success(request, "Die Fassung ist wiederhergestellt. Bitte sehen Sie sie durch.")
        return self._to_form(entry)

    def _copy(self, request, key):
        copy = get_object_or_404(Entry.rows.select_related("copy_of"), pk=key, copy_of__isnull=False)
        if not super().has_change_permission(request, copy):
            raise PermissionDenied
        return copy

    def _to_form(self, entry):
        return HttpResponseRedirect(reverse("admin:faq_entry_change", args=[entry.pk]))

    def _context(self, request, **more):
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}
