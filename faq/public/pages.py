"""The pages readers see: read the request, ask for what is shown, render."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from faq import search
from faq.content import canonical, mapping
from faq.content.portal_links import Links
from faq.login import KNOWN_LASTS
from faq.models import Category, Contact, Entry, Gone, Tag, Term
from faq.operations import housekeeping
from faq.origin import absolute
from faq.public import layout, structured_data
from faq.public.in_hand import choices
from faq.public.one_entry import one_entry
from faq.public.rendering import page, part, shortened
from faq.words import german_order

# From here on a page shows the questions only; the answers stand on their own pages.
QUESTIONS_ONLY_IN_CATEGORY = 100
QUESTIONS_ONLY_IN_WHOLE_HELP = 300
QUESTIONS_OF_TAG = 100  # on one page of several
TAGS, WALKTHROUGHS = 8, 6  # on the start page
USES_OF_TERM = 5  # in the glossary
DESCRIBED = 20  # titles, of which a description takes the first
LEGAL = {"imprint": "Impressum", "privacy": "Datenschutz", "accessibility": "Barrierefreiheit"}


@require_safe
def home(request):
    site = layout.site()
    links = Links([site])
    walkthroughs = Entry.objects.walkthroughs().prefetch_related("steps")[:WALKTHROUGHS]
    apart = {entry.pk for entry in walkthroughs}
    return page(
        request,
        "faq/home.html",
        categories=[
            (category, [entry for entry in category.questions if entry.pk not in apart])
            for category in layout.categories()
        ],
        tags=Tag.objects.most_used()[:TAGS],
        in_hand=choices(),
        walkthroughs=walkthroughs,
        contacts=Contact.objects.all(),
        links=links,
        description=shortened(links.plain(site.intro_html)),
    )


@require_safe
def category(request, slug):
    try:
        found = Category.objects.with_page().at(slug)
    except Category.DoesNotExist:
        raise Http404 from None
    if found.slug != slug:
        return redirect(found, permanent=True)
    moved, deleted = Entry.objects.moved_away_from(found), Gone.objects.missed().filter(categories=found)
    public = Entry.objects.published().filter(category=found).ordered()
    questions_only = public.has_at_least(QUESTIONS_ONLY_IN_CATEGORY)
    entries = list(public.questions() if questions_only else public.at_once())
    if not entries:
        # What it is called now may be as little public as what it holds now.
        return page(
            request, "faq/former_category.html", moved=moved, gone=deleted, categories=layout.categories(), canonical=""
        )
    links = Links([found] if questions_only else [found, *entries])
    return page(
        request,
        "faq/category.html",
        category=found,
        entries=entries,
        moved=moved,
        gone=deleted,
        links=links,
        questions_only=questions_only,
        description=shortened(
            links.plain(found.intro_html) or f"{found.title}: " + " · ".join(e.title for e in entries[:DESCRIBED])
        ),
        structured=structured_data.category_page(found, [] if questions_only else entries, links),
    )


def _whole_entries():
    return Entry.objects.published().whole()


@require_safe
@one_entry(_whole_entries)
def entry(request, found):
    public, links = Entry.objects.published(), Links([found], at_once=1)
    before, after = public.neighbours(found)
    description = shortened(structured_data.answer_text(found, links))
    return page(
        request,
        "faq/entry.html",
        entry=found,
        links=links,
        before=before,
        after=after,
        related=public.related(found),
        rival=Entry.objects.rival(found) if found.is_walkthrough else None,
        description=description,
        pictures=links.pictures(*structured_data.texts(found)),
        structured=structured_data.entry_page(found, links, description),
    )


@require_safe
@one_entry(_whole_entries)
def entry_markdown(request, found):
    document, links = mapping.document_of(found), Links([found])
    for piece in (document, *document.steps):
        piece.body = links.markdown(piece.body, settings.PUBLIC_URL)
    links_to_page = {"Link": f'<{absolute(found.get_absolute_url())}>; rel="canonical"'}
    return HttpResponse(canonical.write(document.public()), "text/markdown; charset=utf-8", headers=links_to_page)


@require_safe
def whole_help(request):
    public = Entry.objects.published().ordered()
    questions_only = public.has_at_least(QUESTIONS_ONLY_IN_WHOLE_HELP)
    entries = list(public.questions() if questions_only else public.at_once())
    return page(
        request,
        "faq/whole_help.html",
        entries=entries,
        gone=Gone.objects.missed(),
        links=Links([] if questions_only else entries),
        questions_only=questions_only,
        description="Die ganze Hilfe auf einer Seite, zum Durchsuchen und zum Drucken.",
    )


@require_safe
def tags(request):
    used = sorted(Tag.objects.used(), key=lambda tag: german_order(tag.name))
    description = shortened("Themen der Hilfe: " + ", ".join(tag.name for tag in used))
    return page(request, "faq/tags.html", tags=used, description=description)


@require_safe
def tag(request, slug):
    found = Tag.objects.used().filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(Tag.objects.used(), merged__slug=slug), permanent=True)
    tagged = Entry.objects.published().filter(taggings__tag=found).questions()
    questions, canonical = part(request, tagged, QUESTIONS_OF_TAG)
    description = shortened(f"{found.name}: " + " · ".join(question.title for question in questions[:DESCRIBED]))
    return page(
        request,
        "faq/tag.html",
        tag=found,
        questions=questions,
        description=description,
        canonical=canonical,
    )


@require_safe
def glossary(request):
    terms = sorted(Term.objects.glossary(), key=lambda term: german_order(term.name))
    # One more than is shown says that there are more.
    using = search.entries_using(terms, Entry.objects.published().questions(), USES_OF_TERM + 1)
    for term in terms:
        term.uses = using[term.slug]
    description = shortened("Begriffe, kurz erklärt: " + ", ".join(term.name for term in terms))
    return page(
        request,
        "faq/glossary.html",
        terms=terms,
        uses=USES_OF_TERM,
        links=Links(terms),
        description=description,
    )


@require_safe
def legal(request, name):
    """The operator's own text, or the portal's; of an imprint the portal can only say that it is still to come."""
    site = layout.site()
    html, address = getattr(site, f"{name}_html"), getattr(site, name)
    if name == "imprint" and address and not html:
        return redirect(address)
    template = "faq/legal.html" if html else f"faq/{name}.html"
    title, links = LEGAL[name], Links([site])
    description = shortened(links.plain(html)) or f"{title}: {site.title}"
    return page(
        request,
        template,
        title=title,
        html=html,
        address=address,
        links=links,
        description=description,
        searches_kept_days=settings.SEARCHES_KEPT_DAYS,
        feedback_kept_days=housekeeping.FEEDBACK_KEPT_DAYS,
        session_hours=settings.SESSION_COOKIE_AGE // 3600,
        browser_known_days=KNOWN_LASTS // (24 * 3600),
    )
