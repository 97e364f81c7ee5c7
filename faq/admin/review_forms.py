"""What is asked where something is handed over, or back."""

from django import forms

from faq.admin.forms import SentenceField
from faq.admin.owners import OwnerField
from faq.editing import owners
from faq.editing.passages import AROUND, LONGEST
from faq.models import Comment

ROWS = {"rows": 3, "cols": 60}


class RemarkField(forms.CharField):
    """Plain text in lines; browsers send two signs for the end of each."""

    default_error_messages = {"required": "Bitte schreiben Sie etwas."}

    def __init__(self, **options):
        super().__init__(max_length=Comment.LONGEST, widget=forms.Textarea(attrs=ROWS), **options)

    def widget_attrs(self, widget):
        """Without the limit: what is pasted would be cut off in silence; it is refused instead."""
        return {}

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class SubmitForm(forms.Form):
    """To whom, and what they should know."""

    to = OwnerField(label="An", empty_label="alle, die veröffentlichen", show_hidden_initial=False)
    remark = RemarkField(
        label="Bemerkung",
        required=False,
        help_text="Was sich ändert und warum, oder worauf zu achten ist.",
    )

    def __init__(self, *args, who, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = owners.publishers().exclude(pk=who.pk)


class PublishForm(forms.Form):
    """What readers are told of it."""

    news = SentenceField()


class ReasonForm(forms.Form):
    """Why it goes back."""

    reason = RemarkField(label="Grund")

    def __init__(self, *args, optional=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not optional


class CommentForm(forms.Form):
    """What somebody says; the rest is a Passage, which the page fills in."""

    text = RemarkField(label="Kommentar")
    place = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=LONGEST, strip=False, widget=forms.HiddenInput)
    ahead = forms.CharField(required=False, max_length=AROUND, strip=False, widget=forms.HiddenInput)
    behind = forms.CharField(required=False, max_length=AROUND, strip=False, widget=forms.HiddenInput)
