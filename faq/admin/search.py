"""A page for editors: why a query finds what it finds."""

from faq import search
from faq.models import Entry


def explain(request, site):
    """How `?q=` was analysed, what it was expanded to, and what made up each hit's score."""
    query = request.GET.get("q", "")
    explanation = search.explain(query, among=Entry.objects.published()) if query.strip() else None
    return site.render(request, "admin/faq/search_explain.html", "Suche erklären", query=query, explanation=explanation)
