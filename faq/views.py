"""The pages readers see: read the request, ask for what is shown, render."""

import sys
from collections import Counter
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from faq import answers, limits, searches, shared, start_page, structured, surroundings, walkthroughs
from faq import search as searching
from faq.content import documents, format
from faq.environ import SEARCHED, UNAVAILABLE
from faq.feedback import FeedbackForm
from faq.linking import Links
from faq.models import Category, Entry, Tag, Term
from faq.notices import Notices
from faq.origin import absolute
from faq.results import Public, public_rows

# From here on a page shows the questions only; the answers stand on their own pages.
QUESTIONS_ONLY_IN_CATEGORY = 100
QUESTIONS_ONLY_IN_WHOLE_HELP = 300
RESULTS_PER_PAGE = 20
MOST_RESULTS = 100
FILTERS_SHOWN = 8
DESCRIBED = 20  # titles, of which a description takes the first
RETRY_AFTER = 60  # seconds
FEEDBACK_OF_ONE, FEEDBACK_WINDOW = 20, 3600  # seconds
FEEDBACK_OF_ALL = 500
THANKED = ("ja", "nein", "text")
LEGAL = {"imprint": "Impressum", "privacy": "Datenschutz", "accessibility": "Barrierefreiheit"}


def page(request, template, *, status=None, **context):
    """Render a reader page: everything a page shares with all others comes from here."""
    frame = shared.frame()
    context |= frame.context() | {"notices": Notices(frame.notices)}
    context.setdefault("canonical", absolute(request.path))
    return render(request, template, context, status=status)


@require_safe
def home(request):
    site = shared.site()
    links = Links([site])
    return page(
        request,
        "faq/home.html",
        categories=shared.categories(),
        tags=start_page.tags(),
        walkthroughs=start_page.walkthroughs(),
        contacts=start_page.contacts(),
        links=links,
        description=_shortened(links.plain(site.intro_html)),
    )


@require_safe
def category(request, slug):
    try:
        found = Category.objects.with_page().at(slug)
    except Category.DoesNotExist:
        raise Http404 from None
    if found.slug != slug:
        return redirect(found, permanent=True)
    moved, gone = Entry.objects.moved_away_from(found), answers.gone_from(found)
    public = Entry.objects.for_category_page(found)
    questions_only = public.has_at_least(QUESTIONS_ONLY_IN_CATEGORY)
    entries = public.questions() if questions_only else answers.of_category(found)
    if not entries:
        # What it is called now may be as little public as what it holds now.
        return page(
            request, "faq/former_category.html", moved=moved, gone=gone, categories=shared.categories(), canonical=""
        )
    links = Links([found] if questions_only else [found, *entries])
    return page(
        request,
        "faq/category.html",
        category=found,
        entries=entries,
        moved=moved,
        gone=gone,
        links=links,
        questions_only=questions_only,
        description=_shortened(
            links.plain(found.intro_html) or f"{found.title}: " + " · ".join(e.title for e in entries[:DESCRIBED])
        ),
        structured=structured.category_page(found, [] if questions_only else entries, links),
    )


@require_safe
def entry(request, slug):
    found = answers.at(slug)
    if found is None:
        return _gone(request, slug)
    if found.slug != slug:
        return redirect(found, permanent=True)
    links = Links([found])
    before, after = surroundings.neighbours(found)
    description = _shortened(structured.answer_text(found, links))
    return page(
        request,
        "faq/entry.html",
        entry=found,
        links=links,
        before=before,
        after=after,
        related=surroundings.related(found),
        rival=surroundings.rival(found) if found.is_walkthrough else None,
        description=description,
        structured=structured.entry_page(found, links, description),
    )


def feedback_allowed(request):
    """So that nobody fills the editors' list: not more of one sender in an hour, nor of all in a day."""
    of_one = limits.allow("feedback", limits.client(request), FEEDBACK_OF_ONE, FEEDBACK_WINDOW)
    return of_one and limits.allow("feedback", "all", FEEDBACK_OF_ALL, 24 * 3600)


@csrf_exempt  # there is no cookie to misuse
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request, slug, said=""):
    """What a reader says about an entry; the page after it says thank you for what was `said`, or asks what is missing."""
    if said not in ("", *THANKED):
        raise Http404
    found = Entry.objects.published().select_related("category").filter(slug=slug).first()
    if found is None:
        return _gone(request, slug)
    form = FeedbackForm(request.POST) if request.method == "POST" else FeedbackForm()
    if request.method == "POST" and not feedback_allowed(request):
        return limits.too_many(request, FEEDBACK_WINDOW)
    if request.method == "POST" and form.is_valid():
        form.save(found)
        answer = "text" if form.cleaned_data["text"] else form.cleaned_data["hilfreich"]
        response = redirect("feedback_thanks", found.slug, answer)
        response.status_code = 303  # a reload sends nothing twice
        return response
    return page(
        request,
        "faq/feedback.html",
        status=400 if form.errors else 200,
        entry=found,
        form=form,
        said="" if form.errors else said,
        canonical=absolute(found.get_absolute_url()),
    )


@require_safe
def handout(request, slug, actor=""):
    """A walkthrough for paper; of one actor's steps alone if one is named."""
    found = Entry.objects.walkthroughs().filter(slug=slug).first()
    if found is None:
        return _gone(request, slug)
    steps = [s for s in found.steps.all() if not actor or actor in s.actors.lower().split(", ")]
    if not steps:
        raise Http404
    name = next(name for name in format.ACTORS if name.lower() == actor) if actor else ""
    return page(
        request,
        "faq/handout.html",
        entry=found,
        steps=steps,
        actor=name,
        links=Links([found]),
        canonical=absolute(found.get_absolute_url()),
    )


@require_safe
def comparison(request):
    """Two walkthroughs side by side: the first two, or those that are asked for."""
    choices = list(Entry.objects.walkthroughs().prefetch_related(None).named())
    slugs = [entry.slug for entry in choices]
    asked = dict.fromkeys(slug for slug in (request.GET.get("links"), request.GET.get("rechts")) if slug in slugs)
    wanted = list(asked) if len(asked) == 2 else slugs[:2]
    whole = {entry.slug: entry for entry in Entry.objects.walkthroughs().filter(slug__in=wanted)}
    pair = [whole[slug] for slug in wanted if slug in whole]
    if len(pair) < 2:
        raise Http404
    return page(
        request,
        "faq/comparison.html",
        columns=list(zip(pair, walkthroughs.side_by_side(*pair), strict=True)),
        choices=choices,
        description=_shortened("Schritt für Schritt nebeneinander: " + " · ".join(entry.title for entry in pair)),
    )


@require_safe
def entry_markdown(request, slug):
    found = answers.at(slug)
    if found is None:
        return _gone(request, slug)
    if found.slug != slug:
        return redirect("entry_markdown", found.slug, permanent=True)
    document, links = documents.of_entry(found), Links([found])
    for piece in (document, *document.steps):
        piece.body = links.markdown(piece.body, settings.PUBLIC_URL)
    return HttpResponse(format.write_public(document), content_type="text/markdown; charset=utf-8")


@require_safe
def whole_help(request):
    public = Entry.objects.published()
    questions_only = public.has_at_least(QUESTIONS_ONLY_IN_WHOLE_HELP)
    entries = public.questions() if questions_only else answers.of_all()
    return page(
        request,
        "faq/whole_help.html",
        entries=entries,
        gone=answers.gone_from_all(),
        links=Links([] if questions_only else entries),
        questions_only=questions_only,
        description="Die ganze Hilfe auf einer Seite, zum Durchsuchen und zum Drucken.",
    )


@require_safe
def tags(request):
    used = list(Tag.objects.used())
    description = _shortened("Themen der Hilfe: " + ", ".join(tag.name for tag in used))
    return page(request, "faq/tags.html", tags=used, description=description)


@require_safe
def tag(request, slug):
    found = Tag.objects.used().filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(Tag.objects.used(), merged__slug=slug), permanent=True)
    questions = Entry.objects.for_tag_page(found)
    description = _shortened(f"{found.name}: " + " · ".join(question.title for question in questions[:DESCRIBED]))
    return page(request, "faq/tag.html", tag=found, questions=questions, description=description)


@require_safe
def glossary(request):
    terms = list(Term.objects.glossary())
    description = _shortened("Begriffe, kurz erklärt: " + ", ".join(term.name for term in terms))
    return page(request, "faq/glossary.html", terms=terms, links=Links(terms), description=description)


@require_safe
def legal(request, name):
    """The operator's own text, or the portal's; there is none for an imprint."""
    site = shared.site()
    html, address = getattr(site, f"{name}_html"), getattr(site, name)
    if not html and name == "imprint":
        if address:
            return redirect(address)
        raise Http404
    template = "faq/legal.html" if html else f"faq/{name}.html"
    title, links = LEGAL[name], Links([site])
    description = _shortened(links.plain(html)) or f"{title}: {site.title}"
    return page(
        request,
        template,
        title=title,
        html=html,
        address=address,
        links=links,
        description=description,
        searches_kept_days=settings.SEARCHES_KEPT_DAYS,
    )


@require_safe
@limits.limited("search", "SEARCHES_PER_MINUTE")
def search(request):
    query = request.GET.get("q", "")
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
        request.environ[SEARCHED] = (query, searches.outcome(results))
        searches.count(*request.environ[SEARCHED])
    following = first + RESULTS_PER_PAGE
    return page(
        request,
        "faq/search.html",
        query=query,
        asked=_shortened(query, 80),
        results=results,
        count=len(matching),
        most=MOST_RESULTS,
        groups=_groups(matching[first : first + RESULTS_PER_PAGE]),
        first=first,
        categories=shared.categories() if not matching else [],
        category_filters=_filters(parameters, chosen, "kategorie", [found.category for found, _ in hits]),
        tag_filters=_filters(parameters, chosen, "thema", [tag for found, _ in hits for tag in found.tags]),
        more=_query(parameters | chosen | {"ab": following}) if following < len(matching) else "",
        description="Die Hilfe durchsuchen: nach Fragen, Abkürzungen und einzelnen Schritten.",
    )


@require_safe
@limits.limited("search", "SEARCHES_PER_MINUTE")
def search_json(request):
    try:
        limit = int(request.GET.get("limit", "10"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 50:
        return JsonResponse({"error": "limit ist eine Zahl von 1 bis 50."}, status=400)
    query = request.GET.get("q", "")
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
        }
    )


@require_safe
@limits.limited("search", "SEARCHES_PER_MINUTE")
def suggestions(request):
    query = request.GET.get("q", "")
    found = searching.suggest(query, among=Public())
    shown = public_rows(s.entry_id for s in found if s.entry_id)
    found = [s for s in found if not s.entry_id or s.entry_id in shown]  # another one may just have gone
    urls = [shown[s.entry_id].url if s.entry_id else f"{reverse('glossary')}#{s.slug}" for s in found]
    answer = [query, [s.title for s in found], [], [absolute(url) for url in urls]]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")


def bad_request(request, exception):
    return HttpResponseBadRequest("Diese Anfrage ist nicht lesbar.", content_type="text/plain; charset=utf-8")


def not_found(request, exception):
    return page(request, "faq/not_found.html", status=404, categories=shared.categories())


def unavailable(request):
    """The database is missing: said to the reader, and to the page store, which may still have the page."""
    request.environ[UNAVAILABLE] = True
    response = render(request, "faq/unavailable.html", shared.without_database(), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request):
    """Needs no database: it may be what is broken."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return render(request, "faq/server_error.html", shared.without_database(), status=500)


def _gone(request, slug):
    """What answers where no public entry does: that it was deleted, else 404."""
    gone = answers.gone_at(slug)
    if gone is None:
        raise Http404
    return page(
        request,
        "faq/gone.html",
        status=410,
        title=gone.title if gone.was_public else "",
        categories=shared.categories(),
        canonical="",
    )


def _with_entries(hits):
    """Each hit with its entry, in their order, but for what has come or gone since the page was begun."""
    entries = public_rows(hit.entry_id for hit in hits)
    return [(entries[hit.entry_id], hit) for hit in hits if hit.entry_id in entries]


def _groups(hits):
    """The sure ones, then the others: whether they are sure, and what the page says of each, for a template to take apart."""
    grouped = groupby(hits, key=lambda pair: pair[1].confident)
    return [(confident, [_shown(found, hit) for found, hit in group]) for confident, group in grouped]


def _shown(found, hit):
    """Address, question, where it stands, snippet."""
    step = f" · Schritt {hit.step}: {hit.step_title}" if hit.step else ""
    snippet = hit.snippet if not hit.step or "<mark>" in hit.snippet else ""
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


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 0


def _hit_url(found, hit):
    return f"{found.url}#schritt-{hit.step}" if hit.step else found.url


def _shortened(text, length=160):
    """The first words of a text."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
