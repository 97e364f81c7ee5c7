"""The search made anew, while the portal runs."""

from faq import search
from faq.editing.search_index import search_documents
from faq.editing.writing import action, made_all, writing


@action
def rebuild_search():
    """Make the whole search anew from the entries."""
    made_all(search.analysed, [(document,) for document in search_documents()])
    with writing(source="admin") as change:
        documents = list(search_documents())
        made_all(search.analysed, [(document,) for document in documents])
        search.rebuild(documents)
        change.readers_see_it()
