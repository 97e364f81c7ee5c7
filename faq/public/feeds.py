"""The latest changes as an Atom feed."""

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure

from faq.content.portal_links import Links
from faq.files.types import TYPES
from faq.models import Entry
from faq.origin import absolute
from faq.public import layout
from faq.public.structured_data import answer_text, texts

LATEST = 50
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class PlainAtom(Atom1Feed):
    """Atom whose summaries are plain text, and say so; Django's own calls them HTML."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"], {"type": "text"})

    def latest_post_date(self):
        """A feed must have a date, and an empty one knows none: then it is always the same."""
        return super().latest_post_date() if self.items else NEVER


class LatestChanges(Feed):
    """The entries that editors changed last."""

    feed_type = PlainAtom
    language = "de"
    item_description = None

    def title(self):
        return f"{layout.site().title}: letzte Änderungen"

    def link(self):
        return absolute(reverse("home"))

    def feed_url(self):
        return absolute(reverse("feed"))

    def author_name(self):
        return layout.site().title

    def items(self):
        entries = list(Entry.objects.for_feed()[:LATEST])
        links = Links(entries)
        return [(entry, links) for entry in entries]

    def item_title(self, item):
        return item[0].title

    def item_extra_kwargs(self, item):
        return {"summary": answer_text(*item)}

    def item_enclosures(self, item):
        """The pictures of the answer."""
        entry, links = item
        return [
            Enclosure(absolute(shown.address), str(shown.stored.size), TYPES[shown.stored.kind])
            for shown in links.pictures(*texts(entry))
        ]

    def item_link(self, item):
        return absolute(item[0].get_absolute_url())

    def item_guid(self, item):
        """A tag URI (RFC 4151) of the entry's key: its address may become another one."""
        return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026-01-01:eintrag/{item[0].pk}"

    def item_updateddate(self, item):
        return datetime.combine(item[0].updated, time())  # midnight in Berlin

    def item_categories(self, item):
        return [item[0].category.title]
