"""Field kinds that several models share."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from faq import markup, slugs


def validate_slug(value):
    if problem := slugs.problem(value):
        raise ValidationError(problem)


def validate_address(value):
    if problem := slugs.problem(value, address=True):
        raise ValidationError(problem)


# Line breaks and control characters, which YAML and browsers would change.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def validate_line(value):
    """One line of text without spaces at its ends."""
    if value != value.strip() or _NOT_IN_A_LINE.search(value):
        raise ValidationError("Bitte nur eine Zeile Text ohne Leerzeichen am Rand und ohne Steuerzeichen.")


def validate_characters(value):
    """No characters that nobody sees, which YAML refuses."""
    if match := markup.CONTROL.search(value):
        raise ValidationError(
            f"Hier steht ein unsichtbares Steuerzeichen (U+{ord(match[0]):04X}). Bitte löschen Sie es."
        )


def validate_description(value):
    """Words about a picture, not the name of its file."""
    if markup.is_no_description(value):
        raise ValidationError(markup.NO_DESCRIPTION.format(value))


validate_web_address = URLValidator(
    ["https", "http"], message="Bitte geben Sie eine Adresse an, die mit https:// beginnt."
)


class SlugField(models.CharField):
    """An ASCII slug; `address=True` where it shares the site's namespace of addresses."""

    def __init__(self, *args, address=False, **kwargs):
        self.address = address
        kwargs.setdefault("max_length", slugs.MAX_LENGTH)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_address if address else validate_slug]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs | ({"address": True} if self.address else {})


class Composed:
    """A field whose letters are composed (NFC), as in files: macOS takes umlauts apart."""

    def to_python(self, value):
        value = super().to_python(value)
        return unicodedata.normalize("NFC", value) if value else value


class LineField(Composed, models.CharField):
    """One line of text."""

    default_validators = [validate_line]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)


class WebField(Composed, models.URLField):
    """A page's address; one typed without a scheme is taken as https. For the database it is a URLField."""

    default_validators = [validate_web_address]

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
