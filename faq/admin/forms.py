"""Form fields and checks that several forms of the admin share."""

import json
import re
from operator import attrgetter

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from taggit.forms import TagField, TagWidget

from faq import markup, slugs
from faq.actions import made
from faq.content import values, walkthrough_text
from faq.editing import references, rendering
from faq.models import Announcement, Tag
from faq.models.fields import validate_characters
from faq.words import german_order


class MarkdownTextarea(forms.Textarea):
    """A field for Markdown; scripts add buttons, choosers and an editing view, and ask the addresses that it names."""

    # Name of the data attribute: name of the page of the admin.
    ASKS = {
        "create": "text_create",
        "paste": "text_paste",
        "shown": "text_shown",
        "targets": "text_targets",
        "written": "text_written",
    }

    class Media:
        css = {"all": ["css/editing.css"]}
        js = [forms.Script("js/editing/main.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        asked = {f"data-url-{name}": reverse(f"admin:{page}") for name, page in self.ASKS.items()}
        context["widget"]["attrs"] |= asked
        return context

    def render(self, *args, **kwargs):
        """In the box to which the scripts add: a field that they moved would lose the focus, and with it what is being typed."""
        return format_html('<div class="markdown-box">{}</div>', super().render(*args, **kwargs))


class DateInput(forms.DateInput):
    """The browser's own calendar, which writes dates as its user does."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The same for a point in time."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M:%S")


class TagsInput(TagWidget):
    """Names with commas between them, as chips where there are scripts; with the names that there are to choose from."""

    class Media:
        js = [forms.Script("js/editing/tags.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        known = Tag.objects.filter(merged_into=None).values_list("name", flat=True)
        context["widget"]["attrs"]["data-tags"] = json.dumps(sorted(known, key=german_order), ensure_ascii=False)
        return context


class TagsField(TagField):
    """Commas alone part names, and quotes hold together what has one: taggit itself makes two tags of „Office 365“."""

    NAME = re.compile(r'"([^"]*)"|([^,"]+)')

    def clean(self, value):
        typed = forms.CharField.clean(self, value)
        if typed.count('"') % 2:
            raise ValidationError("Ein Anführungszeichen fehlt: Es hält zusammen, was zu einem Schlagwort gehört.")
        found = self.NAME.findall(typed)
        return sorted({" ".join((quoted or plain).split()) for quoted, plain in found} - {""})


class MarkdownField(forms.CharField):
    """A Markdown text: kept to the letter but for line ends and empty lines around it; faults are named with their line."""

    def __init__(self, *, rows=12, **kwargs):
        kwargs |= {
            "strip": False,
            "required": False,
            "widget": MarkdownTextarea(attrs={"rows": rows, "cols": 90, "class": "markdown"}),
        }
        super().__init__(**kwargs)

    def to_python(self, value):
        return values.trimmed(super().to_python(value))

    def has_changed(self, initial, data):
        return super().has_changed(initial, self.to_python(data))


class CheckedMarkdownField(MarkdownField):
    """A Markdown text whose links and wording can be judged by itself."""

    def validate(self, value):
        super().validate(value)
        check_markdown(value)


class NoteField(forms.CharField):
    """Several lines of plain text, with the line ends of the content files."""

    default_validators = [validate_characters]

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"strip": False})

    def to_python(self, value):
        return values.trimmed(super().to_python(value))


class SentenceField(forms.CharField):
    """What readers are told of a change: one line, however it was pasted."""

    COLUMN = Announcement._meta.get_field("text")

    def __init__(self, **kwargs):
        attrs = {"rows": 2, "cols": 40}  # no limit: what is pasted would be cut off in silence
        kwargs |= {"label": self.COLUMN.verbose_name, "required": False, "widget": forms.Textarea(attrs=attrs)}
        kwargs["help_text"] = (
            "Ein Satz, wenn Leser von der Änderung erfahren sollen. Veröffentlicht steht er beim Eintrag, unter „Neues“ und in "
            "den Feeds. Leer: Nichts wird angekündigt."
        )
        super().__init__(**kwargs)

    def clean(self, value):
        line = re.sub(r"\s*\n\s*", " ", values.normalised(super().clean(value)))
        return line and self.COLUMN.clean(line, None)


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"required": False, "widget": forms.Textarea(attrs={"rows": 4, "cols": 60})})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = (line.strip() for line in values.normalised(super().to_python(value)).split("\n"))
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class SlugForm(forms.ModelForm):
    """A form whose slug may be left empty: it is made from the field that `slug_from` names."""

    slug_from = "title"

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.fields and not cleaned.get("slug") and (text := cleaned.get(self.slug_from)):
            cleaned["slug"] = self.new_slug(text)
        return cleaned

    def new_slug(self, text):
        return slugs.slugify(text)


def addresses_of(entry):
    """The current and former slugs of an entry that is just being written."""
    return {entry.slug, *(entry.aliases.values_list("slug", flat=True) if entry.pk else ())}


def check_markdown(text, *, own_slugs=(), in_walkthrough=False):
    """Raise ValidationError, with the line, for what is wrong in a text: its Markdown, or a link that leads nowhere.

    Links to `own_slugs`, the entry's own addresses, are right whatever the database knows by now.
    """
    problems = list(made(walkthrough_text.step_problems, text)) if in_walkthrough else []
    try:
        links = made(rendering.rendered, text).links
    except markup.MarkupError as error:
        links = error.links
        if rendering.refused([text]):  # and no text of before, which stays as it is
            problems += error.problems
    links = [link for link in links if link.slug not in own_slugs or link.kind != "faq"]
    wrong = [(link, f"Das Linkziel „{link.written}“ gibt es nicht.") for link in references.dead_links(links)]
    wrong += [(link, references.UNDESCRIBED.format(link)) for link in references.undescribed(links)]
    problems += [markup.Problem(line, message) for link, message in wrong for line in markup.lines_of(text, link)]
    if problems:
        problems = sorted(dict.fromkeys(problems), key=attrgetter("line"))
        raise ValidationError([f"Zeile {problem.line}: {problem.message}" for problem in problems])
