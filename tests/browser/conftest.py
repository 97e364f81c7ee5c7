"""A real browser on the portal as `make run` starts it. Whatever a test does: an error on the console, a request elsewhere
or a cookie for a reader fails it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

from tests.running import copied, free_port

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 15_000  # milliseconds: a busy machine is slow, not broken
expect.set_options(timeout=PATIENCE)
EDITOR = {"DJANGO_SUPERUSER_USERNAME": "redaktion", "DJANGO_SUPERUSER_PASSWORD": "nur-fuer-den-test-7421"}
# How much a page moved while it was loaded.
SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 50);
})"""
# How wide each picture is shown, how wide its file is, and which there are.
SHOWN = """async () => {
    const found = [];
    for (const image of document.querySelectorAll("main .picture img")) {
        image.scrollIntoView();
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        await image.decode();
        const all = (image.srcset || `${image.src} ${image.width}w`).split(", ").map(one => one.split(" "));
        const {width, height} = image.getBoundingClientRect();
        found.push({
            shown: width,
            distorted: Math.abs(width / height / (image.naturalWidth / image.naturalHeight) - 1),
            file: parseInt(all.find(([url]) => image.currentSrc.endsWith(url))[1]),
            all: all.map(([, width]) => parseInt(width)),
        });
    }
    return found;
}"""
PREPARE = "from tests.browser.prepared import prepare; prepare()"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """First of all, one after the other: so one worker runs them, which share a portal and a browser."""
    items.sort(key=lambda item: not item.path.is_relative_to(Path(__file__).parent))


@pytest.fixture(scope="session")
def _chromium_is_here():
    if not CHROMIUM:
        message = "no Chromium here: the browser tests need one (on Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def _folder(prepared_folder, tmp_path_factory):
    return copied(prepared_folder, tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="session")
def portal(_chromium_is_here, _folder):
    """The address of a portal of its own with the content of `content/`, and of what `prepare` adds to it."""
    with started(_folder, EMAIL_URL="smtp://127.0.0.1:9") as address:
        yield address


@pytest.fixture(scope="session")
def prepared(portal, _folder):
    """What `prepare` put into the portal, and where it is."""
    return json.loads((_folder / "prepared.json").read_text())


@pytest.fixture(scope="module")
def guarded_portal(_chromium_is_here, prepared_folder, tmp_path_factory):
    """One that asks for a second factor, under a name: a passkey belongs to a name, not to a number."""
    with started(
        copied(prepared_folder, tmp_path_factory.mktemp("guarded")), name="localhost", SECOND_FACTOR="1"
    ) as address:
        yield address


@contextmanager
def started(folder, name="127.0.0.1", **variables):
    """The address of a portal started as `make run` does, with an account of a superuser and what `prepare` makes."""
    port = str(free_port())
    address = f"http://{name}:{port}"
    unset = ("DEBUG", "CONTENT_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECOND_FACTOR")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= EDITOR | {"DATA_DIR": str(folder), "PORT": port, "PUBLIC_URL": address, "CHECK_LINKS": "0"}
    environment |= variables
    log = (folder / "log").open("w+")
    run = {"cwd": settings.BASE_DIR, "env": environment, "stdout": log, "stderr": subprocess.STDOUT}
    server = subprocess.Popen([sys.executable, "-m", "helpdesk.start"], **run)
    try:
        if not _answers(address + "/readyz", server):
            log.seek(0)
            pytest.fail(f"the portal did not start:\n{log.read()}")
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "createsuperuser", "--noinput", "--email", "redaktion@example.org"], check=True, **run)
        subprocess.run([*manage, "shell", "-v0", "-c", PREPARE], check=True, **run)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _answers(address, server):
    """Whether the server answers before it ends or two minutes have passed."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except OSError:
            if server.poll() is not None:
                return False
            time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def chromium(_chromium_is_here):
    """Closed after each module: while it runs, this thread has an event loop, which Django's tests cannot do with."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, portal):
    """`visit("/faq/stornierung/", width=360, …)`: the page in a browser that was never here before."""
    contexts, problems, home = [], [], portal

    def heard(message):
        # That a page is not there, or not any more, is what some tests ask for; so is a lost connection.
        expected = (
            message.text.startswith("Failed to load resource") and message.location["url"] == contexts[-1].pages[0].url
        )
        # A picture that is refused is answered so, and said in the dialog.
        expected = expected or message.location["url"].endswith("/admin/text/anlegen/")
        if message.type in ("error", "warning") and not expected and "ERR_INTERNET_DISCONNECTED" not in message.text:
            problems.append(f"console: {message.text}")

    def asked(request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and f"{address.scheme}://{address.netloc}" != home:
            problems.append(f"request to elsewhere: {request.url}")

    def open_page(path=None, *, width=1280, height=800, at=portal, **options):
        nonlocal home
        home = at
        options = {"viewport": {"width": width, "height": height}, "locale": "de-DE", "base_url": at} | options
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("request", asked)
        if path:
            page.goto(path)
        return page

    yield open_page
    editing = (f"{home}/admin/", f"{home}/konto/")
    readers = [context for context in contexts if not context.pages[0].url.startswith(editing)]
    cookies = [cookie["name"] for context in readers for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert problems == []
    assert cookies == []


@pytest.fixture(scope="session")
def _logged_in():
    """The cookies of the first login, with which the next tests go on."""
    return {}


@pytest.fixture
def admin(visit, _logged_in):
    """The admin's start page, logged in by keyboard alone."""
    page = visit("/admin/", **_logged_in)
    if not _logged_in:
        expect(page.locator("#id_login")).to_be_focused()
        page.keyboard.type(EDITOR["DJANGO_SUPERUSER_USERNAME"])
        page.keyboard.press("Tab")
        page.keyboard.type(EDITOR["DJANGO_SUPERUSER_PASSWORD"])
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()
    _logged_in["storage_state"] = page.context.storage_state()
    return page


@pytest.fixture
def in_markdown(admin):
    """Texts stand in their fields as Markdown: an editor has chosen that in this browser."""
    admin.evaluate("localStorage.setItem('editing-view', 'off')")
