"""What does a first visit of each kind of page weigh on the wire, and what does Lighthouse say of four of them?

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
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.pages import PAGES

LIGHTHOUSE = "lighthouse@12"
JUDGED = ("/", "/bestellprozess/", "/faq/bestellvorgang-olp/", "/suche/")


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
            browser.close()
        rows = [[path, requests, f"{size / 1000:.1f}"] for path, (requests, size) in weighed.items()]
        print_table(["first visit", "requests", "kB"], rows)
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
