"""Plain makers of what the tests need; everything passes `changes.record`, as in the portal."""

from faq import changes
from faq.content import documents, format
from faq.models import Category, Entry


def make_category(slug="allgemein", **overrides):
    """A category, or the one that is there."""
    if found := Category.objects.filter(slug=slug).first():
        return found
    category = Category(slug=slug, **{"title": slug.capitalize(), "position": 1} | overrides)
    category.save()
    changes.record([category], source="import")
    return category


def make_entry(slug="frage", *, category="allgemein", **overrides):
    """An entry from what its document would say: title, body, tags, steps, status and so on."""
    document = format.Entry(**{"title": f"Frage {slug}?", "body": f"Antwort {slug}."} | overrides)
    entry = Entry(category=make_category(category), slug=slug)
    documents.apply_entry(document, entry)
    changes.record([entry], source="import")
    return Entry.objects.complete().get(pk=entry.pk)


def make_walkthrough(slug="ablauf", *, steps=("Anrufen", "Bestellen"), **overrides):
    """A walkthrough with steps of these titles."""
    made = [format.Step(title=step) if isinstance(step, str) else step for step in steps]
    return make_entry(slug, kind="walkthrough", steps=made, **overrides)
