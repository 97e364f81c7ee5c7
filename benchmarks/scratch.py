"""A portal with a database of its own in a scratch folder, and generated content for it."""

import os
import random
import subprocess
import sys
from pathlib import Path

from faq.content import format

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "Bestellung Lizenz Vertrag Größe Schlüssel Kundennummer Portal Frist für über Straße Menge Preis Angebot Antrag "
    "Laufzeit Verlängerung Schule Behörde Microsoft Office Server Zugang Rechnung prüfen senden wählen erhalten"
).split()


class Portal:
    """Runs `manage.py` on a new SQLite database in `root`."""

    def __init__(self, root):
        self.data = Path(root) / "data"
        self.data.mkdir()
        own = {"DATA_DIR": str(self.data), "SECRET_KEY": "only-for-figures-" + "0123456789abcdef" * 3}
        kept = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
        }
        self.environment = kept | own
        self.manage("migrate")

    def start(self, *arguments):
        """A running `manage.py` command."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments):
        """What a `manage.py` command says; one that fails raises RuntimeError."""
        process = self.start(*arguments)
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{arguments} failed:\n{said}")
        return said


def write_content(root, entries, seed=1):
    """A content folder of generated entries in ten categories, each fifth a walkthrough; returns its files.

    The same seed gives the same texts; another seed changes every entry, none of the addresses.
    """
    rng = random.Random(seed)
    files = {
        "_site.md": format.write_site(format.Site(title=f"Hilfe {seed}", contact="team")),
        "_contacts.yaml": format.write_list([format.Contact("team", "Team", phone=f"05744 - {seed}")]),
        "_terms.yaml": format.write_list(
            format.Term(f"wort-{n}", f"Wort {n}", definition=_text(rng)) for n in range(20)
        ),
    }
    for number in range(10):
        category = format.Category(title=f"Kategorie {number}", position=number)
        files[f"kategorie-{number}/_category.md"] = format.write_category(category)
    for number in range(entries):
        files[f"kategorie-{number % 10}/eintrag-{number}.md"] = format.write_entry(_entry(rng, number, entries))
    for path, text in files.items():
        target = Path(root) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return files


def _entry(rng, number, entries):
    links = f"Siehe [dort](faq:eintrag-{rng.randrange(entries)}) und [das Team](kontakt:team)."
    entry = format.Entry(
        title=f"{_text(rng, 6)} ({number})?",
        position=number // 10,
        tags=rng.sample(WORDS, 3),
        aliases=[f"frueher-{number}"] if number % 7 == 0 else [],
        body="\n\n".join([_text(rng), f"- {_text(rng, 5)}\n- {_text(rng, 5)}", links]),
    )
    if number % 5 == 0:
        entry.kind = "walkthrough"
        entry.steps = [
            format.Step(title=_text(rng, 4), section=f"Teil {n // 3 + 1}", actors="Reseller", body=_text(rng))
            for n in range(6)
        ]
    return entry


def _text(rng, words=40):
    return " ".join(rng.choices(WORDS, k=words))
