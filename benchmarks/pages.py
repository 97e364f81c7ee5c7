"""What a first visit of each kind of page weighs on the wire, and what Lighthouse says of four of them."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.portal import ROOT, fresh_portal
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.pages import PAGES
from tests.running import free_port

LIGHTHOUSE = "lighthouse@12"
JUDGED = ("/", "/bestellprozess/", "/faq/bestellvorgang-olp/", "/suche/")


def serve(env):
    """The portal as `make run` starts it; returns its process and address once it answers."""
    env["PORT"] = str(free_port())
    server = subprocess.Popen([sys.executable, "-m", "helpdesk.start"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{env['PORT']}"
    while server.poll() is None:
        try:
            urllib.request.urlopen(address + "/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return server, address
    sys.exit("the portal did not start")


def weigh(browser, url):
    """Requests and bytes of a first visit, headers too."""
    page, sizes, asked = browser.new_page(), [], []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.close()
    return sum(not url.startswith("data:") for url in asked), sum(sizes)


def judge(url, preset, report):
    """Lighthouse's four scores."""
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", *preset]
    flags = "--chrome-flags=--headless=new " + " ".join(FLAGS)
    subprocess.run([*command, flags], env=os.environ | {"CHROME_PATH": CHROMIUM}, check=True, capture_output=True)
    categories = json.loads(report.read_text())["categories"]
    return ", ".join(f"{name} {round(found['score'] * 100)}" for name, found in categories.items())


def main():
    if not CHROMIUM:
        sys.exit("no Chromium here (on Debian: apt install chromium)")
    with fresh_portal() as env:
        server, address = serve(env)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                for path in PAGES:
                    requests, size = weigh(browser, address + path)
                    print(f"{path}: {requests} requests, {size / 1000:.1f} kB", flush=True)
                browser.close()
            if not shutil.which("npx"):
                sys.exit("no npx here: Lighthouse needs Node.js")
            for name, preset in (("phone", ()), ("desktop", ("--preset=desktop",))):
                for path in JUDGED:
                    scores = judge(address + path, preset, Path(env["DATA_DIR"], "lighthouse.json"))
                    print(f"{path} ({name}): {scores}", flush=True)
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
