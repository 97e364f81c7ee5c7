"""What tests of the login share."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp


@pytest.fixture
def second_factor(settings):
    settings.SECOND_FACTOR = True


def code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def enrol(monkeypatch):
    """`enrol(client)`: set up an app as the page says; the secret."""
    # Within a test nothing is ever committed: what allauth does then, it does at once.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, **options: function())

    def enrol(client):
        page = client.get("/konto/2fa/totp/activate/").content.decode()
        secret = re.search(r'id="authenticator_secret">(\w+)<', page)[1]
        response = client.post("/konto/2fa/totp/activate/", {"code": code(secret)})
        assert response.headers["Location"] == "/konto/2fa/recovery-codes/", response.content.decode()
        return secret

    return enrol
