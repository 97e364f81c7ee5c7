"""Expensive work asked for by many at once, while readers go on reading: `floods [SECONDS]` of each kind, 5 unless told.

Sixty strangers, each from a network of its own, try passwords; editors who are logged in ask for previews, exports and imports.
Each asks again as soon as it was answered. Whoever reads a stored page has to wait for none of it: 50 ms at most, of 99 in 100.
"""

import http.client
import io
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import requests

from benchmarks.attacks import login
from benchmarks.portal import UNLIMITED, print_row, print_table
from tests import forms, running

BAR = 0.050
EXCHANGE = "/admin/inhalte/"
PAGES = ("/", "/vlsc/", "/faq/bestellvorgang-olp/", "/faq/stornierung/")
TEXT = "Ein Absatz mit **Betonung**, `Code` und einem [Link](https://hilfe.example/).\n\n- eins\n- zwei\n\n" * 200


class _Browser:
    """As much of Django's test client as the filling in of forms needs."""

    def __init__(self, portal, cookies):
        self.portal, self.cookies = portal, cookies

    def get(self, path):
        return login.get(self.portal, path, self.cookies)


def read(port, seconds):
    """Ask for stored pages one after the other; the seconds that each took. Raises AssertionError for one that did not come."""
    waited, connection, end = [], http.client.HTTPConnection("127.0.0.1", port, timeout=60), time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        connection.request("GET", PAGES[len(waited) % len(PAGES)])
        answer = connection.getresponse()
        answer.read()
        waited.append(time.perf_counter() - began)
        assert answer.status == 200
        time.sleep(0.005)
    return waited


def flooded(portal, what, asking, number, seconds):
    """A row: `number` threads each call `asking(number)` for an answer again and again, while readers read stored pages."""
    ended, became = threading.Event(), Counter()

    def ask(own):
        while not ended.is_set():
            became[asking(own).status_code] += 1

    for path in PAGES * 8:
        portal.get(path)
    threads = [threading.Thread(target=ask, args=(own,)) for own in range(number)]
    for thread in threads:
        thread.start()
    with ProcessPoolExecutor(1) as reader:  # alone: what it waits for is the portal
        waited = sorted(reader.submit(read, portal.port, seconds).result())
    ended.set()
    for thread in threads:
        thread.join()
    p99 = waited[len(waited) * 99 // 100]
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(became.items()))
    figures = f"{waited[len(waited) // 2] * 1000:.1f} / {p99 * 1000:.1f} / {waited[-1] * 1000:.0f} ms"
    return [what, number, answers, f"{figures} of {len(waited):,}", int(p99 > BAR)]


def tried(seconds):
    """Rows of the table, one of each kind of work."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared")
        prepared.mkdir()
        running.manage(running.environment(prepared), "prepare")
        with login.attacked(prepared, f"{folder}/portal", **UNLIMITED | {"TRUSTED_PROXIES": "1"}) as portal:
            inside = login.log_in(portal).cookies
            pk = portal.edit("result = Entry.objects.get(slug='stornierung').pk")
            form = f"/admin/faq/entry/{pk}/change/"
            browser = _Browser(portal, inside)
            fields = forms.filled_in(browser, form, body=TEXT) | {"_preview": "1"}
            fields.pop("csrfmiddlewaretoken")
            archive = browser.get(f"{EXCHANGE}inhalte.zip").content
            address = f"http://127.0.0.1:{portal.port}{EXCHANGE}"

            def upload(_):
                file = {"file": ("inhalte.zip", io.BytesIO(archive))}
                return requests.post(address, files=file, **login.signed(inside), timeout=running.PATIENCE)

            yield flooded(portal, "nothing", lambda _: login.get(portal, "/healthz"), 1, seconds)
            yield flooded(portal, "logins", lambda n: login.log_in(portal, f"konto-{n}", "falsch"), 60, seconds)
            yield flooded(portal, "previews", lambda _: login.post(portal, form, fields, inside), 12, seconds)
            yield flooded(portal, "exports", lambda _: browser.get(f"{EXCHANGE}inhalte.zip"), 12, seconds)
            yield flooded(portal, "imports looked at", upload, 12, seconds)


def main(seconds="5"):
    print_table(["asked for", "by", "answers", "a stored page meanwhile: half / 99 in 100 / all", "went wrong"], [])
    wrong = 0
    for row in tried(float(seconds)):
        print_row(row)
        wrong += row[-1]
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
