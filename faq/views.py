"""The pages readers see: read the request, ask one queryset, render."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from faq import search as searching
from faq import structured
from faq.content import documents, format
from faq.linking import Links
from faq.models import Category, Contact, Entry, Site, Tag, Term
from faq.origin import absolute

# From here on a page shows the questions only; the answers stand on their own pages.
QUESTIONS_ONLY_IN_CATEGORY = 100
QUESTIONS_ONLY_IN_WHOLE_HELP = 300
RESULTS_PER_PAGE = 20
LEGAL = {"imprint": "Impressum", "privacy": "Datenschutz", "accessibility": "Barrierefreiheit"}


def page(request, template, *, status=None, **context):
    """Render a reader page: everything a page shares with all others comes from here."""
    context.setdefault("site", Site.objects.current())
    context.setdefault("canonical", absolute(request.path))
    return render(request, template, context, status=status)


@require_safe
def home(request):
    site = Site.objects.current()
    categories = Category.objects.with_questions()
    walkthroughs = Entry.objects.for_start_page()
    return page(
        request,
        "faq/home.html",
        site=site,
        categories=categories,
        walkthroughs=walkthroughs,
        contacts=Contact.objects.all(),
        links=Links([site]),
    )


@require_safe
def category(request, slug):
    found = _at(Category.objects, slug)
    if found.slug != slug:
        return redirect(found, permanent=True)
    entries = list(Entry.objects.for_category_page(found))
    links = Links([found, *entries])
    return page(
        request,
        "faq/category.html",
        category=found,
        entries=entries,
        moved=Entry.objects.moved_away_from(found),
        links=links,
        questions_only=len(entries) >= QUESTIONS_ONLY_IN_CATEGORY,
        description=_shortened(links.plain(found.intro_html) or f"{found.title}: " + " · ".join(e.title for e in entries)),
        structured=structured.category_page(found, entries, links),
    )


@require_safe
def entry(request, slug):
    found = _at(Entry.objects.published().complete(), slug)
    if found.slug != slug:
        return redirect(found, permanent=True)
    links = Links([found])
    before, after = Entry.objects.neighbours(found)
    description = _shortened(structured.answer_text(found, links))
    return page(
        request,
        "faq/entry.html",
        entry=found,
        links=links,
        before=before,
        after=after,
        description=description,
        structured=structured.entry_page(found, links, description),
    )


@require_safe
def entry_markdown(request, slug):
    found = _at(Entry.objects.published().complete(), slug)
    if found.slug != slug:
        return redirect("entry_markdown", found.slug, permanent=True)
    document, links = documents.of_entry(found), Links([found])
    for piece in (document, *document.steps):
        piece.body = links.markdown(piece.body, settings.PUBLIC_URL)
    return HttpResponse(format.write_public(document), content_type="text/markdown; charset=utf-8")


@require_safe
def whole_help(request):
    entries = list(Entry.objects.for_whole_help())
    return page(
        request,
        "faq/whole_help.html",
        entries=entries,
        links=Links(entries),
        questions_only=len(entries) >= QUESTIONS_ONLY_IN_WHOLE_HELP,
    )


@require_safe
def tags(request):
    return page(request, "faq/tags.html", tags=Tag.objects.used())


@require_safe
def tag(request, slug):
    found = get_object_or_404(Tag.objects.used(), slug=slug)
    return page(request, "faq/tag.html", tag=found, entries=Entry.objects.for_tag_page(found))


@require_safe
def glossary(request):
    terms = list(Term.objects.glossary())
    return page(request, "faq/glossary.html", terms=terms, links=Links(terms))


@require_safe
def legal(request, name):
    site = Site.objects.current()
    html = getattr(site, f"{name}_html")
    if not html:
        raise Http404
    return page(request, "faq/legal.html", site=site, title=LEGAL[name], html=html, links=Links([site]))


@require_safe
def search(request):
    query = request.GET.get("q", "")
    results = None
    if query.strip():
        typed = "genau" in request.GET
        results = searching.search(query, among=Entry.objects.published(), limit=RESULTS_PER_PAGE, typed=typed)
    return page(
        request,
        "faq/search.html",
        query=query,
        results=results,
        hits=_with_entries(results.hits) if results else [],
        categories=Category.objects.with_questions() if not (results and results.hits) else [],
        canonical=absolute(reverse("search")),
    )


@require_safe
def search_json(request):
    try:
        limit = int(request.GET.get("limit", "10"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 50:
        return JsonResponse({"error": "limit ist eine Zahl von 1 bis 50."}, status=400)
    query = request.GET.get("q", "")
    results = searching.search(query, among=Entry.objects.published(), limit=limit)
    return JsonResponse(
        {
            "query": query,
            "corrected": results.corrected,
            "count": results.count,
            "results": [
                {
                    "slug": found.slug,
                    "title": found.title,
                    "url": _hit_url(found, hit),
                    "category": found.category.slug,
                    "snippet": hit.snippet,
                    "score": hit.score,
                    "confident": hit.confident,
                }
                for found, hit, _ in _with_entries(results.hits)
            ],
        }
    )


@require_safe
def suggestions(request):
    query = request.GET.get("q", "")
    found = searching.suggest(query, among=Entry.objects.published())
    slugs = dict(Entry.objects.filter(pk__in=[s.entry_id for s in found if s.entry_id]).values_list("pk", "slug"))
    urls = [
        reverse("entry", args=[slugs[s.entry_id]]) if s.entry_id else f"{reverse('glossary')}#{s.slug}" for s in found
    ]
    answer = [query, [s.title for s in found], [], [absolute(url) for url in urls]]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")


def bad_request(request, exception):
    return HttpResponseBadRequest("Diese Anfrage ist nicht lesbar.", content_type="text/plain; charset=utf-8")


def not_found(request, exception):
    return page(request, "faq/not_found.html", status=404, categories=Category.objects.with_questions())


def server_error(request):
    """Needs no database: it may be what is broken."""
    return render(request, "faq/server_error.html", {"site": Site(title=Site.DEFAULT_TITLE)}, status=500)


def _at(queryset, slug):
    """What answers at a current or former slug, or 404."""
    try:
        return queryset.at(slug)
    except queryset.model.DoesNotExist:
        raise Http404 from None


def _with_entries(hits):
    """Each hit with its entry and its address, in their order."""
    entries = Entry.objects.select_related("category").in_bulk([hit.entry_id for hit in hits])
    return [(entries[hit.entry_id], hit, _hit_url(entries[hit.entry_id], hit)) for hit in hits]


def _hit_url(found, hit):
    return found.get_absolute_url() + (f"#schritt-{hit.step}" if hit.step else "")


def _shortened(text, length=160):
    """The first words of a text, for a description."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
