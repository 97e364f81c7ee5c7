"""The site itself: its title, its legal texts, and the number that says when readers see something new."""

from urllib.parse import urlsplit

from django.db import connection, models
from django.db.models import F

from faq.models.fields import LineField, WebField
from faq.models.guard import GuardedModel, GuardedQuerySet


class RevisionManager(models.Manager):
    def current(self):
        """The site's revision, 0 before the first change."""
        # Asked for each page that is made and each search: the ORM would take ten times as long to put the question.
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM faq_revision")
            row = cursor.fetchone()
        return row[0] if row else 0

    def lock(self):
        """Until the transaction ends, every other change waits here. Taken before anything is read that a change depends on."""
        if not self.select_for_update().filter(pk=1).exists():
            self.bulk_create([Revision(pk=1, number=0)], ignore_conflicts=True)
        self.select_for_update().get(pk=1)

    def raise_by_one(self):
        """Raise the revision, which the caller has locked."""
        self.update(number=F("number") + 1)


class Revision(models.Model):
    """A number that goes up, in the same transaction, with every change that readers can see."""

    number = models.PositiveBigIntegerField("Stand")
    # By which Markdown all texts were rendered once: `markup.DIALECT` of that release.
    dialect = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = RevisionManager()

    class Meta:
        verbose_name = "Stand des Portals"
        verbose_name_plural = "Stand des Portals"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_revision")]

    def __str__(self):
        return str(self.number)


class SiteQuerySet(GuardedQuerySet):
    def current(self):
        """The site with its main contact; one with nothing but a title where none is stored."""
        return self.select_related("contact").first() or Site(title=Site.DEFAULT_TITLE)

    def with_legal_gaps(self):
        """Those whose operator has not said yet what the law asks for."""
        return self.filter(pk__in=[site.pk for site in self.all() if site.legal_gaps])


class Site(GuardedModel):
    """Title, start page, main contact and legal texts: the one row behind `_site.md`."""

    DEFAULT_TITLE = "Hilfe und Support"

    title = LineField("Titel")
    intro = models.TextField("Einleitung der Startseite", blank=True)
    intro_html = models.TextField(editable=False, blank=True)
    contact = models.ForeignKey(
        "Contact", models.PROTECT, verbose_name="Ansprechpartner", null=True, blank=True, related_name="main_of"
    )
    imprint = WebField("Impressum (Adresse)", blank=True)
    privacy = WebField("Datenschutz (Adresse)", blank=True)
    accessibility = WebField("Barrierefreiheit (Adresse)", blank=True)
    imprint_text = models.TextField("Impressum (eigener Text)", blank=True)
    imprint_html = models.TextField(editable=False, blank=True)
    privacy_text = models.TextField("Datenschutz (eigener Text)", blank=True)
    privacy_html = models.TextField(editable=False, blank=True)
    accessibility_text = models.TextField("Barrierefreiheit (eigener Text)", blank=True)
    accessibility_html = models.TextField(editable=False, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "Portal"
        verbose_name_plural = "Portal"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_site")]

    def __str__(self):
        return self.title

    @property
    def legal_gaps(self):
        """What the law asks of the operator and the portal cannot say: no text, and no address or only another site's start page."""
        said = {
            "Impressum": (self.imprint_text, self.imprint),
            "Datenschutzerklärung des Betreibers": (self.privacy_text, self.privacy),
        }
        return [
            name for name, (text, address) in said.items() if not text and not any(urlsplit(address.rstrip("/"))[2:])
        ]

    def texts(self):
        """Pairs of a field with Markdown and the one with its HTML."""
        return (
            ("intro", "intro_html"),
            ("imprint_text", "imprint_html"),
            ("privacy_text", "privacy_html"),
            ("accessibility_text", "accessibility_html"),
        )
