"""The exchange format: entries, categories, terms, contacts and the site as plain files."""
