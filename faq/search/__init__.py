"""German search over the entries: analysed once in Python, indexed by SQLite's FTS5 or PostgreSQL's tsvector.

    query → analysis → expansion against the vocabulary → candidates from the database → ranking → snippets

`index` and `remove` belong into the transaction that changes the entries, after the site's revision was locked;
whatever is read here knows the transaction's own changes. See `finding` for what goes in and out.
"""

from collections.abc import Callable, Iterable

from faq.search import backend, indexing
from faq.search.document import Document, StepText
from faq.search.duplicates import alike
from faq.search.explanation import explain
from faq.search.indexing import Analysed, analysed, changed
from faq.search.pipeline import Hit, Results, Suggestion, search, suggest
from faq.search.used_terms import standing

__all__ = [
    "Analysed",
    "Document",
    "Hit",
    "Results",
    "StepText",
    "Suggestion",
    "alike",
    "analysed",
    "changed",
    "check",
    "explain",
    "index",
    "rebuild",
    "remove",
    "search",
    "standing",
    "suggest",
]


def index(documents: Iterable[Document], analysed: Callable[[Document], Analysed] = analysed) -> None:
    """Insert these documents, or replace those that are there, in the caller's transaction.

    `analysed`: where a document's words come from, if they were analysed before.
    """
    indexing.index(documents, backend.current(), analysed)


def remove(entry_ids: Iterable[int]) -> None:
    """Take entries out of the search, in the caller's transaction; those that are not in it don't matter."""
    indexing.remove(entry_ids, backend.current())


def rebuild(documents: Iterable[Document], analysed: Callable[[Document], Analysed] = analysed) -> None:
    """Make the whole search anew from these documents, in the caller's transaction."""
    indexing.rebuild(documents, backend.current(), analysed)


def check(documents: Iterable[Document]) -> list[str]:
    """What differs from a search made anew from these documents, a sentence each."""
    return indexing.differences(documents, backend.current())
