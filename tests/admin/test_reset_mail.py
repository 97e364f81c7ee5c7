"""The mail with which a password is set anew, on a portal that really runs: sent after the answer, with PUBLIC_URL in it."""

import json
import re
import time

import pytest
import requests
from aiosmtpd.controller import Controller

from tests.running import PATIENCE, free_port

SLOWLY = 1  # seconds
ACCOUNTS = """
from django.contrib.auth.models import User
User.objects.create_user("freigabe", "da@example.org", "x", is_staff=True)
User.objects.create_user("frueher", "weg@example.org", "x", is_staff=True, is_active=False)
"""


class Post:
    """A mail server that takes its time."""

    def __init__(self):
        self.mails, self.refuses = [], False

    async def handle_DATA(self, server, session, envelope):
        time.sleep(SLOWLY)
        if self.refuses:
            return "554 geheim@example.org is not known here"
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def post():
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


def ask(portal, email, host="127.0.0.1"):
    """Ask for a new password; the seconds that the answer took."""
    token = "a" * 32
    began = time.monotonic()
    answer = requests.post(
        f"http://127.0.0.1:{portal.port}/konto/password/reset/",
        data={"email": email},
        cookies={"csrftoken": token},
        headers={"X-CSRFToken": token, "Host": f"{host}:{portal.port}"},
        allow_redirects=False,
        timeout=PATIENCE,
    )
    assert answer.status_code == 302, answer.text
    return time.monotonic() - began


def test_mail_goes_out_after_the_answer_to_whom_it_belongs_and_leads_to_the_portals_own_address(portal_in, post):
    portal = portal_in(EMAIL_URL=post.url)
    portal.edit(ACCOUNTS)
    ask(portal, "niemand@example.org")  # the first of all takes longer
    assert max(ask(portal, email) for email in ("da@example.org", "weg@example.org", "niemand@example.org")) < SLOWLY
    portal.wait_for(lambda: post.mails)

    post.refuses, log = True, portal.folder / "server.log"
    ask(portal, "da@example.org")
    portal.wait_for(lambda: "SMTPDataError" in log.read_text())
    assert (
        next(json.loads(line) for line in log.read_text().splitlines() if "SMTPDataError" in line)["level"] == "ERROR"
    )
    assert "example.org" not in log.read_text()

    post.refuses = False
    ask(portal, "da@example.org", host="localhost")
    portal.stop()  # what waits goes out first
    assert [to for to, _ in post.mails] == [["da@example.org"]] * 2
    for _, text in post.mails:
        assert re.search(rf"http://127\.0\.0\.1:{portal.port}/konto/password/reset/key/\S", text), text
