"""Who refers to what: the links in texts, written with them."""

from functools import reduce
from itertools import starmap
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from faq import slugs
from faq.models.categories import Category
from faq.models.entries import Entry
from faq.models.fields import SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.models.steps import Step

# What has texts with links.
SOURCES = ("entry", "category", "term", "site", "notice")
# What a page shows of a link.
SHOWN = ["kind", "slug", "fragment", "web", "target__slug", "target__title", "target__former_steps", "gap__name"]
SHOWN += [f"contact__{name}" for name in ("name", "phone", "email", "url")]
SHOWN += [f"picture__{name}" for name in ("slug", "description", "decorative", "caption", "stored")]
SHOWN += ["attachment__slug", "attachment__title", "attachment__stored__kind", "attachment__stored__size"]


# The column of what a link of each kind leads to.
TARGETS = {
    "faq": "target",
    "kontakt": "contact",
    "datei": "attachment",
    "bild": "picture",
    "offen": "gap",
    "web": "web",
}


def _fits(kind, name):
    """A link of this kind leads nowhere else; a gap, and a page elsewhere, are always there."""
    there = {f"{name}__isnull": False} if kind in ("offen", "web") else {}
    return Q(kind=kind, **dict.fromkeys(other for other in TARGETS.values() if other != name), **there)


def _only(name):
    return Q(**{f"{other}__isnull": other != name for other in SOURCES})


class PlacesQuerySet(models.QuerySet):
    """Of what texts refer to."""

    def with_places(self):
        """With the texts that have them."""
        return self.prefetch_related(*(f"references__{name}" for name in SOURCES))


class ReferenceQuerySet(GuardedQuerySet):
    def shown(self):
        """Those in texts that readers see."""
        running = Q(notice__ends=None) | Q(notice__ends__gt=timezone.now())
        return self._in(Entry.objects.published(), running)

    def seen(self):
        """Those, and in what readers saw until its time ran out."""
        return self._in(Entry.objects.seen())

    def _in(self, entries, *of_notices):
        with_page = Category.objects.with_page().filter(pk=OuterRef("category"))
        in_entry = Exists(entries.filter(pk=OuterRef("entry")))
        in_category = Exists(entries.filter(category=OuterRef("category"))) | Exists(with_page)
        in_category &= Q(category__isnull=False)  # else it would look for none in all entries
        begun = Q(notice__begins=None) | Q(notice__begins__lte=timezone.now())
        always = Q(term__isnull=False) | Q(site__isnull=False)
        return self.filter(in_entry | in_category | always | Q(begun, *of_notices, notice__isnull=False))

    def on_page(self, sources):
        """The portal's links in the texts of these entries, categories, terms, notices or sites, with what their targets show; a list.

        `is_public`: the target is an entry readers can open; `has_step`: it has the step that is linked. One query for each kind.
        """
        keys = {name: [source.pk for source in sources if source._meta.model_name == name] for name in SOURCES}
        links = self.select_related("target", "contact", "gap", "attachment__stored", "picture").only(*SHOWN)
        found = [
            link for name, some in keys.items() if some for link in links.filter(**{f"{name}__in": some}, web=None)
        ]
        pictures = [link.picture for link in found if link.picture_id]
        models.prefetch_related_objects(pictures, "stored__renditions__stored")
        return self.judged(found)

    def judged(self, found):
        """Links, stored or not, each with whether readers can open what it leads to."""
        targets = {link.target_id for link in found if link.target_id}
        public = set(Entry.objects.published().filter(pk__in=targets).values_list("pk", flat=True))
        steps = Step.objects.fragments({link.target for link in found if link.target and link.fragment}, former=True)
        for link in found:
            link.is_public = link.target_id in public
            link.has_step = link.fragment in steps.get(link.target_id, ())
        return found


class Reference(GuardedModel):
    """A link in a text, written when the text is saved: one of the portal's, or to a page elsewhere (`web`).

    The source is one of SOURCES; the target is what `kind` and `slug` led to, or none where that is gone.
    """

    KINDS = [
        ("faq", "Eintrag"),
        ("kontakt", "Ansprechpartner"),
        ("datei", "Datei"),
        ("bild", "Bild"),
        ("offen", "Offene Stelle"),
        ("web", "Externer Link"),
    ]

    entry = models.ForeignKey("Entry", models.CASCADE, null=True, related_name="links_out")
    # Few have one of these: an index of all rows would be read from end to end.
    category = models.ForeignKey("Category", models.CASCADE, null=True, related_name="links_out", db_index=False)
    term = models.ForeignKey("Term", models.CASCADE, null=True, related_name="links_out", db_index=False)
    site = models.ForeignKey("Site", models.CASCADE, null=True, related_name="links_out", db_index=False)
    notice = models.ForeignKey("Notice", models.CASCADE, null=True, related_name="links_out", db_index=False)

    kind = models.CharField("Art", max_length=10, choices=KINDS)
    slug = SlugField("Ziel")
    # Of an entry's step: its name, or its place as `schritt-7`.
    fragment = models.CharField("Schritt", max_length=slugs.MAX_LENGTH, blank=True)
    target = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="references")
    contact = models.ForeignKey("Contact", models.PROTECT, null=True, related_name="references")
    gap = models.ForeignKey("Gap", models.PROTECT, null=True, related_name="references")
    attachment = models.ForeignKey("Attachment", models.PROTECT, null=True, related_name="references")
    picture = models.ForeignKey("Picture", models.PROTECT, null=True, related_name="references")
    web = models.ForeignKey("WebLink", models.PROTECT, null=True, related_name="references")

    objects = ReferenceQuerySet.as_manager()

    SOURCES = SOURCES

    class Meta:
        verbose_name = "Verweis"
        verbose_name_plural = "Verweise"
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_only, SOURCES)),
                name="reference_has_one_source",
            ),
            models.CheckConstraint(
                condition=reduce(or_, starmap(_fits, TARGETS.items())),
                name="reference_fits_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "slug"]),
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"reference_of_{name}")
                for name in SOURCES[1:]
            ),
        ]

    def __str__(self):
        return self.written

    @property
    def written(self):
        return self.web.url if self.web else f"{self.kind}:{self.slug}" + (f"#{self.fragment}" if self.fragment else "")

    @property
    def source(self):
        """The entry, category, term, site or notice that holds the link."""
        return next(source for name in SOURCES if (source := getattr(self, name)))
