"""The papers say what is there: settings, rooms and files they name exist, and none is left out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_in_the_table_and_nothing_else():
    code = "".join(path.read_text() for path in (ROOT / "helpdesk").glob("*.py"))
    read = set(re.findall(r'\benvironment\.\w+\(\s*"([A-Z_]+)"', code))
    read = read - {"OIDC"} | {f"OIDC_{part}" for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME")}
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs/settings.md").read_text(), re.M)
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(rows))) == read


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_what_a_paper_links_to_or_names_is_there(paper):
    text = paper.read_text()
    linked = [
        paper.parent / target
        for target in re.findall(r"\]\((?!https?:|#|faq:|kontakt:|datei:|bild:|offen:)([^)\s]+)\)", text)
    ]
    named = [ROOT / path for path in re.findall(r"`((?:faq|helpdesk|tests|benchmarks|deploy|docs)/[\w./-]+)`", text)]
    assert [str(path) for path in (*linked, *named) if not path.exists()] == []


def test_the_tests_that_show_what_holds_threats_are_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/threats.md").read_text())
    assert len(named) > 10
    assert [name for file, name in named if f"\ndef {name}(" not in (ROOT / file).read_text()] == []


def test_the_tree_in_the_architecture_names_every_room():
    tree = (ROOT / "docs/architecture.md").read_text().split("Nobody imports upwards")[0]
    rooms = {path.parent.name for path in (ROOT / "faq").glob("*/__init__.py")} - {"migrations", "templatetags"}
    modules = {path.name for path in (ROOT / "faq").glob("*.py")} - {"__init__.py", "apps.py"}
    assert {room for room in rooms if f"      {room}/" not in tree} == set()
    assert {module for module in modules if module not in tree} == set()


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 130
