"""What is stored, and what one asks of it. One import for all: `from faq.models import Entry`."""

from faq.models.addresses import Alias
from faq.models.announcements import Announcement
from faq.models.categories import Category
from faq.models.contacts import Contact, Gap
from faq.models.editing import Editing
from faq.models.entries import Entry
from faq.models.files import Attachment, Picture, Rendition, StoredFile
from faq.models.glossary import Term
from faq.models.gone import Gone
from faq.models.notices import Notice
from faq.models.old_texts import OldText
from faq.models.readers import Feedback, SearchDay, SearchQuery
from faq.models.references import Reference
from faq.models.reviews import Comment, Review, ReviewMail
from faq.models.search import SearchDocument, SearchWord
from faq.models.site import Revision, Site
from faq.models.sources import SourceDocument, SourcePicture, SourceProposal
from faq.models.steps import Step
from faq.models.tags import Tag, TaggedEntry
from faq.models.versions import ImportConflict, Version
from faq.models.weblinks import DigestSubscription, WebLink
