"""What browsers, search engines and language models read: small texts made by templates."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from faq.content.portal_links import Links
from faq.models import Entry
from faq.origin import absolute
from faq.public import layout


def _text(request, template, content_type, **context):
    context["site"] = layout.site()
    return render(request, template, context, content_type=f"{content_type}; charset=utf-8")


@require_safe
def opensearch(request):
    return _text(
        request,
        "faq/opensearch.xml",
        "application/opensearchdescription+xml",
        search=absolute(reverse("search")),
        suggestions=absolute(reverse("suggestions")),
    )


@require_safe
def favicon(request):
    """For what asks for it unasked; pages name an icon of their own."""
    return HttpResponse((settings.BASE_DIR / "static" / "favicon.ico").read_bytes(), content_type="image/x-icon")


@require_safe
def robots(request):
    return _text(request, "faq/robots.txt", "text/plain", sitemap=absolute(reverse("sitemap")))


@never_cache  # it ends by itself
@require_safe
def security(request):
    """RFC 9116: where to report a weakness; it stands until half a year from now. There is none without SECURITY_CONTACT."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    return _text(
        request,
        "faq/security.txt",
        "text/plain",
        contact=settings.SECURITY_CONTACT,
        expires=timezone.now().replace(microsecond=0) + timedelta(days=180),
        canonical=absolute(request.path),
    )


@require_safe
def llms(request):
    """https://llmstxt.org: what is here, with a link to the Markdown of each entry."""
    questions, site = Entry.objects.published().questions(), layout.site()
    intro = Links([site]).plain(site.intro_html)
    return _text(request, "faq/llms.txt", "text/plain", questions=questions, intro=intro, origin=absolute(""))
