"""German search over the entries: analysed once in Python, indexed by SQLite's FTS5 or PostgreSQL's tsvector.

    query → analysis → expansion against the vocabulary → candidates from the index → ranking → snippets

`index`, `remove` and `rebuild` belong into the transaction that changes the entries, after the site's revision was
locked; whatever is read here knows the transaction's own changes. See `pipeline` for what goes in and out.
"""

from faq.search.answers import Answer
from faq.search.duplicates import alike
from faq.search.explanation import explain
from faq.search.indexing import Analysed, Document, StepText, analysed, changed, check, index, rebuild, remove
from faq.search.pipeline import Hit, Results, search
from faq.search.suggestions import Suggestion, suggest
from faq.search.used_terms import entries_using, terms_in_use

__all__ = [
    "Analysed",
    "Answer",
    "Document",
    "Hit",
    "Results",
    "StepText",
    "Suggestion",
    "alike",
    "analysed",
    "changed",
    "check",
    "entries_using",
    "explain",
    "index",
    "rebuild",
    "remove",
    "search",
    "suggest",
    "terms_in_use",
]
