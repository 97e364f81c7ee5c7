"""Two texts side by side, whatever they are made of."""

import random
import time

import pytest

from faq.editing.diff import compare

SHUFFLED = random.Random(1).sample(range(8000), 8000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 20_000, "a\n" * 19_999 + "b\n"),
        ("a\nb\n" * 10_000, "b\nb\n" * 10_000),
        ("a " * 20_000, "b " + "a " * 20_000),
        ("! ?" * 13_000, "? !" * 13_000),
        ("\n".join(map(str, range(8000))), "\n".join(map(str, SHUFFLED))),
        ("\n".join(["a b"] * 5000), "\n".join(["b a"] * 5000)),
        ("x" * 50_000, "y" * 50_000),
    ],
)
def test_a_comparison_ends_and_shows_all_of_both_texts(old, new):
    began = time.process_time()
    lines = compare(old, new)
    assert time.process_time() - began < 2.5
    if not any(line.kind == "skipped" for line in lines):
        pieces = [piece for line in lines for piece in line.pieces]
        assert "".join(text for kind, text in pieces if kind != "in") == "".join(old.splitlines())
        assert "".join(text for kind, text in pieces if kind != "out") == "".join(new.splitlines())


def test_a_long_honest_text_is_compared_word_by_word():
    old = "\n".join(f"Zeile {number} mit einigen Worten darin, wie sie jemand schreibt." for number in range(700))
    (line,) = [
        line for line in compare(old, old.replace("699 mit einigen", "699 mit vielen")) if line.kind == "changed"
    ]
    assert [(kind, text) for kind, text in line.pieces if kind != "same"] == [("out", "einigen"), ("in", "vielen")]
