"""The editors' side: Django admin, German, every save through faq.changes."""

from faq.admin import attachments, contacts, entries, glossary, history, portal

__all__ = ["attachments", "contacts", "entries", "glossary", "history", "portal"]
