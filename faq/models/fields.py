"""Field kinds that several models share."""

from django.core.exceptions import ValidationError
from django.db import models

from faq import slugs


def validate_slug(value):
    if problem := slugs.problem(value):
        raise ValidationError(problem)


def validate_address(value):
    if problem := slugs.problem(value, address=True):
        raise ValidationError(problem)


def validate_line(value):
    """One line of visible text: no control characters, which YAML and browsers would change."""
    if value != value.strip() or not value.isprintable():
        raise ValidationError("Bitte nur eine Zeile sichtbaren Text ohne Leerzeichen am Rand eingeben.")


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


class LineField(models.CharField):
    """One line of text."""

    default_validators = [validate_line]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 300)
        super().__init__(*args, **kwargs)
