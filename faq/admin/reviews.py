"""What was handed over: all of it as a list, and the page on which one is read, commented and decided."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import get_random_string
from django.utils.html import format_html

from faq.actions import Hindered, Vanished
from faq.admin.base import ReadOnlyAdmin, save_posted
from faq.admin.columns import clamped
from faq.admin.comparison import compared
from faq.admin.extra_pages import CHANGE, admin_url, key_of, page
from faq.admin.filters import ChoicesFilter
from faq.admin.once import once
from faq.admin.owners import owner_filter
from faq.admin.proposals import proposal_address
from faq.admin.review_forms import CommentForm, PublishForm, ReasonForm
from faq.editing import announcements, owners, reviews
from faq.editing.owners import name_of
from faq.editing.passages import Passage
from faq.editing.review_text import ReviewText
from faq.editing.writing import PUBLISH
from faq.models import Comment, Entry, Review
from faq.operations import review_mail
from faq.words import since, to_the_minute


class StateFilter(ChoicesFilter):
    title = "Stand"
    parameter_name = "stand"
    options = {
        "offen": ("Offen", lambda rows: rows.filter(state__in=Review.OPEN)),
        **{state: (label, lambda rows, state=state: rows.filter(state=state)) for state, label in Review.STATES},
    }


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = [clamped("title", "Was"), "state", "given_by", "given_to", "stands_since"]
    list_filter = [
        StateFilter,
        owner_filter("to", title="An", parameter_name="an", nobody="Alle"),
        owner_filter("by", title="Von", parameter_name="von"),
    ]
    search_fields = ["title"]
    # What waits first, then what was handed back, the oldest first; then what is decided, the newest first.
    ordering = [
        Case(
            When(state=Review.WAITING, then=0),
            When(state=Review.RETURNED, then=1),
            default=2,
            output_field=IntegerField(),
        ),
        Case(When(state__in=Review.OPEN, then="handed"), default=Value(None)),
        "-decided",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).without_texts()

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("faq.view_entry")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Freigaben"} | (extra_context or {}))

    @admin.display(description="Von", ordering="by__username")
    def given_by(self, review):
        return name_of(review.by) if review.by else "–"

    @admin.display(description="An", ordering="to__username")
    def given_to(self, review):
        return name_of(review.to) if review.to else "alle"

    @admin.display(description="Seit", ordering="handed")
    def stands_since(self, review):
        moment = review.decided or review.handed
        return format_html('{} <span class="quiet">{}</span>', since(moment), to_the_minute(moment))

    # The page of one

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._page(request, _review(key_of(object_id)))

    def _page(self, request, review, *, status=None, comment=None, why="", typed="", **refused):
        """The page of a review; forms that were refused come back with what was typed: `comment`, others by the name of their verb.

        `typed`: what came too late.
        """
        both = reviews.sides(review)
        text, comments = ReviewText(*both[1]), list(review.comments.select_related("who", "to"))
        entry = reviews.text_of(review) if review.is_open else None
        may_comment, decides = (review.is_open and request.user.has_perm(right) for right in (CHANGE, PUBLISH))
        asked = Comment.RETURNED if review.state == Review.RETURNED else Comment.HANDED
        context = {
            "review": review,
            "has_left": review.is_open and review.to and review.to not in owners.publishers(),
            "remark": next((each.text for each in reversed(comments) if each.act == asked), ""),
            "comparison": compared(*both),
            "text": text,
            "gone": _put(comments, text),
            "comments": comments,
            "seen": reviews.seen(review, both),
            "why": why,
            "typed": typed,
            "edit_url": self._edit_url(request, review, entry) if may_comment else "",
            "matters": reviews.matters(review),
            "decides": decides,
            "may_publish": decides and entry is not None,
            "publish": refused.get("publish")
            or PublishForm(initial={"news": entry and announcements.waiting_in(entry)}),
            "may_take": decides and review.state == Review.WAITING and review.to != request.user,
            "may_withdraw": may_comment
            and (decides or Review.objects.given_by(request.user).filter(pk=review.pk).exists()),
            "hand_back": refused.get("hand_back") or ReasonForm(auto_id="hand_back_%s"),
            "withdraw": refused.get("withdraw") or ReasonForm(auto_id="withdraw_%s", optional=True),
        }
        if may_comment:
            passage = _asked_for(request.GET, text)
            form = comment or CommentForm(initial=passage._asdict() if passage else None)
            chosen = text.passages.find(Passage(*(form[name].value() or "" for name in Passage._fields)))
            if chosen or comment:  # where the browser goes then
                form.fields["text"].widget.attrs["autofocus"] = True
            if chosen:
                chosen.block.chosen = chosen
            context |= {"form": form, "chosen": chosen}
            context |= {"once": get_random_string(12), "once_posted": request.POST.get("_once", "")}
        return self.render(request, "admin/faq/review/page.html", str(review), status=status, **context)

    def _edit_url(self, request, review, entry):
        """Where what was handed over is edited: the form of the draft or working copy, or that of what a proposal is for."""
        return admin_url(entry) if entry else proposal_address(review, request.user)

    # What one does with it

    @page("<int:key>/kommentieren/", CHANGE, name="comment", post=True)
    def comment(self, request, key):
        review, form = _review(key), CommentForm(request.POST)
        if not form.is_valid() and review.is_open:
            messages.error(request, "Der Kommentar ist noch nicht gesichert. Was fehlt, steht bei seinem Feld.")
            return self._page(request, review, comment=form)
        return self._done(
            request, review, lambda: save_posted(lambda: self._commented(request, review, form), request, lambda: None)
        )

    @once
    def _commented(self, request, review, form):
        comment = reviews.comment(review, **{"text": "", **form.cleaned_data}, who=request.user)
        request.saved = True
        return redirect(f"{admin_url(review)}#kommentar-{comment.pk}")

    @page("<int:key>/uebernehmen/", PUBLISH, name="take", post=True)
    def take(self, request, key):
        review = _review(key)
        return self._done(
            request, review, lambda: reviews.take(review, who=request.user), "Sie entscheiden jetzt darüber."
        )

    @page("<int:key>/zurueckgeben/", PUBLISH, name="hand_back", post=True)
    def hand_back(self, request, key):
        return self._reasoned(request, _review(key), reviews.hand_back, "Es ist zurückgegeben.")

    @page("<int:key>/zurueckziehen/", CHANGE, name="withdraw", post=True)
    def withdraw(self, request, key):
        told = "Es ist zurückgezogen. Der Text selbst bleibt, wie er ist."
        return self._reasoned(request, _review(key), reviews.withdraw, told, optional=True)

    def _reasoned(self, request, review, verb, told, optional=False):
        form = ReasonForm(request.POST, auto_id=f"{verb.__name__}_%s", optional=optional)
        if not form.is_valid() and review.is_open:
            return self._page(request, review, **{verb.__name__: form})
        reason = form.cleaned_data.get("reason", "")
        return self._done(request, review, lambda: verb(review, reason=reason, who=request.user), told)

    @page("<int:key>/veroeffentlichen/", PUBLISH, name="publish", post=True)
    def publish(self, request, key):
        review, form, entries = _review(key), PublishForm(request.POST), self.admin_site.get_model_admin(Entry)
        if review.is_open and not form.is_valid():
            return self._page(request, review, publish=form, why=request.POST.get("_why", ""))
        news = form.cleaned_data["news"] if "news" in request.POST and form.is_valid() else None

        def verb():
            return entries.publish_now(request, reviews.text_of(review), review=review, news=news)

        return self._done(request, review, verb, publish=form)

    def _done(self, request, review, verb, told="", **forms):
        """The answer to a verb: its own, or the page once more. Where something stands in the way, what was typed is shown again."""
        typed = {name: request.POST.get(name, "") for name in ("_why", "news", "reason", "text")}
        try:
            answer = verb()
        except Hindered as error:
            messages.warning(request, str(error))
            return self._page(request, review, why=typed["_why"], **forms)
        except Vanished:
            review.refresh_from_db()
            messages.warning(request, f"Das ist schon erledigt: {_decision(review)}.")
            return self._page(request, review, status=409, typed="\n".join(filter(None, typed.values())))
        if not told:
            return answer
        review_mail.tell(review)
        messages.success(request, told)
        return redirect(admin_url(review))


def _review(key):
    return get_object_or_404(Review.objects.select_related("by", "to", "decided_by", "entry"), pk=key)


def _put(comments, text):
    """Put each comment on a passage beside the block in which that stands by now. Returns those whose passage is gone."""
    gone = []
    for comment in (comment for comment in comments if comment.quote):
        if found := text.passages.find(comment):
            found.block.found.append(found)
        else:
            gone.append(comment)
    return gone


def _asked_for(asked, text):
    """The Passage that a link of the page asks to comment on, or None."""
    number = key_of(asked.get("block", ""))
    return text.passages.passage(asked.get("stelle", ""), number, asked.get("worte", ""), asked.get("davor", ""))


def _decision(review):
    """How it stands, in words: „freigegeben von Berta, 1. März 2027, 08:30“."""
    who = f" von {name_of(review.decided_by)}" if review.decided_by else ""
    when = f", {to_the_minute(review.decided)}" if review.decided else ""
    return f"{review.get_state_display()}{who}{when}"
