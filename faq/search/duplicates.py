"""Questions that ask the same: each, typed as a query, is covered by the other.

Words, rarities and synonyms are those of the search, so what counts as alike here is what readers see side by side there.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

from faq.search import query as queries
from faq.search import synonyms
from faq.search.lookup import rarity

ALIKE = 0.7  # of the weight of either question's words stand in the other
MOST_QUESTIONS = 50_000  # that are looked at
MOST_PAIRS = 200  # that are named
MOST_COMPARISONS = 1_000_000


@dataclass(frozen=True)
class Pair:
    """Two questions, by the keys they came with; `share` of 1.0: the same words."""

    first: int
    second: int
    share: float


def alike(questions: dict[int, str]) -> list[Pair]:
    """Pairs among some questions, the most alike first; each key comes with its text. Bounded as the constants say."""
    spoken = synonyms.current()
    words = {key: _words(text, spoken) for key, text in list(questions.items())[:MOST_QUESTIONS]}
    together = defaultdict(list)
    for key, held in words.items():
        if held:
            together[held].append(key)
    found = [Pair(keys[0], other, 1.0) for keys in together.values() for other in keys[1:]]
    weights = _weights(words.values())
    found += [Pair(together[a][0], together[b][0], share) for a, b, share in _near(list(together), weights)]
    return sorted(found, key=lambda pair: (-pair.share, pair.first, pair.second))[:MOST_PAIRS]


def _words(text, spoken):
    """What a question's words say: their stems, spellings of one term as one; no stop words unless there is nothing else."""
    words = queries.parse(text).words
    stems = [word.stem for word in words]
    spans = spoken.spans([frozenset([stem]) for stem in stems], [word.form for word in words])
    said, covered = set(), set()
    for start, end, phrase in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if covered.isdisjoint(range(start, end)):
            covered.update(range(start, end))
            said.add(" ".join(min([phrase, *spoken.of(phrase)])))
    return frozenset(said.union(stem for place, stem in enumerate(stems) if place not in covered))


def _weights(questions):
    """How rare each word is among the questions."""
    counts = Counter(word for held in questions for word in held)
    weigh = lru_cache(maxsize=None)(lambda count: rarity(count, len(questions)))
    return {word: weigh(count) for word, count in counts.items()}


def _near(questions, weights):
    """Pairs of different sets of words that cover each other, with the lesser share.

    The rarest words of a question, up to the weight that may be missing, must hold one of any that covers it: only those
    that share such a word are compared (Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins", ICDE 2006).
    """
    posted, comparisons = defaultdict(list), 0
    whole = {question: sum(weights[word] for word in question) for question in questions}
    for question in questions:
        candidates, seen = set(), 0.0
        for word in sorted(question, key=lambda word: (-weights[word], word)):
            candidates.update(posted[word])
            posted[word].append(question)
            seen += weights[word]
            if seen > (1 - ALIKE) * whole[question]:
                break
        comparisons += len(candidates)
        if comparisons > MOST_COMPARISONS:
            return
        for other in candidates:
            share = sum(weights[word] for word in question & other) / max(whole[question], whole[other])
            if share >= ALIKE:
                yield other, question, share
