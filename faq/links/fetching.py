"""Whether an address outside of the portal still leads somewhere: one polite request, and never into a network of our own.

Editors and imports choose the addresses, so a check must not become a way to the operator's servers. Each hop resolves its
host once, judges all that the name stands for, and connects to the very address it judged; the name only goes into the
`Host` header, SNI and the certificate's check. What the environment says of proxies is therefore not used.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections import defaultdict
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.http import parse_http_date_safe

TIME_LIMIT = 20  # seconds for everything: names, connections, redirects; not the pauses
CONNECT_LIMIT = 6  # seconds for one of a host's addresses: the next may be reachable
SIZE_LIMIT = 200_000  # bytes of an answer; its body is not read at all
REDIRECTS = 5
# Pages stand on these two. Any other would make of the check a way to knock at services.
PORTS = {80, 443}
PERMANENT, REDIRECTING = {301, 308}, {301, 302, 303, 307, 308}
# There is something, only not for a stranger or a machine.
CLOSED_DOORS = {401, 402, 403, 407, 451}
_HOST = re.compile(r"[a-z0-9._:-]+")
_IN_ADDRESSES = "%/:=&?~+!$,;'@()*[]|"
_HUNG_UP = (http.client.HTTPException, ConnectionResetError, BrokenPipeError)
LATER_LEAST, LATER_MOST = 60, 24 * 3600  # seconds

# Of 2000::/3, where public addresses are, and of IPv4: what is special without Python's `is_global` saying so everywhere.
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo and other assignments: some hold an IPv4 address
        "2002::/16",  # 6to4: holds an IPv4 address
        "3fff::/20",  # documentation
    )
]
_CERTIFICATE_FAULTS = {
    10: "es ist abgelaufen",
    18: "es ist selbst ausgestellt",
    19: "es ist selbst ausgestellt",
    20: "sein Aussteller ist unbekannt",
    21: "sein Aussteller ist unbekannt",
    62: "es gilt für einen anderen Namen",
    64: "es gilt für eine andere Adresse",
}


@dataclass(frozen=True)
class Outcome:
    """What became of a check.

    `status` is the last HTTP status or None, `problem` a German sentence or "" where all is well, `address` where the
    address led to at last, `permanent` whether only permanent redirects led there. `later` is None, or the seconds after
    which the host wants to be asked again: then nothing is known yet.
    """

    status: int | None = None
    problem: str = ""
    address: str = ""
    permanent: bool = False
    later: int | None = None


class Internet:
    """Names, connections and pauses: what a test replaces to stay on its own machine. Which addresses are public it does not say."""

    pause = 1.0  # seconds between two requests to one host

    def addresses(self, host):
        """The IP addresses of a host, as text; raises OSError where it has none."""
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(address[0] for *_, address in found))

    def connect(self, sock, address, port):
        """Connect a socket to an IP address."""
        sock.connect((address, port))


class _Place(NamedTuple):
    host: str
    port: int
    path: str
    encrypted: bool


class _Refused(Exception):
    """An address that is not asked, or an answer that says the link is broken; the message is the problem, in German."""


class _Busy(Exception):
    """The host wants to be asked later; the first argument says after how many seconds."""


class _Bounds:
    """What is left of a check's time, waiting for a host's turn aside, and of one answer's size."""

    def __init__(self):
        self.ends, self.size = time.monotonic() + TIME_LIMIT, SIZE_LIMIT

    def seconds(self):
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _BoundedReads:
    """A timeout holds for one read only, and a server may send a byte now and then: each read gets what is left of the whole."""

    bounds = None

    def recv_into(self, *args, **kwargs):
        self.settimeout(self.bounds.seconds())
        count = super().recv_into(*args, **kwargs)
        self.bounds.size -= count
        if self.bounds.size < 0:
            raise http.client.HTTPException
        return count


class _Plain(_BoundedReads, socket.socket):
    pass


class _Encrypted(_BoundedReads, ssl.SSLSocket):
    pass


INTERNET = Internet()
_turns = defaultdict(threading.Lock)  # by host
_ended = {}  # when its last request did, by host


@contextmanager
def _turn(host, pause, bounds):
    """One request at a time to each host, and a pause between two. The waiting is no time of the check's."""
    asked = time.monotonic()
    with _turns[host]:
        time.sleep(max(0.0, _ended.get(host, 0.0) + pause - time.monotonic()))
        bounds.ends += time.monotonic() - asked
        try:
            yield
        finally:
            _ended[host] = time.monotonic()


def check(url, internet=None):
    """Ask for an address, follow where it leads, and say what became of it: an Outcome. Takes at most TIME_LIMIT and the pauses."""
    internet = internet or INTERNET
    start, permanent, bounds = url, True, _Bounds()
    try:
        for _ in range(REDIRECTS + 1):
            status, location = _ask(url, bounds, internet)
            if status not in REDIRECTING:
                return Outcome(status, _problem(status), url, permanent and url != start)
            permanent = permanent and status in PERMANENT
            url = _target(url, location)
    except _Busy as busy:
        return Outcome(address=url, later=busy.args[0])
    except _Refused as refused:
        where = "" if url == start else f"Führt weiter zu {url}: "
        return Outcome(problem=f"{where}{refused}", address=url)
    return Outcome(status, f"Leitet mehr als {REDIRECTS}-mal weiter.", url)


def is_public(address):
    """Whether an IP address (text) is one of the public internet: not of a network at home, nor one that hides such an address."""
    address = ipaddress.ip_address(address)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.version == 4 or address in _PUBLIC_IPV6


def host_of(url):
    """The host of an address as it is asked: lower case, ASCII. Raises ValueError where there is none."""
    host = urlsplit(url).hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode()
    if not _HOST.fullmatch(host):
        raise ValueError(url)
    return host


def _ask(url, bounds, internet):
    """The status of an address and the redirect's target: by HEAD, and by GET where that finds nothing."""
    place = _parts(url)
    try:
        try:
            answer = _request("HEAD", place, bounds, internet)
        except _HUNG_UP:
            answer = None
        if answer is None or answer[0] >= 400:
            answer = _request("GET", place, bounds, internet)
    except (OSError, ValueError, http.client.HTTPException) as error:  # a ValueError is a name that is none
        raise _Refused(_failure(error, place.host)) from None
    return answer


def _parts(url):
    """Where an address leads that may be asked, a _Place; raises _Refused."""
    try:
        parts = urlsplit(url)
        host, port = host_of(url), parts.port
    except (ValueError, UnicodeError):
        raise _Refused("Das ist keine vollständige Adresse.") from None
    if parts.scheme not in ("http", "https"):
        raise _Refused("Geprüft werden nur Adressen mit http:// oder https://.")
    if parts.username is not None or "\\" in parts.netloc:
        raise _Refused("Die Adresse enthält Zugangsdaten. So steht sie für alle lesbar im Text.")
    encrypted = parts.scheme == "https"
    port = port if port is not None else (443 if encrypted else 80)
    if port not in PORTS:
        raise _Refused(f"Der Port {port} wird nicht aufgerufen, nur 80 und 443.")
    path = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_IN_ADDRESSES)
    return _Place(host, port, path, encrypted)


def _request(method, place, bounds, internet):
    """The status and the Location header of one answer."""
    with _turn(place.host, internet.pause, bounds):
        bounds.size = SIZE_LIMIT
        connection, sock = _connect(place, bounds, internet)
        with sock:
            connection.sock = sock  # and it makes no other
            agent = f"Hilfeportal-Linkpruefung (+{settings.PUBLIC_URL}/)"
            connection.request(
                method, place.path, headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
            )
            with connection.getresponse() as response:
                if response.status == 429 or (response.status == 503 and "Retry-After" in response.headers):
                    raise _Busy(_seconds(response.headers.get("Retry-After")))
                return response.status, response.headers.get("Location")


def _connect(place, bounds, internet):
    """An HTTP connection and its socket, open and encrypted if it is to be; raises _Refused where the host is not public."""
    sock = _open(place, bounds, internet)
    if not place.encrypted:
        return http.client.HTTPConnection(place.host, place.port), sock
    context = ssl.create_default_context()
    context.sslsocket_class = _Encrypted
    with sock:  # which is empty once it is wrapped
        sock.settimeout(bounds.seconds())
        encrypted = context.wrap_socket(sock, server_hostname=place.host)
    encrypted.bounds = bounds
    return http.client.HTTPSConnection(place.host, place.port, context=context), encrypted


def _open(place, bounds, internet):
    """A socket to the first of a host's addresses that answers; raises _Refused where one of them is not public."""
    addresses = _within(bounds.seconds(), internet.addresses, place.host)
    for address in addresses:
        if not is_public(address):
            raise _Refused(f"„{place.host}“ führt in ein internes Netz ({address}) und wird deshalb nicht aufgerufen.")
    failure = OSError("no address")
    for address in addresses:
        sock = _Plain(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        sock.bounds = bounds
        try:
            sock.settimeout(min(CONNECT_LIMIT, bounds.seconds()))
            internet.connect(sock, address, place.port)
        except OSError as error:
            sock.close()
            failure = error
        else:
            sock.settimeout(bounds.seconds())
            return sock
    raise failure


def _within(seconds, function, *args):
    """The result of a function that knows no timeout itself; raises TimeoutError and leaves it alone."""
    result = Future()

    def run():
        try:
            result.set_result(function(*args))
        except Exception as error:
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return result.result(timeout=seconds)


def _target(url, location):
    """Where a redirect leads to; the place on the page goes with it, as in a browser."""
    if not location:
        raise _Refused("Leitet weiter, sagt aber nicht wohin.")
    try:
        # A header is Latin-1 to http.client: its bytes are sent on as they came, but for what no address may hold.
        target = urljoin(url, quote(location.encode("latin-1"), safe=_IN_ADDRESSES + "#"))
    except ValueError:
        raise _Refused("Leitet zu einer falschen Adresse weiter.") from None
    return target if "#" in target else "#".join(filter(None, (target, urldefrag(url).fragment)))


def _seconds(retry_after):
    """How long to wait by a Retry-After header (seconds or a date), within bounds; an hour where it says nothing."""
    try:
        seconds = int(retry_after)
    except (TypeError, ValueError):
        moment = parse_http_date_safe(retry_after or "")
        seconds = moment - time.time() if moment else 3600
    return int(min(max(seconds, LATER_LEAST), LATER_MOST))


def _problem(status):
    if status < 400 or status in CLOSED_DOORS:
        return ""
    if status == 404:
        return "Die Seite gibt es nicht (404)."
    if status == 410:
        return "Die Seite wurde entfernt (410)."
    return f"Der Server meldet einen Fehler ({status})."


def _failure(error, host):
    """What stood in the way of an answer, in German."""
    if isinstance(error, TimeoutError):
        return f"„{host}“ antwortet nicht rechtzeitig (höchstens {TIME_LIMIT} Sekunden)."
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"Den Namen „{host}“ gibt es nicht."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Das Zertifikat stimmt nicht: {_CERTIFICATE_FAULTS.get(error.verify_code, error.verify_message)}."
    if isinstance(error, ssl.SSLError):
        return "Eine verschlüsselte Verbindung kommt nicht zustande."
    if isinstance(error, ConnectionRefusedError):
        return f"„{host}“ nimmt keine Verbindung an."
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return "Der Server bricht die Verbindung ab oder antwortet unverständlich."
    return f"„{host}“ ist nicht erreichbar."
