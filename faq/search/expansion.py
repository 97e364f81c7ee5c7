"""What else a typed word may stand for, each with a weight: other forms, compounds, beginnings, slips, synonyms.

All is held against the vocabulary of the entries themselves: no dictionary is needed, none can be wrong about this field.
"""

from dataclasses import dataclass, field, replace

from faq.search import compounds, table, typos
from faq.search.analysis import Word
from faq.search.lookup import CachedIndex
from faq.search.query import Query
from faq.search.sql import Range
from faq.search.stopwords import STOP_WORDS
from faq.search.synonyms import Synonyms

EXACT = 1.0
COMPOUND = 0.95  # "Lizenz Team" for Lizenzteam
PREFIX, PREFIX_LENGTH = 0.7, 0.15  # an unfinished word; more, the more of it is typed
SYNONYM = 0.8
BETWEEN = 2  # words between head and modifier of a compound that is taken apart: "Nummer der Lizenz"
APART = 4  # words between the parts of a verb: "Melden Sie sich im Portal an"
HEAD, MODIFIER = 0.65, 0.55  # menge → Mindestmenge; lizenz → Lizenznummer
ALONE = 4  # letters of the stem of a part that is known alone
PART_HEAD, PART_MODIFIER, PART_ALONE = 0.65, 0.55, 0.4  # Bestellmenge → Menge, bestellen: merely similar
CONFIDENT = 0.7
DOUBTED = 0.6  # what is a word as it was typed, and may be no slip: Abmeldung for Anmeldung

# Why a match counts, as the editors' page says it.
COMPOUND_WHY, PREFIX_WHY = "zusammen geschrieben", "Wortanfang"
PART_WHY, PART_SYNONYM_WHY, PARTS_WHY = "Teil des Wortes", "Synonym eines Teils", "Teile des Wortes beieinander"
APART_WHY = "getrennt geschrieben"
SLIP_WHY, SYNONYM_WHY = "Tippfehler", "Synonym"

# Of the vocabulary for one reading; that count as one word of the query, the heaviest.
MOST_WORDS, MOST_MATCHES = 40, 30


@dataclass(frozen=True)
class Match:
    """What counts as the typed word in an entry: a stem, or several in their order; how much, why, how rare it is."""

    stems: tuple[str, ...]
    weight: float
    why: str
    form: str = ""
    idf: float = 0.0

    @property
    def phrase(self) -> str:
        return " ".join(self.stems)

    @property
    def is_part(self) -> bool:
        """It stands for a mere part of what was typed; all else is the typed word to a reader's eye."""
        return self.why in (PART_WHY, PART_SYNONYM_WHY)

    @property
    def doubted(self) -> bool:
        """It may be no slip at all: it helps to find, and makes nothing sure."""
        return self.why == SLIP_WHY and self.weight < typos.TWO

    @property
    def near(self) -> bool:
        """The stems are modifier and head of a compound, or the parts of a verb: they count where they stand together."""
        return self.why == PARTS_WHY or self.apart

    @property
    def apart(self) -> bool:
        """The stems are the part of a verb and its rest, which stands before it."""
        return self.why == APART_WHY

    def among(self, words: list[Word], place: int) -> list[Word]:
        """The words of a text that it is, if the one at this place is its first stem."""
        if self.near:
            between, behind = (APART, 0) if self.apart else (BETWEEN, 1)
            around = words[place + 1 : place + 1 + behind] + words[max(0, place - 1 - between) : place]
            return next(([words[place], word] for word in around if word.stem == self.stems[1]), [])
        found = words[place : place + len(self.stems)]
        return found if tuple(word.stem for word in found) == self.stems else []


@dataclass
class Unit:
    """A word of the query, a part of one, or a term of several words: all that counts for it, and its rarity.

    `idf` is the inverse document frequency. `unfinished`: it is the last word, and may go on.
    """

    text: str
    form: str
    stem: str
    idf: float = 0.0
    unfinished: bool = False
    matches: dict[tuple[str, ...], Match] = field(default_factory=dict)

    def add(self, match: Match) -> None:
        """Keep the heaviest reason for each thing that counts."""
        there = self.matches.get(match.stems)
        if there is None or there.weight < match.weight:
            self.matches[match.stems] = match


def expand(query: Query, synonyms: Synonyms, index: CachedIndex, typed: bool = False) -> list[Unit]:
    """The query's words with all that counts for them; `typed`: slips are not mended.

    `index` has looked up all their stems afterwards.
    """
    return _Expansion(query, synonyms, index, typed).run()


class _Expansion:
    def __init__(self, query, synonyms, index, typed):
        self.query, self.synonyms, self.index, self.typed = query, synonyms, index, typed
        self.units = [Unit(query.text[w.start : w.end], w.form, w.stem) for w in query.words]

    def run(self):
        readings = compounds.readings(self.query)
        self._look_up(readings)
        for unit in self.units:
            if self.index.knows(unit.stem):
                unit.add(Match((unit.stem,), EXACT, "Wort", unit.form))
            for parts in compounds.separated(unit.stem):
                if all(map(self.index.knows, parts)):
                    unit.add(Match(parts, COMPOUND, APART_WHY))
        self._add_compounds(readings)
        if self.query.typing:
            self._add_completions(readings)
        self._add_related()
        if not self.typed:
            self._add_slips()
        self._take_apart()
        self._add_synonyms()
        self._weigh()
        return self.units

    def _look_up(self, readings):
        stems = {unit.stem for unit in self.units} | {reading.stem for reading in readings}
        for unit in self.units:
            stems.update(*compounds.splits(unit.form), *compounds.separated(unit.stem))
        self.index.look_up(stems)

    # Kinds of matches

    def _add_compounds(self, readings):
        end = self.query.words[-1].end if self.query.goes_on and self.query.typing else None
        for reading in readings:
            if reading.end == end:
                continue  # the stem of half a word is a guess: `_add_completions` goes by its letters
            if self.index.knows(reading.stem) or self.synonyms.of((reading.stem,)):
                for unit in self._covered(reading):
                    if len(unit.text) == reading.end - reading.start:  # a verb taken apart: its rest alone says less
                        unit.matches.pop((unit.stem,), None)
                        unit.add(Match((unit.stem,), MODIFIER, PART_WHY, unit.form))
                    unit.add(Match((reading.stem,), COMPOUND, COMPOUND_WHY, reading.form))

    def _covered(self, reading):
        """The words of the query that a compound reading holds."""
        pairs = zip(self.units, self.query.words, strict=True)
        return [unit for unit, word in pairs if reading.start <= word.start and word.end <= reading.end]

    def _add_completions(self, readings):
        """What the last word may become; unless it `goes_on`, only if the entries don't have it as it stands."""
        last, end = self.units[-1], self.query.words[-1].end
        whole = [(last.form, [last])] if len(last.form) >= 2 else []
        whole += [(reading.form, self._covered(reading)) for reading in readings if reading.end == end]
        exact = [Range("form", form, 1, len(form), len(form)) for form, _ in whole]
        completions = self.index.words([*exact, *(Range("form", form, MOST_WORDS) for form, _ in whole)])
        whole_word = any(form == last.form for _, form, _ in completions)
        if whole_word and not self.query.goes_on:
            return
        for place, form, stem in completions:
            typed, units = whole[place % len(whole)]
            if self.query.goes_on and form in STOP_WORDS:
                continue
            for unit in units:
                unit.add(Match((stem,), PREFIX + PREFIX_LENGTH * len(typed) / len(form), PREFIX_WHY, form))
        if whole_word:
            return
        others = [match for match in last.matches.values() if match.why == PREFIX_WHY]
        if others or not self.index.knows(last.stem):
            last.unfinished = True
        own = last.matches.get((last.stem,))
        if others and own and own.weight == EXACT and last.form not in self.synonyms.forms:
            # The stem of half a word is a guess, but for a word that a term has as it stands.
            begun = any(stem == last.stem for _, _, stem in completions)
            last.matches[own.stems] = replace(own, weight=PREFIX + PREFIX_LENGTH if begun else MODIFIER)

    def _add_related(self):
        """Compounds of the vocabulary that begin or end with the typed word."""
        wanted = []
        for unit in self.units:
            if _is_plain(unit) and not self._goes_on(unit):
                wanted.append((unit, Range("form", unit.stem, MOST_WORDS), MODIFIER, "Bestimmungswort"))
                wanted.append((unit, Range("stem_reversed", unit.stem[::-1], MOST_WORDS), HEAD, "Grundwort"))
        for place, form, stem in self.index.words([reading for _, reading, *_ in wanted]):
            unit, _, weight, why = wanted[place]
            if stem != unit.stem and len(stem) >= len(unit.stem) + 3:
                unit.add(Match((stem,), weight, why, form))

    def _goes_on(self, unit):
        """Somebody is typing a word that the entries have: what is merely like it is not meant."""
        return self.query.goes_on and unit.unfinished and any(m.why == PREFIX_WHY for m in unit.matches.values())

    def _add_slips(self):
        unknown = [unit for unit in self.units if self._is_unknown(unit)]
        ranges = [(unit, reading) for unit in unknown for reading in typos.ranges(unit.form)]
        candidates = {unit.form: dict(self.synonyms.forms) for unit in unknown}
        for place, form, stem in self.index.many_words([reading for _, reading in ranges]):
            candidates[ranges[place][0].form][form] = stem
        for unit in unknown:
            is_word = table.has(unit.text)
            for form, stem in candidates[unit.form].items():
                if weight := typos.weight(unit.form, unit.stem, form, stem):
                    doubted = is_word and not typos.is_mere_slip(unit.form, form)
                    unit.add(Match((stem,), weight * DOUBTED if doubted else weight, SLIP_WHY, form))

    def _is_unknown(self, unit):
        """Neither the entries nor the terms know the word, nor may it be the beginning of one they know."""
        whole = any(m.why in ("Wort", COMPOUND_WHY, PREFIX_WHY) for m in unit.matches.values())
        return _is_plain(unit) and not whole and not self.synonyms.knows(unit.form, unit.stem)

    def _take_apart(self):
        """A compound that nobody knows counts as its parts, if both are known; else as the one that is."""
        units = []
        for unit in self.units:
            mended = any(match.weight >= typos.ONE for match in unit.matches.values())
            unknown = self._is_unknown(unit) and not (unit.unfinished and self.query.goes_on)
            parts = self._parts(unit) if unknown and not mended else []
            found = [Unit(unit.text, unit.form, stem) for stem, _ in parts] if len(parts) == 2 else [unit]
            for part, (stem, weight) in zip(found, parts, strict=False):
                if self.index.knows(stem):
                    part.add(Match((stem,), weight, PART_WHY, stem))
                for other in self.synonyms.of((stem,)):
                    part.add(Match(other, SYNONYM * weight, PART_SYNONYM_WHY))
                if len(parts) == 2:  # where both stand together they are no mere parts
                    part.add(Match((parts[1][0], parts[0][0]), COMPOUND, PARTS_WHY))
            units += found
        self.units = units

    def _parts(self, unit):
        """The known parts of a compound, with weights: head and modifier of the split with the longest head, or the longest alone."""
        known = [(self._known_part(left), self._known_part(right)) for left, right in compounds.splits(unit.form)]
        if both := [pair for pair in known if all(pair)]:
            return [(both[0][1], PART_HEAD), (both[0][0], PART_MODIFIER)]
        modifiers = [(place, left) for place, (left, _) in enumerate(known)]
        heads = [(len(known) - place, right) for place, (_, right) in enumerate(known)]
        alone = [part for part in modifiers + heads if part[1] and len(part[1]) >= ALONE]
        return [(max(alone)[1], PART_ALONE)] if alone else []

    def _known_part(self, stem):
        return stem if stem not in STOP_WORDS and (self.index.knows(stem) or self.synonyms.of((stem,))) else None

    def _add_synonyms(self):
        words = self.query.all_words
        by_stem = {unit.stem: unit for unit in self.units}
        mended = {
            u.stem: {m.stems[0] for m in u.matches.values() if m.why == SLIP_WHY and m.weight >= typos.ONE}
            for u in self.units
        }
        readings = [frozenset({word.stem} | mended.get(word.stem, set())) for word in words]
        spans = self.synonyms.spans(readings, [word.form for word in words])
        for start, end, phrase in spans:
            units = [by_stem[word.stem] for word in words[start:end] if word.stem in by_stem]
            certain = min((self._certainty(unit, phrase) for unit in units), default=1.0)
            for unit in units:
                slip = _slip_in(unit, phrase)
                why, form = (SLIP_WHY, slip.form) if slip else (SYNONYM_WHY, "")
                for other in self.synonyms.of(phrase):
                    unit.add(Match(other, SYNONYM * certain, why, form))
                if len(phrase) != end - start:
                    unit.add(Match(phrase, COMPOUND * certain, COMPOUND_WHY))
            if end - start > 1 and not _inside_another(start, end, spans):
                self._add_term(words[start:end], phrase, certain)
        self._add_begun_synonyms()
        self.index.look_up({stem for unit in self.units for stems in unit.matches for stem in stems})

    def _certainty(self, unit, phrase):
        """How sure a word of a term is: less where a slip had to be mended, or where it may go on otherwise."""
        if slip := _slip_in(unit, phrase):
            return slip.weight
        return PREFIX if unit.unfinished and unit.form not in self.synonyms.spelt else 1.0

    def _add_term(self, words, phrase, certain):
        """A term of several words says more than its words: it counts as one more word of the query."""
        text = self.query.text[words[0].start : words[-1].end]
        term = Unit(text, "".join(word.form for word in words), " ".join(phrase))
        term.add(Match(phrase, EXACT * certain, "Begriff"))
        for other in self.synonyms.of(phrase):
            term.add(Match(other, SYNONYM * certain, SYNONYM_WHY))
        self.units.append(term)

    def _add_begun_synonyms(self):
        """What may be said for the spellings that an unfinished word begins, if it begins no word of the entries."""
        for unit in self.units:
            known = self._goes_on(unit) if self.query.goes_on else unit.matches
            if len(unit.form) >= 4 and unit.unfinished and not known:
                for other in self.synonyms.beginning(unit.form):
                    unit.add(Match(other, SYNONYM * PREFIX, SYNONYM_WHY))

    def _weigh(self):
        """How rare each word is: what stands for a word that no entry has is as rare as the commonest of the best."""
        frequency = self.index.frequency
        for unit in self.units:
            present = [match for match in unit.matches.values() if frequency(match.stems)]
            present.sort(key=lambda match: (-match.weight, -frequency(match.stems), match.stems))
            unit.matches = {m.stems: replace(m, idf=self.index.idf(frequency(m.stems))) for m in present[:MOST_MATCHES]}
            heaviest = max((match.weight for match in unit.matches.values()), default=0)
            best = [stems for stems, match in unit.matches.items() if match.weight >= 0.9 * heaviest]
            own = [(unit.stem,)] if (unit.stem,) in best else best
            if unit.unfinished and self.query.goes_on:
                own = sorted(best, key=frequency)[:1]  # it may yet become the rarest
            unit.idf = self.index.idf(max(map(frequency, own), default=0))


def _slip_in(unit, phrase):
    """The word of a term that a mistyped one was meant to be, or None."""
    mended = [match for match in unit.matches.values() if match.why == SLIP_WHY and match.stems[0] in phrase]
    return max(mended, key=lambda match: (match.weight, match.stems)) if mended and unit.stem not in phrase else None


def _is_plain(unit):
    """Long enough, and made of letters: short acronyms and numbers, be they words, stand for themselves alone."""
    return unit.stem.isalpha() and len(unit.form) >= 4


def _inside_another(start, end, spans):
    return any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in spans)
