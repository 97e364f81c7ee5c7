"""A firm's own login by OpenID Connect: what allauth is told, and what it does not check of an ID token by itself."""

from urllib.parse import urlencode

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.crypto import constant_time_compare, get_random_string

NONCE = "company_nonce"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")


class CompanyLoginAdapter(DefaultSocialAccountAdapter):
    """The firm's own login makes an account at its first use; that account may do nothing until an administrator says what."""

    def is_open_for_signup(self, request, sociallogin):
        return True

    def pre_social_login(self, request, sociallogin):
        """A link from elsewhere must not tie somebody's login to the account of who clicks on it."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise PermissionDenied


class Provider(OpenIDConnectOAuth2Adapter):
    """allauth looks at issuer, audience and time; the rest of what the standard asks for is here."""

    @property
    def openid_config(self):
        config, app = super().openid_config, self.get_provider().app
        if str(config.get("issuer")).rstrip("/") != app.settings["server_url"] or not all(map(config.get, ENDPOINTS)):
            raise OAuth2Error("not the provider that is set up")
        return config

    def complete_login(self, request, app, token, **kwargs):
        try:
            login = super().complete_login(request, app, token, **kwargs)
            claims, userinfo = (login.account.extra_data[part] for part in ("id_token", "userinfo"))
            fits = (
                claims["sub"] == userinfo["sub"] and claims["exp"] and claims.get("azp", app.client_id) == app.client_id
            )
            nonce = claims["nonce"]
        except (KeyError, TypeError) as error:
            raise OAuth2Error("something is missing in the ID token") from error
        if not fits or not constant_time_compare(nonce, request.session.pop(NONCE, "")):
            raise OAuth2Error("the ID token is of another login")
        return login


def login(request, provider_id):
    """Off to the firm. What a link from elsewhere would add to the question is left out."""
    nonce = request.session.setdefault(NONCE, get_random_string(32))
    request.GET = request.GET.copy()
    request.GET.pop("scope", None)
    request.GET["auth_params"] = urlencode({"nonce": nonce})
    return _view(OAuth2LoginView, request, provider_id)


def callback(request, provider_id):
    """Back from there."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(view, request, provider_id):
    try:
        return view.adapter_view(Provider(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
