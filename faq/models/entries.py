"""Entries: questions with their answers, and what readers and editors ask of them."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager

from faq.models import guard
from faq.models.addresses import AddressModel
from faq.models.announcements import Announcement
from faq.models.fields import LineField, SlugField
from faq.models.guard import GuardedQuerySet
from faq.models.reviews import Review
from faq.models.versions import Version
from faq.words import to_the_minute

# The order within a category.
IN_PLACE = (F("position").asc(nulls_last=True), "slug")


def of_last_version(field):
    """What a field of its last version says of each entry or working copy, for an annotation."""
    versions = Version.objects.order_by("-pk").values(field)
    of_copy = versions.filter(entry=OuterRef("copy_of"), working_copy=True)[:1]
    of_original = versions.filter(entry=OuterRef("pk"), working_copy=False)[:1]
    return Case(When(copy_of=None, then=Subquery(of_original)), default=Subquery(of_copy))


class EntryQuerySet(GuardedQuerySet):
    def published(self):
        """The only definition of public."""
        return self.seen(Q(expire_at=None) | Q(expire_at__gt=timezone.now()))

    def seen(self, *more):
        """What is public, and what was until its time ran out; `more`: further conditions."""
        begun = Q(publish_at=None) | Q(publish_at__lte=timezone.now())
        return self.filter(begun, *more, status=Entry.PUBLISHED, copy_of=None)

    def ordered(self):
        """In the order of the whole help: by category, then by position."""
        return self.order_by(F("category__position").asc(nulls_last=True), "category__slug", *IN_PLACE)

    def whole(self):
        """With all that an entry's own page shows."""
        return self.select_related("category").prefetch_related("steps", "taggings")

    def complete(self):
        """With all that its document needs."""
        return self.at_once().prefetch_related("announcements")

    def at_once(self):
        """With all that a page needs on which several stand: its former slugs too."""
        return self.whole().prefetch_related("aliases")

    def with_copies(self):
        """With the key of the working copy as `copy_key`, how it was handed over as `copy_review`, and as `followed_at` when it takes
        the place of the public text."""
        copies = Entry.rows.filter(copy_of=OuterRef("pk"))
        planned = copies.filter(release=Entry.PLANNED).values("publish_at")
        handed = Review.objects.open().order_by().filter(entry=OuterRef("pk"), of_copy=True).values("state")
        return self.annotate(
            copy_key=Subquery(copies.values("pk")), copy_review=Subquery(handed), followed_at=Subquery(planned)
        )

    def walkthroughs(self):
        """Public walkthroughs, in order."""
        return self.published().filter(kind=Entry.WALKTHROUGH).select_related("category").ordered()

    # What stands around an answer

    def neighbours(self, entry):
        """The entries before and after this one in its category, each or None."""
        # Each is asked of an index, for one row: by category, position and slug.
        others = self.filter(category=entry.category_id).only("slug", "title", "short")
        placed, unplaced = others.exclude(position=None), others.filter(position=None)
        backwards, place, slug = placed.order_by("-position", "-slug"), entry.position, entry.slug
        if place is None:
            before = unplaced.filter(slug__lt=slug).order_by("-slug").first() or backwards.first()
            return before, unplaced.filter(slug__gt=slug).order_by("slug").first()
        before = backwards.filter(Q(position__lt=place) | Q(slug__lt=slug), position__lte=place)
        after = placed.filter(Q(position__gt=place) | Q(slug__gt=slug), position__gte=place)
        return before.first(), after.order_by("position", "slug").first() or unplaced.order_by("slug").first()

    def related(self, entry, number=4):
        """The entries nearest to this one: those linked in either direction first, then by how many tags they share."""
        targets, sources = entry.links_out.values_list("target"), entry.references.values_list("entry")
        linked = Q(pk__in={key for (key,) in targets.union(sources) if key})
        alike = Q(taggings__tag__in=[tag.pk for tag in entry.tag_list])
        return (
            self.filter(linked | alike)
            .exclude(pk=entry.pk)
            .annotate(is_linked=Case(When(linked, then=1), default=0), shared=Count("taggings", filter=alike))
            .only("slug", "title", "short", "kind")
            .order_by("-is_linked", "-shared", F("category__position").asc(nulls_last=True), *IN_PLACE)[:number]
        )

    def rival(self, entry):
        """A public walkthrough to compare this one with, of the same category if there is one; or None."""
        same = Case(When(category=entry.category_id, then=0), default=1)
        return self.walkthroughs().exclude(pk=entry.pk).order_by(same, *IN_PLACE).first()

    # When

    def in_preparation(self):
        """Drafts and working copies that nobody has released: what is changed without that readers see it."""
        return self.open().exclude(release=Entry.PLANNED)

    def to_come(self):
        """What readers will see from a moment on, by itself: entries, and working copies that were released; the next first."""
        now = timezone.now()
        entries = Q(copy_of=None, status=Entry.PUBLISHED, publish_at__gt=now)
        return self.filter(entries | Q(release=Entry.PLANNED)).order_by("publish_at", "pk")

    def stopped(self):
        """Working copies that were released, but the public text had become another one when their moment came."""
        return self.filter(release=Entry.STOPPED).order_by("publish_at", "pk")

    def run_out(self):
        """What readers no longer see since its moment came; the latest first."""
        return self.filter(copy_of=None, status=Entry.PUBLISHED, expire_at__lte=timezone.now()).order_by(
            "-expire_at", "pk"
        )

    # In whose hands

    def with_review(self):
        """With the key of the open Review of each draft and working copy as `review_key`, and how it stands as `review_state`."""
        of_copy = Case(When(copy_of=None, then=False), default=True)
        same = Review.objects.open().order_by().filter(entry=Coalesce(OuterRef("copy_of"), OuterRef("pk")))
        reviews = same.filter(of_copy=OuterRef("is_a_copy"))
        return self.annotate(
            is_a_copy=of_copy, review_key=Subquery(reviews.values("pk")), review_state=Subquery(reviews.values("state"))
        )

    def open(self):
        """Drafts and working copies."""
        return self.filter(Q(copy_of__isnull=False) | Q(copy_of=None, status=Entry.DRAFT))

    def held_by(self, accounts):
        """What is in the hands of these accounts: what they own; and drafts and working copies without an owner that they wrote last."""
        return self.with_holder().filter(holder__in=accounts)

    def with_holder(self):
        """With the key of the account in whose hands each is as `holder`, see `held_by`."""
        return self.annotate(
            holder=Case(
                When(owner__isnull=False, then="owner"),
                When(Q(copy_of__isnull=False) | Q(status=Entry.DRAFT), then=of_last_version("who")),
                output_field=models.BigIntegerField(),
            )
        )

    def at(self, slug):
        """The entry at a current or former slug."""
        # One after the other: joined by OR, no index serves them.
        return self.filter(slug=slug).first() or self.get(aliases__slug=slug)

    def questions(self):
        """In order, with no more than a list of questions shows: address, titles, kind, category, former slugs as `former`."""
        # There may be thousands: of each category one row, of former slugs a plain list.
        former = models.Prefetch("aliases", to_attr="former")
        return self.only("slug", "title", "short", "kind", "category_id").prefetch_related("category", former).ordered()

    def has_at_least(self, number):
        """Whether there are so many of them, without counting all."""
        return self.order_by()[number - 1 : number].exists()

    def for_feed(self):
        """Those of which a change is known, the latest first; `told` is the day of their newest announcement."""
        told = Announcement.objects.filter(entry=OuterRef("pk"), day__isnull=False).order_by("-day").values("day")[:1]
        known = self.published().annotate(told=Subquery(told)).exclude(updated=None, told=None)
        never = Value(datetime.date.min, models.DateField())
        latest = Greatest(Coalesce("updated", never), Coalesce("told", never))
        return (
            known.order_by(latest.desc(), "-pk").select_related("category").prefetch_related("steps", "announcements")
        )

    def allowed(self, ids):
        """Which of these there are."""
        return set(self.filter(pk__in=ids).order_by().values_list("pk", flat=True))

    def narrowed(self, kategorie, thema):
        """Those of one category and one tag, each by its slug; empty for all."""
        found = self.filter(category__slug=kategorie) if kategorie else self
        return found.filter(taggings__tag__slug=thema) if thema else found

    def moved_away_from(self, category):
        """Public entries that once stood in this category and now stand in another."""
        return (
            self.published().filter(former_categories=category).select_related("category").prefetch_related("aliases")
        )


class OriginalManager(models.Manager.from_queryset(EntryQuerySet)):
    """Entries without their working copies."""

    def get_queryset(self):
        return super().get_queryset().filter(copy_of=None)


class Entry(AddressModel):
    """One question with its answer; a walkthrough is an entry that has steps.

    A row with `copy_of` is the working copy of another one: what editors prepare until it is published, seen by no reader.
    """

    QUESTION, WALKTHROUGH = "question", "walkthrough"
    PUBLISHED, DRAFT = "published", "draft"
    PLANNED, STOPPED = "planned", "stopped"

    category = models.ForeignKey("Category", models.PROTECT, verbose_name="Kategorie", related_name="entries")
    slug = SlugField("Anker", address=True, help_text="Die Adresse des Eintrags: /faq/anker/")
    title = LineField("Frage")
    short = LineField(
        "Kurztitel", max_length=60, blank=True, help_text="In Listen und Browser-Tabs statt der Frage. Leer: die Frage."
    )
    position = models.PositiveIntegerField("Position", null=True, blank=True, help_text="Leer: am Ende.")
    kind = models.CharField(
        "Art", max_length=12, choices=[(QUESTION, "Frage"), (WALKTHROUGH, "Ablauf in Schritten")], default=QUESTION
    )
    status = models.CharField(
        "Status", max_length=10, choices=[(PUBLISHED, "Veröffentlicht"), (DRAFT, "Entwurf")], default=DRAFT
    )
    body = models.TextField("Antwort", blank=True)
    body_html = models.TextField(editable=False, blank=True)
    tags = TaggableManager("Schlagwörter", through="TaggedEntry", blank=True, help_text="Mit Kommas getrennt.")
    publish_at = models.DateTimeField("Veröffentlichen am", null=True, blank=True)
    expire_at = models.DateTimeField("Offline nehmen am", null=True, blank=True)
    review = models.DateField("Wieder prüfen am", null=True, blank=True)
    reviewed = models.DateField("Geprüft am", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="Geprüft von",
        null=True,
        editable=False,
        related_name="+",
    )
    updated = models.DateField(
        "Zuletzt geändert am",
        null=True,
        blank=True,
        help_text="Setzt sich selbst auf heute, wenn jemand ändert, was Leser sehen.",
    )
    note = models.TextField("Notiz", blank=True, help_text="Nur intern: Leser sehen sie nie.")
    # The last save, of an import too: it orders lists, and is shown nowhere as a date.
    changed = models.DateTimeField("Zuletzt gesichert", auto_now_add=True)
    # The names of its steps as they were saved last; and of those that are gone, each with that of the step in its place, or "".
    step_order = models.JSONField(default=list, editable=False)
    former_steps = models.JSONField(default=dict, editable=False)
    former_categories = models.ManyToManyField(
        "Category", verbose_name="Frühere Kategorien", related_name="moved_entries", editable=False
    )

    # Who is told first. Of a working copy: who goes on with it, where that is another one than who wrote it last. No part of the text.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="Zuständig",
        null=True,
        blank=True,
        related_name="+",
    )

    copy_of = models.ForeignKey("self", models.CASCADE, null=True, editable=False, related_name="copies")
    # The original's version from which the working copy was made.
    base = models.ForeignKey("Version", models.SET_NULL, null=True, editable=False, related_name="+")
    # Of a working copy: whether it takes the original's place by itself, at its `publish_at`, and who said so; or was meant to, but
    # the public text had become another one.
    release = models.CharField(
        max_length=10, choices=[("", "–"), (PLANNED, "Geplant"), (STOPPED, "Angehalten")], default="", editable=False
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = OriginalManager()
    rows = EntryQuerySet.as_manager()  # working copies too

    class Meta:
        verbose_name = "Eintrag"
        verbose_name_plural = "Einträge"
        permissions = [("publish_entry", "Kann Einträge veröffentlichen")]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(copy_of=None),
                name="entry_slug_once",
                violation_error_message="Diesen Anker gibt es schon.",
            ),
            models.UniqueConstraint(fields=["copy_of"], name="one_working_copy"),
            models.CheckConstraint(condition=Q(kind__in=["question", "walkthrough"]), name="entry_kind_known"),
            models.CheckConstraint(condition=Q(status__in=["published", "draft"]), name="entry_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="entry_has_title"),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(expire_at=None) | Q(expire_at__gt=F("publish_at")),
                name="entry_expires_after_publishing",
                violation_error_message="Der Eintrag ginge offline, bevor er veröffentlicht ist.",
            ),
        ]
        indexes = [
            # All that tells whether an entry is public: a category's are counted without reading them.
            models.Index(fields=["category", "status", "copy_of", "publish_at", "expire_at"], name="entry_public"),
            models.Index(fields=["category", "position", "slug"]),
            models.Index(fields=["updated", "id"]),  # read backwards: the latest first
            models.Index(fields=["kind"]),
            # Few have a time, and every page asks for the next one.
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="entry_begins"),
            models.Index(fields=["expire_at"], condition=Q(expire_at__isnull=False), name="entry_ends"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("entry", args=[self.slug])

    def save(self, *arguments, **options):
        is_new = self._state.adding
        super().save(*arguments, **options)
        # Read in part, it counts as public: whoever may not publish is refused once too often rather than once too seldom.
        guard.door().before.setdefault(self.pk, self.loaded_status or ("" if is_new else self.PUBLISHED))

    save.alters_data = True

    @property
    def short_title(self):
        """What it is called where many stand side by side."""
        return self.short or self.title

    @property
    def original(self):
        """The entry itself, or the one of which it is the working copy."""
        return self.copy_of or self

    @property
    def is_for_later(self):
        """Whether it is a working copy that, published now, would take an answer away from readers until its moment."""
        later = self.copy_of_id is not None and self.publish_at is not None and self.publish_at > timezone.now()
        return later and Entry.objects.published().filter(pk=self.copy_of_id).exists()

    @property
    def is_released(self):
        """Whether it is a working copy that will be the public text by itself."""
        return self.release == self.PLANNED

    @property
    def is_in_preparation(self):
        """Whether it is a draft, or a working copy that nobody has released: see `in_preparation`."""
        return not self.is_released if self.copy_of_id else self.status == self.DRAFT

    @property
    def state(self):
        """What readers see of it, and when, in words for editors; read `with_review`, also how it was handed over."""
        handed = dict(Review.STATES).get(getattr(self, "review_state", None))
        return f"{self.readers_see}, {handed}" if handed else self.readers_see

    @property
    def readers_see(self):
        now = timezone.now()
        if self.copy_of_id:
            if self.release == self.STOPPED:
                return "Arbeitskopie, angehalten: Bitte mit dem öffentlichen Text vergleichen"
            return f"Arbeitskopie, geplant für {to_the_minute(self.publish_at)}" if self.is_released else "Arbeitskopie"
        if self.status == self.DRAFT:
            return "Entwurf"
        if self.expire_at and self.expire_at <= now:
            return f"abgelaufen am {to_the_minute(self.expire_at)}"
        if self.publish_at and self.publish_at > now:
            return f"geplant für {to_the_minute(self.publish_at)}"
        return "Veröffentlicht"

    @property
    def is_walkthrough(self):
        return self.kind == self.WALKTHROUGH

    @property
    def tag_list(self):
        """The tags in the order in which they were written."""
        return [tagging.tag for tagging in self.taggings.all()]

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("body", "body_html"),)
