"""Plain makers of what the tests need; everything passes the one door, as in the portal."""

from contextlib import contextmanager
from copy import copy
from functools import wraps

from faq import actions
from faq.content import documents, mapping
from faq.editing.writing import action, writing
from faq.files import storing
from faq.models import Category, Entry, Picture, guard
from tests.drawings import png

_made = {}  # of the texts of all tests of this process


def maker(function):
    """An action that finds what others had made of the same texts: it need not begin again for each, which takes thrice as long."""

    @wraps(function)
    def begun(*arguments, **options):
        making = actions._current.get()  # noqa: SLF001
        making.results = making.results or _made
        return function(*arguments, **options)

    return action(begun)


@maker
def make_category(slug="allgemein", **overrides):
    """A category, or the one that is there."""
    if found := Category.objects.filter(slug=slug).first():
        return found
    return store(Category(slug=slug, **{"title": slug.capitalize(), "position": 1} | overrides))


@maker
def make_entry(slug="frage", *, category="allgemein", **overrides):
    """An entry from what its document would say: title, body, tags, steps, status and so on."""
    document = documents.Entry(**{"title": f"Frage {slug}?", "body": f"Antwort {slug}."} | overrides)
    with writing(source="import") as change:
        entry = Entry(category=make_category(category), slug=slug)
        mapping.apply_entry(document, entry)
        change.record([entry])
    return Entry.objects.complete().get(pk=entry.pk)


def make_walkthrough(slug="ablauf", *, steps=("Anrufen", "Bestellen"), **overrides):
    """A walkthrough with steps of these titles."""
    made = [documents.Step(title=step) if isinstance(step, str) else step for step in steps]
    return make_entry(slug, kind="walkthrough", steps=made, **overrides)


def make_picture(slug="fenster", data=None, **overrides):
    """A picture, a drawing of 1,280 × 800 pixels unless told; its description is its slug."""
    said = {"description": f"Beschreibung {slug}", "name": f"{slug}.png"} | overrides
    with storing.no_orphans():
        with guard.opened():
            stored = storing.store(said["name"], data or png(width=1280, height=800, text=slug))
        return store(Picture(slug=slug, stored=stored, **said))


@maker
def store(*rows, source="import", **options):
    """Save new rows of any kind and what follows from them; returns the last, as it is stored."""
    with writing(source=source, **options) as change:
        new = [copy(row) for row in rows]  # an action may begin again: those that were given stay unsaved
        for row in new:
            row.save()
        change.record(new)
    return new[-1]


@maker
def edit(row, *, source="admin", who=None, **values):
    """Give a row other values, as somebody would who edits it; returns it as it is stored then."""
    rows = Entry.rows if isinstance(row, Entry) else type(row).objects
    with writing(source=source, who=who) as change:
        stored = rows.get(pk=row.pk)
        for name, value in values.items():
            setattr(stored, name, value)
        stored.save()
        change.record([stored])
    return rows.get(pk=row.pk)


@maker
def delete(*rows):
    """Delete rows, with what follows."""
    with writing(source="admin") as change:
        change.record(deleted=[type(row).objects.get(pk=row.pk) for row in rows])


@contextmanager
def door_open():
    """For rows that are put there as they are: nothing follows from them."""
    with guard.opened():
        yield
