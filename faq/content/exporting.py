"""From what is stored to a content folder."""

from faq.content import documents
from faq.content.folder import Folder
from faq.content.format import Text
from faq.models import Attachment, Category, Contact, Entry, Notice, Site, Term


def stored_folder():
    """All that is stored, drafts too, as the documents of a folder."""
    site = Site.objects.select_related("contact").first()
    texts = {path: getattr(site, name) for path, name in documents.SITE_TEXTS.items()} if site else {}
    return Folder(
        site=documents.of_site(site) if site else None,
        texts={path: Text(text) for path, text in texts.items() if text},
        contacts={contact.slug: documents.of_contact(contact) for contact in Contact.objects.all()},
        attachments={a.slug: documents.of_attachment(a) for a in Attachment.objects.select_related("stored")},
        notices={
            notice.slug: documents.of_notice(notice)
            for notice in Notice.objects.select_related("category", "tag", "entry")
        },
        terms={term.slug: documents.of_term(term) for term in Term.objects.all()},
        categories={c.slug: documents.of_category(c) for c in Category.objects.ordered().prefetch_related("aliases")},
        entries={
            entry.slug: (entry.category.slug, documents.of_entry(entry))
            for entry in Entry.objects.complete().ordered().iterator(chunk_size=500)
        },
    )
