"""Secrets, which are never repeated in what is said of them."""

import os
import secrets

from django.core.exceptions import ImproperlyConfigured

from helpdesk.environment.values import text

_DIFFERENT = 8  # characters that a random secret has at least


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


def make_secret_key(key_file):
    """Write a new key to `key_file` unless there is one; only its owner can read it."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(64) + "\n")


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
