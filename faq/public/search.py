"""The search as readers and programs see it."""

import unicodedata
from collections import Counter
from itertools import groupby
from urllib.parse import urlencode

from django.http import JsonResponse
from django.urls import reverse
from django.utils.html import escape, strip_tags
from django.views.decorators.http import require_safe

from faq import search as searching
from faq.models import Entry
from faq.operations import search_counts
from faq.origin import absolute
from faq.public import layout
from faq.public.errors import limited
from faq.public.page_cache import SEARCHED
from faq.public.rendering import page, shortened
from faq.public.search_results import Public, public_entries

RESULTS_PER_PAGE = 20
MOST_RESULTS = 100
FILTERS_SHOWN = 8


@require_safe
@limited("search", "SEARCHES_PER_MINUTE")
def search(request):
    query = _asked(request)
    typed = "genau" in request.GET
    chosen = {name: request.GET.get(name, "") for name in ("kategorie", "thema")}
    parameters = {"q": query} | ({"genau": ""} if typed else {})
    results, hits, matching = None, [], []
    if query.strip():
        results = searching.search(query, among=Public(), limit=MOST_RESULTS, typed=typed)
        hits = matching = _with_entries(results.hits)
        if any(chosen.values()):
            # What stands behind the best of all may be among the best of a category.
            among = Entry.objects.published().narrowed(**chosen)
            narrowed = searching.search(query, among=among, limit=MOST_RESULTS, typed=typed)
            matching = _with_entries(narrowed.hits)
    first = _number(request.GET.get("ab"))
    if results and not first and not any(chosen.values()):
        # Who pages on or narrows down has not asked anew. A stored page is counted by this too.
        request.environ[SEARCHED] = (query, search_counts.outcome(results))
        search_counts.count(*request.environ[SEARCHED])
    following = first + RESULTS_PER_PAGE
    return page(
        request,
        "faq/search.html",
        query=query,
        asked=shortened(query, 80),
        results=results,
        answer=_answer(results, hits) if results and not first and not any(chosen.values()) else None,
        count=len(matching),
        most=MOST_RESULTS,
        groups=_groups(matching[first : first + RESULTS_PER_PAGE]),
        first=first,
        categories=layout.categories() if not matching else [],
        category_filters=_filters(parameters, chosen, "kategorie", [found.category for found, _ in hits]),
        tag_filters=_filters(parameters, chosen, "thema", [tag for found, _ in hits for tag in found.tag_list]),
        more=_query(parameters | chosen | {"ab": following}) if following < len(matching) else "",
        description="Die Hilfe durchsuchen: nach Fragen, Abkürzungen und einzelnen Schritten.",
    )


@require_safe
@limited("search", "SEARCHES_PER_MINUTE")
def search_json(request):
    try:
        limit = int(request.GET.get("limit", "10"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 50:
        return JsonResponse({"error": "limit ist eine Zahl von 1 bis 50."}, status=400)
    query = _asked(request)
    results = searching.search(query, among=Public(), limit=limit)
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
                for found, hit in _with_entries(results.hits)
            ],
            "answers": [
                {"slug": found.slug, "url": _hit_url(found, answer), "text": answer.text, "confident": True}
                for found, answer in _with_entries(filter(None, [results.answer]))
            ],
        }
    )


@require_safe
@limited("search", "SEARCHES_PER_MINUTE")
def suggestions(request):
    """For browsers, as OpenSearch says."""
    query = _asked(request)
    shown = _suggested(query)
    answer = [query, [suggestion.title for suggestion, _, _ in shown], [], [absolute(url) for _, url, _ in shown]]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")


@require_safe
@limited("search", "SEARCHES_PER_MINUTE")
def field_json(request):
    """The same for the search field: `parts` are the title's pieces, of which every second one is what was typed."""
    shown = [{"parts": each.parts, "where": where, "url": url} for each, url, where in _suggested(_asked(request))]
    return JsonResponse({"suggestions": shown})


def _suggested(query):
    """What is suggested, each with its address and where it stands."""
    found = searching.suggest(query, among=Public())
    entries = public_entries(each.entry_id for each in found if each.entry_id)
    shown = []
    for each in found:
        if not each.entry_id:
            shown.append((each, f"{reverse('glossary')}#{each.slug}", "Glossar"))
        elif entry := entries.get(each.entry_id):  # it may just have gone
            url, where = entry.get_absolute_url(), entry.category.title
            if each.number:
                url, where = f"{url}#{each.name}", f"Schritt {each.number} · {entry.short_title}"
            shown.append((each, url, where))
    return shown


def _with_entries(hits):
    """Each hit with its entry, in their order, but for what has come or gone since the page was begun."""
    hits = list(hits)
    entries = public_entries(hit.entry_id for hit in hits)
    return [(entries[hit.entry_id], hit) for hit in hits if hit.entry_id in entries]


def _answer(results, hits):
    """The entry that answers, with its address and what is quoted of it; None where nothing is sure."""
    answer = results.answer
    entry = next((found for found, hit in hits if answer and hit.entry_id == answer.entry_id), None)
    return entry and {"entry": entry, "url": _hit_url(entry, answer), "quoted": answer}


def _groups(hits):
    """The sure ones, then the others: whether they are sure, and what the page says of each, for a template to take apart."""
    grouped = groupby(hits, key=lambda pair: pair[1].confident)
    return [(confident, [_shown(found, hit) for found, hit in group]) for confident, group in grouped]


def _shown(found, hit):
    """Address, question, where it stands, snippet."""
    step = f" · Schritt {hit.step}: {hit.step_title}" if hit.step else ""
    says_more = not hit.step or ("<mark>" in hit.snippet and strip_tags(hit.snippet) != escape(hit.step_title))
    snippet = hit.snippet if says_more else ""
    return _hit_url(found, hit), hit.title, found.category.title + step, snippet


def _filters(parameters, chosen, name, offered):
    """Links that narrow the results to one of these, the most frequent first; the one that is on leads back to all."""
    slugs = [item.slug for item in offered]
    items = dict(zip(slugs, offered, strict=True))
    if len(items) < 2:
        return []
    counted = Counter(slugs)
    # What a single result has narrows nothing that reading would not.
    return [
        (
            items[slug],
            count,
            chosen[name] == slug,
            _query(parameters | chosen | {name: "" if chosen[name] == slug else slug}),
        )
        for slug, count in counted.most_common(FILTERS_SHOWN)
        if count > 1 or chosen[name] == slug
    ]


def _query(parameters):
    """The parameters as the end of an address, without those that say nothing."""
    said = {name: value for name, value in parameters.items() if value or name == "genau"}
    return "?" + urlencode(said)


def _asked(request):
    """What was asked, as it would be written here: macOS takes umlauts apart."""
    return unicodedata.normalize("NFC", request.GET.get("q", ""))


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _hit_url(found, hit):
    return found.get_absolute_url() + (f"#{hit.step_name}" if hit.step else "")
