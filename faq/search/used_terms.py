"""Which terms some text has, in any of their spellings: the others neither explain a word nor lead a search anywhere."""

from faq.models import SearchDocument
from faq.search import analysis, synonyms
from faq.search.lookup import CachedIndex
from faq.search.ranking import spaced
from faq.search.sql import token


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


def _in_some_entry(phrase, index):
    """Whether some entry has these words beside each other."""
    if len(phrase) == 1 or not all(map(index.knows, phrase)):
        return all(map(index.knows, phrase))
    rarest = min(phrase, key=lambda stem: index.frequency((stem,)))
    ids = index.postings([token(rarest)])[0]
    return SearchDocument.objects.filter(pk__in=ids, stems__contains=spaced(phrase)).exists()
