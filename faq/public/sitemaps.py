"""The sitemap: every public page, with the day of its last change where it is known."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max
from django.urls import reverse

from faq.models import Category, Entry, Tag


class PublicSitemap(Sitemap):
    """Addresses at PUBLIC_URL, whatever host was asked."""

    protocol = urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.PUBLIC_URL).netloc


class Entries(PublicSitemap):
    def items(self):
        return Entry.objects.published().order_by("pk").only("slug", "updated")

    def lastmod(self, entry):
        return entry.updated

    def get_latest_lastmod(self):
        """As Django's own, which would load every entry for it."""
        return Entry.objects.published().aggregate(latest=Max("updated"))["latest"]


class Categories(PublicSitemap):
    def items(self):
        return Category.objects.public()


class Tags(PublicSitemap):
    def items(self):
        return Tag.objects.used()


class Pages(PublicSitemap):
    def items(self):
        return ["home", "news", "whole_help", "glossary", "in_hand", "tags"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"pages": Pages, "categories": Categories, "entries": Entries, "tags": Tags}

# https://www.sitemaps.org allows 50,000; with so few a part takes no longer to make than a page.
PublicSitemap.limit = 2000


def whole_sitemap(request):
    """One sitemap of all; where that would be too many addresses an index of one for each kind, in parts."""
    if any(sitemap().paginator.num_pages > 1 for sitemap in SITEMAPS.values()):
        return views.index(request, SITEMAPS, sitemap_url_name="sitemap_part")
    return views.sitemap(request, SITEMAPS)


def sitemap_part(request, section):
    return views.sitemap(request, SITEMAPS, section)
