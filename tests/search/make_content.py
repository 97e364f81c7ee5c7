"""Turns a list of questions into a content folder: make_content.py FAQ.json DIR. It has no terms and no contacts."""

import json
import re
import sys
from pathlib import Path

import yaml


def slug(text):
    """The Contract's slug of an English key or a German heading."""
    text = text.lower().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def write(source, folder):
    entries = json.loads(source.read_text(encoding="utf-8"))
    sections = list(dict.fromkeys(entry["section"] for entry in entries))
    _document(folder / "_site.md", {"title": "Fragen und Antworten"}, "")
    for position, section in enumerate(sections, 1):
        _document(folder / slug(section) / "_category.md", {"title": section, "position": str(position)}, "")
    for position, entry in enumerate(entries, 1):
        paragraphs = "\n\n".join(_escaped(line) for line in entry["answer"].splitlines() if line.strip())
        path = folder / slug(entry["section"]) / f"{slug(entry['key'])}.md"
        _document(path, {"title": entry["question"].strip(), "position": str(position)}, paragraphs)


def _escaped(line):
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", line.strip())


def _document(path, front, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(f"---\n{facts}---\n" + (f"\n{body}\n" if body else ""), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
