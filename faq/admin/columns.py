"""Columns that several lists have."""

from django.contrib import admin
from django.utils.html import format_html


def clamped(field, description):
    """A column of a text that may be long: three lines of it are shown, and the whole to whoever points at it."""

    @admin.display(description=description, ordering=field)
    def column(row):
        return format_html('<span class="clamped" title="{0}">{0}</span>', getattr(row, field))

    column.__name__ = field  # by which styles know the column
    return column
