"""Where the sentences of a text end, and what their words are."""

import re
from functools import lru_cache
from itertools import chain, pairwise

from faq.search import analysis
from faq.search.analysis import Word

# What ends a sentence, where the next one begins with a capital; unless it ends an abbreviation.
_END = re.compile(r"[.!?…][\"“”«»‘’')\]]*\s+(?=[\"„“»«‚'(\[]*[A-ZÄÖÜ0-9])")
_ABBREVIATED = re.compile(
    r"(?<![^\W_])(?:[^\W_]|\d\d|ggf|bzw|ca|inkl|exkl|zzgl|usw|etc|evtl|vgl|bspw|sog|gem|max|min|mind|einschl|insb|nr|str|tel|art|abs"
    r"|ziff|kap|abb|dr|prof|st|std|mio|mrd|jan|feb|aug|sept?|okt|nov|dez|co|inc|hr|fr)\.$",
    re.I,
)
_INTRODUCTION = re.compile(r".*:|.{1,10}[.!]")  # "Dazu brauchen Sie:", "Ja."


def of_line(line: str) -> list[str]:
    """The sentences of a paragraph, a list's item, a heading; a tab in it stays (see `markup.plain_lines`)."""
    ends = [end.end() for end in _END.finditer(line) if not _ABBREVIATED.search(line[: end.start() + 1])]
    return [line[start:end].strip(" ") for start, end in pairwise([0, *ends, len(line)])]


@lru_cache(maxsize=1000)
def of_text(text: str) -> tuple[str, ...]:
    """The sentences of all lines; what only introduces the next is read together with it."""
    found, begun = [], ""
    for sentence in filter(None, chain.from_iterable(map(of_line, text.split("\n")))):
        begun = f"{begun} {sentence}".strip()
        if not _INTRODUCTION.fullmatch(begun):
            found.append(begun)
            begun = ""
    return (*found, begun.removesuffix(":")) if begun else tuple(found)


@lru_cache(maxsize=2000)  # the same few texts answer most queries
def words(sentence: str) -> tuple[list[Word], list[Word], frozenset[str]]:
    """Its words, then those read as one from several, and all their stems."""
    found = list(analysis.words(sentence))
    return [w for w in found if not w.compound], [w for w in found if w.compound], frozenset(w.stem for w in found)
