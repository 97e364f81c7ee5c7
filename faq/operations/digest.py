"""The weekly summary by mail: what needs doing, for editors who asked for it."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from faq.models import DigestSubscription
from faq.operations import to_do
from faq.origin import absolute

DAYS = 7  # between two


def mail():
    """Subject and text of the summary as of now, or None where there is nothing to do."""
    waiting = to_do.to_do()
    parts = [part for part in (_part(waiting[name], *how) for name, how in _PARTS.items()) if part]
    if not parts:
        return None
    subject = "Hilfe und Support: " + ", ".join(heading for heading, _ in parts)
    text = "\n\n".join(
        [
            "Guten Tag,\n\ndas steht in der Hilfe an:",
            *(f"{heading}\n{'-' * len(heading)}\n{rows}" for heading, rows in parts),
            f"Alles auf einen Blick: {absolute(reverse('admin:index'))}",
            f"Diese Übersicht kommt höchstens einmal in der Woche. Abbestellen: {absolute(reverse('admin:digest'))}",
        ]
    )
    return subject, text + "\n"


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


def _part(found, one, many, address, row):
    """A heading and its rows with their addresses, or None where there is nothing."""
    if not found["count"]:
        return None
    rows = [f"* {text}\n  {absolute(url)}" for text, url in map(row, found["rows"])]
    if more := found["count"] - len(rows):
        rows.append(f"* und {more} mehr\n  {absolute(address())}")
    return f"{found['count']} {one if found['count'] == 1 else many}", "\n".join(rows)


def _list(model, condition):
    return lambda: reverse(f"admin:faq_{model}_changelist") + condition


def _form(stored):
    return reverse(f"admin:faq_{stored._meta.model_name}_change", args=[stored.pk])


# What is in the mail, by its name in `upkeep.to_do`: one, many, the whole list, and each row's text and address.
_PARTS = {
    "due": (
        "Eintrag zu prüfen",
        "Einträge zu prüfen",
        _list("entry", "?faellig=ja"),
        lambda entry: (f"{entry} (seit {date_format(entry.review, 'j. F Y')})", _form(entry)),
    ),
    "gaps": (
        "offene Stelle",
        "offene Stellen",
        _list("gap", "?stand=offen"),
        lambda gap: (str(gap), _form(gap)),
    ),
    "broken": (
        "gebrochener Link",
        "gebrochene Links",
        _list("weblink", "?stand=gebrochen"),
        lambda link: (f"{link} {link.problem}", _form(link)),
    ),
    "vain": (
        "vergebliche Suche",
        "vergebliche Suchen",
        _list("searchquery", "?ergebnis=vergeblich"),
        lambda query: (f"„{query}“, {query.asked}-mal", reverse("admin:faq_searchquery_spelling", args=[query.pk])),
    ),
}
