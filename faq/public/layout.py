"""What all reader pages share, asked for once and cached while readers see the same."""

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


def context():
    """What templates know of every page."""
    return {"site": site(), "notices": notices()}


def without_database():
    """The same for a page that must do without one."""
    return {"site": Site(title=Site.DEFAULT_TITLE)}
