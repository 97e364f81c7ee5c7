"""The latest changes as an Atom feed."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from faq.content.portal_links import Links
from faq.models import Entry
from faq.origin import absolute
from faq.public import layout
from faq.public.structured_data import answer_text

LATEST = 50


class LatestChanges(Feed):
    """The entries that were changed last."""

    feed_type = Atom1Feed
    language = "de"

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

    def item_description(self, item):
        return answer_text(*item)

    def item_link(self, item):
        return absolute(item[0].get_absolute_url())

    def item_updateddate(self, item):
        return item[0].changed

    def item_categories(self, item):
        return [item[0].category.title]
