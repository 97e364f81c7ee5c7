"""What nobody would miss, and what is there twice: for the filters of the editors' lists."""

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Q, Subquery, When

from faq import markup, search
from faq.cache import kept_by
from faq.models import Attachment, Category, Entry, Site, Tag, Term, Version


def attachments():
    """Attachments that no text refers to."""
    return Attachment.objects.filter(references=None)


def terms():
    """Terms of which no spelling stands in any text: they neither explain anything nor lead a search anywhere."""
    texts = [(markup.plain_text(html), None) for html in Category.objects.values_list("intro_html", flat=True)]
    texts += [(markup.plain_text(html), None) for html in Site.objects.values_list("intro_html", flat=True)]
    texts += [(markup.plain_text(html), slug) for html, slug in Term.objects.values_list("definition_html", "slug")]
    return Term.objects.exclude(slug__in=search.standing(texts))


def tags(uses):
    """Tags that so many entries have."""
    counted = Count("taggings", filter=Q(taggings__content_object__copy_of=None))
    return Tag.objects.alias(in_use=counted).filter(in_use=uses)


def _newest_version():
    return Version.objects.aggregate(newest=Max("pk"))["newest"]


@kept_by(_newest_version)  # drafts too: readers may see the same while these change
def alike():
    """Pairs of entries that ask the same, by their keys."""
    return search.alike(dict(Entry.objects.order_by("pk").values_list("pk", "title")))


def with_a_twin(entries):
    """Those of some entries that ask the same as another one, pairs together; `twin` and `twin_title` name that one."""
    places, twins = {}, {}
    for place, pair in enumerate(alike()):
        for key, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if key not in twins:
                twins[key], places[key] = other, places.get(other, place)
    title = Subquery(Entry.objects.filter(pk=OuterRef("twin")).values("title"))
    found = entries.filter(pk__in=twins).annotate(twin=_by_key(twins)).annotate(twin_title=title)
    return found.order_by(_by_key(places), "pk")


def _by_key(values):
    return Case(*(When(pk=key, then=value) for key, value in values.items()), default=None, output_field=IntegerField())
