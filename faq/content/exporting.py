"""From what is stored to a content folder."""

from faq.content import mapping
from faq.content.folder import Folder
from faq.content.format import Text
from faq.content.kinds import LISTED
from faq.models import Category, Entry, Site


def stored_folder():
    """All that is stored, drafts too, as the documents of a folder."""
    site = Site.objects.select_related("contact").first()
    texts = {path: getattr(site, name) for path, name in mapping.SITE_TEXTS.items()} if site else {}
    return Folder(
        site=mapping.of_site(site) if site else None,
        texts={path: Text(text) for path, text in texts.items() if text},
        **{kind.in_folder: {row.slug: kind.document(row) for row in kind.rows()} for kind in LISTED.values()},
        categories={c.slug: mapping.of_category(c) for c in Category.objects.ordered().prefetch_related("aliases")},
        entries={
            entry.slug: (entry.category.slug, mapping.of_entry(entry))
            for entry in Entry.objects.complete().ordered().iterator(chunk_size=500)
        },
    )
