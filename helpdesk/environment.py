"""Small typed helpers that read the settings from the environment.

Each takes the name of a variable and its default, gives back a value of the right type, and raises
ImproperlyConfigured with a sentence that says what to set where the value is bad or missing.
"""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

# Each with the port that goes without saying.
MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
# A machine that is gone is given up after some seconds. How long a statement may take, `helpdesk.start` says to servers only.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}


def text(name, default=""):
    return os.environ.get(name, "").strip() or default


def flag(name, default=False):
    value = text(name).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")


def port(name, default):
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a port number from 1 to 65535.")
    return int(value)


def number(name, default, most, least=1):
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a number from {least} to {most}.")
    return int(value)


def address(name, default):
    """An IP address to listen on."""
    value = text(name, default)
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the IP address to listen on, such as 127.0.0.1, or 0.0.0.0 for all."
        ) from None


def folder(name, default):
    """The absolute path of a folder; a relative one counts from the working directory."""
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} is {str(path)!r}, which is a file: set it to a folder.")
    return path


def origin(name, default):
    """An origin such as https://hilfe.example, without a path and without the closing slash."""
    value = text(name, default).rstrip("/")
    try:
        url = urlsplit(value)
        bad = url.scheme not in ("http", "https") or not url.hostname or url.path or url.query or url.fragment
        bad = bad or url.username is not None or (url.port is not None and url.port == 0)
    except ValueError:
        bad = True
    if bad or not value.isascii() or any(c.isspace() for c in value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the address readers use, such as https://hilfe.example, with no path."
        )
    return value


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
            f"{name} cannot be read: set it to smtp+tls://user:password@mail.example:587 (STARTTLS), "
            "smtps://… (TLS from the start) or smtp://… (not encrypted)."
        )
    user, password = (unquote(part or "") for part in (url.username, url.password))
    return MailServer(url.hostname, port, user, password, url.scheme == "smtp+tls", url.scheme == "smtps")


def email(name, default):
    """An e-mail address."""
    value = text(name)
    if not value:
        return default
    try:
        validate_email(value)
    except ValidationError:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to an e-mail address.") from None
    return value


def oidc(prefix):
    """allauth's settings for a firm's own login by OpenID Connect, or None where it is not set up."""
    values = {part: text(f"{prefix}_{part}") for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    if not any(values.values()):
        return None
    missing = [f"{prefix}_{part}" for part, value in values.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"The login by OpenID Connect is set up by halves: set {', '.join(missing)} too.")
    issuer = urlsplit(values["ISSUER"])
    if issuer.scheme != "https" and issuer.hostname not in ("127.0.0.1", "localhost"):
        raise ImproperlyConfigured(f"{prefix}_ISSUER is {values['ISSUER']!r}: set it to an address with https://.")
    return {
        "provider_id": "firma",
        "name": text(f"{prefix}_NAME", "Firmenkonto"),
        "client_id": values["CLIENT_ID"],
        "secret": values["CLIENT_SECRET"],
        "settings": {"server_url": values["ISSUER"].rstrip("/")},
    }


def secret_key(name, key_file):
    """The key from the environment, or from the file that `make run` and `make dev` made."""
    if value := text(name):
        if len(value) < 50 or len(set(value)) < 5:
            raise ImproperlyConfigured(f"{name} is too short: set it to at least 50 random characters.")
        return value
    try:
        if value := key_file.read_text(encoding="utf-8").strip():
            return value
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"{key_file} cannot be read ({error.strerror}): set {name} instead.") from error
    raise ImproperlyConfigured(
        f"There is no secret key: set {name} to at least 50 random characters, "
        f"or start once with `make run`, which makes {key_file}."
    )


def make_secret_key(key_file):
    """Write a new key to `key_file` unless there is one; only its owner can read it."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(64) + "\n")


def database(name, default_file):
    """Django's database settings for SQLite (in `default_file` unless the variable says otherwise) or PostgreSQL."""
    url = text(name)
    if not url:
        return _sqlite(default_file)
    scheme = url.partition("://")[0]
    if scheme not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"{name} is of the kind {scheme!r}: set it to sqlite:///path/to/file or postgres://user:password@host/name."
        )
    try:
        parsed = dj_database_url.parse(url)
    except (ValueError, dj_database_url.ParseError) as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    if not parsed.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database: set it to {scheme}://…/name.")
    options = parsed.get("OPTIONS", {})
    if scheme == "sqlite":
        if not all(key == "timeout" and isinstance(value, int) for key, value in options.items()):
            raise ImproperlyConfigured(f"{name} cannot be read: the one option of sqlite:/// is timeout=SECONDS.")
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
