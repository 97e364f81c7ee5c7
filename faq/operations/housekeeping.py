"""What is kept for a time, deleted when that is over: the privacy text says each of the times."""

from datetime import timedelta

from django.utils import timezone

from faq import rate_limits
from faq.models import Editing, Feedback
from faq.operations import search_counts
from faq.sessions import SessionStore

FEEDBACK_KEPT_DAYS = 365


def run():
    search_counts.forget()
    Feedback.objects.filter(created__lt=timezone.now() - timedelta(days=FEEDBACK_KEPT_DAYS)).delete()
    Editing.objects.over().delete()
    SessionStore.clear_expired()
    rate_limits.forget_expired()
