"""Working copies of entries: begun, published now or for later, held back, thrown away; and the review of what is public."""

from operator import itemgetter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect

from faq.admin.base import RecordedAdmin
from faq.admin.comparison import compared, document_of
from faq.admin.extra_pages import CHANGE, admin_url, page
from faq.editing import entries, reviews, working_copies
from faq.editing.addresses import AddressTaken
from faq.editing.writing import PUBLISH, may_publish
from faq.models import Entry
from faq.operations import review_mail, to_do
from faq.words import to_the_minute

PER_PAGE = 50


def _copy(key):
    return get_object_or_404(Entry.rows.select_related("copy_of"), pk=key, copy_of__isnull=False)


class WorkingCopiesAdmin(RecordedAdmin):
    @page("<int:key>/arbeitskopie/", CHANGE, name="copy", post=True)
    def start_copy(self, request, key):
        return redirect(
            admin_url(working_copies.start_working_copy(get_object_or_404(Entry, pk=key), who=request.user))
        )

    @page("<int:key>/verwerfen/", CHANGE, name="discard", post=True)
    def discard(self, request, key):
        """Throw a working copy away; a page asks first whether that of somebody else shall go, and from the list always."""
        copy = _copy(key)
        if copy.is_released and not may_publish(request.user):
            raise PermissionDenied
        others = working_copies.others_in(copy, request.user)
        listed = "listed" in request.POST
        if (others or listed) and "yes" not in request.POST:
            context = {"entry": copy, "others": others, "listed": listed}
            return self.render(request, "admin/faq/entry/discard.html", "Arbeitskopie verwerfen?", **context)
        original = working_copies.discard(copy, who=request.user)
        messages.success(request, "Die Arbeitskopie ist verworfen. Ihr Text bleibt in der Geschichte.")
        return redirect("admin:faq_entry_in_work" if listed else admin_url(original))

    @page("offen/", name="in_work")
    def in_work(self, request):
        """All that is begun and readers do not see: everybody's or one's own, the newest or the oldest first."""
        chosen = {name: request.GET.get(name, usual) for name, usual in (("wer", ""), ("zuerst", "neu"))}
        texts = to_do.in_work()
        writers = texts.order_by().values_list("writer", "written_by").annotate(number=Count("pk"))
        numbers = {str(key or 0): (name or "ohne Konto", number) for key, name, number in writers}
        mine = numbers.pop(str(request.user.pk), ("", 0))[1]
        all_of_them = mine + sum(number for _, number in numbers.values())
        choices = [("", "Alle", all_of_them), (str(request.user.pk), "Meine", mine)]
        choices += sorted(((key, *of) for key, of in numbers.items()), key=itemgetter(1))
        if chosen["wer"] in [key for key, _, _ in choices[1:]]:
            texts = texts.filter(writer=int(chosen["wer"]) or None)
        order = "written" if chosen["zuerst"] == "alt" else "-written"
        texts = Paginator(texts.order_by(order, "pk"), PER_PAGE).get_page(request.GET.get("seite"))
        context = {"texts": texts, "writers": choices, **chosen}
        return self.render(request, "admin/faq/entry/in_work.html", "In Arbeit", **context)

    @page("<int:key>/zurueckhalten/", CHANGE, name="hold_back", post=True)
    def hold_back(self, request, key):
        copy = working_copies.hold_back(_copy(key), who=request.user)
        messages.success(request, "Die Arbeitskopie wird nicht mehr von selbst veröffentlicht.")
        return redirect(admin_url(copy))

    @page("<int:key>/veroeffentlichen/", CHANGE, name="publish", post=True)
    def publish(self, request, key):
        return self.publish_now(request, _copy(key))

    @page("<int:key>/stimmt-noch/", PUBLISH, name="still_true", post=True)
    def still_true(self, request, key):
        entry = entries.still_true(get_object_or_404(Entry, pk=key), who=request.user)
        messages.success(request, f"„{entry}“ ist geprüft und kommt am {entry.review:%d.%m.%Y} wieder.")
        return redirect("admin:index")

    def publish_now(self, request, entry, review=None, news=None):
        """Publish a draft or a working copy, also as what was handed over by a `review`; where the public text was changed meanwhile
        a page asks first.

        Raises PermissionDenied for whoever may not publish.
        """
        if not may_publish(request.user):
            raise PermissionDenied
        handed = review or reviews.open_review(entry)
        by, over_newer = {"who": request.user, "why": request.POST.get("_why", "")}, "over_newer" in request.POST
        try:
            if review:
                seen = request.POST.get("seen", "")
                original = reviews.publish(review, seen_then=seen, news=news, over_newer=over_newer, **by)
            elif entry.copy_of_id:
                original = working_copies.publish(entry, over_newer=over_newer, **by)
            else:
                original = entries.publish_draft(entry, **by)
        except working_copies.Outdated as error:
            return self.render(
                request,
                "admin/faq/entry/publish_over.html",
                "Inzwischen wurde der öffentliche Text geändert",
                copy=entry,
                review=review,
                news=news,
                newer=error.newer,
                why=by["why"],
                comparison=compared((error.newer.path, error.newer.document), document_of(entry)),
            )
        except AddressTaken as error:
            messages.error(request, f"Nicht veröffentlicht: {error}")
            return redirect(admin_url(review or entry))
        if handed:
            review_mail.tell(handed)
        copy = working_copies.working_copy(original) if entry.copy_of_id else None
        return self._published(request, original, copy, review)

    def _published(self, request, entry, copy, review):
        """Say what readers see of it from now on, or from when: there is still a `copy` where it is for later."""
        if copy:
            begins = to_the_minute(copy.publish_at)
            messages.success(request, f"Leser sehen die neue Fassung ab {begins} Uhr, bis dahin die jetzige.")
            return redirect(admin_url(review or copy))
        if Entry.objects.published().filter(pk=entry.pk).exists():
            messages.success(request, f"„{entry}“ ist veröffentlicht.")
        else:
            messages.warning(request, f"„{entry}“ ist freigegeben, aber für Leser nicht zu sehen: {entry.state}.")
        return redirect(admin_url(review or entry))
