"""The search made anew, while the portal runs."""

from faq import search
from faq.editing.search_index import search_documents
from faq.editing.writing import action, writing


@action
def rebuild_search():
    """Make the whole search anew from the entries."""
    search.analysed(search_documents())
    with writing(source="admin") as change:
        search.rebuild(search_documents())
        change.readers_see_it()
