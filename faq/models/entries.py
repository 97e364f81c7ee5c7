"""Categories, entries, their steps, tags and former addresses."""

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from faq import slugs
from faq.facts import FACTS
from faq.models import guard
from faq.models.fields import LineField, SlugField
from faq.models.guard import GuardedModel, GuardedQuerySet


@cache
def _around_slug(name):
    return reverse(name, args=["slug"]).split("slug")


def address(name, slug):
    """The address of the page of that name for a slug. Asked of Django for each link, addresses would be much of a page's work."""
    before, after = _around_slug(name)
    return before + slug + after


class TagQuerySet(GuardedQuerySet):
    def used(self):
        """Tags of at least one public entry, with their number as `count`, by name."""
        return (
            self.filter(taggings__content_object__in=Entry.objects.published())
            .annotate(count=models.Count("taggings__content_object", distinct=True))
            .order_by("name")
        )


class Tag(GuardedModel, TagBase):
    """A word that entries share; its slug is ASCII, which taggit's own is not.

    A tag that went into another one stays as its former address, until it is used again.
    """

    merged_into = models.ForeignKey(
        "self", models.CASCADE, verbose_name="Aufgegangen in", null=True, editable=False, related_name="merged"
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = "Schlagwort"
        verbose_name_plural = "Schlagwörter"
        ordering = ["name"]

    def slugify(self, tag, i=None):
        slug = slugs.slugify(tag) or "schlagwort"
        return slug if i is None else f"{slug}-{i}"

    def get_absolute_url(self):
        return address("tag", self.slug)


class TaggedEntry(GuardedModel, ItemBase):
    """An entry's tag; the rows' order is the order in which the tags were written."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    content_object = models.ForeignKey("Entry", models.CASCADE, related_name="taggings")

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Schlagwort eines Eintrags"
        verbose_name_plural = "Schlagwörter der Einträge"
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_per_entry")]


class AddressModel(GuardedModel):
    """Remembers the slug and category a row had when it was loaded: a change leaves a former address behind."""

    loaded_slug = None
    loaded_category_id = None
    loaded_status = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance.loaded_slug = instance.__dict__.get("slug")
        instance.loaded_category_id = instance.__dict__.get("category_id")
        instance.loaded_status = instance.__dict__.get("status")
        return instance


def unanswered():
    """A condition for rows with a `slug`: that no public entry answers at it, be it its current or a former one."""
    public = Entry.objects.published()
    return ~Exists(public.filter(slug=OuterRef("slug"))) & ~Exists(public.filter(aliases__slug=OuterRef("slug")))


class CategoryQuerySet(GuardedQuerySet):
    def ordered(self):
        return self.order_by(F("position").asc(nulls_last=True), "slug")

    def at(self, slug):
        """The category at a current or former slug."""
        return self.filter(Q(slug=slug) | Q(aliases__slug=slug)).distinct().get()

    def public(self):
        """Those with a public entry, in order."""
        return self.filter(Exists(Entry.objects.published().filter(category=OuterRef("pk")))).ordered()

    def with_page(self):
        """Those that have a page: with a public entry, or with the anchor of one that moved on or was deleted.

        To readers all others are not there.
        """
        public, gone = Entry.objects.published(), self.model._meta.get_field("gone").related_model.objects
        here, moved = public.filter(category=OuterRef("pk")), public.filter(former_categories=OuterRef("pk"))
        deleted = gone.filter(unanswered(), categories=OuterRef("pk"), was_public=True)
        return self.filter(Exists(here) | Exists(moved) | Exists(deleted))


class Category(AddressModel):
    """A group of entries with a page of its own."""

    slug = SlugField("Anker", address=True, unique=True, help_text="Die Adresse der Seite: /anker/")
    title = LineField("Titel")
    position = models.PositiveIntegerField("Position", null=True, blank=True, help_text="Leer: am Ende.")
    intro = models.TextField("Einleitung", blank=True)
    intro_html = models.TextField(editable=False, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "Kategorie"
        verbose_name_plural = "Kategorien"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("category", self.slug)

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("intro", "intro_html"),)


class Question(NamedTuple):
    """An entry in a list of thousands, in parts that a template can take apart: looked up one by one they take twice as long."""

    slug: str
    url: str
    title: str
    is_walkthrough: bool
    former: list[str]  # slugs
    category: Category


class EntryQuerySet(GuardedQuerySet):
    def published(self, now=None):
        """The only definition of public; `now`: when, else at this moment."""
        now = now or timezone.now()
        return self.seen(now).filter(Q(expire_at=None) | Q(expire_at__gt=now))

    def seen(self, now=None):
        """What is public, and what was until its time ran out."""
        begun = Q(publish_at=None) | Q(publish_at__lte=now or timezone.now())
        return self.filter(begun, status=Entry.PUBLISHED, copy_of=None)

    def ordered(self):
        """In the order of the whole help: by category, then by position."""
        return self.order_by(
            F("category__position").asc(nulls_last=True), "category__slug", F("position").asc(nulls_last=True), "slug"
        )

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

    def named(self):
        """In order, with no more than what names them and their category."""
        return self.select_related("category").only("slug", "title", "category__slug", "category__title").ordered()

    def complete(self):
        """With all that an entry's text and document need."""
        return self.select_related("category").prefetch_related(
            "steps", "aliases", Prefetch("taggings", TaggedEntry.objects.select_related("tag").order_by("pk"))
        )

    def at(self, slug):
        """The entry at a current or former slug."""
        # One after the other: joined by OR, no index serves them.
        return self.filter(slug=slug).first() or self.get(aliases__slug=slug)

    def walkthroughs(self):
        """Public walkthroughs with their steps."""
        return (
            self.published()
            .filter(kind=Entry.WALKTHROUGH)
            .select_related("category")
            .prefetch_related("steps")
            .ordered()
        )

    def questions(self):
        """Each entry as a Question, in order."""
        rows = list(self.ordered().values_list("pk", "slug", "title", "kind", "category"))
        categories, former = Category.objects.in_bulk({category for *_, category in rows}), defaultdict(list)
        aliases = self.model._meta.get_field("aliases").related_model.objects.filter(entry__in=self.values("pk"))
        for key, slug in aliases.values_list("entry", "slug"):
            former[key].append(slug)
        return [
            Question(
                slug,
                address("entry", slug),
                title,
                kind == Entry.WALKTHROUGH,
                former.get(key, []),
                categories[category],
            )
            for key, slug, title, kind, category in rows
            if category in categories  # it may just have gone
        ]

    def has_at_least(self, number):
        """Whether there are so many of them, without counting all."""
        return self.order_by()[number - 1 : number].exists()

    def for_category_page(self, category):
        return self.published().filter(category=category)

    def for_tag_page(self, tag):
        return self.published().filter(taggings__tag=tag).questions()

    def for_feed(self):
        """Latest changes first."""
        return self.published().select_related("category").order_by("-changed", "-pk")

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

    category = models.ForeignKey(Category, models.PROTECT, verbose_name="Kategorie", related_name="entries")
    slug = SlugField("Anker", address=True, help_text="Die Adresse des Eintrags: /faq/anker/")
    title = LineField("Frage")
    position = models.PositiveIntegerField("Position", null=True, blank=True, help_text="Leer: am Ende.")
    kind = models.CharField(
        "Art", max_length=12, choices=[(QUESTION, "Frage"), (WALKTHROUGH, "Ablauf in Schritten")], default=QUESTION
    )
    status = models.CharField(
        "Status", max_length=10, choices=[(PUBLISHED, "Veröffentlicht"), (DRAFT, "Entwurf")], default=DRAFT
    )
    body = models.TextField("Antwort", blank=True)
    body_html = models.TextField(editable=False, blank=True)
    tags = TaggableManager("Schlagwörter", through=TaggedEntry, blank=True, help_text="Mit Kommas getrennt.")
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
        "Stand", null=True, blank=True, help_text="Setzt sich bei einer Änderung selbst auf heute."
    )
    note = models.TextField("Notiz", blank=True, help_text="Nur intern: Leser sehen sie nie.")
    changed = models.DateTimeField("Zuletzt geändert", auto_now_add=True)
    former_categories = models.ManyToManyField(
        Category, verbose_name="Frühere Kategorien", related_name="moved_entries", editable=False
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
            models.Index(fields=["changed", "id"]),  # read backwards: the latest first
            models.Index(fields=["kind"]),
            # Few have a time, and every page asks for the next one.
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="entry_begins"),
            models.Index(fields=["expire_at"], condition=Q(expire_at__isnull=False), name="entry_ends"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("entry", self.slug)

    def save(self, *arguments, **options):
        is_new = self._state.adding
        super().save(*arguments, **options)
        # Read in part, it counts as public: whoever may not publish is refused once too often rather than once too seldom.
        guard.door().before.setdefault(self.pk, self.loaded_status or ("" if is_new else self.PUBLISHED))

    save.alters_data = True

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
    def state(self):
        """What readers see of it, and when, in words for editors."""
        now = timezone.now()
        if self.copy_of_id:
            if self.release == self.STOPPED:
                return "Arbeitskopie, angehalten: Bitte mit dem öffentlichen Text vergleichen"
            return f"Arbeitskopie, geplant für {_moment(self.publish_at)}" if self.is_released else "Arbeitskopie"
        if self.status == self.DRAFT:
            return "Entwurf"
        if self.expire_at and self.expire_at <= now:
            return f"abgelaufen am {_moment(self.expire_at)}"
        if self.publish_at and self.publish_at > now:
            return f"geplant für {_moment(self.publish_at)}"
        return "Veröffentlicht"

    @property
    def is_walkthrough(self):
        return self.kind == self.WALKTHROUGH

    @property
    def tag_list(self):
        """The tags in the order in which they were written."""
        return [tagging.tag for tagging in self.taggings.all()]

    @property
    def shown_date(self):
        """The day of the last change, as readers see it."""
        return self.updated or timezone.localdate(self.changed)

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("body", "body_html"),)


def _moment(when):
    return date_format(timezone.localtime(when), "j. F Y, H:i")


class Step(GuardedModel):
    """One step of a walkthrough; steps with the same section name that follow each other form a section."""

    entry = models.ForeignKey(Entry, models.CASCADE, verbose_name="Eintrag", related_name="steps")
    number = models.PositiveIntegerField("Nr.")
    # In a working copy: the number in the original, so that links follow when it is published.
    former_number = models.PositiveIntegerField(null=True, editable=False)
    section = LineField("Abschnitt", blank=True)
    title = LineField("Schritt")
    actors = LineField("Wer", max_length=100, blank=True)
    duration = LineField("Dauer", blank=True)
    applies_to = LineField("Gilt für", blank=True)
    needs = LineField("Sie brauchen", blank=True)
    gets = LineField("Sie erhalten", blank=True)
    body = models.TextField("Text", blank=True)
    body_html = models.TextField(editable=False, blank=True)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Schritt"
        verbose_name_plural = "Schritte"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="step_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="step_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        return f"{self.entry.get_absolute_url()}#schritt-{self.number}"

    @property
    def facts(self):
        """Pairs of name and value, in their order, of what is known about the step."""
        return [(name, value) for name, field in FACTS.items() if (value := getattr(self, field))]

    @property
    def actor_list(self):
        return self.actors.split(", ") if self.actors else []

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (("body", "body_html"),)


class Alias(GuardedModel):
    """A former slug of an entry or a category; it leads there for ever."""

    slug = SlugField("Früherer Anker", address=True, unique=True)
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="Eintrag"
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="Kategorie"
    )

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Früherer Anker"
        verbose_name_plural = "Frühere Anker"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, category__isnull=False) | Q(entry__isnull=False, category=None),
                name="alias_leads_to_one",
                violation_error_message="Bitte wählen Sie entweder einen Eintrag oder eine Kategorie.",
            )
        ]

    def __str__(self):
        return self.slug
