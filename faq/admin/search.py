"""A page for editors: why a query finds what it finds."""

from django.template.response import TemplateResponse

from faq import search
from faq.models import Entry


def explain(request, site):
    """How `?q=` was analysed, what it was expanded to, and what made up each hit's score."""
    query = request.GET.get("q", "")
    context = site.each_context(request) | {
        "title": "Suche erklären",
        "query": query,
        "explanation": search.explain(query, among=Entry.objects.published()) if query.strip() else None,
    }
    return TemplateResponse(request, "admin/faq/search_explain.html", context)
