"""What the portal stores is for its own account alone, whatever the umask of whoever starts it."""

import subprocess
import sys

import pytest

from tests import running

ATTACHMENT = """
from faq.files import storing
from tests.papers import pdf
with storing.no_orphans(), door_open():
    stored = storing.store("a.pdf", pdf())
store(Attachment(slug="antrag", title="Antrag", name="a.pdf", stored=stored))
"""


def open_to_others(folder):
    return sorted(str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077)


@pytest.fixture
def portal(tmp_path):
    portal = running.Portal(tmp_path / "data", METRICS_TOKEN="geheim-" + "0123456789" * 4)
    portal.prefix = ["sh", "-c", 'umask 0; exec "$@"', "sh"]
    yield portal
    portal.stop()


def manage(portal, *arguments):
    command = [*portal.prefix, sys.executable, running.ROOT / "manage.py", *arguments]
    return subprocess.run(command, env=portal.env, capture_output=True, text=True, check=False)


def test_all_that_is_stored_is_for_its_account_alone(portal):
    assert manage(portal, "prepare").returncode == 0
    portal.start()
    portal.edit(ATTACHMENT)
    portal.get("/metrics", Authorization=f"Bearer {portal.env['METRICS_TOKEN']}")
    assert manage(portal, "backup").returncode == 0
    found = {path.name for path in portal.folder.rglob("*")}
    assert {"portal.sqlite3", "portal.sqlite3-wal", "uploads", "backups", "metrics", "staticfiles.json"} <= found
    (portal.folder / "server.log").chmod(0o600)  # the test's own
    assert open_to_others(portal.folder) == []
    portal.stop()
    (backup,) = (portal.folder / "backups").iterdir()
    assert manage(portal, "restore", backup).returncode == 0
    assert open_to_others(portal.folder) == []


def test_what_others_may_read_is_named_by_the_doctor_and_mended_by_the_next_start(portal):
    manage(portal, "prepare", "--no-static")
    manage(portal, "backup")
    subprocess.run(["chmod", "-R", "a+rwX", portal.folder], check=True)
    said = manage(portal, "doctor").stdout
    assert f"{portal.folder}, " in said
    assert "können andere lesen" in said
    assert manage(portal, "prepare", "--no-static").returncode == 0
    assert open_to_others(portal.folder) == []
    assert "können andere lesen" not in manage(portal, "doctor").stdout
