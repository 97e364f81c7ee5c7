"""Portals of their own for measuring, what they are filled with, and what their processes take."""

import contextlib
import re
import tempfile
from pathlib import Path

from tests import running
from tests.postgres import empty_postgres

ROOT = running.ROOT
DATABASES = ("sqlite", "postgres")
# Limits would hide what is measured.
UNLIMITED = {"SEARCHES_PER_MINUTE": "1000000", "CHECK_LINKS": "0"}
# Microseconds in a tick of /proc/<pid>/stat.
TICK = 1_000_000 / 100


@contextlib.contextmanager
def new_portal(database="sqlite", **env):
    """A portal that is not started, in a folder of its own that is gone afterwards; on an empty database, or one in PostgreSQL."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-measure-"))
        if database == "postgres":
            env["DATABASE_URL"] = stack.enter_context(empty_postgres())
        portal = running.Portal(folder, **UNLIMITED | env)
        stack.callback(portal.stop)
        yield portal


@contextlib.contextmanager
def served_portal(database="sqlite", **env):
    """The same with the content of `content/`, and running."""
    with new_portal(database, **env) as portal:
        running.manage(portal.env, "prepare")
        yield portal.start()


@contextlib.contextmanager
def filled_portal(entries, database="sqlite"):
    """One with so many generated entries, not started; and the folder of its content."""
    with tempfile.TemporaryDirectory() as content, new_portal(database, CONTENT_DIR=content) as portal:
        write_content(content, entries)
        running.manage(portal.env, "prepare")
        yield portal, Path(content)


def write_content(root, number):
    """A content folder with `number` entries in ten categories, one in ten a walkthrough, each linking to another."""
    for category in range(10):
        folder = Path(root, f"kategorie-{category}")
        folder.mkdir(parents=True)
        (folder / "_category.md").write_text(f"---\ntitle: Kategorie {category}\nposition: {category}\n---\n")
    for n in range(number):
        head = f"title: Wie bestelle ich Artikel {n} für größere Kunden?\nposition: {n}\n"
        head += f"tags: [Thema {n % 37}, Bestellung]\n"
        body = f"Die Antwort auf Frage {n} steht hier. Siehe [dort](faq:eintrag-{n * 7 % number}).\n\n- eins\n- zwei\n"
        if n % 10 == 0:
            head += "kind: walkthrough\n"
            steps = (f"### Schritt {s}\n\n- Wer: Reseller\n\nText {s} zu {n}." for s in range(1, 6))
            body = "\n\n".join(steps) + "\n"
        Path(root, f"kategorie-{n % 10}", f"eintrag-{n}.md").write_text(f"---\n{head}---\n\n{body}")


def print_table(heading, rows):
    """A table in Markdown: a list of headings, and lists of what stands below."""
    print("| " + " | ".join(heading) + " |\n" + "|---" * len(heading) + "|")
    for row in rows:
        print_row(row)


def print_row(row):
    print("| " + " | ".join(map(str, row)) + " |", flush=True)


def family(pid):
    """The process ids of a process and of all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(other for child in children for other in family(int(child)))]


def cpu(pid):
    """Microseconds of processor time that a process and its children took so far."""
    fields = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid))
    return sum(int(user) + int(system) for *_, user, system in (row[:13] for row in fields)) * TICK


def memory(pid, what="Pss"):
    """Megabytes of a process alone: `Pss`, its share of what several hold, or another line of /proc/<pid>/smaps_rollup."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{what}:\s+(\d+)", rollup, re.M)[1]) / 1024
