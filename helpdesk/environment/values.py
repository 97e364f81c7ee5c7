"""Plain values: texts, numbers, folders, addresses; and which names of variables are misspelt."""

import difflib
import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_email

# How alike a name must be to one of ours to be taken for it misspelt; those of other programs (XDG_DATA_DIRS, LISTEN_FDS) are not.
_ALIKE = 0.82
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
