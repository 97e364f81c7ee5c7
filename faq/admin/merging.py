"""The action that makes two entries, terms or tags one."""

from django.contrib import admin, messages
from django.shortcuts import redirect

from faq.admin.base import RecordedAdmin
from faq.admin.extra_pages import admin_url
from faq.editing.merging import merge
from faq.editing.writing import may_publish


class MergeAdmin(RecordedAdmin):
    """Adds the action to a list; a page between asks which of the two stays."""

    actions = ["merge_two"]
    what_stays = ""

    def has_merge_permission(self, request):
        return self.has_delete_permission(request) and may_publish(request.user)

    @admin.action(description="Zwei zusammenführen", permissions=["merge"])
    def merge_two(self, request, queryset):
        chosen = list(queryset)
        if len(chosen) != 2:
            messages.warning(request, "Bitte wählen Sie genau zwei aus.")
            return None
        if kept_key := request.POST.get("kept"):
            kept, gone = sorted(chosen, key=lambda row: str(row.pk) != kept_key)
            name = str(gone)
            merge(kept, gone, who=request.user)
            messages.success(request, f"„{name}“ ist in „{kept}“ aufgegangen.")
            return redirect(admin_url(kept))
        return self.render_choice(request, "Zusammenführen", chosen, may_merge=True)

    def render_choice(self, request, title, chosen, **context):
        """The page that shows two and asks which of them stays."""
        context |= {"chosen": chosen, "what_stays": self.what_stays}
        return self.render(request, "admin/faq/merge.html", title, **context)
