"""What the table of words knows, and what becomes of it if its file does not come whole."""

import numpy as np
import pytest

from faq.search import table

STORNO = "Wie kann ich falsche Bestellungen stornieren?"


@pytest.fixture
def another_file(tmp_path, monkeypatch):
    """A path for the table, of which it does not know yet what lies there."""
    path = tmp_path / "words.bin"
    monkeypatch.setattr(table, "PATH", path)
    return path


def similar(one, other):
    return float(table.vector(one) @ table.vector(other))


def test_who_says_it_in_other_words_is_near_and_who_asks_something_else_is_not():
    near, far = similar("Kann ich das zurückgeben?", STORNO), similar("Wie wird das Wetter morgen?", STORNO)
    assert near > far + 0.2
    assert table.above_floor(table.vector("Kann ich das zurückgeben?"), near) > 0
    assert table.above_floor(table.vector("Wie wird das Wetter morgen?"), far) < 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("VERLAENGERN", "verlängern"),
        ("Lizenz-Verlängerung", "Lizenzverlängerung"),
        ("Strasse", "Straße"),
        ("Li\u00adzenz", "Lizenz"),
    ],
)
def test_a_word_is_known_however_it_is_spelt(typed, meant):
    assert similar(typed, meant) > 0.99


def test_a_compound_that_nobody_wrote_before_means_what_its_parts_mean():
    assert similar("Fülllizenzbestellung", "Lizenz Bestellung") > 0.5


@pytest.mark.parametrize("text", ["", "…", "xqzwvkjy", "12"])
def test_what_has_no_known_word_has_no_meaning(text):
    assert table.vector(text) is None


def test_a_stored_vector_is_as_near_as_before():
    vector = table.vector(STORNO)
    stored = table.pack(vector)
    assert len(stored) == table.DIMENSIONS
    assert float(table.unpack(stored)[0] @ vector) > 0.99


@pytest.mark.parametrize("content", [None, b"", b"WORDS", b"\0" * 1000])
def test_without_a_whole_table_there_are_no_vectors_and_the_operator_is_told(another_file, content):
    if content is not None:
        another_file.write_bytes(content)
    assert table.vector(STORNO) is None
    assert table.identity() == ""
    assert table.above_floor(np.ones(table.DIMENSIONS), 0.5) == 0
    assert "Wörtertabelle" in table.problem()


def test_a_table_with_a_wrong_byte_is_told(another_file):
    content = bytearray((table.Path(table.__file__).with_name("words.bin")).read_bytes())
    content[-1] ^= 1
    another_file.write_bytes(content)
    assert "beschädigt" in table.problem()
