"""Absolute addresses of the portal."""

from django.conf import settings


def absolute(path):
    """The public address of a path such as `/faq/stornierung/`."""
    return settings.PUBLIC_URL + path
