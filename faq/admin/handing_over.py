"""From the form of a draft or a working copy to somebody who may publish it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from faq.admin.comparison import ComparisonAdmin, compared
from faq.admin.extra_pages import CHANGE, admin_url, page
from faq.admin.review_forms import SubmitForm
from faq.editing import reviews
from faq.editing.writing import Vanished
from faq.models import Comment, Entry, Review
from faq.operations import review_mail


class HandingOverAdmin(ComparisonAdmin):
    @page("<int:key>/zur-freigabe/", CHANGE, name="submit")
    def submit(self, request, key):
        """To whom, with what remark, and what would become another text."""
        entry = Entry.rows.in_preparation().complete().select_related("copy_of").filter(pk=key).first()
        if entry is None:
            return self._too_late(request)
        there = reviews.open_review(entry)
        form = SubmitForm(
            request.POST or None, who=request.user, initial={"to": there and (there.decided_by_id or there.to_id)}
        )
        if request.method == "POST" and form.is_valid():
            try:
                review = reviews.submit(entry, who=request.user, **form.cleaned_data)
            except Vanished:
                return self._too_late(request)
            review_mail.tell(review)
            messages.success(request, f"„{entry}“ ist zur Freigabe gegeben.")
            return redirect(admin_url(review))
        comparison = compared(*reviews.sides_of(entry))
        context = {"entry": entry, "form": form, "review": there, "comparison": comparison}
        return self.render(request, "admin/faq/entry/submit.html", "Zur Freigabe geben", **context)

    def _too_late(self, request):
        """Somebody has published it meanwhile, or thrown it away: what was typed is shown once more."""
        if request.method != "POST":
            raise Http404
        title = "Nicht übergeben: Ihre Bemerkung ist noch da"
        return self.render(request, "admin/faq/typed.html", title, status=409, typed=request.POST.get("remark", ""))

    def handed_over(self, entry):
        """What the form and the history of an entry say of it: the open review of this text, and those that are over."""
        review = reviews.open_review(entry)
        reason = review.comments.filter(act=Comment.RETURNED).last() if review else None
        return {
            "review": review,
            "reason": reason and reason.text,
            "may_submit": entry.is_in_preparation,
            "reviews": Review.objects.filter(entry=entry.original).without_texts(),
        }
