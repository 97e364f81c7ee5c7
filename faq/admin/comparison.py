"""Texts of entries side by side: versions, working copies, two that ask the same; and the way back to a version."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from faq.admin.extra_pages import admin_url, key_of, page
from faq.admin.merging import MergeAdmin
from faq.content import kinds
from faq.editing import restoring, working_copies
from faq.editing.addresses import AddressTaken
from faq.editing.comparison import Comparison, summaries
from faq.models import Entry, Version

A_PAGE = 25  # versions


def compared(old, new):
    """The Comparison of two documents, each a pair of its path and its text."""
    return Comparison(old[1], new[1], new[0], old[0])


def document_of(entry):
    """The one document of an entry or a working copy: its path and its text."""
    (document,) = kinds.files(Entry.rows.complete().get(pk=entry.pk)).items()
    return document


class ComparisonAdmin(MergeAdmin):
    def history_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404
        entry = entry.original
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        page = Paginator(entry.versions.with_before().select_related("who"), A_PAGE).get_page(request.GET.get("p"))
        return self.render(
            request,
            "admin/faq/entry/history.html",
            f"Geschichte: {entry}",
            entry=entry,
            page=page,
            versions=list(summaries(list(page))),
            original=entry,
            **self.handed_over(entry),
        )

    @page("<int:key>/vergleich/", name="compare")
    def compare(self, request, key):
        """Two versions, or the public text and the working copy."""
        entry = get_object_or_404(Entry.rows, pk=key).original
        (old_name, old), (new_name, new) = (
            _side(entry, request.GET.get(side, default)) for side, default in (("a", "public"), ("b", "copy"))
        )
        context = {"entry": entry, "old": old_name, "new": new_name, "comparison": compared(old, new)}
        return self.render(request, "admin/faq/entry/compare.html", f"Vergleich: {entry}", **context)

    @page("<int:key>/vergleich/<int:other>/", name="pair")
    def pair(self, request, key, other):
        """Two entries that ask the same, side by side; from here they can be made one."""
        pair = [get_object_or_404(Entry.objects.complete(), pk=chosen) for chosen in (key, other)]
        may_merge = self.has_merge_permission(request)
        comparison = compared(*map(document_of, pair))
        return self.render_choice(request, "Fast gleiche Fragen", pair, comparison=comparison, may_merge=may_merge)

    @page("fassung/<int:key>/wiederherstellen/", "faq.change_entry", name="restore", post=True)
    def restore(self, request, key):
        version = get_object_or_404(Version.objects.of_entries().exclude(document=""), pk=key)
        if version.entry is None and not self.has_add_permission(request):
            raise PermissionDenied
        try:
            entry = restoring.restore(version, who=request.user)
        except (working_copies.Outdated, AddressTaken) as error:
            reason = "Es gibt schon eine Arbeitskopie." if isinstance(error, working_copies.Outdated) else str(error)
            messages.error(request, f"Nicht wiederhergestellt: {reason}")
            return redirect(request.META.get("HTTP_REFERER") or "admin:index")
        messages.success(request, "Die Fassung ist wiederhergestellt. Bitte sehen Sie sie durch.")
        return redirect(admin_url(entry))


def _side(entry, which):
    """The name and the document of one side: „copy“, „public“ or the key of a version."""
    if which == "copy" and (copy := working_copies.working_copy(entry)):
        return "Arbeitskopie", document_of(copy)
    if which in ("public", "copy"):
        return "Jetziger Text", document_of(entry)
    version = get_object_or_404(Version, pk=key_of(which), entry=entry)
    return f"{version.moment}, {version.who or version.get_source_display()}", (version.path, version.document)
