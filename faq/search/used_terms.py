"""Which terms some text has, and which entries have a term: what no text has neither explains a word nor leads a search anywhere."""

from faq.models import SearchDocument
from faq.search import analysis, synonyms
from faq.search.lookup import CachedIndex
from faq.search.ranking import spaced
from faq.search.sql import token

_READ = 100  # entries of each term
_CATEGORY = 2  # the line of a document that is no text of its own


def terms_in_use(others=()) -> set[str]:
    """The slugs of the terms that stand in an entry of the search, or in one of `others`.

    `others` are pairs of a plain text and the slug of the term that it explains, or None: that one it doesn't count for.
    """
    index, spellings = CachedIndex(), synonyms.current().spellings
    index.look_up({stem for spelling in spellings for stem in spelling.phrase})
    texts = [("".join(f" {word.stem} " for word in analysis.words(text)), slug) for text, slug in others]
    found = set()
    for spelling in spellings:
        if spelling.slug not in found and (
            any(spaced(spelling.phrase) in text for text, slug in texts if slug != spelling.slug)
            or _in_some_entry(spelling.phrase, index)
        ):
            found.add(spelling.slug)
    return found


def entries_using(terms, entries, most) -> dict[str, list]:
    """By the slug of each term those of `entries`, a queryset, that say its name or another name that readers see: the first, `most` at most."""
    index = CachedIndex()
    phrases = {term.slug: {_phrase(name) for name in (term.name, *term.aliases)} - {()} for term in terms}
    spelt = set().union(*phrases.values())
    index.look_up({stem for phrase in spelt for stem in phrase})
    known = [phrase for phrase in spelt if all(map(index.knows, phrase))]
    candidates = dict(zip(known, index.postings([_rarest(phrase, index) for phrase in known]), strict=True))
    holding = {slug: set().union(*(candidates.get(phrase, ()) for phrase in own)) for slug, own in phrases.items()}
    order = list(entries.filter(pk__in=set().union(*holding.values())).values_list("pk", flat=True))
    read = {slug: [key for key in order if key in keys][:_READ] for slug, keys in holding.items()}
    documents = SearchDocument.objects.only("stems").in_bulk({key for keys in read.values() for key in keys})
    using = {
        slug: [key for key in keys if key in documents and _says(documents[key], phrases[slug])][:most]
        for slug, keys in read.items()
    }
    shown = entries.in_bulk({key for keys in using.values() for key in keys})
    return {slug: [shown[key] for key in keys if key in shown] for slug, keys in using.items()}


def _phrase(text):
    return tuple(word.stem for word in analysis.single_words(text))


def _says(document, phrases):
    lines = document.stems.split("\n")
    del lines[_CATEGORY]
    return any(spaced(phrase) in line for line in lines for phrase in phrases)


def _rarest(phrase, index):
    """The word of a phrase that the fewest entries have, as the index holds it."""
    return token(min(phrase, key=lambda stem: index.frequency((stem,))))


def _in_some_entry(phrase, index):
    """Whether some entry has these words beside each other."""
    if len(phrase) == 1 or not all(map(index.knows, phrase)):
        return all(map(index.knows, phrase))
    ids = index.postings([_rarest(phrase, index)])[0]
    return SearchDocument.objects.filter(pk__in=ids, stems__contains=spaced(phrase)).exists()
