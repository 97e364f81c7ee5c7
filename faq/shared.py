"""What all reader pages share, made once and kept while readers see the same."""

from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from faq.kept import kept
from faq.models import Notice, Site


class Frame(NamedTuple):
    """The site with its main contact, the notices readers see now (the newest first), and the end of each page as HTML."""

    site: Site
    notices: list[Notice]
    foot: SafeString


@kept
def frame():
    """The frame of the pages as it is now."""
    site = Site.objects.current()
    return Frame(site, list(Notice.objects.current()), _foot(site))


def site():
    return frame().site


def without_database():
    """The context of a page that must do without one."""
    site = Site(title=Site.DEFAULT_TITLE)
    return {"site": site, "foot": _foot(site)}


def _foot(site):
    return mark_safe(render_to_string("faq/includes/foot.html", {"site": site}).strip())  # noqa: S308  a template's own
