"""The editors' side: Django admin, German, every save through the one door, `faq.editing.writing`."""
