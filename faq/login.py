"""The login: what allauth is told about this portal, and the rule about the second factor."""

import time
from urllib.parse import urlsplit

from allauth.account import app_settings, forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

from faq import after_answer, rate_limits, sessions

# The cookie of a browser in which somebody has logged in before, and how long it counts, in seconds.
KNOWN = "bekannt"
KNOWN_LASTS = 180 * 24 * 3600
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it already


class ResetPasswordForm(forms.ResetPasswordForm):
    """Accounts are looked for, and mail is sent, once the answer is out: it says nothing about whether there is one."""

    def clean_email(self):
        return self.cleaned_data["email"]

    def save(self, request, **kwargs):
        after_answer.do(self._look_and_send, request, kwargs)
        return self.cleaned_data["email"]

    def _look_and_send(self, request, kwargs):
        super().clean_email()
        super().save(request, **kwargs)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; failures are counted by the address that cannot be forged."""

    # In allauth's German these are the only ones that say "du".
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": "Bitte geben Sie Ihr jetziges Passwort ein.",
        "rate_limited": "Das waren sehr viele Versuche. Bitte warten Sie ein paar Minuten.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return rate_limits.client(request)

    def post_login(self, request, user, **more):
        """Know this browser again, once everything was shown."""
        response = super().post_login(request, user, **more)
        response.set_signed_cookie(
            KNOWN,
            get_random_string(16),
            salt=_salt(user.get_username()),
            max_age=KNOWN_LASTS,
            path="/konto/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def _get_login_attempts_cache_key(self, request, **credentials):
        """What failures are counted by: the account; in a browser that it knows apart, so that strangers keep nobody out there."""
        salt = _salt(credentials.get("username", ""))
        return salt + request.get_signed_cookie(KNOWN, default="", salt=salt, max_age=KNOWN_LASTS)

    def is_safe_url(self, url):
        """On from the login to this portal alone: allauth would take any allowed host, so the reader's own machine too."""
        return url_has_allowed_host_and_scheme(url, {urlsplit(settings.PUBLIC_URL).netloc}, settings.HTTPS)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just logged in need not say who they are once more."""
        request = context.request
        latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
        return time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT


def _salt(name):
    """Signs for one account only, without naming it."""
    return f"{KNOWN}:{name.lower()}"


def needs_second_factor(user):
    """Whether this account has to have one: those who publish, or care for accounts, and superusers."""
    return settings.SECOND_FACTOR and (user.has_perm("faq.publish_entry") or user.has_perm("auth.change_user"))


def has_second_factor(user):
    return is_mfa_enabled(user, FACTORS)


def passed_all(request):
    """Whether this session has shown everything its account has to show."""
    user = request.user
    if not needs_second_factor(user):
        return True
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    return shown and has_second_factor(user)


def take_second_factor_away(user):
    """For who has lost all of it: the next login sets up another one."""
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all_of(user)


@receiver(authenticator_added)
def _shown_by_adding(request, user, authenticator, **kwargs):
    """Who sets up a factor has just shown it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
