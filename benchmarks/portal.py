"""A portal of its own in a temporary folder, for measuring."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgres import empty_postgres

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def fresh_portal(database="sqlite"):
    """An environment with an empty, migrated portal on SQLite, or on `postgres`; its folder is gone afterwards."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-measure-"))
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL", "DEBUG")}
        env |= {"DATA_DIR": folder, "SECRET_KEY": "measure-" + "0123456789abcdef" * 4, "PYTHONPATH": str(ROOT)}
        env["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
        if database == "postgres":
            env["DATABASE_URL"] = stack.enter_context(empty_postgres())
        else:
            Path(folder, "portal.sqlite3").touch()  # no connection begins one by itself
        manage(env, "migrate", "-v0")
        yield env


def manage(env, *arguments, check=True):
    """Run a command of the portal to its end; returns what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=env, check=check, capture_output=True, text=True).stdout


def write_content(root, number):
    """A content folder with `number` entries in ten categories, one in ten a walkthrough, each linking to another."""
    for category in range(10):
        folder = Path(root, f"kategorie-{category}")
        folder.mkdir(parents=True)
        (folder / "_category.md").write_text(f"---\ntitle: Kategorie {category}\nposition: {category}\n---\n")
    for n in range(number):
        head = f"title: Wie bestelle ich Artikel {n} für größere Kunden?\nposition: {n}\n"
        tags = f"tags: [Thema {n % 37}, Bestellung]\n"
        body = (
            f"Die Antwort auf Frage {n} steht hier. Siehe [dort](faq:eintrag-{(n * 7) % number}).\n\n- eins\n- zwei\n"
        )
        if n % 10 == 0:
            head += "kind: walkthrough\n"
            body = (
                "".join(f"### Schritt {s}\n\n- Wer: Reseller\n\nText {s} zu {n}.\n\n" for s in range(1, 6)).rstrip()
                + "\n"
            )
        Path(root, f"kategorie-{n % 10}", f"eintrag-{n}.md").write_text(f"---\n{head}{tags}---\n\n{body}")
