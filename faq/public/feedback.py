"""„War das hilfreich?“: what readers say about an answer, and nothing about who they are."""

from django import forms
from django.db import DatabaseError, InterfaceError
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from faq import rate_limits
from faq.models import Entry, Feedback
from faq.operations import failed_writes, faults
from faq.operations.redaction import redacted
from faq.origin import absolute
from faq.public.errors import too_many
from faq.public.one_entry import one_entry
from faq.public.rendering import page

ANSWERS = {"ja": True, "nein": False}
LENGTH = Feedback.TEXT_LENGTH
# So that nobody fills the editors' list: how much is taken, in so many seconds.
HOUR, DAY = 3600, 24 * 3600
OF_ONE, OF_NETWORK, OF_ALL = 20, 50, 500
# What is left for others when all that is gone, so that a stranger who used it up silences nobody.
MORE_OF_NETWORK, MORE_OF_ALL = 2, 5000
THANKED = ("ja", "nein", "text")


class FeedbackForm(forms.Form):
    """What a reader sends: `hilfreich`, or a `text`, or both."""

    hilfreich = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS], required=False)
    text = forms.CharField(
        max_length=LENGTH,
        required=False,
        error_messages={"max_length": f"Ihr Text ist länger als {LENGTH} Zeichen. Bitte kürzen Sie ihn."},
    )
    # What was said just before, where the text was asked for on its page of thanks.
    zuvor = forms.CharField(required=False)
    # People don't see this field: what is in it was written by a robot.
    webseite = forms.CharField(required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["hilfreich"] and not cleaned["text"]:
            raise forms.ValidationError("Bitte schreiben Sie, was fehlt.")
        return cleaned

    def save(self, entry):
        """Keep it for the editors, without mail addresses and phone numbers; what a robot sent is dropped."""
        if self.cleaned_data["webseite"]:
            return
        text = redacted(self.cleaned_data["text"])[:LENGTH]
        if text and self.cleaned_data["zuvor"] == "nein" and Feedback.objects.explain_no(entry, text):
            return
        Feedback.objects.create(entry=entry, helpful=ANSWERS.get(self.cleaned_data["hilfreich"]), text=text)


def seconds_to_wait(request):
    """Count what was sent: 0 where it is taken, else the seconds until it would be."""
    client = rate_limits.client(request)
    network = rate_limits.network(client)
    of_sender = [("feedback", client, OF_ONE, HOUR), ("feedback of a day", network, OF_NETWORK, DAY)]
    of_all = [("feedback", "all", OF_ALL, DAY)]
    more = [("more feedback", network, MORE_OF_NETWORK, DAY), ("more feedback", "all", MORE_OF_ALL, DAY)]
    if refused := _refused(of_sender):
        return rate_limits.wait(*refused[:2])
    if _refused(of_all) and (refused := _refused(more)):
        return min(rate_limits.wait("feedback", "all"), rate_limits.wait(*refused[:2]))
    return 0


def _refused(limits):
    """The first of the limits that is reached, or None; those before it are counted."""
    return next((limit for limit in limits if not rate_limits.allow(*limit)), None)


@csrf_exempt  # there is no cookie to misuse
@require_http_methods(["GET", "HEAD", "POST"])
@one_entry(Entry.objects.published)
def feedback(request, found, said=""):
    """What a reader says about an entry; the page after it says thank you for what was `said`, or asks what is missing."""
    form = FeedbackForm(request.POST) if request.method == "POST" else FeedbackForm()
    is_hindered = False
    try:
        if form.is_valid():
            if wait := seconds_to_wait(request):
                return too_many(request, wait)
            form.save(found)
            answer = "text" if form.cleaned_data["text"] else form.cleaned_data["hilfreich"]
            response = redirect("feedback_thanks", found.slug, answer)
            response.status_code = 303  # a reload sends nothing twice
            return response
    except (DatabaseError, InterfaceError) as error:
        if not (fault := faults.fault(error)):
            raise
        is_hindered = True
        failed_writes.failed(error)
        form.add_error(None, faults.told(fault))
    return page(
        request,
        "faq/feedback.html",
        status=503 if is_hindered else 400 if form.errors else 200,
        entry=found,
        form=form,
        said="" if form.errors else said,
        canonical=absolute(found.get_absolute_url()),
    )
