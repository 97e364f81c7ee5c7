"""What all reader pages share, made once and kept while readers see the same."""

from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from faq import start_page
from faq.cache import kept
from faq.models import Notice, Site
from faq.public.notices import Notices


class Frame(NamedTuple):
    """The site with its main contact, the notices readers see now (the newest first), and the parts of each page as HTML."""

    site: Site
    notices: list[Notice]
    head: SafeString
    brand: SafeString
    head_search: SafeString
    announcements: SafeString
    foot: SafeString

    def context(self):
        """What templates know of it."""
        return {name: part for name, part in self._asdict().items() if name != "notices"}


@kept
def frame():
    """The frame of the pages as it is now."""
    return _frame(Site.objects.current(), Notice.objects.current())


def site():
    return frame().site


@kept
def categories():
    """The categories with their first questions."""
    return start_page.categories()


def without_database():
    """The context of a page that must do without one."""
    return _frame(Site(title=Site.DEFAULT_TITLE), []).context()


def _frame(site, current):
    notices = Notices(current)
    everywhere = {"found": notices.everywhere(), "links": notices.links}
    return Frame(
        site=site,
        notices=current,
        head=_rendered("head", site=site),
        brand=_rendered("brand", site=site),
        head_search=_rendered("search_form", query="", field_id="suche_kopf"),
        announcements=_rendered("notices", **everywhere),
        foot=_rendered("foot", site=site),
    )


def _rendered(name, **context):
    return mark_safe(render_to_string(f"faq/includes/{name}.html", context).strip())  # noqa: S308  a template's own
