"""PostgreSQL finds what SQLite finds, in the same order: asked for real, of two portals with the same entries."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def first_five(content, folder, **environment):
    """A process that asks; what it found is its output."""
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, TESTS / "search/first_five.py", content],
        env=os.environ | {"DATA_DIR": str(folder), "SECRET_KEY": "only for this test " * 4} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def found(process):
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(output)


@pytest.fixture(params=["shipped", "foreign"])
def content(request, tmp_path):
    """The shipped entries with their terms, and 92 foreign ones without."""
    if request.param == "shipped":
        return TESTS.parent / "content"
    folder = tmp_path / "content"
    source = TESTS / "search/cwa/cwa_faq_de.json"
    subprocess.run([sys.executable, TESTS / "search/make_content.py", source, folder], check=True)
    return folder


@pytest.mark.sampled(1)
def test_both_databases_give_the_same_first_five(postgres_url, content, tmp_path):
    asked = [
        first_five(content, tmp_path / "sqlite", DATABASE_URL=""),
        first_five(content, tmp_path / "postgres", DATABASE_URL=postgres_url),
    ]
    ours, theirs = map(found, asked)
    assert len(ours) > 500
    assert sum(bool(hits) for _, _, _, hits, _ in ours) > 300
    for one, other in zip(ours, theirs, strict=True):
        assert one == other
