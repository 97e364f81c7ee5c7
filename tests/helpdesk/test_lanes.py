"""Who asks for expensive things waits for a turn or is told to come again, and readers go on reading."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from faq.public.lanes import ADMIN, LOGIN
from helpdesk.start import SERVER

TOKEN = "a" * 32


def log_in(portal, number):
    """Try a password, from a network of its own."""
    return portal.get(
        "/konto/login/",
        method="POST",
        body=urlencode({"login": f"konto-{number}", "password": "falsch"}),
        Content_Type="application/x-www-form-urlencoded",
        Cookie=f"csrftoken={TOKEN}",
        X_CSRFToken=TOKEN,
        X_Forwarded_For=f"198.51.{number}.1",
    )


def test_sixty_logins_at_once_leave_the_pages_to_the_readers(portal_in):
    portal = portal_in(TRUSTED_PROXIES="1", CHECK_LINKS="0")
    portal.seen_by_all("/faq/stornierung/")
    with ThreadPoolExecutor(64) as pool:
        logins = [pool.submit(log_in, portal, number) for number in range(60)]
        while not all(login.done() for login in logins):
            assert portal.get("/faq/stornierung/").status == 200
    answers = [login.result() for login in logins]
    became = Counter(answer.status for answer in answers)
    assert set(became) == {200, 503}
    assert became[200] >= 3  # those that had a turn or waited for one were looked at
    refused = next(answer for answer in answers if answer.status == 503)
    assert refused.headers["Retry-After"] == "5"
    assert "in ein paar Sekunden noch einmal" in refused.body.decode()
    assert refused.headers["Content-Security-Policy"]
    # And it is over as soon as nobody asks any more.
    assert log_in(portal, 99).status == 200


def test_no_lane_can_hold_all_threads_of_a_worker():
    threads = int(SERVER[SERVER.index("--blocking-threads") + 1])
    assert sum(LOGIN) + sum(ADMIN) <= threads - 3
