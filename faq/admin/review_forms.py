"""What is asked where something is handed over, or back."""

from django import forms

from faq.admin.owners import OwnerField
from faq.editing import owners
from faq.models import Comment

ROWS = {"rows": 3, "cols": 60}


class SubmitForm(forms.Form):
    """To whom, and what they should know."""

    to = OwnerField(label="An", empty_label="alle, die veröffentlichen", show_hidden_initial=False)
    remark = forms.CharField(
        label="Bemerkung",
        required=False,
        max_length=Comment.LONGEST,
        widget=forms.Textarea(attrs=ROWS),
        help_text="Was sich ändert und warum, oder worauf zu achten ist.",
    )

    def __init__(self, *args, who, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = owners.publishers().exclude(pk=who.pk)
