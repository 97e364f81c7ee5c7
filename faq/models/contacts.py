"""Who helps, and what is still missing: both are kept once and referred to by links."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from faq.models.fields import LineField, SlugField, WebField
from faq.models.guard import GuardedModel, GuardedQuerySet
from faq.models.references import PlacesQuerySet


class Contact(GuardedModel):
    """A phone number, e-mail or page, kept once and used everywhere (`kontakt:<slug>`)."""

    slug = SlugField("Kürzel", unique=True, help_text="Für Links im Text: kontakt:kürzel")
    name = LineField("Name")
    phone = LineField("Telefon", max_length=60, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    url = WebField("Seite", blank=True, max_length=500)
    hours = LineField("Zeiten", blank=True)
    note = LineField("Wofür", blank=True, help_text="Für Leser: wofür dieser Kontakt da ist.")
    position = models.PositiveIntegerField("Position", default=0, editable=False)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = "Ansprechpartner"
        verbose_name_plural = "Ansprechpartner"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email="") | ~Q(url=""),
                name="contact_can_be_reached",
                violation_error_message="Bitte geben Sie Telefon, E-Mail oder Seite an.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def href(self):
        """The address behind the contact: `tel:` in international form, else `mailto:`, else the page."""
        if self.phone:
            return self.phone_href
        return "mailto:" + self.email if self.email else self.url

    @property
    def phone_href(self):
        return "tel:" + international(self.phone)

    @property
    def label(self):
        """What is shown for that address."""
        return self.phone or self.email or re.sub(r"^https?://|/$", "", self.url)


def international(phone):
    """A German phone number for a `tel:` link: "05744 - 944 194" gives "+495744944194"; other countries as written."""
    number = re.sub(r"\(0\)|[^\d+]", "", phone)
    if number.startswith("00"):
        return "+" + number[2:]
    return "+49" + number[1:] if number.startswith("0") else number


class GapQuerySet(PlacesQuerySet, GuardedQuerySet):
    def open(self):
        """Those that some text still has."""
        return self.filter(references__isnull=False).distinct()


class Gap(GuardedModel):
    """Something a text promises and does not yet deliver (`offen:<slug>`); made at its first use."""

    slug = SlugField("Kürzel", unique=True, help_text="Für Links im Text: offen:kürzel")
    name = LineField("Was fehlt")
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="Zuständig", null=True, blank=True, related_name="+"
    )
    note = models.TextField("Notiz", blank=True, help_text="Nur intern.")
    created = models.DateTimeField("Seit", auto_now_add=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = "Offene Stelle"
        verbose_name_plural = "Offene Stellen"
        ordering = ["name"]

    def __str__(self):
        return self.name
