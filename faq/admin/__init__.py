"""The editors' side: Django admin, German, every save through faq.changes."""

from faq.admin import attachments, contacts, entries, glossary, history, notices, portal, readers

__all__ = ["attachments", "contacts", "entries", "glossary", "history", "notices", "portal", "readers"]
