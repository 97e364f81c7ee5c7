"""„War das hilfreich?“: what readers say about an answer, and nothing about who they are."""

from django import forms

from faq.blanking import blanked
from faq.models import Feedback

ANSWERS = {"ja": True, "nein": False}
LENGTH = Feedback.TEXT_LENGTH


class FeedbackForm(forms.Form):
    """What a reader sends: `hilfreich`, or a `text`, or both."""

    hilfreich = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS], required=False)
    text = forms.CharField(
        max_length=LENGTH,
        required=False,
        error_messages={"max_length": f"Ihr Text ist länger als {LENGTH} Zeichen. Bitte kürzen Sie ihn."},
    )
    # People don't see this field: what is in it was written by a robot.
    webseite = forms.CharField(required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["hilfreich"] and not cleaned["text"]:
            raise forms.ValidationError("Bitte schreiben Sie, was fehlt.")
        return cleaned

    def save(self, entry):
        """Keep it for the editors, without mail addresses and phone numbers; what a robot sent is dropped."""
        if not self.cleaned_data["webseite"]:
            text = blanked(self.cleaned_data["text"])[:LENGTH]
            Feedback.objects.create(entry=entry, helpful=ANSWERS.get(self.cleaned_data["hilfreich"]), text=text)
