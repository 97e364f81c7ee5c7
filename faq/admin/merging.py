"""The action that makes two entries, terms or tags one."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from faq.editing.merging import merge


class MergeAdmin(admin.ModelAdmin):
    """Adds the action to a list; a page between asks which of the two stays."""

    actions = ["merge_two"]
    what_stays = ""

    def has_merge_permission(self, request):
        return self.has_delete_permission(request) and request.user.has_perm("faq.publish_entry")

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
            return HttpResponseRedirect(reverse(f"admin:faq_{self.opts.model_name}_change", args=[kept.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Zusammenführen",
            "chosen": chosen,
            "opts": self.opts,
            "what_stays": self.what_stays,
            "may_merge": True,
        }
        return TemplateResponse(request, "admin/faq/merge.html", context)
