"""The weekly summary by mail: what needs doing, for editors who asked for it."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from faq.models import DigestSubscription
from faq.operations import to_do

DAYS = 7  # between two


# What is in the mail, by its name in `to_do.KINDS`: of the reader's own entries, then of all.
MINE = ("due", "feedback", "vain")
PARTS = ("due", "gaps", "broken", "vain")


def mail(user):
    """Subject and text of somebody's summary as of now, or None where there is nothing to do."""
    mine, lists = to_do.mine(user), to_do.lists()
    own = [part for name in MINE if (part := to_do.section(name, mine[name], more="&zustaendig=ich"))]
    parts = [part for name in PARTS if (part := to_do.section(name, lists[name]))]
    if not own + parts:
        return None
    count = sum(part["count"] for part in own)
    subject = ", ".join([*([f"{count}-mal Ihre Einträge"] if own else []), *(part["heading"] for part in parts)])
    context = {"own": own, "parts": parts, "origin": settings.PUBLIC_URL}
    return f"Hilfe und Support: {subject}", render_to_string("admin/digest.txt", context)


def send():
    """Send the summary to all who want it and got none within the last days.

    Returns the users it went to, and by user why it did not go to others.
    """
    sent, failed = [], {}
    for subscription in _due():
        user, before = subscription.user, subscription.last_sent
        if not (made := mail(user)):
            continue
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
