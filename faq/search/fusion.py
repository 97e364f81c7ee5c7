"""What words say of an entry and what its meaning says, as one score, and whether that is sure."""

import math

from faq.search import meaning, sentences
from faq.search.expansion import SLIP_WHY, SYNONYM_WHY, Unit
from faq.search.meaning import Meant
from faq.search.query import Query
from faq.search.ranking import SURE_COVERAGE, Ranked, admits

TERM = 3.0  # the best score by words, where an editor's term leads to it, beside 1 for the nearest meaning
SPREAD = 0.2  # by so much less similarity the meaning counts 1/e
# Above the floor: what is nearer is shown even without a word in common, beside something sure, and where nothing is.
SHOWN, SHOWN_UNSURE = 0.15, 0.05
MOST_VAGUE = 3  # that are shown without a word in common, where nothing is sure
# Above the floor: what is nearer may be sure where words alone are not, if some word of the query stands in it, or none does.
SURE, SURE_ALONE = 0.1, 0.4
# Above the floor: from where on an entry says something of a word that does not stand in it, and where it says all.
FAINT, PLAIN = 0.2, 0.5


def fused(
    query: Query, units: list[Unit], ranked: list[Ranked], found: dict[int, tuple], meant: Meant | None
) -> list[Ranked]:
    """All hits, best first; ties by their id. What comes after an unsure hit is not sure either.

    `found`: all that was looked at, the document and the Candidate by the entry's id.
    """
    hits = ranked if meant is None else _with_meaning(query, units, ranked, [each for _, each in found.values()], meant)
    best_first = sorted(hits, key=lambda hit: (-hit.score, hit.entry_id))
    sure = True
    for hit in best_first:
        by_words = hit.confident
        hit.confident = sure = sure and (
            by_words or (meant is not None and _is_meant(hit, units, meant, found[hit.entry_id][0]))
        )
        hit.by_meaning = sure and not by_words
    vague = [hit for hit in best_first if not hit.parts]
    if best_first and best_first[0].confident:
        shown = {hit.entry_id for hit in vague if hit.above_floor >= SHOWN}
    else:
        shown = {hit.entry_id for hit in vague[:MOST_VAGUE]}
    return [hit for hit in best_first if hit.parts or hit.entry_id in shown]


def _with_meaning(query, units, ranked, candidates, meant):
    by_words = {hit.entry_id: hit for hit in ranked}
    best = max(ranked, key=lambda hit: (hit.score, -hit.entry_id), default=None)
    hits = []
    for candidate in candidates:
        above = meant.above_floor(candidate.entry_id)
        hit = by_words.get(candidate.entry_id)
        if hit is None and (above < SHOWN_UNSURE or not admits(query, candidate)):
            continue
        hit = hit or Ranked(candidate.entry_id, candidate)
        hit.similarity, hit.above_floor = meant.similarity(candidate.entry_id), above
        hits.append(hit)
    nearest = max((hit.similarity for hit in hits), default=0.0)
    # Words that cover little of the query say little, be they the best there are; an editor's term knows what is meant.
    weight = (TERM if _by_term(best) else _held(best, units)) / best.score if best else 0
    for hit in hits:
        hit.score = round(weight * hit.score + math.exp((hit.similarity - nearest) / SPREAD), 6)
    return hits


def _held(hit, units):
    """The share of the query, by rarity, of which the entry has something."""
    return sum(part.unit.idf for part in hit.parts) / sum(unit.idf for unit in units)


def _by_term(hit):
    return any(part.match.why == SYNONYM_WHY for part in hit.parts)


def _is_meant(hit, units, meant, document):
    """Whether enough of the query is said by the entry, each of its words by itself: in so many letters, or by what it means."""
    # A word that is known as it was typed may be no slip.
    said = {
        id(part.unit): part.match.weight
        for part in hit.parts
        if part.match.why != SLIP_WHY or meaning.read(part.unit) != part.unit.text
    }
    if hit.above_floor < (SURE if said else SURE_ALONE) or not _parts_meet(hit, document):
        return False
    covered = sum(
        unit.idf * max(said.get(id(unit), 0.0), _meant(meant.unit_above_floor(unit, hit.entry_id))) for unit in units
    )
    return covered >= SURE_COVERAGE * sum(unit.idf for unit in units)


def _meant(above_floor):
    return min(1.0, max(0.0, (above_floor - FAINT) / (PLAIN - FAINT)))


def _parts_meet(hit, document):
    """Whether both parts of a compound stand in one sentence, if they stand in the entry: apart they are no sign of it."""
    compounds: dict[str, set[str]] = {}
    for part in hit.parts:
        if part.match.is_part:
            compounds.setdefault(part.unit.form, set()).update(part.match.stems)
    said = [document.title, document.text, *(f"{step['title']}\n{step['text']}" for step in document.steps)]
    return all(
        any(sentences.words(sentence)[2].issuperset(stems) for text in said for sentence in sentences.of_text(text))
        for stems in compounds.values()
        if len(stems) > 1
    )
