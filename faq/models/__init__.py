"""What is stored. One import for all: `from faq.models import Entry`."""

from faq.models.attachments import Attachment, StoredFile
from faq.models.contacts import Contact, Gap
from faq.models.entries import Alias, Category, Entry, Step, Tag, TaggedEntry
from faq.models.glossary import Term
from faq.models.history import Gone, Reference, Version
from faq.models.search import SearchDocument, SearchWord
from faq.models.site import Revision, Site

__all__ = [
    "Alias",
    "Attachment",
    "Category",
    "Contact",
    "Entry",
    "Gap",
    "Gone",
    "Reference",
    "Revision",
    "SearchDocument",
    "SearchWord",
    "Site",
    "Step",
    "StoredFile",
    "Tag",
    "TaggedEntry",
    "Term",
    "Version",
]
