"""What the portal is measured against: WSGI applications, each to be loaded in a process of its own (`granian --factory`)."""

import os
import sys

PLAIN_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def nothing():
    """No framework at all: what the server itself costs."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
        return [b"Hello"]

    return application


def hello():
    """Django with nothing in it: no middleware, no template, no database."""
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import path

    urls = type(sys)("benchmarks.hello_urls")
    urls.urlpatterns = [path("", lambda request: HttpResponse("Hello"))]
    sys.modules[urls.__name__] = urls
    settings.configure(ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 50, MIDDLEWARE=[])
    django.setup()
    return WSGIHandler()


def plain():
    """The portal's own views, templates and data behind nothing but the middleware of `startproject`, and no store."""
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    django.setup()
    settings.MIDDLEWARE = PLAIN_MIDDLEWARE  # after the setup, at which allauth insists on its own
    return WSGIHandler()


def whitenoise():
    """The files in the folder named by FILES, from WhiteNoise alone."""
    from whitenoise import WhiteNoise

    def nothing(environ, start_response):
        start_response("404 Not Found", [])
        return []

    return WhiteNoise(nothing, root=os.environ["FILES"])
