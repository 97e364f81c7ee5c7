"""Sessions in the database, as Django keeps them; those of strangers last an hour, and there are only so many of all."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

STRANGER_LASTS = 3600  # seconds: time enough for a login with its second factor
MOST = 10_000


class SessionStore(db.SessionStore):
    """The name is part of the signature of what is stored: with another one all would be logged out."""

    def get_session_cookie_age(self):
        return super().get_session_cookie_age() if SESSION_KEY in self else STRANGER_LASTS

    def create(self):
        """Where there are too many, those that would end next go first: strangers', before anybody's who is logged in."""
        super().create()
        if Session.objects.count() > MOST:
            first = Session.objects.order_by("expire_date").values_list("pk", flat=True)[: MOST // 10 + 1]
            Session.objects.filter(pk__in=list(first)).delete()


def end_all_of(user):
    """Log an account out everywhere."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
