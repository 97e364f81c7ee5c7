"""Small typed helpers that read the settings from the environment.

Each takes the name of a variable and its default, gives back a value of the right type, and raises
ImproperlyConfigured with a German sentence that says what to set where the value is bad or missing.
"""

import difflib
import ipaddress
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_email

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


# How alike a name must be to one of ours to be taken for it misspelt; those of other programs (XDG_DATA_DIRS, LISTEN_FDS) are not.
_ALIKE = 0.82
_DIFFERENT = 8  # characters that a random secret has at least
_asked = set()  # the names of the portal's own settings, as they are read


def text(name, default=""):
    _asked.add(name)
    return os.environ.get(name, "").strip() or default


def flag(name, default=False):
    value = text(name).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} ist {value!r}: Erlaubt sind 1 und 0.")


def port(name, default):
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise ImproperlyConfigured(f"{name} ist {value!r}: Erlaubt sind Ports von 1 bis 65535.")
    return int(value)


def number(name, default, most, least=1):
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} ist {value!r}: Erlaubt sind Zahlen von {least} bis {most}.")
    return int(value)


def address(name, default):
    """An IP address to listen on."""
    value = text(name, default)
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} ist {value!r}: Hierher gehört die IP-Adresse, auf der das Portal antwortet, etwa 127.0.0.1 oder 0.0.0.0 (alle)."
        ) from None


def folder(name, default):
    """The absolute path of a folder; a relative one counts from the working directory."""
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} ist {str(path)!r}, und das ist kein Ordner.")
    return path


def folder_elsewhere(name):
    """The path of a folder that somebody else makes, or None."""
    path = Path(text(name))
    if path == Path():
        return None
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name} ist {str(path)!r}: Nötig ist ein ganzer Pfad, etwa /mnt/portal-backup.")
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
            f"{name} ist {value!r}: Hierher gehört die Adresse für Leser ohne Pfad, etwa https://hilfe.example."
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


def email(name, default):
    """An e-mail address."""
    value = text(name)
    if not value:
        return default
    try:
        validate_email(value)
    except ValidationError:
        raise ImproperlyConfigured(f"{name} ist {value!r}: Hierher gehört eine E-Mail-Adresse.") from None
    return value


def contact(name):
    """Where to write to, as a URI: `mailto:` before a mail address, or an https:// page; empty where none is set."""
    value = text(name)
    if not value:
        return ""
    try:
        if value.startswith("https://"):
            URLValidator(["https"])(value)
            return value
        validate_email(value)
    except ValidationError:
        raise ImproperlyConfigured(
            f"{name} ist {value!r}: Setzen Sie eine E-Mail-Adresse oder eine Seite mit https://."
        ) from None
    return f"mailto:{value}"


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


def secret_key(name, key_file):
    """The key from the environment, or from the file that `make run` and `make dev` made."""
    if value := text(name):
        return _strong(name, value, least=50)
    try:
        if value := key_file.read_text(encoding="utf-8").strip():
            return _strong(key_file, value, least=50)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(
            f"{key_file} ist nicht lesbar ({error.strerror}). Sonst geht es auch mit {name}."
        ) from error
    raise ImproperlyConfigured(
        f"Es gibt keinen geheimen Schlüssel: Setzen Sie {name} auf mindestens 50 zufällige Zeichen, "
        f"oder starten Sie einmal mit „make run“, das {key_file} anlegt."
    )


def token(name):
    """A secret that somebody sends along in a header, or nothing."""
    value = text(name)
    if not value.isascii() or any(c.isspace() for c in value):
        raise ImproperlyConfigured(
            f"{name}: Erlaubt sind Buchstaben ohne Umlaute, Ziffern und Satzzeichen ohne Leerzeichen."
        )
    return value and _strong(name, value, least=16)


def _strong(name, value, least):
    """A secret that nobody guesses. It is not repeated in what is said of it."""
    if len(value) < least:
        raise ImproperlyConfigured(f"{name} ist mit {len(value)} Zeichen zu kurz: Nötig sind {least} zufällige.")
    if len(set(value)) < _DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} hat nur {len(set(value))} verschiedene Zeichen: Nötig sind mindestens {least} zufällige."
        )
    return value


def misspelt():
    """A German sentence on each variable that looks like one of the portal's own settings and is none."""
    plain = {_plain(name): name for name in _asked}
    found = []
    for name in sorted(set(os.environ) - _asked):
        if meant := difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_ALIKE):
            found.append(
                f"{name} ist keine Einstellung des Portals und bleibt ohne Wirkung. Gemeint ist wohl {plain[meant[0]]}."
            )
    return found


def _plain(name):
    return name.upper().replace("_", "").replace("-", "")


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
