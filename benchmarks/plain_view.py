"""A plain Django view of an entry's page: the queries and the template one would write for it, and the same HTML in the end.

It is spared what the portal does with texts: their HTML with its links and explanations, the notes on gaps, the description,
the structured data and some attributes are given to it, as if they were stored so.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Count, Q, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import include, path
from django.utils.safestring import mark_safe

from benchmarks.rivals import PLAIN_MIDDLEWARE
from faq.models import Entry, Notice, Site, Tag
from faq.public import walkthroughs

_given = {}  # texts of each page, by slug


class Handler(WSGIHandler):
    """Serves the view behind the middleware of `startproject`. `pages`: the HTML of each page as the portal makes it, by slug."""

    def __init__(self, pages):
        _given.update({slug: _texts(html) for slug, html in pages.items()})
        usual, settings.MIDDLEWARE = settings.MIDDLEWARE, PLAIN_MIDDLEWARE
        super().__init__()
        settings.MIDDLEWARE = usual

    def get_response(self, request):
        request.urlconf = __name__
        return super().get_response(request)


def words(html):
    """A page without its white space, to compare it with another one."""
    return "".join(html.split())


def _page(request, slug):
    shown = _found(slug) | {"texts": _given[slug], "canonical": settings.PUBLIC_URL + request.path}
    for step, (text, gaps) in zip(shown["steps"], _given[slug]["steps"], strict=True):
        step.shown, step.gaps = text, gaps
    return HttpResponse(_template().render(shown, request))


urlpatterns = [path("faq/<slug>/", _page), path("", include("helpdesk.urls"))]


@cache
def _template():
    return engines["django"].from_string(Path(__file__).with_name("plain_entry.html").read_text())


def _found(slug):
    """What the page shows of the database."""
    public = Entry.objects.published()
    entry = get_object_or_404(public.select_related("category"), slug=slug)
    if entry.is_walkthrough:
        prefetch_related_objects([entry], "steps")
    steps = list(entry.steps.all()) if entry.is_walkthrough else []
    tags = list(Tag.objects.filter(taggings__content_object=entry).order_by("taggings__pk"))
    others = public.exclude(pk=entry.pk).only("slug", "title", "kind")
    inside = others.filter(category=entry.category_id)
    linked = others.filter(Q(references__entry=entry) | Q(links_out__target=entry)).distinct()[:4]
    alike = others.filter(taggings__tag__in=tags).annotate(shared=Count("pk"))
    alike = alike.order_by("-shared", "category__position", "position", "slug")[:4]
    return {
        "entry": entry,
        "steps": steps,
        "sections": walkthroughs.sections(steps),
        "lanes": walkthroughs.lanes(entry) if steps else [],
        "tags": tags,
        "site": Site.objects.select_related("contact").get(),
        "notices": list(Notice.objects.current()),
        "before": inside.filter(position__lt=entry.position).order_by("-position").first(),
        "after": inside.filter(position__gt=entry.position).order_by("position").first(),
        "fits": list(dict.fromkeys([*linked, *alike]))[:4],
        "rival": others.filter(kind=Entry.WALKTHROUGH).order_by("position").first() if steps else None,
    }


def _texts(html):
    """What is given to the page: cut out of the portal's."""

    def cut(pattern, of=html):
        found = re.search(pattern, of, re.DOTALL)
        return mark_safe(found[1]) if found else ""

    answer, *steps = html.split('<li class="step ')
    prose, gaps = r'<div class="prose">(.*?)</div>', r'(<p class="gap-note">.*?</p>)'
    return {
        "description": cut(r'<meta name="description" content="(.*?)">'),
        "icon": cut(r'(<link rel="icon".*?>)'),
        "integrity": cut(r' integrity="(.*?)"'),
        "structured": cut(r'<script type="application/ld\+json">(.*?)</script>'),
        "mail": cut(r'href="(mailto:\?subject=.*?)"'),
        "answer": cut(prose, answer),
        "gaps": cut(gaps, answer),
        "steps": [(cut(prose, step), cut(gaps, step)) for step in steps],
    }
