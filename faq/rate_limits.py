"""How often one client may do something. The counters stand in the default cache, the database: they hold over all workers."""

import hashlib
import hmac
import ipaddress
import math
import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection, transaction
from django.utils import timezone

# What is counted in passing: the database is told of every so many.
STEP = 10
_MOST_IN_PASSING = 10_000
_in_passing = {}
_refused = set()  # whom the database refused when it was told last
_guard = threading.Lock()


def allow(what, who, limit, seconds, *, at_once=1):
    """Count one more `what` of `who` (or so many `at_once`); False if there were `limit` of them already.

    The first one starts a window of so many `seconds`; after it the counting starts anew. `who` is any text, such as an address or an
    account. Two who count at once wait for each other, so none gets through uncounted.
    """
    cache, key = caches["default"], _key(what, who)
    if _used(cache, key)[0] >= limit:
        return False  # what is refused anyway waits for no lock and writes nothing
    with transaction.atomic():
        lock(key)
        used, until = _used(cache, key)
        if used >= limit:
            return False
        until = until if used else time.time() + seconds
        cache.set(key, (used + at_once, until), until - time.time() + 1)  # the cache knows whole seconds only
    return True


def wait(what, who):
    """The seconds until what `who` did of this counts no more."""
    used, until = _used(caches["default"], _key(what, who))
    return math.ceil(until - time.time()) if used else 0


def allow_in_passing(what, who, limit, seconds):
    """As `allow`, for what costs a reader nothing to speak of: a few go uncounted, and the database is told of ten at once.

    So up to ten of each process more than the limit get through.
    """
    key = _key(what, who)
    with _guard:
        if len(_in_passing) >= _MOST_IN_PASSING:
            _in_passing.clear()
            _refused.clear()
        number = _in_passing[key] = _in_passing.get(key, 0) + 1
    if number % STEP:
        return key not in _refused or _used(caches["default"], key)[0] < limit
    try:
        with without_waiting():
            allowed = allow(what, who, limit, seconds, at_once=STEP)
    except OperationalError:  # somebody writes, or nobody can: told at the next one
        with _guard:
            _in_passing[key] = number - 1
        return key not in _refused
    (_refused.discard if allowed else _refused.add)(key)
    return allowed


@contextmanager
def without_waiting():
    """What is written in passing waits for nobody who writes. PostgreSQL locks no more than the row."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    (usual,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {usual}")


def require_writable():
    """Write something beside the counters. Raises OperationalError where that is not possible: the cache itself hides it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table()} (cache_key, value, expires) VALUES ('writable', '', %s) "
            "ON CONFLICT (cache_key) DO UPDATE SET expires = excluded.expires",
            [connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))],
        )


def client(request):
    """Who sent the request: an IPv4 address, or the network of an IPv6 address, of which one client has a great many.

    X-Forwarded-For counts only from the right, as far as our own proxies wrote it (TRUSTED_PROXIES): the rest is the client's word.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        told = request.headers.get("X-Forwarded-For", "").split(",")
        address = told[-settings.TRUSTED_PROXIES :][0].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network(f"{parsed}/64", strict=False))


def network(client):
    """The network of a client, of which one person may have every address: of IPv4 a /24, of IPv6 a /48."""
    try:
        address = ipaddress.ip_network(client, strict=False)
    except ValueError:
        return client
    return str(address.supernet(new_prefix=24 if address.version == 4 else 48))


def hashed_key(key, key_prefix, version):
    """The cache's own key for a key: nobody who reads the table, but not the secret key, finds an address or a name in it."""
    text = f"{key_prefix}:{version}:{key}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def forget_expired():
    """Delete what counts no more; the cache itself does only when it is full."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table()} WHERE expires < %s", [timezone.now()])


def _table():
    return connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])


def _key(what, who):
    return f"limit:{what}:{who}"


def _used(cache, key):
    """How often so far, and until when that counts."""
    used, until = cache.get(key, (0, 0.0))
    return (used, until) if until > time.time() else (0, 0.0)


def lock(key):
    """Until the transaction ends, nobody else counts the same. SQLite lets one writer in at a time anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
