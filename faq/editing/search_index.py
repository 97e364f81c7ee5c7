"""What the search knows of the entries, and how it follows them."""

from itertools import islice

from faq import search
from faq.content import step_names
from faq.content.portal_links import Links
from faq.editing import references, rendering
from faq.models import Entry, SearchDocument
from faq.step_facts import FACTS

CHUNK = 500


def search_documents(entries=None):
    """What the search knows of entries (all that are published, unless told): an iterator of search.Document."""
    entries = Entry.objects.all() if entries is None else entries
    keys = list(entries.filter(status=Entry.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = list(Entry.objects.filter(pk__in=keys[start : start + CHUNK]).complete().order_by("pk"))
        links = Links(chunk, titles=False)
        for entry in chunk:
            yield search_document(entry, links)


def differences(most=None):
    """What the search knows otherwise than the entries, a sentence each.

    `most`: no more than so many entries are read for it, the half of them those that were changed last, the others any.
    """
    public = Entry.objects.filter(status=Entry.PUBLISHED)
    if most is None or not public.has_at_least(most + 1):
        return search.check(search_documents())
    orders = ("-changed", "-pk"), ("?",)
    read = {key for order in orders for key in public.order_by(*order).values_list("pk", flat=True)[: most // 2]}
    others = public.exclude(pk__in=read).values_list("pk", flat=True)
    return search.check(search_documents(Entry.objects.filter(pk__in=read)), others)


def out_of_step():
    """How many entries the search lacks, or has too many, by their keys alone: `search.check` holds every word against theirs."""
    entries, documents = Entry.objects.filter(status=Entry.PUBLISHED), SearchDocument.objects
    return (
        entries.exclude(pk__in=documents.values("pk")).count() + documents.exclude(pk__in=entries.values("pk")).count()
    )


def search_document(entry, links):
    steps = [(step, step.body_html) for step in entry.steps.all()]
    tags = [tag.name for tag in entry.tag_list]
    return _document(entry.pk, entry, tags, entry.category.title, entry.body_html, steps, links)


def _document(key, entry, tags, category, html, steps, links):
    """`entry` and the steps, which come with their HTML, are rows or documents."""
    names = step_names.filled([step for step, _ in steps])
    return search.Document(
        entry_id=key,
        title=entry.title,
        tags=tuple(tags),
        category=category,
        text=links.lines(html),
        steps=tuple(
            search.StepText(number, name, step.title, "\n".join([*_facts(step), links.lines(step_html)]))
            for number, ((step, step_html), name) in enumerate(zip(steps, names, strict=True), 1)
        ),
    )


def _facts(step):
    return [value for field in FACTS.values() if (value := getattr(step, field))]


def prepare(entries):
    """Analyse what the search will be told of entries, before the lock.

    `entries`: triples of a key (None of a new one), the entry's document and its category's title. What turns out to be
    otherwise behind the lock, since somebody was faster, is made then as everything else.
    """
    entries = iter(entries)
    while chunk := list(islice(entries, CHUNK)):
        _prepare(chunk)


def _prepare(entries):
    texts = {text for _, entry, _ in entries for text, _ in entry.texts()}
    rendered = {text: rendering.shown(text) for text in texts}
    links = [link for text in texts for link in rendered[text].links]
    targets, source = references.Targets(links), Entry()
    for link in links:
        if link.kind == "offen":
            targets.gaps.setdefault(link.slug, references.new_gap(link))
    foreseen = Links.foreseen([targets.reference(source, link) for link in links])
    documents = [
        _document(
            key or 0, entry, entry.tags, category, rendered[entry.body].html,
            [(step, rendered[step.body].html) for step in entry.steps], foreseen,
        )
        for key, entry, category in entries
    ]  # fmt: skip
    search.analysed(search.changed(documents))


def index(keys):
    """Put the search in step with the entries of these keys, in the caller's transaction."""
    keys = sorted(keys)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = list(search_documents(Entry.objects.filter(pk__in=chunk)))
        search.remove(set(chunk) - {document.entry_id for document in found})
        search.index(search.changed(found))
