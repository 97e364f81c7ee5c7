"""The editors' ways with an entry beyond its form: preview, working copies, publishing, history, comparison, restore."""

from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from faq import changes, editing, upkeep
from faq.comparison import compare
from faq.content import documents
from faq.models import Entry, Version
from faq.preview import preview_link, preview_page


def document_text(entry):
    """The one document of an entry or a working copy."""
    ((_, text),) = documents.files(Entry.rows.complete().get(pk=entry.pk)).items()
    return text


class StaleCheckMixin:
    """A form that refuses to save on top of a newer version. The admin sets `request`."""

    request = None
    outdated = None

    def clean(self):
        cleaned = super().clean()
        seen = self.request.POST.get("_base") if self.request else None
        newest = editing.latest_version(self.instance) if self.instance.pk and seen else None
        if newest and str(newest.pk) != seen:
            self.outdated = newest
            who = newest.who or "ein Import"
            raise ValidationError(
                f"Inzwischen hat {who} eine neuere Fassung gesichert. Ihre Eingaben sind noch da: Vergleichen Sie unten "
                "beide Texte, und sichern Sie noch einmal, wenn Ihre Fassung gelten soll."
            )
        return cleaned


class EditingAdmin(admin.ModelAdmin):
    change_form_template = "admin/faq/entry/change_form.html"
    actions = ["duplicate"]

    # Who may do what

    def may_publish(self, request):
        return request.user.has_perm("faq.publish_entry")

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or self.may_publish(request):
            return allowed
        return allowed and (obj.copy_of_id is not None or obj.status == Entry.DRAFT)

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

    @admin.action(description="Als Entwurf kopieren", permissions=["add"])
    def duplicate(self, request, queryset):
        for entry in queryset:
            twin = editing.duplicate(entry, who=request.user)
            messages.success(request, f"„{twin}“ ist ein neuer Entwurf.")

    # The form

    def get_object(self, request, object_id, from_field=None):
        rows = Entry.rows.select_related("copy_of")
        if request.method == "POST":
            rows = rows.select_for_update(of=("self",))  # two saves of one entry wait for each other
        try:
            return rows.get(pk=int(object_id))
        except (ValueError, Entry.DoesNotExist):
            return None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if obj:
            newest = editing.latest_version(obj)
            context |= {
                "base": newest.pk if newest else "",
                "copy": editing.working_copy(obj) if not obj.copy_of_id else None,
                "is_public": Entry.objects.published().filter(pk=obj.pk).exists(),
                "may_publish": self.may_publish(request),
                "preview_link": preview_link(obj),
                "why": request.POST.get("_why", ""),
            }
            if getattr(form, "outdated", None):
                context["newer_text"] = form.outdated.document
                context["my_text"] = self._unsaved_text(request, form, context)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _unsaved_text(self, request, form, context):
        """What the editor typed, for the comparison: the question and the texts."""
        steps = [key for key in request.POST if key.startswith("steps-") and key.endswith(("-title", "-body"))]
        return "\n\n".join(value for key in ["title", "body", *steps] if (value := request.POST.get(key, "").strip()))

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
        copy = editing.working_copy(entry) or editing.start_working_copy(entry, who=request.user)
        return self._to_form(copy)

    @method_decorator(require_POST)
    def discard(self, request, key):
        copy = self._copy(request, key)
        editing.discard(copy, who=request.user)
        messages.success(request, "Die Arbeitskopie ist verworfen. Ihr Text bleibt in der Geschichte.")
        return self._to_form(copy.copy_of)

    @method_decorator(require_POST)
    def publish(self, request, key):
        return self._publish(request, self._copy(request, key), over_newer="over_newer" in request.POST)

    def _publish(self, request, obj, over_newer=False):
        if not self.may_publish(request):
            raise PermissionDenied
        if not obj.copy_of_id:
            obj = Entry.objects.get(pk=obj.pk)
            obj.status = Entry.PUBLISHED
            obj.save()
            changes.record([obj], source="admin", who=request.user, why="Veröffentlicht")
            messages.success(request, f"„{obj}“ ist veröffentlicht.")
            return self._to_form(obj)
        try:
            original = editing.publish(Entry.rows.get(pk=obj.pk), who=request.user, over_newer=over_newer)
        except editing.Outdated as error:
            context = self._context(
                request,
                title="Inzwischen wurde der öffentliche Text geändert",
                copy=obj,
                newer=error.newer,
                lines=compare(error.newer.document, document_text(obj)),
            )
            return TemplateResponse(request, "admin/faq/entry/publish_over.html", context)
        messages.success(request, f"„{original}“ ist veröffentlicht.")
        return self._to_form(original)

    @method_decorator(require_POST)
    def still_true(self, request, key):
        entry = get_object_or_404(Entry, pk=key)
        if not self.may_publish(request):
            raise PermissionDenied
        upkeep.still_true(entry, who=request.user)
        messages.success(request, f"„{entry}“ ist geprüft und kommt am {entry.review:%d.%m.%Y} wieder.")
        return HttpResponseRedirect(reverse("admin:index"))

    def compare(self, request, key):
        """Two versions, or the public text and the working copy."""
        entry = get_object_or_404(Entry.rows, pk=key).original
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        copy = editing.working_copy(entry)
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
        if not self.has_change_permission(request) or (version.entry is None and not self.may_publish(request)):
            raise PermissionDenied
        try:
            entry = editing.restore(version, who=request.user)
        except (editing.Outdated, changes.AddressTaken) as error:
            reason = "Es gibt schon eine Arbeitskopie." if isinstance(error, editing.Outdated) else str(error)
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
