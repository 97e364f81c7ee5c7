"""From what is stored to a content folder."""

from faq.content.documents import Text
from faq.content.folder import Folder
from faq.content.kinds import LISTED
from faq.content.mapping import SITE_TEXTS, document_of
from faq.models import Category, Entry, Site


def stored_folder():
    """All that is stored, drafts too, as the documents of a folder."""
    site = Site.objects.select_related("contact").first()
    texts = {path: getattr(site, name) for path, name in SITE_TEXTS.items()} if site else {}
    entries = Entry.objects.complete().ordered().iterator(chunk_size=500)
    return Folder(
        site=document_of(site) if site else None,
        texts={path: Text(text) for path, text in texts.items() if text},
        **{kind.in_folder: {row.slug: document_of(row) for row in kind.rows()} for kind in LISTED.values()},
        categories={row.slug: document_of(row) for row in Category.objects.ordered().prefetch_related("aliases")},
        entries={entry.slug: (entry.category.slug, document_of(entry)) for entry in entries},
    )
