"""A walkthrough as it is shown: its sections, whose turn it is, and two of them side by side. Asks the database nothing."""

from dataclasses import dataclass
from itertools import groupby

from faq.editing.diff import Matcher
from faq.step_facts import OF


@dataclass(frozen=True)
class Section:
    """Steps under one heading; `only_for` where all of them concern the same product alone."""

    title: str
    steps: list
    only_for: str

    @property
    def places(self):
        """The numbers of the steps, in words."""
        first, last = self.steps[0].number, self.steps[-1].number
        if first == last:
            return f"Schritt {first}"
        return f"Schritte {first} {'und' if last == first + 1 else 'bis'} {last}"


@dataclass(frozen=True)
class Lane:
    """One actor's line through all steps; `turns`: each step, whether it is the actor's, whether it is optional."""

    actor: str
    steps: list
    turns: list


@dataclass(frozen=True)
class Place:
    """One place in a comparison: a step of each walkthrough, or None where one has none; `same`: they have the same title."""

    steps: tuple
    same: bool

    @property
    def alone(self):
        """Which of the two alone has a step here: 0, 1, or None if both have."""
        return None if all(self.steps) else 0 if self.steps[0] else 1


def sections(steps):
    """Steps by the sections they stand in."""
    found = []
    for title, group in groupby(steps, key=lambda step: step.section):
        steps = list(group)
        products = {step.applies_to for step in steps}
        found.append(Section(title, steps, products.pop() if len(products) == 1 else ""))
    return found


def optional_steps(entry):
    """The numbers of the steps that stand in a section for one product alone."""
    return {step.number for section in sections(entry.steps.all()) if section.only_for for step in section.steps}


def lanes(entry):
    """A lane for each actor, in the order in which they first act; last, without a name, what nobody is named for."""
    steps, optional, found = list(entry.steps.all()), optional_steps(entry), {}
    for step in steps:
        for actor in step.actor_list:
            found.setdefault(actor, []).append(step)
    if unnamed := [step for step in steps if not step.actor_list]:
        found[""] = unnamed
    return [
        Lane(actor, own, [(step, step in own, step.number in optional) for step in steps])
        for actor, own in found.items()
    ]


def side_by_side(left, right):
    """The places of both walkthroughs in their order: steps with the same title stand beside each other; so do, between these,
    steps of the same actors."""
    steps = [list(entry.steps.all()) for entry in (left, right)]
    places = []
    for kind, a, b, c, d in Matcher(*([step.title for step in column] for column in steps)).get_opcodes():
        some = steps[0][a:b], steps[1][c:d]
        places += [Place(pair, True) for pair in zip(*some, strict=True)] if kind == "equal" else _corresponding(*some)
    return places


def _corresponding(left, right):
    """Steps between two equal neighbours, paired where the same actors act, for the same product, and the others by themselves."""
    # A step that names nobody is like no other.
    keys = [[(step.actors or step, step.applies_to) for step in column] for column in (left, right)]
    places = []
    for kind, a, b, c, d in Matcher(*keys).get_opcodes():
        if kind == "equal":
            places += [Place(pair, False) for pair in zip(left[a:b], right[c:d], strict=True)]
        else:
            places += [Place((step, None), False) for step in left[a:b]]
            places += [Place((None, step), False) for step in right[c:d]]
    return places


def differences(places):
    """What each of the two has beyond the other: for the left and for the right the steps of the same actors for the same
    product, with words for them."""
    found = ([], [])
    for side, groups in enumerate(found):
        alone = {}
        for place in places:
            if place.alone == side:
                step = place.steps[side]
                alone.setdefault((step.actors, step.applies_to), []).append(step)
        groups += [(_in_words(steps), steps) for steps in alone.values()]
    return found


def _in_words(steps):
    actors, product, one = steps[0].actor_list, steps[0].applies_to, len(steps) == 1
    nobody = f", bei {'dem' if one else 'denen'} niemand genannt ist"
    whose = f" {' und '.join(OF[actor] for actor in actors)}" if actors else nobody
    return ("ein Schritt" if one else f"{len(steps)} Schritte") + whose + (f", nur bei {product}" if product else "")
