"""What is new as Atom feeds: of the whole help, of a category, of a tag, of an entry."""

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.http import http_date
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from faq.content.portal_links import Links
from faq.files.types import TYPES
from faq.models import Category, Entry, Tag
from faq.origin import absolute
from faq.public import layout
from faq.public.one_entry import one_entry
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


@require_safe
def feed(request):
    return _feed(request, Entry.objects.all(), "letzte Änderungen", reverse("home"))


@require_safe
def category_feed(request, slug):
    try:
        found = Category.objects.public().at(slug)
    except Category.DoesNotExist:
        raise Http404 from None
    if found.slug != slug:
        return redirect("category_feed", found.slug, permanent=True)
    return _feed(request, found.entries.all(), found.title, found.get_absolute_url(), f"kategorie/{found.pk}")


@require_safe
def tag_feed(request, slug):
    found = Tag.objects.used().filter(slug=slug).first()
    if found is None:
        return redirect("tag_feed", get_object_or_404(Tag.objects.used(), merged__slug=slug).slug, permanent=True)
    tagged = Entry.objects.filter(taggings__tag=found)
    return _feed(request, tagged, f"Thema {found.name}", found.get_absolute_url(), f"thema/{found.pk}")


@require_safe
@one_entry(Entry.objects.published)
def entry_feed(request, found):
    one = Entry.objects.filter(pk=found.pk)
    return _feed(request, one, found.title, found.get_absolute_url(), f"eintrag/{found.pk}/feed")


def _feed(request, entries, title, page, name=""):
    """The feed of what is new in some entries, which leads to a page; known by `name`, or by the page's address, for good."""
    site = layout.site().title
    found = PlainAtom(
        f"{site}: {title}",
        absolute(page),
        None,
        language="de",
        author_name=site,
        feed_url=absolute(request.path),
        feed_guid=_tag_uri(name) if name else None,
    )
    changed = list(entries.for_feed()[:LATEST])
    links = Links(changed)
    for entry in changed:
        is_told = entry.told and entry.told >= (entry.updated or entry.told)
        found.add_item(
            entry.title,
            absolute(entry.get_absolute_url()),
            None,
            unique_id=_tag_uri(f"eintrag/{entry.pk}"),
            updateddate=make_aware(datetime.combine(entry.told if is_told else entry.updated, time())),
            categories=[entry.category.title],
            enclosures=_pictures(entry, links),
            summary=_newest(entry) if is_told else answer_text(entry, links),
        )
    changed_last = http_date(found.latest_post_date().timestamp())
    return HttpResponse(found.writeString("utf-8"), found.content_type, headers={"Last-Modified": changed_last})


def _newest(entry):
    return next(told.text for told in entry.announcements.all() if told.day == entry.told)


def _pictures(entry, links):
    """Those of the answer."""
    return [
        Enclosure(absolute(shown.address), str(shown.stored.size), TYPES[shown.stored.kind])
        for shown in links.pictures(*texts(entry))
    ]


def _tag_uri(name):
    """What a thing is known by for good (RFC 4151), made of its key: its address may become another one."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026-01-01:{name}"
