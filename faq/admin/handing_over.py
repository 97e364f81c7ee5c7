"""From the form of a draft or a working copy to somebody who may publish it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from faq.admin.comparison import ComparisonAdmin, compared
from faq.admin.extra_pages import admin_url, page
from faq.admin.review_forms import SubmitForm
from faq.editing import reviews
from faq.models import Entry, Review
from faq.operations import review_mail


class HandingOverAdmin(ComparisonAdmin):
    @page("<int:key>/zur-freigabe/", "faq.change_entry", name="submit")
    def submit(self, request, key):
        """To whom, with what remark, and what would become another text."""
        entry = get_object_or_404(Entry.rows.open().complete().select_related("copy_of"), pk=key)
        if entry.is_released:
            raise Http404
        there = reviews.open_review(entry)
        form = SubmitForm(request.POST or None, who=request.user, initial={"to": there and there.to_id})
        if request.method == "POST" and form.is_valid():
            review = reviews.submit(entry, who=request.user, **form.cleaned_data)
            review_mail.tell(review)
            messages.success(request, f"„{entry}“ ist zur Freigabe gegeben.")
            return redirect(admin_url(review))
        comparison = compared(*reviews.sides_of(entry))
        context = {"entry": entry, "form": form, "review": there, "comparison": comparison}
        return self.render(request, "admin/faq/entry/submit.html", "Zur Freigabe geben", **context)

    def handed_over(self, entry):
        """What the form and the history of an entry say of it: the open review of this text, and those that are over."""
        return {
            "review": reviews.open_review(entry),
            "may_submit": not entry.is_released and (entry.copy_of_id or entry.status == Entry.DRAFT),
            "reviews": Review.objects.filter(entry=entry.original).select_related("by", "to", "decided_by"),
        }
