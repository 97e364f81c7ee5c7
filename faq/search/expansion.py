"""What else a typed word may stand for, each with a weight: other forms, compounds, beginnings, slips, synonyms.

Everything is held against the vocabulary of the entries themselves, so no dictionary is needed and none can be wrong
about the words of this field.
"""

import math
from dataclasses import dataclass, field

from django.apps import apps
from rapidfuzz.distance import OSA

from faq.search.analysis import Word
from faq.search.query import Query
from faq.search.sql import Range
from faq.search.stemming import stem
from faq.search.synonyms import Synonyms

EXACT = 1.0
JOINED = 0.95  # "Lizenz Team" for Lizenzteam
PREFIX, PREFIX_LENGTH = 0.7, 0.15  # an unfinished word; more, the more of it is typed
SYNONYM = 0.8
HEAD, MODIFIER = 0.65, 0.55  # menge → Mindestmenge; lizenz → Lizenznummer
PART_HEAD, PART_MODIFIER, PART_ALONE = 0.6, 0.5, 0.4  # Bestellmenge → Menge, bestellen
SHARED = 0.5  # a long beginning in common: bezugsberechtigt, Bezugsberechtigung
SLIP, DOUBTFUL_SLIP, TWO_SLIPS = 0.75, 0.65, 0.6
CONFIDENT = 0.7

SHORTEST_PART = 4  # letters of a part of a compound
MOST_WORDS = 60  # of the vocabulary, looked at for one reading
MOST_SIMILAR = 1500  # of the vocabulary, compared letter by letter with a word it does not know


@dataclass(frozen=True)
class Match:
    """What counts as the typed word in an entry: a stem, or several in their order; how much; and why."""

    stems: tuple[str, ...]
    weight: float
    why: str
    form: str = ""


@dataclass
class Unit:
    """A word of the query with all that counts for it, and its rarity (inverse document frequency)."""

    text: str
    form: str
    stem: str
    idf: float = 0.0
    matches: dict[tuple[str, ...], Match] = field(default_factory=dict)

    def add(self, match: Match) -> None:
        """Keep the heaviest reason for each thing that counts."""
        there = self.matches.get(match.stems)
        if there is None or there.weight < match.weight:
            self.matches[match.stems] = match


class Lexicon:
    """What one search knows of the vocabulary: the number of entries of each stem looked up."""

    def __init__(self):
        self._model = apps.get_model("faq", "SearchWord")
        self.entries: dict[str, int] = {}
        self.size = 0
        self.look_up([])

    def look_up(self, stems) -> None:
        """Learn these stems; the first call also learns how many entries there are."""
        unknown = {stem for stem in stems if stem not in self.entries}
        if unknown or not self.size:
            self.entries |= dict.fromkeys(unknown, 0)
            wanted = unknown if self.size else {*unknown, ""}
            for stem, entries in self._model.objects.filter(stem__in=wanted).values_list("stem", "entries"):
                self.entries[stem] = self.entries.get(stem, 0) + entries
            self.size = self.entries.get("", 0)

    def knows(self, stem: str) -> bool:
        return self.entries.get(stem, 0) > 0

    def frequency(self, stems: tuple[str, ...]) -> int:
        """In how many entries a stem stands; several in their order at most in as many as the rarest."""
        return min(min(self.entries.get(stem, 0) for stem in stems), self.size)

    def idf(self, frequency: int) -> float:
        """BM25's weight of a word that stands in so many of the entries."""
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))


def expand(query: Query, synonyms: Synonyms, backend, typed: bool = False) -> tuple[list[Unit], Lexicon]:
    """The query's words with all that counts for them; `typed`: slips are not mended."""
    return _Expansion(query, synonyms, backend, typed).run()


class _Expansion:
    def __init__(self, query, synonyms, backend, typed):
        self.query, self.synonyms, self.backend, self.typed = query, synonyms, backend, typed
        self.units = [Unit(query.text[w.start : w.end], w.form, w.stem) for w in query.words]
        self.lexicon = Lexicon()

    def run(self):
        self._look_up_what_is_typed()
        for unit in self.units:
            if self.lexicon.knows(unit.stem):
                unit.add(Match((unit.stem,), EXACT, "Wort", unit.form))
        self._add_joined()
        self._add_parts()
        self._add_related()
        if not self.typed:
            self._add_slips()
        self._add_synonyms()
        self._weigh()
        return self.units, self.lexicon

    # Looking up

    def _look_up_what_is_typed(self):
        stems = {unit.stem for unit in self.units} | {word.stem for word in self._joined_words()}
        for unit in self.units:
            for left, right in _splits(unit.form):
                stems |= {left, right}
        self.lexicon.look_up(stems)

    def _joined_words(self):
        """Readings of neighbouring words as one: those with a hyphen, and each pair."""
        pairs = zip(self.query.all_words, self.query.all_words[1:], strict=False)
        forms = [(a.form + b.form, a.start, b.end) for a, b in pairs]
        return [*self.query.joined, *(Word(form, stem(form), start, end, True) for form, start, end in forms)]

    # Kinds of matches

    def _add_joined(self):
        for joined in self._joined_words():
            if self.lexicon.knows(joined.stem):
                for unit, word in zip(self.units, self.query.words, strict=True):
                    if joined.start <= word.start and word.end <= joined.end:
                        unit.add(Match((joined.stem,), JOINED, "zusammen geschrieben", joined.form))

    def _add_parts(self):
        for unit in self.units:
            if self._is_plain(unit) and not self.lexicon.knows(unit.stem):
                for part, weight in self._parts(unit):
                    unit.add(Match((part,), weight, "Teil des Wortes", part))

    def _parts(self, unit):
        """The known parts of a compound: of the splits with both parts known the longest head, else single parts."""
        known = [
            (left, right, self._known_part(left), self._known_part(right)) for left, right in _splits(unit.form)
        ]
        for left, right, left_known, right_known in known:
            if left_known and right_known:
                return [(right, PART_HEAD), (left, PART_MODIFIER)]
        heads = [(right, PART_ALONE) for _, right, _, right_known in known if right_known][:1]
        modifiers = [(left, PART_ALONE) for left, _, left_known, _ in reversed(known) if left_known][:1]
        return heads + modifiers

    def _known_part(self, stem):
        return len(stem) >= SHORTEST_PART - 1 and (self.lexicon.knows(stem) or bool(self.synonyms.of((stem,))))

    def _add_related(self):
        """Words of the vocabulary that begin or end like the typed one, or like the head of the typed compound."""
        wanted = []
        for unit in self.units:
            if len(unit.form) >= 2 and self._unfinished(unit):
                wanted.append((unit, Range("form", unit.form, MOST_WORDS), self._prefix_match))
            if self._is_plain(unit):
                wanted.append((unit, Range("form", _beginning(unit.stem), MOST_WORDS), self._beginning_match))
            heads = [m.stems[0] for m in unit.matches.values() if m.weight == PART_HEAD]
            for head in {unit.stem, *heads} if self._is_plain(unit) else ():
                if len(head) >= SHORTEST_PART:
                    wanted.append((unit, Range("stem_reversed", head[::-1], MOST_WORDS), self._head_match))
        for place, form, stem, entries in self.backend.words([reading for _, reading, _ in wanted]):
            unit, reading, judge = wanted[place]
            if stem != unit.stem and (match := judge(unit, reading, form, stem)):
                unit.add(match)
                self.lexicon.entries.setdefault(stem, entries)

    def _prefix_match(self, unit, reading, form, stem):
        return Match((stem,), PREFIX + PREFIX_LENGTH * len(unit.form) / len(form), "Wortanfang", form)

    def _beginning_match(self, unit, reading, form, stem):
        if form.startswith(unit.stem):
            rest = len(form) - len(unit.stem)
            weight = MODIFIER if rest >= 3 else SHARED
            return Match((stem,), weight, "Bestimmungswort", form)
        if not self.lexicon.knows(unit.stem):
            shared = len(_common_prefix(unit.form, form)) / max(len(unit.form), len(form))
            return Match((stem,), SHARED * shared, "gleicher Anfang", form)
        return None

    def _head_match(self, unit, reading, form, stem):
        head = reading.prefix[::-1]
        if len(stem) < len(head) + 3:
            return None
        return Match((stem,), HEAD if head == unit.stem else HEAD * PART_HEAD, "Grundwort", form)

    def _add_slips(self):
        unknown = [unit for unit in self.units if self._is_unknown(unit)]
        ranges = [reading for unit in unknown for reading in _similar(unit.form)]
        owners = [unit for unit in unknown for _ in _similar(unit.form)]
        candidates = {unit.form: dict(self.synonyms.forms) for unit in unknown}
        for place, form, stem, entries in self.backend.words(ranges):
            candidates[owners[place].form][form] = stem
            self.lexicon.entries.setdefault(stem, entries)
        for unit in unknown:
            for form, stem in candidates[unit.form].items():
                if weight := _slip(unit.form, form):
                    unit.add(Match((stem,), weight, "Tippfehler", form))

    def _is_unknown(self, unit):
        heaviest = max((match.weight for match in unit.matches.values()), default=0)
        return unit.form.isalpha() and len(unit.form) >= 4 and heaviest < PART_HEAD and not self.synonyms.of((unit.stem,))

    def _add_synonyms(self):
        words = self.query.all_words
        by_stem = {unit.stem: unit for unit in self.units}
        readings = [frozenset({word.stem} | self._slips_of(by_stem.get(word.stem))) for word in words]
        for start, end, phrase in self.synonyms.spans(readings):
            covered = list(dict.fromkeys(words[i].stem for i in range(start, end)))
            units = [by_stem[stem] for stem in covered if stem in by_stem]
            weight = SYNONYM * min((self._certainty(unit, phrase) for unit in units), default=1)
            for other in self.synonyms.of(phrase):
                for unit in units:
                    unit.add(Match(other, weight, "Synonym"))
        for unit in self.units:
            for match in list(unit.matches.values()):
                if match.why in ("Wortanfang", "Teil des Wortes", "zusammen geschrieben"):
                    for other in self.synonyms.of(match.stems):
                        unit.add(Match(other, SYNONYM * match.weight, "Synonym"))
        self._complete_terms()
        self.lexicon.look_up({stem for unit in self.units for stems in unit.matches for stem in stems})

    def _complete_terms(self):
        """An unfinished word may begin a term that stands in no entry."""
        for unit in self.units:
            if len(unit.form) >= 4 and self._unfinished(unit):
                for form, stem in self.synonyms.forms.items():
                    if form.startswith(unit.form):
                        for other in self.synonyms.of((stem,)):
                            unit.add(Match(other, SYNONYM * PREFIX, "Synonym"))

    def _slips_of(self, unit):
        return {m.stems[0] for m in unit.matches.values() if m.why == "Tippfehler"} if unit else set()

    def _certainty(self, unit, phrase):
        if unit.stem in phrase:
            return 1.0
        return max((m.weight for m in unit.matches.values() if m.why == "Tippfehler" and m.stems[0] in phrase), default=1.0)

    # Weighing

    def _weigh(self):
        for unit in self.units:
            unit.matches = {s: m for s, m in unit.matches.items() if self.lexicon.frequency(s)}
            if not self.lexicon.knows(unit.stem):
                heaviest = max((match.weight for match in unit.matches.values()), default=0)
                best = [stems for stems, match in unit.matches.items() if match.weight >= 0.9 * heaviest]
                unit.idf = self.lexicon.idf(max(map(self.lexicon.frequency, best), default=0))
            else:
                unit.idf = self.lexicon.idf(self.lexicon.frequency((unit.stem,)))

    def _is_plain(self, unit):
        """Long enough, and made of letters: short acronyms and numbers stand for themselves alone."""
        return unit.form.isalpha() and len(unit.form) >= 4

    def _unfinished(self, unit):
        return self.query.typing and unit is self.units[-1] and not self.lexicon.knows(unit.stem)


def _splits(form):
    """The ways to take a word for a compound of two, as stems, the longest head first."""
    if not form.isalpha():
        return []
    return [
        (stem(form[:i]), stem(form[i:])) for i in range(SHORTEST_PART - 1, len(form) - SHORTEST_PART + 1)
    ]


def _beginning(stem):
    """What a related word must begin with: the stem, or most of it where it is long."""
    return stem[: max(5, math.ceil(0.7 * len(stem)))]


def _common_prefix(one, other):
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _similar(form):
    """Where the words stand that differ from this one by few letters.

    With one slip the beginning or the end of the word is whole, with two a third of it is: so two ranges hold nearly
    all of them. A swap of letters may sit across the middle, so the halves are a letter shorter.
    """
    allowed = _allowed(form)
    whole = max(2, len(form) // (allowed + 1) - (allowed == 1))
    lengths = {"shortest": len(form) - allowed, "longest": len(form) + allowed}
    return [
        Range("form", form[:whole], MOST_SIMILAR, **lengths),
        Range("form_reversed", form[::-1][:whole], MOST_SIMILAR, **lengths),
    ]


def _allowed(form):
    return 1 if len(form) < 8 else 2


def _slip(typed, meant):
    """The weight of a typed word taken for another: optimal string alignment, where a swap of neighbours is one slip."""
    distance = OSA.distance(typed, meant, score_cutoff=_allowed(typed))
    if not distance or distance > _allowed(typed):
        return 0.0
    if len(typed) < 6 and typed[0] != meant[0]:
        return 0.0
    if distance == 2:
        return TWO_SLIPS
    swapped = len(typed) == len(meant) and sorted(typed) == sorted(meant)
    return SLIP if swapped or len(typed) >= 7 else DOUBTFUL_SLIP
