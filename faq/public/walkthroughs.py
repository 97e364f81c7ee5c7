"""A walkthrough as it is shown: its sections, whose turn it is, and two of them side by side. Asks the database nothing."""

from dataclasses import dataclass
from itertools import groupby

from faq.editing.diff import Matcher


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
class Side:
    """One place in a comparison: a step, or None where only the other walkthrough has one."""

    step: object
    same: bool


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
    """Two columns of equal length: steps that are the same in both walkthroughs stand beside each other."""
    columns = ([], [])
    steps = [list(entry.steps.all()) for entry in (left, right)]
    titles = [[step.title for step in column] for column in steps]
    for kind, a, b, c, d in Matcher(*titles).get_opcodes():
        height = max(b - a, d - c)
        for column, found in zip(columns, (steps[0][a:b], steps[1][c:d]), strict=True):
            padded = found + [None] * (height - len(found))
            column += [Side(step, kind == "equal") for step in padded]
    return columns
