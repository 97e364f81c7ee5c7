"""What was handed to somebody who may publish: by whom, to whom, what was said about it, what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from faq.models.guard import GuardedModel, GuardedQuerySet


class ReviewQuerySet(GuardedQuerySet):
    def open(self):
        """What waits for a decision, or was handed back and waits for whoever gave it; the oldest first."""
        return self.filter(state__in=Review.OPEN).order_by("handed", "pk")

    def of_text(self, entry):
        """Those of a draft or a working copy."""
        return self.filter(entry=entry.original, of_copy=entry.copy_of_id is not None)

    def waiting_for(self, user, publishers):
        """What waits for `user`, one of the `publishers`: given to them, to all, or to somebody who is none of them any more; and
        what was handed back to an account that is switched off."""
        mine = Q(to=user) | Q(to=None) | ~Q(to__in=publishers)
        left = Q(by=None) | Q(by__is_active=False) | Q(by__is_staff=False)
        return self.open().filter(Q(mine, state=Review.WAITING) | Q(left, state=Review.RETURNED))

    def given_by(self, user):
        """What `user` handed over, whoever did once more."""
        handed = Comment.objects.filter(act=Comment.HANDED, who=user)
        return self.filter(pk__in=handed.values("review"))

    def handed_back_to(self, user):
        """What was handed back to `user`."""
        return self.open().given_by(user).filter(state=Review.RETURNED)

    def decided_for(self, user, since):
        """What was published or withdrawn since a moment by somebody else, of what `user` had handed over; the latest first."""
        decided = self.given_by(user).filter(decided__gte=since).exclude(decided_by=user)
        return decided.order_by("-decided", "-pk")

    def without_texts(self):
        """For lists."""
        return self.defer("before", "document").select_related("by", "to", "decided_by")


class Review(GuardedModel):
    """A draft, a working copy or a proposal, handed to one of those who may publish, or to all of them.

    Of an entry `document` is what the text said when it was handed over, and at last when it was decided; of what has no working
    copy it is the proposal itself. `before` is what readers saw then.
    """

    WAITING, RETURNED, PUBLISHED, WITHDRAWN = "waiting", "returned", "published", "withdrawn"
    OPEN = [WAITING, RETURNED]
    STATES = [
        (WAITING, "wartet auf Freigabe"),
        (RETURNED, "zurückgegeben"),
        (PUBLISHED, "freigegeben"),  # readers see it, or will
        (WITHDRAWN, "zurückgezogen"),
    ]

    entry = models.ForeignKey("Entry", models.SET_NULL, null=True, related_name="reviews")
    of_copy = models.BooleanField(default=False)
    path = models.CharField("Datei", max_length=300)
    title = models.CharField("Was", max_length=300)
    before = models.TextField(blank=True)
    document = models.TextField(blank=True)
    state = models.CharField("Stand", max_length=10, choices=STATES, default=WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Von", null=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="An", null=True, related_name="+")
    handed = models.DateTimeField("Übergeben", default=timezone.now)
    decided = models.DateTimeField("Entschieden", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="Entschieden von", null=True, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "Freigabe"
        verbose_name_plural = "Freigaben"
        ordering = ["-handed", "-pk"]
        default_permissions = ()  # it goes with the right to see and to change entries
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "of_copy"],
                condition=Q(state__in=["waiting", "returned"], entry__isnull=False),
                name="one_review_per_text",
            ),
            models.UniqueConstraint(
                fields=["path"],
                condition=Q(state__in=["waiting", "returned"], entry=None),
                name="one_proposal_per_path",
            ),
        ]
        indexes = [models.Index(fields=["state", "handed"])]

    def __str__(self):
        return self.title

    @property
    def is_open(self):
        return self.state in self.OPEN

    def decide(self, state, who, text="", document=None):
        """It is over: published or withdrawn by `who`, with the text that it had at last."""
        self.state, self.decided, self.decided_by = state, timezone.now(), who
        self.document = self.document if document is None else document
        self.save()
        self.note(state, who, text)

    decide.alters_data = True

    def note(self, act, who, text="", **more):
        """What `who` did or said, as a Comment."""
        return self.comments.create(act=act, who=who, text=text, **more)

    note.alters_data = True

    @property
    def is_own(self):
        """Whether whoever handed it over published it too."""
        return self.state == self.PUBLISHED and self.by_id is not None and self.by_id == self.decided_by_id


class Comment(GuardedModel):
    """What somebody said or did about a Review; beside a passage of its text, or about the whole.

    `document` is what a proposal said when it was handed over: another may be handed over in its place. Entries have versions.

    `place` is the name of the step in which the passage stands, "" for the text itself; `quote` are its words, `ahead` and
    `behind` those around it, by which it is found again once the text is another one.
    """

    HANDED, TAKEN, RETURNED, PUBLISHED, WITHDRAWN = "handed", "taken", "returned", "published", "withdrawn"
    ACTS = [
        ("", "Kommentar"),
        (HANDED, "Zur Freigabe gegeben"),
        (TAKEN, "Übernommen"),
        (RETURNED, "Zurückgegeben"),
        (PUBLISHED, "Freigegeben"),
        (WITHDRAWN, "Zurückgezogen"),
    ]
    LONGEST = 2000

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments")
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    when = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=10, choices=ACTS, blank=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=LONGEST, blank=True)
    document = models.TextField(blank=True)
    place = models.CharField(max_length=300, blank=True)
    quote = models.TextField(blank=True)
    ahead = models.CharField(max_length=100, blank=True)
    behind = models.CharField(max_length=100, blank=True)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Kommentar"
        verbose_name_plural = "Kommentare"
        ordering = ["when", "pk"]
        default_permissions = ()

    def __str__(self):
        return self.text or self.get_act_display()


class ReviewMail(models.Model):
    """Somebody who wants a mail when something is handed over to them, or was decided."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_mail")

    class Meta:
        verbose_name = "Nachricht zu Freigaben"
        verbose_name_plural = "Nachrichten zu Freigaben"
        default_permissions = ()

    def __str__(self):
        return str(self.user)
