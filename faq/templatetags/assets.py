"""Our own files in a page."""

import base64
import hashlib
from functools import cache

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
@cache
def source(path):
    """The attributes of a script: where it is and, if `collectstatic` was there, what it must be for a browser to run it."""
    address = format_html('src="{}"', staticfiles_storage.url(path))
    if not hasattr(staticfiles_storage, "stored_name"):
        return address  # not collected: it may change at any time
    with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:
        digest = base64.b64encode(hashlib.sha384(file.read()).digest()).decode()
    return format_html('{} integrity="sha384-{}"', address, digest)
