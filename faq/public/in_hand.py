"""What readers may have before them, an Order Confirmation say: which step of which walkthrough that is, and what comes next.

All of it is said by the texts: by what steps say one gets and needs, and by what terms lead to.
"""

import re
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile

from django.db.models import Prefetch
from django.views.decorators.http import require_safe

from faq.cache import cached
from faq.content.portal_links import Links
from faq.models import Entry, Reference, Step, Term
from faq.public import layout
from faq.public.rendering import page, shortened
from faq.search import analysis
from faq.words import german_order

_ITEM = re.compile(r"[,;/()]|\b(?:und|oder|sowie)\b")
_BLOCK = re.compile(r"</(?:p|li|h\d|td|th|pre)>")


@dataclass
class Place:
    """A step that is about it, what comes after that in its walkthrough, and as pairs what the step says of it."""

    entry: Entry
    step: Step
    following: Step | None
    facts: list = field(default_factory=list)


@dataclass
class Held:
    """Something that readers may hold: its term, the steps that are about it, and the answer that explains it, or None."""

    term: Term
    places: list[Place] = field(default_factory=list)
    answer: Entry | None = None


class Spellings:
    """The spellings of terms, found in texts whatever their endings."""

    def __init__(self, terms):
        self._phrases = {}
        for term in terms:
            # What is for the search alone is no name for what a reader holds, if nobody said that it is one.
            others = term.search if term.definition or term.leads else []
            for spelling in (term.name, *term.aliases, *others):
                if stems := tuple(word.stem for word in analysis.single_words(spelling)):
                    self._phrases.setdefault(stems, term.slug)
        self._longest = max(map(len, self._phrases), default=0)

    def named(self, text):
        """The slugs of all terms that are named, each by its longest spelling."""
        stems, place, found = [word.stem for word in analysis.single_words(text)], 0, set()
        while place < len(stems):
            lengths = range(min(self._longest, len(stems) - place), 0, -1)
            length = next((n for n in lengths if tuple(stems[place : place + n]) in self._phrases), None)
            if length:
                found.add(self._phrases[tuple(stems[place : place + length])])
            place += length or 1
        return found

    def things(self, text):
        """The slugs of those terms that are what is listed, and no words about it: „Zugang zum VLSC“ is no VLSC."""
        found = set()
        for item in _ITEM.split(text):
            noun = takewhile(_is_no_small_word, dropwhile(str.islower, item.split()))
            stems = tuple(word.stem for word in analysis.single_words(" ".join(noun)))
            found.add(next((slug for n in range(len(stems)) if (slug := self._phrases.get(stems[n:]))), None))
        return found - {None}


def _is_no_small_word(word):
    return not word.islower()


@cached
def choices():
    """All that readers may hold, by name: Held."""
    terms = list(Term.objects.all())
    if not terms:
        return []
    spellings, found = Spellings(terms), {term.slug: Held(term) for term in terms}
    steps = Prefetch("steps", Step.objects.defer("body", "body_html"))
    walkthroughs = {entry.pk: entry for entry in Entry.objects.walkthroughs().defer("body").prefetch_related(steps)}
    said = [
        (entry, step, name, text)
        for entry in walkthroughs.values()
        for step in entry.steps.all()
        for name, text in (("Sie brauchen", step.needs), ("Sie erhalten", step.gets))
        if text
    ]
    chosen = {term.slug for term in terms if term.leads}.union(*(spellings.things(text) for *_, text in said))
    _add_leads(terms, walkthroughs, found)
    for entry, step, name, text in said:
        for slug in chosen & spellings.named(text):
            _place(found[slug], entry, step).facts.append((name, text))
    there = (held for held in found.values() if held.places or held.answer)
    return sorted(there, key=lambda held: german_order(held.term.name))


def _add_leads(terms, walkthroughs, found):
    """What terms lead to, as far as readers can open it."""
    leads = {term.pk: term for term in terms if term.leads}
    links = Reference.objects.filter(term__in=leads, kind="faq", target__in=Entry.objects.published())
    for link in links.select_related("target"):
        term, entry = leads[link.term_id], walkthroughs.get(link.target_id, link.target)
        if link.written != term.leads:
            continue  # of its explanation
        ends = (link.fragment, entry.former_steps.get(link.fragment))
        steps = entry.steps.all() if link.fragment and entry.is_walkthrough else ()
        step = next((step for step in steps if step.name in ends or f"schritt-{step.number}" in ends), None)
        if step:
            _place(found[term.slug], entry, step)
        else:
            found[term.slug].answer = entry


def _place(held, entry, step):
    """The Place of a step, made where it is not there yet."""
    for place in held.places:
        if place.step == step:
            return place
    following = next((other for other in entry.steps.all() if other.number > step.number), None)
    held.places.append(Place(entry, step, following))
    return held.places[-1]


def _said_of(held, links):
    """What an answer says of it first, word for word: a paragraph, or an item of a list; "" where it does not name it."""
    spellings = Spellings([held.term])
    blocks = (links.plain(block) for block in _BLOCK.split(held.answer.body_html))
    return next((block for block in blocks if spellings.named(block)), "")


@require_safe
def in_hand(request):
    found = choices()
    links = Links([*(held.term for held in found), *{held.answer for held in found if held.answer}])
    return page(
        request,
        "faq/in_hand.html",
        found=[(held, _said_of(held, links) if held.answer else "") for held in found],
        links=links,
        former=layout.former_category("vor-mir"),
        description=shortened("Was haben Sie vor sich? " + " · ".join(held.term.name for held in found)),
    )
