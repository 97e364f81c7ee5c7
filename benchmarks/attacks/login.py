"""The login under attack, on two workers: passwords and second factors guessed in parallel, and redirects that lead elsewhere.

Each guess claims to come from another address (X-Forwarded-For). What is refused unseen says so, what was looked at says that it
was wrong; whoever is let in ends this with an error, and so does a redirect that leaves the portal.
"""

import contextlib
import random
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import requests

from benchmarks.attacks import raw
from tests import running

GUESSES = 200
THREADS = 16
SESSIONS = 4  # that know the password and lack the second factor
PASSWORD = "nur-fuer-den-test-7421"
CHECKED = ("das Passwort sind leider falsch", "Falscher Code")
ACCOUNT = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user("freigabe", password="{PASSWORD}", is_staff=True)
user.groups.add(Group.objects.get(name="Freigabe"))
"""
FACTOR = """
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import User
secret = auth.generate_totp_secret()
auth.TOTP.activate(User.objects.get(username="freigabe"), secret)
result = secret
"""
CODES = """
import time
from allauth.mfa.totp.internal import auth
result = [auth.format_hotp_value(auth.hotp_value({secret!r}, int(time.time()) // 30 + n)) for n in range(-10, 11)]
"""
# The portal's own port stands for {port}.
ELSEWHERE = (
    "https://boese.example/", "//boese.example/", "///boese.example/", "////boese.example", "/\\boese.example/", "\\\\boese.example", "/\t/boese.example",
    "\t//boese.example", "/\n/boese.example", " //boese.example", "\0//boese.example", "https:boese.example", "https:/boese.example", "http:///boese.example",
    "https:\\\\boese.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,a", "vbscript:a", "ftp://127.0.0.1/",
    "https://127.0.0.1:{port}@boese.example/", "http://127.0.0.1:{port}.boese.example/", "http://boese.example#@127.0.0.1:{port}/", "//boese.example\\@127.0.0.1:{port}/",
    "http://boese.example\\.127.0.0.1:{port}/", "http://127.0.0.1/", "http://localhost/", "https://localhost/", "http://[::1]/", "//localhost", "//127.0.0.1:1/",
    "http://[::ffff:7f00:1]/", "//boese。example", "/%2f/boese.example", "/%5cboese.example", "/.//boese.example", "/admin/..//..//boese.example", "?next=//boese.example",
    "/\u2028/boese.example", "http://2130706433/", "//boese.example:{port}", "http://127.0.0.1:{port}\r\nX-A: b", "x" * 3000, "blob:http://127.0.0.1:{port}/a",
)  # fmt: skip


@contextlib.contextmanager
def attacked(prepared, folder, **env):
    portal = running.Portal(running.copied(prepared, Path(folder)), **env).start()
    try:
        portal.edit(ACCOUNT)
        yield portal
    finally:
        portal.stop()


def address():
    return ".".join(str(random.randrange(1, 255)) for _ in range(4))


def post(portal, path, data, cookies=()):
    """Send a form past the check of its cookie, as from an address of its own."""
    url = f"http://127.0.0.1:{portal.port}{path}"
    return requests.post(url, data=data, **signed(cookies), allow_redirects=False, timeout=running.PATIENCE)


def signed(cookies):
    """What goes with a form: its cookies, and headers as from an address of its own."""
    token = "a" * 32
    headers = {"X-CSRFToken": token, "X-Forwarded-For": address()}
    return {"cookies": dict(cookies) | {"csrftoken": token}, "headers": headers}


def get(portal, path, cookies=()):
    url = f"http://127.0.0.1:{portal.port}{path}"
    return requests.get(url, cookies=dict(cookies), allow_redirects=False, timeout=running.PATIENCE)


def log_in(portal, name="freigabe", password=PASSWORD, **more):
    return post(portal, "/konto/login/", {"login": name, "password": password} | more)


def what_became(answer, portal):
    """`checked`, `refused` or `let in`, or what else came back."""
    if answer.status_code == 429 or "Zu viele" in answer.text:
        return "refused"
    if any(words in answer.text for words in CHECKED):
        return "checked"
    opened = answer.status_code == 302 and get(portal, "/admin/", answer.cookies).status_code == 200
    return "let in" if opened else f"status {answer.status_code}"


def attack(what, portal, guess):
    """Guess in parallel, then come with what is right; a row of the table. `guess(number)` sends one and gives its answer."""
    with ThreadPoolExecutor(THREADS) as pool:
        became = Counter(pool.map(lambda number: what_became(guess(number), portal), range(GUESSES)))
    right = what_became(guess(None), portal)
    others = {name: count for name, count in became.items() if name not in ("checked", "refused", "let in")}
    wrong = became["let in"] + sum(others.values()) + (right != "refused")
    said = f"{became['checked']} checked, {became['refused']} refused, {became['let in']} let in; the right one then: {right}"
    return [what, GUESSES, f"{said}, else: {others}" if others else said, wrong]


def passwords(prepared, folder):
    """One account's password; then one password each of many accounts."""
    with attacked(prepared, f"{folder}/one") as portal:
        yield attack(
            "passwords of one account",
            portal,
            lambda number: log_in(portal) if number is None else log_in(portal, password=f"falsch-{number}"),
        )
    with attacked(prepared, f"{folder}/many") as portal:
        yield attack(
            "passwords of 200 accounts",
            portal,
            lambda number: log_in(portal) if number is None else log_in(portal, f"konto-{number}", "falsch"),
        )


def second_factor(prepared, folder):
    """Codes, by somebody who knows the password."""
    with attacked(prepared, f"{folder}/factor", SECOND_FACTOR="1") as portal:
        secret = portal.edit(FACTOR)
        sessions = [log_in(portal).cookies for _ in range(SESSIONS)]
        valid = portal.edit(CODES.format(secret=secret))
        wrong = [code for code in (f"{n:06}" for n in range(GUESSES + len(valid))) if code not in valid]

        def guess(number):
            code = portal.edit(CODES.format(secret=secret))[10] if number is None else wrong[number]
            session = sessions[(number or 0) % SESSIONS]
            return post(portal, "/konto/2fa/authenticate/", {"code": code}, session)

        return attack("codes of one second factor", portal, guess)


def leads_off(address, port):
    """Whether a browser that is told this address would leave the portal: it takes \\ for / and drops line breaks and tabs."""
    cleaned = "".join(c for c in address if c not in "\t\r\n").strip("".join(map(chr, range(33)))).replace("\\", "/")
    url = urlsplit(urljoin(f"http://127.0.0.1:{port}/", cleaned))
    return (url.scheme, url.netloc) != ("http", f"127.0.0.1:{port}")


def redirects(prepared, folder):
    """Everything that takes `next`, before the login, at it and after it, and paths that look like hosts."""
    followed, off = 0, []
    with attacked(prepared, f"{folder}/redirects", TRUSTED_PROXIES="1") as portal:
        inside = log_in(portal).cookies
        for value in (value.format(port=portal.port) for value in ELSEWHERE):
            query, fields = "?next=" + quote(value, safe=""), {"next": value, "password": PASSWORD}
            answers = [log_in(portal, next=value), post(portal, f"/konto/logout/{query}", fields)]
            answers.append(post(portal, f"/konto/reauthenticate/{query}", fields, inside))
            for path in ("/konto/login/", "/admin/login/", "/konto/reauthenticate/", "/konto/2fa/"):
                answers += [get(portal, path + query, cookies) for cookies in (inside, {})]
            for prefix in ("/", "//", "/admin/"):
                path = prefix + quote(value, safe="/\\:@?%")
                answers.append(raw.send(portal.port, raw.Request("GET", path.encode(), {})))
            led = [answer.headers["Location"] for answer in answers if "Location" in answer.headers]
            followed += len(led)
            off += [(value, location) for location in led if leads_off(location, portal.port)]
    for value, location in off:
        print(f"  {value!r} led to {location!r}")
    return ["redirects that lead elsewhere", len(ELSEWHERE), f"each in 14 requests; {followed} led on", len(off)]


def tried():
    """Rows of the table of attacks."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared")
        prepared.mkdir()
        running.manage(running.environment(prepared), "prepare")
        return [*passwords(prepared, folder), second_factor(prepared, folder), redirects(prepared, folder)]
