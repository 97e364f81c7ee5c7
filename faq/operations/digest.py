"""The weekly summary by mail: what needs doing, for editors who asked for it."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from faq.models import DigestSubscription
from faq.operations import to_do
from faq.words import counted

DAYS = 7  # between two


# What is in the mail, by its name in `to_do.to_do`: one, many, and where the whole list is.
PARTS = {
    "due": ("Eintrag zu prüfen", "Einträge zu prüfen", "entry", "?faellig=ja"),
    "gaps": ("offene Stelle", "offene Stellen", "gap", "?stand=offen"),
    "broken": ("gebrochener Link", "gebrochene Links", "weblink", "?stand=gebrochen"),
    "vain": ("vergebliche Suche", "vergebliche Suchen", "searchquery", "?ergebnis=vergeblich"),
}


def mail():
    """Subject and text of the summary as of now, or None where there is nothing to do."""
    waiting = to_do.to_do()
    parts = [_part(name, waiting[name]) for name in PARTS if waiting[name]["count"]]
    if not parts:
        return None
    subject = "Hilfe und Support: " + ", ".join(part["heading"] for part in parts)
    return subject, render_to_string("admin/digest.txt", {"parts": parts, "origin": settings.PUBLIC_URL})


def _part(name, found):
    one, many, model, condition = PARTS[name]
    heading = counted(found["count"], one, many)
    return {
        "name": name,
        "heading": heading,
        "underline": "-" * len(heading),
        "rows": found["rows"],
        "more": found["count"] - len(found["rows"]),
        "address": reverse(f"admin:faq_{model}_changelist") + condition,
    }


def send():
    """Send the summary to all who want it and got none within the last days.

    Returns the users it went to, and by user why it did not go to others.
    """
    sent, failed, made = [], {}, mail()
    for subscription in _due() if made else ():
        user, before = subscription.user, subscription.last_sent
        # Noted first, so that two runs at once don't both send it.
        ours = DigestSubscription.objects.filter(pk=subscription.pk, last_sent=before)
        if not ours.update(last_sent=timezone.now()):
            continue
        try:
            with get_connection() as connection:  # closed again, also where the server refuses the password
                headers = {"Auto-Submitted": "auto-generated"}
                EmailMessage(*made, to=[user.email], headers=headers, connection=connection).send()
        except (SMTPException, OSError) as error:
            DigestSubscription.objects.filter(pk=subscription.pk).update(last_sent=before)
            failed[user] = str(error)
        else:
            sent.append(user)
    return sent, failed


def is_possible():
    """Whether the portal knows a mail server."""
    return bool(settings.EMAIL_HOST)


def _due():
    """Subscriptions of those who still may see what is in it, by days: a run is hardly ever at the same second."""
    latest = timezone.localdate() - timedelta(days=DAYS)
    wanted = DigestSubscription.objects.select_related("user").filter(user__is_staff=True)
    return [
        subscription
        for subscription in wanted.exclude(user__email="").order_by("pk")
        if (subscription.last_sent is None or timezone.localdate(subscription.last_sent) <= latest)
        and subscription.user.has_perm("faq.view_entry")
    ]
