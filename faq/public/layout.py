"""What all reader pages share, asked for once and cached while readers see the same."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from faq.cache import cached
from faq.models import Category, Notice, Site
from faq.public.notices import Notices

QUESTIONS = 12  # of a category on the start page; some more are a page of their own


@cached
def site():
    """The site with its main contact."""
    return Site.objects.current()


@cached
def notices():
    """What readers have to know now, the newest first."""
    return Notices(list(Notice.objects.current()))


@cached
def categories():
    """The categories with their first questions."""
    return list(Category.objects.with_first_questions(QUESTIONS))


@cached
def context():
    """What templates know of every page: the site, the notices, and as HTML the parts that all pages have alike."""
    return {"site": site(), "notices": notices()} | _parts(site(), notices())


def without_database():
    """The same for a page that must do without one."""
    site = Site(title=Site.DEFAULT_TITLE)
    return {"site": site} | _parts(site, Notices([]))


def _parts(site, notices):
    search = {"query": "", "field_id": "suche_kopf"}
    return {
        "head": _rendered("head", site=site),
        "brand": _rendered("brand", site=site),
        "head_search": _rendered("search_form", **search),
        "announcements": _rendered("notices", found=notices.everywhere(), links=notices.links),
        "contact_block": _rendered("contact_block", contact=site.contact) if site.contact else "",
        "foot": _rendered("foot", site=site),
    }


def _rendered(name, **context):
    return mark_safe(render_to_string(f"faq/includes/{name}.html", context).strip())  # noqa: S308  a template's own
