"""All settings, read from the environment; docs/settings.md lists the variables."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from pythonjsonlogger.core import RESERVED_ATTRS

from helpdesk import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# Where things are
DEBUG = environment.flag("DEBUG")
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
PORT = environment.port("PORT", 8000)
LISTEN = environment.address("LISTEN", "127.0.0.1")
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")
CONTENT_DIR = environment.folder("CONTENT_DIR", BASE_DIR / "content")
PUBLIC_URL = environment.origin("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
HTTPS = PUBLIC_URL.startswith("https://")
SECRET_KEY = environment.secret_key("SECRET_KEY", DATA_DIR / "secret_key")

ALLOWED_HOSTS = sorted({urlsplit(PUBLIC_URL).hostname, "127.0.0.1", "localhost", "[::1]"})
# Beside it, on one's own machine, the names by which that is known.
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] + (
    [] if HTTPS else [f"http://{name}:{PORT}" for name in ("127.0.0.1", "localhost", "[::1]")]
)
# How many proxies of our own append to X-Forwarded-For; with none the header is the client's word and says nothing.
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0, most=9, least=0)

INSTALLED_APPS = [
    "faq.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "taggit",
    "django_prose_editor",
    "faq",
]

MIDDLEWARE = [
    "helpdesk.monitoring.watch",
    "faq.public.middleware.headers",
    "faq.public.middleware.addressed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "faq.public.middleware.bounded",
    "faq.public.middleware.read_only",
    "faq.public.lanes.lanes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "faq.public.middleware.Compressed",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "faq.public.middleware.unavailable",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Stored data
DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR / "portal.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that limits hold over all workers; an entry is dropped early only where there are very many.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "KEY_FUNCTION": "faq.rate_limits.hashed_key",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The page cache: how many MB of pages each process holds in memory
STORE_MB = environment.number("STORE_MB", 64, 4096)

# The login
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SECOND_FACTOR = environment.flag("SECOND_FACTOR", HTTPS)
ACCOUNT_ADAPTER = "faq.login.AccountAdapter"
ACCOUNT_FORMS = {"login": "faq.login.LoginForm", "reset_password": "faq.login.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hilfe und Support: "
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone is a login: it has to be unlocked by finger, face or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Hilfe und Support"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A firm's own login: an account that comes from there may do nothing until an administrator says what.
OIDC = environment.oidc("OIDC")
SOCIALACCOUNT_ADAPTER = "faq.company_login.CompanyLoginAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form could not lead to the firm's address: form-action allows our own alone
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC] if OIDC else []}}

# German, without a translation layer of our own
LANGUAGE_CODE = "de"
LOCALE_PATHS = [BASE_DIR / "helpdesk/locale"]
LANGUAGES = [("de", "Deutsch")]
USE_I18N = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Static files: hashed names, compressed once
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# No page asks for the other names, and nobody but a debugger for source maps: compressing both took most of a first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "woff2")
STORAGES = {
    "default": environment.file_store("FILES_URL"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "helpdesk.static_files.StaticFiles"
    },
}
MEDIA_ROOT = DATA_DIR / "uploads"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Where `backup` puts a copy of each backup: a folder of another disk or machine
BACKUP_COPY = environment.folder_elsewhere("BACKUP_COPY")
SEARCHES_PER_MINUTE = environment.number("SEARCHES_PER_MINUTE", 600, 1_000_000)
SEARCHES_KEPT_DAYS = environment.number("SEARCHES_KEPT_DAYS", 180, 3650)
ATTACHMENT_MAX_MB = environment.number("ATTACHMENT_MAX_MB", 10, 100)

# Whether links to pages elsewhere are checked soon after a save; without a way out they would all count as broken.
CHECK_LINKS = environment.flag("CHECK_LINKS", True)

# Mail: only what is sent to editors who asked for it
_MAIL = environment.mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.email(
    "EMAIL_FROM", _MAIL.user if "@" in _MAIL.user else f"hilfe@{urlsplit(PUBLIC_URL).hostname}"
)

# What a browser may do with our pages
CSRF_FAILURE_VIEW = "faq.admin.refusals.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "faq.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Subdomains and the preload list concern other hosts of the domain: the operator decides.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Markdown of a long walkthrough is well below this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The largest there is to send: an attachment, or the content of a whole portal as one archive.
UPLOAD_MAX_BYTES = max(ATTACHMENT_MAX_MB, 50) * 1_000_000 + DATA_UPLOAD_MAX_MEMORY_SIZE

# What an operator sees
METRICS_TOKEN = environment.token("METRICS_TOKEN")
METRICS_DIR = environment.folder("PROMETHEUS_MULTIPROC_DIR", DATA_DIR / "metrics" / str(PORT))
SLOW_MS = environment.number("SLOW_MS", 1000, 600_000)
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "helpdesk.log.RequestId"},
        "not_503": {"()": "helpdesk.log.Not503"},
        "without_tokens": {"()": "helpdesk.log.WithoutTokens"},
        "wrong_address": {"()": "helpdesk.log.WrongAddress"},
    },
    "formatters": {
        "line": {"()": "helpdesk.log.Line", "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "helpdesk.log.Json",
            "fmt": "{asctime}{levelname}{name}{message}{request_id}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            "reserved_attrs": [*RESERVED_ATTRS, "request"],  # with its query
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line" if DEBUG else "json",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "faq": {"level": "INFO"},
        # A refused or unknown address is no event of the server; what scanners send would fill the log, queries included.
        "django.request": {"level": "ERROR", "filters": ["not_503", "without_tokens"]},
        "django.security": {"level": "CRITICAL"},
        # But for what a wrong PUBLIC_URL, or a proxy that is set up wrongly, would otherwise hide.
        "django.security.DisallowedHost": {"level": "ERROR", "filters": ["wrong_address"]},
        "django.security.csrf": {"level": "WARNING", "filters": ["wrong_address"]},
    },
}

# Last, when all names have been asked for
MISSPELT = environment.misspelt()
