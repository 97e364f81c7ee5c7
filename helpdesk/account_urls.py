"""The login: of allauth's addresses those this portal has a use for. Nobody can sign up; passwords are reset by mail only."""

from functools import wraps

from allauth.account import views
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from requests import RequestException

from faq import company_login


def by_mail(view):
    """The view, where mail can be sent."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if not settings.EMAIL_HOST:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def reachable(view):
    """The view, or a page that says so where the firm's own login does not answer, or not as it should."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except (RequestException, OAuth2Error):
            return render(request, "socialaccount/authentication_error.html", status=503)

    return inner


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="mfa_index")),
    path("login/", views.LoginView.as_view(extra_context={"mail": lambda: settings.EMAIL_HOST}), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", by_mail(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", by_mail(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        by_mail(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        by_mail(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("firma/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("firma/fehler/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", reachable(company_login.login), name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", reachable(company_login.callback), name="openid_connect_callback"),
]
