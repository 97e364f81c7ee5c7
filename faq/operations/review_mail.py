"""A mail to who wants one when something is handed over to them, handed back, or decided. Its text stays in the portal."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from faq import after_answer
from faq.editing import owners
from faq.models import Comment
from faq.operations import digest

LASTS = 3600  # seconds for which what was told is known, so that nothing is told twice
SUBJECTS = {
    Comment.HANDED: "Zur Freigabe",
    Comment.RETURNED: "Zurückgegeben",
    Comment.PUBLISHED: "Freigegeben",
    Comment.WITHDRAWN: "Zurückgezogen",
}


def tell(review):
    """Mail what was done last with a review, once the answer is out: to those whom it concerns, who want it, and who didn't do it."""
    done = review.comments.exclude(act="").last()
    is_new = done.act in SUBJECTS and caches["default"].add(f"review-mail:{done.pk}", "told", LASTS)
    if is_new and digest.is_possible():
        transaction.on_commit(lambda: after_answer.do(_send, done.pk))


def recipients(done):
    """Accounts that want to know of an act, a Comment: of what is handed over those to whom it is, of what is decided who gave it."""
    review, publishers = done.review, owners.publishers()
    if done.act == Comment.HANDED:
        concerned = publishers.filter(pk=review.to_id) if review.to in publishers else publishers
    else:
        givers = review.comments.filter(act=Comment.HANDED).values("who")
        concerned = User.objects.filter(pk__in=givers, is_active=True, is_staff=True)
    return concerned.filter(review_mail__isnull=False).exclude(email="").exclude(pk=done.who_id)


def _send(key):
    done = Comment.objects.select_related("review__to", "who").get(pk=key)
    review, address = done.review, settings.PUBLIC_URL + reverse("admin:faq_review_change", args=[done.review_id])
    subject = f"{SUBJECTS[done.act]}: {review}"
    who = owners.name_of(done.who) if done.who else "Das Portal"
    text = f"{subject}\nVon: {who}\n\n{address}\n\nSie bekommen diese Nachricht, weil Sie sie in der Verwaltung bestellt haben.\n"
    for account in recipients(done):
        with get_connection() as connection:
            headers = {"Auto-Submitted": "auto-generated"}
            EmailMessage(subject, text, to=[account.email], headers=headers, connection=connection).send()
