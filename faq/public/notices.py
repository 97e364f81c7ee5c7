"""The notices of a page."""

from functools import cached_property

from faq.content.portal_links import Links
from faq.models import Category, Entry


class Notices:
    """`current`: what readers have to know now; by what it is about."""

    def __init__(self, current):
        self._current = current

    @cached_property
    def links(self):
        return Links(self._current)

    def everywhere(self):
        """Those about the whole site."""
        return [n for n in self._current if not (n.category_id or n.tag_id or n.entry_id)]

    def about(self, thing):
        """Those about a category, or a tag, or an entry: itself and its tags; its category says its own."""
        if not self._current:
            return []
        if isinstance(thing, Category):
            return [n for n in self._current if n.category_id == thing.pk]
        if isinstance(thing, Entry):
            tags = {tag.pk for tag in thing.tag_list}
            return [n for n in self._current if n.entry_id == thing.pk or n.tag_id in tags]
        return [n for n in self._current if n.tag_id == thing.pk]
