"""What a reader may be typing: entries, steps and glossary terms in one list, by how well they fit.

The query is expanded as for a search, but its last word may always go on, and weighs most. Each thing is held against it by what
is shown of it (a question with its tags, the title of a step, the spellings of a term); what stands in its text counts less.
"""

from dataclasses import dataclass, field, replace
from operator import attrgetter

from rapidfuzz.distance import Prefix

from faq.search import analysis, synonyms
from faq.search import query as queries
from faq.search.expansion import EXACT, PREFIX, PREFIX_WHY, Match
from faq.search.pipeline import Among, find
from faq.search.ranking import spaced

# Where a word stands; around: in the other steps, in the question of a step.
TITLE, TAGS, TEXT, AROUND = 1.0, 0.8, 0.4, 0.3
SPELLING = 0.5  # of a term, other than its name
UNFINISHED = 1.5  # how much more the last word weighs
WHOLE = 0.3  # more for a title that says nothing else
LEAST = 0.2  # of what fits best
ALIKE = 3  # letters at the beginning of two words that are seen to be alike


@dataclass(frozen=True)
class Suggestion:
    """An entry, by its id; a step of it, also with its number and name; or a term of the glossary, by its slug.

    `parts` are the pieces of the title; every second one is what matched.
    """

    fit: float
    title: str
    parts: list[str] = field(default_factory=list)
    entry_id: int | None = None
    number: int | None = None
    name: str = ""
    slug: str = ""


def suggest(text: str, *, among: Among, limit: int = 5) -> list[Suggestion]:
    """What fits best what is typed so far; nothing for a single letter."""
    query = queries.parse(text, goes_on=True)
    if sum(len(word.form) for word in query.all_words) < 2:
        return []
    found = find(query, among)
    fitting = sorted([*_of_entries(found), *_of_terms(found.units)], key=attrgetter("fit"), reverse=True)
    shown = _repeated_last([s for s in fitting if s.fit >= LEAST * fitting[0].fit])[:limit]
    return [replace(suggestion, parts=_parts(suggestion.title, found.units)) for suggestion in shown]


def _of_entries(found):
    """Each entry that was found, and each of its steps that has some word itself."""
    for ranked in found.ranked:
        document, (title, tags, category, text, *steps) = found.documents[ranked.entry_id], ranked.candidate.stems
        present = ranked.present
        whole = ((TITLE, title), (TAGS, tags), (TEXT, text), (AROUND, category + "".join(steps)))
        yield Suggestion(_fit(present, *whole), document.title, entry_id=ranked.entry_id)
        for step, own, body in zip(document.steps, steps[::2], steps[1::2], strict=True):
            if _fit(present, (TITLE, own), (TEXT, body)):
                fit = _fit(present, (TITLE, own), (TEXT, body), (AROUND, title + tags))
                yield Suggestion(fit, step["title"], entry_id=ranked.entry_id, number=step["number"], name=step["name"])


def _of_terms(units):
    """Each term of the glossary, by the spelling that fits best; the entries need not know its words."""
    best = {}
    for spelling in synonyms.current().spellings:
        if spelling.defined:
            named = spelling.text == spelling.name
            present = [(unit, list(_in_spelling(unit, spelling, named))) for unit in units]
            fit = any(m for _, m in present) and _fit(present, (TITLE if named else SPELLING, spaced(spelling.phrase)))
            if fit > best.get(spelling.slug, (0, ""))[0]:
                best[spelling.slug] = (fit, spelling.name)
    return [Suggestion(fit, name, slug=slug) for slug, (fit, name) in best.items()]


def _in_spelling(unit, spelling, named):
    """What counts as a word of the query in a term: of an unfinished one its letters alone, a few of them only if it is `named` so."""
    if not unit.unfinished:
        phrases = {spelling.phrase, *((stem,) for stem in spelling.phrase)}
        yield from (unit.matches[phrase] for phrase in phrases & unit.matches.keys())
    for form, stem in zip(spelling.forms, spelling.phrase, strict=True):
        if form == unit.form or (unit.unfinished and form.startswith(unit.form) and (named or len(unit.form) >= ALIKE)):
            yield Match((stem,), EXACT if form == unit.form else PREFIX, PREFIX_WHY, form, unit.idf)


def _fit(present, *fields):
    """What each word of the query is worth where it stands best, and more for a title that says little else."""
    title = fields[0][1]
    named = {stem for _, matches in present for match in matches for stem in match.stems}
    share = sum(stem in named for stem in title.split()) / (len(title.split()) or 1)
    found = sum(max((_worth(unit, match, fields) for match in matches), default=0) for unit, matches in present)
    return round(found * (1 + WHOLE * share), 6)


def _worth(unit, match, fields):
    phrase = spaced(match.stems)
    place = max((weight for weight, line in fields if phrase in line), default=0)
    return place * match.weight * (unit.idf * UNFINISHED if unit.unfinished else min(unit.idf, match.idf))


def _repeated_last(suggestions):
    """A title that was there already says nothing new: it gives way to all others."""
    titles = set()
    return sorted(
        suggestions, key=lambda suggestion: suggestion.title in titles or titles.add(suggestion.title) or False
    )


def _parts(title, units):
    """The title, cut before and after the letters that matched."""
    pieces, place = [], 0
    for word in analysis.words(title):
        written = title[word.start : word.end]
        length = 0 if word.compound else max(_matched(word, written, unit) for unit in units)
        if length and word.start >= place:
            pieces += [title[place : word.start], written[:length]]
            place = word.start + length
    return [*pieces, title[place:]]


def _matched(word, written, unit):
    """How many letters of a word as it is written are those of the query: all where it stands for another word."""
    begins = unit.unfinished and word.form.startswith(unit.form)
    match = unit.matches.get((word.stem,))
    if not begins and (not match or match.is_part):
        return 0
    common = Prefix.similarity(word.form, unit.form)
    if common < min(len(unit.form), ALIKE):
        return len(written)
    return next(length for length in range(1, len(written) + 1) if len(analysis.fold(written[:length])) >= common)
