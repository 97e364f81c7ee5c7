"""Hostile requests to every address of a running portal: no answer from 500 on, no broken connection."""

import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.parse import quote

import django

from benchmarks.attacks.raw import Request, send
from benchmarks.portal import DATABASES, new_portal
from tests import running

THREADS = 4
PREPARE = "from tests.browser.prepared import prepare; prepare()"
# Limits would hide errors: each request has an address of its own.
PROXIES = {"TRUSTED_PROXIES": "1"}
# What is closed without them has pages too. Nothing listens there, and nothing that is sent leads there.
MORE = {"EMAIL_URL": "smtp://127.0.0.1:9", "METRICS_TOKEN": "geheim-0123456789"}
COMPANY = {"OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "geheim"}
# Its answer is 503, by intent, where the firm's login does not answer.
LEFT_OUT = "konto/oidc/%(provider_id)s/login/"
SITEMAP, TAG = "sitemap/entries.xml", "thema/bestellung/"  # of the addresses with a parameter that the content names

KNOWN = ("stornierung", "bestellvorgang-olp", "mindestanzahl") * 5 + (
    "mindestmenge", "geloescht", "antrag", "allgemein", "vlsc", "olp", "pause",
    "reseller", "lizenzteam", "ja", "nein", "text", "entries", "pages", "firma", "1", "faq", "entry",
)  # fmt: skip
WORDS = (
    "bestellen", "stornieren", "lizenz", "office", "vlsc", "zugang", "OLP", "verlängern", "mindestmänge", "05744", "kündigen",
)  # fmt: skip
HOSTILE = (
    "", " ", "\0", "a\0b", "\r\nX-A: b", "\u202egnp", "ﬀİẞ", "e" + "\u0301" * 400, "😀" * 50, "\ufeff", "\uffff", "ſ", "ʼ",
    "'", '"', "' OR 1=1 --", '"; DROP TABLE faq_entry; --', "1 UNION SELECT 1", "%", "_", "\\", "*", "a*", "(", ")))", "((((", "AND", "OR", "NOT",
    "NEAR(", "NEAR(a b, 99999999999)", "a AND", "NOT NOT", "title:olp", "{title body}:a", "^a", '"a', 'a"b"c', "-", "--olp", "+", "a & | !",
    "a:*", "<->", "0", "-1", "-0", "1e309", "NaN", "٣", "²", "9" * 19, "9" * 400, "9" * 5000, "-" + "9" * 30, "0x1F", "1_000", "50", "51",
    "true", "null", "None", "[]", "{}", "../../etc/passwd", "..%2f..", "//boese.example", "https://boese.example/", "javascript:alert(1)",
    "<script>alert(1)</script>", "{{7*7}}", "{% debug %}", "${7*7}", "%(a)s", "%s%n", "{0.__class__}", "a" * 300, "ä" * 3000, "wort " * 1500,
    "a-" * 2000, "zzzzzzzzzzzzz", "MQ-a-b:c:d", "schritt-1", "_", "-", "con", ".", "..", "a/b", "a?b", "a#b", "a;b", "ß" * 64, "\u2028", "𝔘𝔫𝔦",
)  # fmt: skip
BROKEN = (
    b"%", b"%z", b"%zz", b"%u00fc", b"%00", b"%ff%fe", b"%ED%A0%80", b"%C0%AF", b"%25%30%30", b"%0d%0aX-A:%20b", b"\xff\xfe", b"+%2B+",
)  # fmt: skip
# What pages read, by the last part of their paths; and what else may stand there.
READ = {
    "suche": ("q", "genau", "kategorie", "thema", "ab"), "suche.json": ("q", "limit"), "vorschlaege": ("q",), "feld.json": ("q",), "vergleich": ("links", "rechts"),
    "rueckmeldung": ("danke",), "entries.xml": ("p",), "bestellung": ("seite",),
}  # fmt: skip
PARAMETERS = (
    "q", "ab", "limit", "next", "code", "state", "error", "text", "format",
    "hilfreich", "webseite", "login", "page", "o", "_popup", "_to_field", "id__exact", "q[]", "q[0]", "ab[a]", "", "__proto__", "utm_source",
)  # fmt: skip
FORMS = (
    "faq/%(slug)s/rueckmeldung/", "konto/login/", "konto/password/reset/", "konto/2fa/authenticate/", "konto/2fa/webauthn/login/",
)  # fmt: skip
UNKNOWN = (
    "gibt-es-nicht/", ".env", "wp-login.php", "faq", "faq//", "faq/stornierung", "faq/stornierung.md/", "static/", "static/../manage.py",
    "static/css/site.css", "favicon.ico", "//boese.example/", "a/b/c/d/e", "?", "?q", "*", "index.html", "SUCHE/", "suche.json/", "media/a",
)  # fmt: skip
FIELDS = ("text", "hilfreich", "webseite", "login", "password", "code", "next", "email")
NO_FORMS = (
    b"", b"--grenze", b'--grenze\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff', b"\0" * 999, b"{", b"&=" * 6000,
)  # fmt: skip
METHODS = ("HEAD", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "A" * 50)
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data; boundary=grenze",
    "multipart/form-data", "multipart/form-data; boundary=" + "a" * 300, "multipart/mixed; boundary=grenze", "application/json", "text/plain",
    "a", "\xff/\xfe", "application/x-www-form-urlencoded; charset=gibtesnicht",
)  # fmt: skip
HEADERS = {
    "Host": ("boese.example", "127.0.0.1:99999", "", "a b", "[::1", "localhost", "127.0.0.1@boese.example", "ä.example", "a" * 300, "127.0.0.1."),
    "Range": ("bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-0,1-1,2-2", "bytes=99999999999999999999-", "bytes=a-b", "zeilen=1-2", "bytes="),
    "If-None-Match": ("*", '"a"', 'W/"' + "a" * 3000 + '"', "a", '"a', ",,,", 'W/"a", "b", c', "\xff"),
    "If-Match": ("*", '"a"', "a"),
    "If-Modified-Since": ("gestern", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 0000 99:99:99 GMT", "9" * 50, "Sun, 06 Nov 9999999 08:49:37 GMT"),
    "If-Unmodified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT", "a"),
    "Accept-Encoding": ("br", "gzip;q=0", "br;q=2, gzip;q=a", "identity;q=0, *;q=0", "zstd", "gzip;q=" + "9" * 500, ";;;,,,", "\xff", "br;q=nan"),
    "Accept": ("application/json", "*/*;q=a", "a", "text/html;" * 300),
    "Accept-Language": ("tlh", "de-" + "a" * 500, "*;q=9", "\xff"),
    "Cookie": ("sessionid=a", "sessionid=\xff", "sessionid=" + "a" * 3000, "messages=a:b:c", "csrftoken=a", "=", ";;;", "a=b; " * 300, 'a="b', "sessionid=' OR 1"),
    "Authorization": ("Bearer a", "Bearer \xff", "Basic a", "Bearer", "Digest " + "a" * 3000),
    "X-Forwarded-For": ("a", "", ",", "::1", "\xff", "1.2.3.4, " * 200, "[::1]:80", "fe80::1%eth0", "999.1.1.1"),
    "X-Forwarded-Proto": ("https", "a", ""),
    "X-Forwarded-Host": ("boese.example",),
    "X-Request-ID": ("a" * 32, "\xff" * 32, "\u00b2" * 32, ""),
    "X-Requested-With": ("XMLHttpRequest",),
    "Content-Length": ("-1", "a", "99999999999999999999", "100000000", "+1", "\u00b2"),
    "Content-Encoding": ("gzip", "a"),
    "Transfer-Encoding": ("chunked", "gzip"),
    "Expect": ("100-continue", "a"),
    "Upgrade": ("websocket", "h2c"),
    "Origin": ("null", "https://boese.example", "a"),
    "Referer": ("https://boese.example/", "\xff", "a" * 3000),
    "X-" + "a" * 500: ("a",),
}  # fmt: skip


class Fuzzer:
    """Makes requests.

    `routes` are the portal's own addresses, with %(name)s for what varies; `parameters` what a page reads, by the last part of its
    path.
    """

    def __init__(self, routes, parameters, seed):
        self.rng, self.routes, self.parameters = random.Random(seed), routes, parameters
        self.public = [route for route in routes if not route.startswith("admin/")] + [SITEMAP, TAG]
        readers = [route for route in self.public if not route.startswith("konto/")]
        self.mostly = [route for route in readers for _ in range(12 if self.known(route) else 1)] + [*UNKNOWN]

    def known(self, route):
        return self.parameters.get(route.rstrip("/").rpartition("/")[2], ())

    def each(self):
        """Every hostile value at every public place there is for one, alone."""
        values = [quote(text, safe="").encode() for text in HOSTILE] + [*BROKEN]
        for value in values:
            headers = {"Content-Type": TYPES[0], "X-Forwarded-For": self.client()}
            yield Request("POST", b"/" + self.path(FORMS[0], b"stornierung"), headers, b"text=" + value)
        for route in self.public:
            for value in values:
                if "%(" in route:
                    yield self.get(self.path(route, value))
                for name in self.known(route):
                    yield self.get(self.path(route, b"stornierung") + b"?" + name.encode() + b"=" + value)
            if route in ("", "suche/", "datei/%(slug)s/", "konto/login/"):
                for name, value in [(name, value) for name, some in HEADERS.items() for value in some]:
                    yield self.get(self.path(route, b"antrag"), **{name: value})

    def get(self, target, **headers):
        return Request("GET", b"/" + target, {"X-Forwarded-For": self.client()} | headers)

    def client(self):
        return ".".join(str(self.rng.randrange(256)) for _ in range(4))

    def request(self):
        rng = self.rng
        method = "GET" if rng.random() < 0.7 else rng.choice(METHODS)
        route = rng.choice(self.routes if rng.random() < 0.2 else self.mostly)
        if method == "POST" and rng.random() < 0.7:
            route = rng.choice(FORMS)
        headers = {name: rng.choice(HEADERS[name]) for name in rng.sample([*HEADERS], rng.choice((0, 0, 1, 1, 2, 4)))}
        headers.setdefault("X-Forwarded-For", self.client())
        body = b""
        if method in ("POST", "PUT", "PATCH"):
            body = self.body(headers)
        return Request(method, b"/" + self.path(route) + self.query(route), headers, body)

    def path(self, route, value=None):
        """A route's path, with this value in each place for one, or with any."""
        parts = route.split("%(")
        made = parts[0].encode()
        for part in parts[1:]:
            some = self.rng.choice(KNOWN).encode() if self.rng.random() < 0.6 else self.value()
            made += (some if value is None else value) + part.partition(")s")[2].encode()
        return made

    def query(self, route):
        rng = self.rng
        given = [name for name in self.known(route) if rng.random() < 0.6]
        given += rng.choices(PARAMETERS, k=rng.choice((0, 0, 0, 0, 1, 1, 2, 8) * 20 + (1500,)))
        if given and rng.random() < 0.1:
            given += given[:1] * 3
        pairs = [quote(name).encode() + rng.choice((b"=", b"=", b"=", b"")) + self.value() for name in given]
        return b"?" + rng.choice((b"&",) * 20 + (b";", b"&&")).join(pairs) if pairs else b""

    def text(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            return " ".join(rng.choices(WORDS, k=rng.randint(1, 4)))
        if kind < 0.8:
            return rng.choice(HOSTILE)
        if kind < 0.9:
            return rng.choice(WORDS) + rng.choice((" ", "")) + rng.choice(HOSTILE)
        return "".join(
            chr(rng.choice((rng.randrange(0xD800), rng.randrange(0x250)))) for _ in range(rng.randint(1, 60))
        )

    def value(self):
        """A value as it stands in an address, one in four badly encoded."""
        kind, text = self.rng.random(), self.text()
        if kind < 0.75:
            return quote(text, safe="").encode()
        return text.encode().replace(b" ", b"+") if kind < 0.85 else self.rng.choice(BROKEN)

    def body(self, headers):
        """A form that is past the check of its cookie, so that the view reads it; one in three is none at all."""
        rng, token = self.rng, "a" * 32
        if rng.random() < 0.3:
            headers["Content-Type"] = rng.choice(TYPES)
            return rng.choice(NO_FORMS)
        headers |= {"Content-Type": TYPES[0], "Cookie": f"csrftoken={token}"}
        names = rng.sample(FIELDS, rng.randint(1, 5))
        fields = [(name, self.value() if rng.random() < 0.7 else rng.choice((b"ja", b"nein"))) for name in names]
        fields.append(("csrfmiddlewaretoken", token.encode()))
        return b"&".join(name.encode() + b"=" + value for name, value in fields)


def routes():
    """All addresses the portal has, as Django's own `normalize` writes them."""
    from django.urls import get_resolver
    from django.utils.regex_helper import normalize

    def walk(patterns, before=""):
        for pattern in patterns:
            whole = before + pattern.pattern.regex.pattern.removeprefix("^").removesuffix(r"\Z")
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, whole)
            else:
                yield normalize(whole)[0][0]

    return [route for route in walk(get_resolver().url_patterns) if route != LEFT_OUT]


def outcome(port, request):
    """The status of the answer, or why there was none."""
    try:
        return send(port, request).status
    except (OSError, HTTPException) as error:
        return repr(error)


def tried(number, seed=1):
    """A row of the table of attacks; what was answered as it must not be is shown."""
    with new_portal(**PROXIES, **MORE, **COMPANY) as portal:
        running.manage(portal.env, "prepare")
        running.manage(portal.env, "shell", "--no-imports", "-v0", "-c", PREPARE)
        os.environ.update(portal.env)
        django.setup()
        known = routes()
        fuzzer = Fuzzer(known, READ, seed)
        requests = [*fuzzer.each()]
        requests = fuzzer.rng.sample(requests, min(len(requests), number // 2))
        requests += [fuzzer.request() for _ in range(number - len(requests))]
        portal.start()
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(lambda request: outcome(portal.port, request), requests))
        noted = errors(portal.folder / "server.log")
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(Counter(map(str, answers)).items()))
    bad = [pair for pair in zip(answers, requests, strict=True) if pair[0] not in range(200, 500)]
    for answer, request in bad:
        print(f"  {answer}: {request.method} {request.target[:300]} {request.headers} {request.body[:300]}")
    for line in noted:
        print(f"  {line['logger']}: {line['message'][:300]} {line.get('exc_info', '')[-1000:]}")
    return [f"hostile requests to {len(known)} addresses", f"{number:,}", counts, len(bad) + len(noted)]


def said_within(database, attack, number):
    """What an attack of ours says that runs in the process of a portal on a database."""
    with new_portal(database, **MORE) as portal:
        running.manage(portal.env, "prepare")
        running.manage(portal.env, "shell", "--no-imports", "-v0", "-c", PREPARE)
        run = f"from benchmarks.attacks import {attack}; {attack}.main({number})"
        said = running.manage(portal.env | {"PYTHONWARNINGS": "ignore"}, "shell", "--no-imports", "-v0", "-c", run)
    return json.loads(next(line for line in said.splitlines() if line.startswith("[")))


def tried_growing(times):
    """Rows of the table of attacks: strangers ask every public address so many times (`growth`)."""
    for database in DATABASES:
        number, grown = said_within(database, "growth", times)
        yield [
            f"every public address {times:,} times, {database}",
            f"{number:,}",
            f"grew without bound: {grown}",
            len(grown),
        ]


def tried_inside(number):
    """Rows of the table of attacks, one for each database: what somebody who is logged in sends to the admin (`inside`)."""
    for database in DATABASES:
        counts, bad = said_within(database, "inside", number)
        for one in bad:
            print("  ", *one)
        yield [f"hostile requests of an insider to the admin, {database}", f"{number:,}", counts, len(bad)]


def errors(log):
    """What the server noted as one. What Django refuses (a foreign host, a redirect that is too long) it notes so too."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["level"] == "ERROR" and not line["logger"].startswith("django.security.")]
