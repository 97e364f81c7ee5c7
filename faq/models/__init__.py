"""What is stored. One import for all: `from faq.models import Entry`."""

from faq.models.attachments import Attachment, StoredFile
from faq.models.contacts import Contact, Gap
from faq.models.entries import Alias, Category, Entry, Step, Tag, TaggedEntry
from faq.models.glossary import Term
from faq.models.history import Gone, ImportConflict, Reference, Version
from faq.models.notices import Notice
from faq.models.readers import Feedback, SearchDay, SearchQuery
from faq.models.search import SearchDocument, SearchWord
from faq.models.site import Revision, Site
from faq.models.weblinks import DigestSubscription, WebLink

__all__ = [
    "Alias",
    "Attachment",
    "Category",
    "Contact",
    "DigestSubscription",
    "Entry",
    "Feedback",
    "Gap",
    "Gone",
    "ImportConflict",
    "Notice",
    "Reference",
    "Revision",
    "SearchDay",
    "SearchDocument",
    "SearchQuery",
    "SearchWord",
    "Site",
    "Step",
    "StoredFile",
    "Tag",
    "TaggedEntry",
    "Term",
    "Version",
    "WebLink",
]
