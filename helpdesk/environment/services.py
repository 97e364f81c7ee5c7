"""What the portal talks to: its database, a mail server, a store for files, the firm's login."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from helpdesk.environment.values import number, text

# Each with the port that goes without saying.
MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
FILE_SCHEMES = {"s3": "https", "s3+http": "http"}
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
# A machine that is gone is given up after some seconds. How long a statement may take, `helpdesk.start` says to servers only.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}


def database(name, default_file):
    """Django's database settings for SQLite (in `default_file` unless the variable says otherwise) or PostgreSQL."""
    url = text(name)
    if not url:
        return _sqlite(default_file)
    scheme = url.partition("://")[0]
    if scheme not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"{name} ist von der Art {scheme!r}: Erlaubt sind sqlite:///pfad/zur/datei und postgres://benutzer:passwort@host/name."
        )
    try:
        parsed = dj_database_url.parse(url)
    except (ValueError, dj_database_url.ParseError):  # what they say may repeat the password
        raise ImproperlyConfigured(
            f"{name} ist nicht lesbar: Sonderzeichen im Passwort gehören als %40 hinein, der Port ist eine Zahl."
        ) from None
    if not parsed.get("NAME"):
        raise ImproperlyConfigured(f"{name} nennt keine Datenbank: Richtig ist {scheme}://…/name.")
    options = parsed.get("OPTIONS", {})
    if scheme == "sqlite":
        if not all(key == "timeout" and isinstance(value, int) for key, value in options.items()):
            raise ImproperlyConfigured(f"{name} ist nicht lesbar: Die eine Option von sqlite:/// ist timeout=SEKUNDEN.")
        return _sqlite(parsed["NAME"], options)
    if "options" in options:  # they would stand in place of those
        options["options"] = f"{text('PGOPTIONS')} {options['options']}".strip()
    return parsed | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRES_TIMEOUTS | options,
    }


def _sqlite(name, options=()):
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # By mode=rw a connection never begins an empty file where one is missing.
        "NAME": name if name == ":memory:" else f"{Path(name).absolute().as_uri()}?mode=rw",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A writer takes the lock at the start: two can't both read first and then fail with "locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": number("LOCK_TIMEOUT", 20, 600),
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;",
        }
        | dict(options),
    }


class MailServer(NamedTuple):
    """Where mail is handed over; `host` is empty where there is none. `starttls` or `tls`: how it is encrypted, if at all."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail_server(name):
    """A mail server such as smtp+tls://user:password@mail.example:587; special characters in the password as %40."""
    value = text(name)
    if not value:
        return MailServer()
    try:
        url = urlsplit(value)
        port = url.port or MAIL_SCHEMES[url.scheme]
        bad = not url.hostname or url.path not in ("", "/") or url.query or url.fragment
    except (ValueError, KeyError):
        bad = True
    if bad or not value.isascii() or any(c.isspace() for c in value):
        # The value holds a password: it is not repeated.
        raise ImproperlyConfigured(
            f"{name} ist nicht lesbar: Erlaubt sind smtp+tls://benutzer:passwort@mail.example:587 (STARTTLS), "
            "smtps://… (TLS von Anfang an) und smtp://… (unverschlüsselt)."
        )
    user, password = (unquote(part or "") for part in (url.username, url.password))
    return MailServer(url.hostname, port, user, password, url.scheme == "smtp+tls", url.scheme == "smtps")


def file_store(name):
    """Django's settings of the storage of attachments: MEDIA_ROOT, or a store such as s3://key:secret@host/bucket?region=…"""
    value = text(name)
    if not value:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    try:
        url = urlsplit(value)
        port, bucket, options = (
            url.port,
            url.path.removeprefix("/"),
            dict(parse_qsl(url.query, strict_parsing=bool(url.query))),
        )
        bad = url.scheme not in FILE_SCHEMES or not (url.hostname and url.username and url.password)
        bad = bad or not BUCKET.fullmatch(bucket) or options.keys() - {"region"} or url.fragment
    except ValueError:
        bad = True
    if bad or not value.isascii() or any(c.isspace() for c in value):
        # The value holds a secret: it is not repeated.
        raise ImproperlyConfigured(
            f"{name} lässt sich nicht lesen. Es geht s3://schlüssel:geheimnis@server/bucket?region=eu-central-1, "
            "unverschlüsselt mit s3+http://…; Sonderzeichen im Geheimnis als %2F."
        )
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(f"{name} braucht ein weiteres Paket: pip install 'django-storages[s3]'")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return {
        "BACKEND": "faq.files.s3.Store",
        "OPTIONS": {
            "endpoint_url": f"{FILE_SCHEMES[url.scheme]}://{host}" + (f":{port}" if port else ""),
            "access_key": unquote(url.username),
            "secret_key": unquote(url.password),
            "bucket_name": bucket,
            "region_name": options.get("region", "us-east-1"),
        },
    }


def oidc(prefix):
    """allauth's settings for a firm's own login by OpenID Connect, or None where it is not set up."""
    values = {part: text(f"{prefix}_{part}") for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    if not any(values.values()):
        return None
    missing = [f"{prefix}_{part}" for part, value in values.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"Die Anmeldung über OpenID Connect ist halb eingerichtet: Es fehlt {', '.join(missing)}."
        )
    issuer = urlsplit(values["ISSUER"])
    if issuer.scheme != "https" and issuer.hostname not in ("127.0.0.1", "localhost"):
        raise ImproperlyConfigured(
            f"{prefix}_ISSUER ist {values['ISSUER']!r}: Hierher gehört eine Adresse mit https://."
        )
    return {
        "provider_id": "firma",
        "name": text(f"{prefix}_NAME", "Firmenkonto"),
        "client_id": values["CLIENT_ID"],
        "secret": values["CLIENT_SECRET"],
        "settings": {"server_url": values["ISSUER"].rstrip("/")},
    }
