"""The editors' side: Django admin, German, every save through faq.changes."""

from faq.admin import contacts, entries, glossary, history, portal

__all__ = ["contacts", "entries", "glossary", "history", "portal"]
