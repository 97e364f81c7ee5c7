"""Which words of the vocabulary a mistyped word may be meant for."""

import re

from rapidfuzz.distance import OSA

from faq.search.sql import Range

ONE, DOUBTFUL, TWO = 0.75, 0.65, 0.6  # weights: a clear slip, one in a short word, two

SHORTEST = 4  # letters of a word in which a slip is looked for
LONG = 8  # letters from which on there may be two
CLEAR = 10  # letters from which on another letter makes no other word: abheben, abgeben
ENDING = 2  # letters by which an inflection may make a word longer or shorter
MOST = 1000  # words compared letter by letter

_DOUBLED = re.compile(r"(.)\1")


def ranges(form: str) -> list[Range]:
    """Where the words stand that differ from this one by few letters.

    With one slip, half of the word is whole: its beginning or its end. A swap of letters may sit across the middle, so
    the halves are a letter shorter. With two slips, a third of the beginning is enough to find most of the rest.
    """
    half = max(2, len(form) // 2 - 1)
    beginning = half if _allowed(form) == 1 else max(3, len(form) // 3)
    lengths = {"shortest": len(form) - _span(form), "longest": len(form) + _span(form)}
    return [
        Range("form", form[:beginning], MOST, **lengths),
        Range("form_reversed", form[::-1][:half], MOST, **lengths),
    ]


def weight(typed: str, typed_stem: str, meant: str, meant_stem: str) -> float:
    """How much a typed word counts as another, 0 for not at all; of long words the stems may be what is alike."""
    if abs(len(typed) - len(meant)) > _span(typed):
        return 0.0
    found = _weight(typed, meant)
    if not found and len(typed_stem) >= LONG:
        found = _weight(typed_stem, meant_stem)
    return found


def is_mere_slip(typed: str, meant: str) -> bool:
    """Whether only neighbours are swapped or a letter is doubled: Ordre, Wellcome."""
    return _is_swapped(typed, meant) or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant)


def _is_swapped(typed, meant):
    return len(typed) == len(meant) and sorted(typed) == sorted(meant)


def _weight(typed, meant):
    """By optimal string alignment, where a swap of neighbours is one slip."""
    allowed = _allowed(typed)
    distance = OSA.distance(typed, meant, score_cutoff=allowed)
    if not distance or distance > allowed or (len(typed) < 6 and typed[0] != meant[0]):
        return 0.0
    if distance == 2:
        return TWO
    clear = LONG - 1 if len(typed) != len(meant) else CLEAR
    return ONE if _is_swapped(typed, meant) or len(typed) >= clear else DOUBTFUL


def _span(form):
    """By how many letters a word may be longer or shorter."""
    return _allowed(form) + (ENDING if len(form) >= LONG else 0)


def _allowed(form):
    return 1 if len(form) < LONG else 2
