"""A plain Django view of an entry's page: the queries one would write for it, one template, and the same HTML in the end.

The template is made of the page as the portal answers it: where the HTML shows the entry, its steps, tags, neighbours and
what fits, it has variables. So it has no loop, no include and no link to look up, which favours it.
"""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import path
from django.utils.html import escape

from benchmarks.rivals import PLAIN_MIDDLEWARE
from faq.models import Entry, Reference, Site

urlpatterns = [path("faq/<slug>/", lambda request, slug: HttpResponse(_templates[slug].render(_shown(slug), request)))]
_templates = {}


class Handler(WSGIHandler):
    """Serves the page of each entry in `pages`, its HTML by its slug, behind the middleware of `startproject`."""

    def __init__(self, pages):
        for slug, html in pages.items():
            _templates[slug] = engines["django"].from_string(_template(html, _shown(slug)))
        usual, settings.MIDDLEWARE = settings.MIDDLEWARE, PLAIN_MIDDLEWARE
        super().__init__()
        settings.MIDDLEWARE = usual

    def get_response(self, request):
        request.urlconf = __name__
        return super().get_response(request)


def _shown(slug):
    """What the page shows, as the template names it."""
    public = Entry.objects.published().select_related("category")
    entry = get_object_or_404(public.prefetch_related("steps", "taggings__tag"), slug=slug)
    tags = [tagging.tag for tagging in entry.taggings.all()]
    others = public.filter(category=entry.category).exclude(pk=entry.pk)
    return {
        "entry": entry,
        "steps": list(entry.steps.all()),
        "tags": tags,
        "site": Site.objects.select_related("contact").first(),
        "links": list(Reference.objects.filter(entry=entry).select_related("target", "contact", "gap")),
        "before": others.filter(position__lt=entry.position).order_by("-position").first(),
        "after": others.filter(position__gt=entry.position).order_by("position").first(),
        "fits": list(public.filter(taggings__tag__in=tags).exclude(pk=entry.pk).distinct()[:4]),
    }


def _template(html, shown):
    """The page's HTML with variables where it shows something."""
    texts = {"entry.title": shown["entry"].title, "entry.category.title": shown["entry"].category.title}
    texts |= {f"{name}.title": shown[name].title for name in ("before", "after") if shown[name]}
    texts |= {f"{name}.{i}.title": row.title for name in ("steps", "fits") for i, row in enumerate(shown[name])}
    texts |= {f"tags.{i}.name": tag.name for i, tag in enumerate(shown["tags"])}
    html = html.replace("{%", "{ %").replace("{{", "{ {")
    for number, step in enumerate(shown["steps"]):
        if step.body_html:
            html = html.replace(step.body_html, f"{{{{ steps.{number}.body_html|safe }}}}")
    for name, text in texts.items():
        html = html.replace(f" {escape(text)}<", f" {{{{ {name} }}}}<").replace(
            f">{escape(text)}<", f">{{{{ {name} }}}}<"
        )
    return html
