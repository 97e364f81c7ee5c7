"""Small typed helpers that read the settings from the environment.

Each takes the name of a variable and its default, gives back a value of the right type, and raises
ImproperlyConfigured with a German sentence that says what to set where the value is bad or missing.
"""

from helpdesk.environment.keys import make_secret_key, secret_key, token
from helpdesk.environment.services import database, file_store, mail_server, oidc
from helpdesk.environment.values import (
    address,
    contact,
    email,
    flag,
    folder,
    folder_elsewhere,
    misspelt,
    number,
    origin,
    port,
    text,
)

__all__ = [
    "address", "contact", "database", "email", "file_store", "flag", "folder", "folder_elsewhere", "mail_server",
    "make_secret_key", "misspelt", "number", "oidc", "origin", "port", "secret_key", "text", "token",
]  # fmt: skip
