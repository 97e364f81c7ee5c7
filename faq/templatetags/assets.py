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
def integrity(path):
    """The attribute by which a browser runs a file of `collectstatic` only if nobody changed it on its way; else nothing."""
    if not hasattr(staticfiles_storage, "stored_name"):
        return ""  # not collected: it may change at any time
    with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:
        digest = base64.b64encode(hashlib.sha384(file.read()).digest()).decode()
    return format_html(' integrity="sha384-{}"', digest)
