"""A page for editors: why a query finds what it finds."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path

from faq import search
from faq.models import Entry


def explain_search(request):
    """How `?q=` was analysed, what it was expanded to, and what made up each hit's score."""
    query = request.GET.get("q", "")
    context = admin.site.each_context(request) | {
        "title": "Suche erklären",
        "query": query,
        "explanation": search.explain(query, among=Entry.objects.published()) if query.strip() else None,
    }
    return TemplateResponse(request, "admin/faq/search_explain.html", context)


urls = [path("suche/", admin.site.admin_view(explain_search), name="search_explain")]
