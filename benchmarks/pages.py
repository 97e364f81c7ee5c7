"""What does a first visit of each kind of page weigh on the wire, what a walkthrough with five pictures that is read to its end, and what
does Lighthouse say of five of them?

Without Node.js Lighthouse is left out.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.portal import print_table, served_portal
from tests.browser.conftest import CHROMIUM, FLAGS, SHIFT, SHOWN
from tests.browser.pages import PAGES

LIGHTHOUSE = "lighthouse@12"
WITH_PICTURES = "/faq/mit-bildern/"
MAKE_IT = "from tests.browser.prepared import with_pictures; edit(with_pictures(), status='published')"
SCREENS = [(width, dots) for width in (390, 768, 1280) for dots in (1, 2, 3)]
JUDGED = ("/", "/bestellprozess/", "/faq/bestellvorgang-olp/", WITH_PICTURES, "/suche/")


def weigh(browser, url, width=1280, dots=1):
    """Requests and bytes of a first visit that comes to the last picture, headers too, and how much the page moved."""
    page = browser.new_page(viewport={"width": width, "height": 800}, device_scale_factor=dots)
    sizes, asked = [], []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.evaluate(SHOWN)
    shift = page.evaluate(SHIFT)
    page.close()
    return sum(not url.startswith("data:") for url in asked), sum(sizes), shift


def judge(url, preset, report):
    """Lighthouse's four scores, by name."""
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}", *preset]
    flags = "--chrome-flags=--headless=new " + " ".join(FLAGS)
    subprocess.run([*command, flags], env=os.environ | {"CHROME_PATH": CHROMIUM}, check=True, capture_output=True)
    categories = json.loads(report.read_text())["categories"]
    return {name: round(found["score"] * 100) for name, found in categories.items()}


def main():
    if not CHROMIUM:
        sys.exit("no Chromium here (on Debian: apt install chromium)")
    with served_portal() as portal:
        address = f"http://127.0.0.1:{portal.port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            weighed = {path: weigh(browser, address + path) for path in PAGES}
            portal.edit(MAKE_IT)
            for width, dots in SCREENS:
                screen = f"{WITH_PICTURES}, {width} px, {dots} dots each"
                weighed[screen] = weigh(browser, address + WITH_PICTURES, width, dots)
            browser.close()
        rows = [[path, requests, f"{size / 1000:.1f}", shift] for path, (requests, size, shift) in weighed.items()]
        print_table(["first visit", "requests", "kB", "layout shift"], rows)
        if not shutil.which("npx"):
            print("\nno npx here: Lighthouse, which needs Node.js, is left out")
            return
        rows = []
        for name, preset in (("phone", ()), ("desktop", ("--preset=desktop",))):
            for path in JUDGED:
                scores = judge(address + path, preset, Path(portal.folder, "lighthouse.json"))
                rows.append([f"{path}, {name}", *scores.values()])
        print()
        print_table(["Lighthouse", *scores], rows)


if __name__ == "__main__":
    main()
