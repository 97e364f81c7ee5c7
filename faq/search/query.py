"""What a reader typed, taken apart: words, "phrases", -excluded words. Pure functions, no database."""

import re
from dataclasses import dataclass, field

from faq.search import analysis
from faq.search.analysis import Word
from faq.search.stopwords import STOP_WORDS

LONGEST = 200  # characters of a query that are read
MOST_WORDS = 16  # words of a query that are looked up

_QUOTED = re.compile(r'["„“”«»]([^"„“”«»]*)["„“”«»]')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W\d_])([^\s\"„“”«»]+)")


@dataclass(frozen=True)
class Query:
    """`words` are looked up (stop words only if there is nothing else), `all_words` are all in their order.

    `compounds` are readings that cover several of the words: "VLSC-Portal" as one word, a phone number as one number.
    Every one of `phrases` (stems in their order) must stand in a hit, none of `excluded` (stems) may.
    `typing` says that the last word may be unfinished; `goes_on`, that it may even where it is a word as it stands.
    """

    text: str
    words: list[Word] = field(default_factory=list)
    all_words: list[Word] = field(default_factory=list)
    compounds: list[Word] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    excluded: frozenset[str] = frozenset()
    shortened: bool = False
    typing: bool = False
    goes_on: bool = False


def parse(typed: str, goes_on: bool = False) -> Query:
    """Read any string at all; what is too long is cut, and `shortened` says so. `goes_on`: somebody is typing it."""
    text = " ".join(typed[: LONGEST + 1].split())
    shortened = len(typed.strip()) > LONGEST
    text = text[:LONGEST]
    excluded = {word.stem for match in _EXCLUDED.finditer(text) for word in analysis.single_words(match[1])}
    phrases = [tuple(word.stem for word in analysis.single_words(match[1])) for match in _QUOTED.finditer(text)]
    # What is excluded becomes blanks and is not cut out: the words keep their places in the text.
    wanted = _EXCLUDED.sub(lambda match: " " * len(match[0]), text)
    if number := analysis.phone_number(wanted):
        all_words, compounds = [Word(number, number, 0, len(wanted))], []
    else:
        found = list(analysis.words(wanted))
        all_words = [word for word in found if not word.compound]
        compounds = [word for word in found if word.compound]
    begun = all_words[-1:] if goes_on and _goes_to_the_end(all_words, wanted) else []
    words = [word for word in all_words if word.form not in STOP_WORDS or word in begun] or all_words
    return Query(
        text=text,
        words=_once(words)[:MOST_WORDS],
        all_words=all_words,
        compounds=compounds,
        phrases=[phrase for phrase in phrases if phrase],
        excluded=frozenset(excluded),
        shortened=shortened or len(_once(words)) > MOST_WORDS,
        typing=_goes_to_the_end(words, wanted),
        goes_on=goes_on,
    )


def _goes_to_the_end(words, text):
    return bool(words) and words[-1].end == len(text) and text[-1:].isalnum()


def _once(words):
    """Each stem once, where it stands last: the last word may be the one that is being typed."""
    latest = {word.stem: word for word in words}
    return sorted(latest.values(), key=lambda word: word.start)
